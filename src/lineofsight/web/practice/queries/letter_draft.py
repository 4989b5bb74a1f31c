"""A letter about a child who waits, drafted for a person to change and to send from the case system (DESIGN 7.10).

The child's name is put in as the page is drawn, and is kept nowhere; nor is what the form was told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from lineofsight import clock
from lineofsight.cases.safeguards import letters, safeguards
from lineofsight.web import home_in_use
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import permissions, wording
from lineofsight.web.practice.queries import episodes, people


@dataclass(frozen=True)
class Draft:
    """One draft: `paragraphs` is empty until the form has told what it needs."""

    key: str
    title: str
    safeguard: str
    child: people.Card
    on: date
    opening: str
    paragraphs: Sequence[str]
    signed: Sequence[str]


def draft(viewer: Viewer, key: str, letter: str, filled: Mapping[str, str] | None) -> Draft:
    """A letter about one wait, filled in where the form has been. That it was drafted is in the log before.

    Raises Refused, LogUnavailable, and Http404 for no such wait.
    """
    permissions.check_record_safeguard(viewer)
    stand, row = episodes.found(viewer, key)
    check_pace(viewer, LISTING)
    record_read(viewer=viewer, action="letter.drafted", **episodes.about(row))
    card = people.cards(stand, viewer, [row["child_key"]]).get(row["child_key"], people.ELSEWHERE)
    if not card.ref:  # a child whose page is not theirs to open is not named in a letter either
        raise Http404
    one, authority = letters()[letter], home_in_use().authority_name
    told = {"child": card.name, "authority": authority, "since": wording.day(row["owed_since"]), **(filled or {})}
    return Draft(
        key=key,
        title=one.title,
        safeguard=next(one.title for one in safeguards().values() if one.letter == letter),
        child=card,
        on=clock.today(),
        opening=one.opening.format(**told),
        paragraphs=[text.format(**told) for text in one.paragraphs] if filled else (),
        signed=(viewer.person_name, viewer.office_title, authority),
    )
