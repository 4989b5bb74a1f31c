"""Find a child by parts of the name, date of birth, or the case system's id (DESIGN 5 I).

The matching runs over all of the newest snapshot's people, as the system; what leaves here is what the viewer may
open, and at most one child outside that, without a name. The log holds which children were shown and which boxes were
filled in, never what was typed in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access import scope
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.models import Person
from lineofsight.web.access.need import telling
from lineofsight.web.access.need.actions import check_need, may_need
from lineofsight.web.access.need.queries import need_opening
from lineofsight.web.access.pace import SEARCHING, check_pace
from lineofsight.web.access.permissions import check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import people
from lineofsight.web.practice.queries.standing import Standing, belonging, standing

MOST = 10
# Letters that no decomposition makes plain, as people type them without a special keyboard.
_PLAIN = (
    ("ø", "o"),
    ("ł", "l"),
    ("đ", "d"),
    ("ð", "d"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("ß", "ss"),
    ("þ", "th"),
    ("ı", "i"),
)


@dataclass(frozen=True)
class Asked:
    """What was typed. At least one is given."""

    forename: str = ""
    surname: str = ""
    born: date | None = None
    case_id: str = ""

    @property
    def boxes(self) -> list[str]:
        """Which boxes were filled in, for the log: never with what."""
        given = {"forename": self.forename, "surname": self.surname, "born": self.born, "case_id": self.case_id}
        return [name for name, value in given.items() if value]


@dataclass(frozen=True)
class Found:
    """What a search shows: cards of children in scope (none where there are more than MOST), how many matched in scope,
    how many exactly outside, and for one of those the ref under which a need can be stated."""

    cards: Sequence[people.Card]
    matched: int
    outside: int
    outside_ref: str
    whole: bool = False

    @property
    def sentence(self) -> str:
        """What was found, in one sentence."""
        whose = "" if self.whole else " of those you work with"
        if self.matched == 0:
            return f"No child{whose} matches."
        number = wording.spelled(self.matched)
        one = self.matched == 1
        return (
            f"{number[:1].upper()}{number[1:]} {'child' if one else 'children'}{whose} {'matches' if one else 'match'}."
        )


def find(viewer: Viewer, asked: Asked) -> Found:
    """The children who match, as `viewer` may know of them.

    Restricted records are absent. Raises Refused for an office that sees no child by name, TooFast for who searched
    as often as the policy allows, LogUnavailable.
    """
    check_see_children(viewer)
    check_pace(viewer, SEARCHING)
    stand = standing()
    matches = _matching(stand, asked)
    held = belonging(stand, matches)
    within = [key for key in matches if scope.may_open(viewer, held[key])]
    outside = [key for key in _exactly(matches, asked) if key not in within and not held[key]["restricted"]]
    outside = outside if may_need(viewer) else []
    shown = within if len(within) <= MOST else []
    pointed = outside if len(outside) == 1 else []
    record_read(
        viewer=viewer,
        action="children.found",
        child_keys=[*shown, *pointed],
        detail={"boxes": asked.boxes, "shown": len(shown), "matched": len(within), "outside": len(outside)},
    )
    cards = people.cards(stand, viewer, shown)
    ordered = sorted((cards[key] for key in shown), key=lambda card: (card.name.casefold(), card.age, card.ref))
    ref = refs.ref(keys_in_use(), viewer.audience, pointed[0]) if pointed else ""
    return Found(ordered, len(within), len(outside), ref, whole=viewer.scope.kind == "authority")


@dataclass(frozen=True)
class Needed:
    """A child outside the viewer's scope for whom a need may be stated. Nothing of it tells who the child is.

    `second` are the people who are told; `open` where the page may be opened already.
    """

    child_key: str
    second: Sequence[Person]
    open: bool


def needed(viewer: Viewer, ref: str) -> Needed:
    """Whether a need may be stated for the child behind `ref`.

    Raises Refused without the permission, Http404 for a ref that means nothing here and for a restricted record,
    which no need opens (rule 7.3); the attempt is in the log.
    """
    check_need(viewer)
    stand = standing()
    key = refs.child_key(keys_in_use(), viewer.audience, ref)
    held = belonging(stand, [key]).get(key) if key else None
    if key is None or held is None:
        raise Http404
    if scope.may_open(viewer, held):
        return Needed(key, (), open=True)
    if held["restricted"]:
        record_read(viewer=viewer, action="child.refused", child_keys=[key], detail={"asked": "need"})
        raise Http404
    opening = need_opening(viewer, key)
    return Needed(key, telling.second_people(held, viewer.person_key), open=opening is not None)


def folded(texts: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Texts as they are compared: small letters without accents, other signs as one space, "" for none."""
    plain = pc.utf8_lower(pc.utf8_normalize(pc.fill_null(texts, ""), form="NFKD"))
    for letter, instead in _PLAIN:
        plain = pc.replace_substring(plain, pattern=letter, replacement=instead)
    plain = pc.replace_substring_regex(plain, pattern=r"[\p{M}'’‘`´]+", replacement="")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, pattern=r"[^\p{L}\p{N}]+", replacement=" "))


def _matching(stand: Standing, asked: Asked) -> dict[str, str]:
    """All who match what was typed: by key, the surname as it is compared; in the order of the file."""
    where = pc.scalar(True)
    if asked.case_id:
        key = keys_in_use().child_key(stand.snapshot.authority, asked.case_id)
        where = where & (pc.field("child_key") == key)
    if asked.born:
        where = where & (pc.field("dob") == pa.scalar(asked.born, pa.date32()))
    found = stand.lake.persons(stand.snapshot, columns=["child_key", "forename", "surname", "dob"], where=where)
    for column, typed in (("forename", asked.forename), ("surname", asked.surname)):
        found = found.filter(_parts_begin(found[column], typed)) if typed else found
    return dict(zip(found["child_key"].to_pylist(), folded(found["surname"]).to_pylist(), strict=True))


def _parts_begin(names: pa.ChunkedArray, typed: str) -> pa.Array:
    """Of which names each typed word begins some part: 'jon' begins a part of 'Smith-Jones'."""
    words = folded(pa.array([typed]))[0].as_py().split()
    once = pc.dictionary_encode(names.combine_chunks())  # each different name is compared once
    parts = pc.binary_join_element_wise("", folded(once.dictionary), " ")  # a space before every part
    begins = pa.repeat(bool(words), len(parts))  # signs alone are nobody's name
    for word in words:
        begins = pc.and_(begins, pc.match_substring(parts, pattern=f" {word}"))
    return pc.fill_null(begins.take(once.indices), False)


def _exactly(matches: Mapping[str, str], asked: Asked) -> list[str]:
    """Those of `matches` that may be pointed at outside one's scope: by the id, or by the whole surname and the day."""
    if asked.case_id:
        return list(matches)
    if not asked.surname or not asked.born:
        return []
    wanted = folded(pa.array([asked.surname]))[0].as_py()
    return [key for key, surname in matches.items() if surname == wanted]
