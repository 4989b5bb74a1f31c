"""The writer that clears words: somebody read them again and says that no child can be told from them (DESIGN 5 H).

Each text comes with the mark of what was read, so that nothing that was not read is ever cleared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import marks
from lineofsight.web.improvement.models import (
    Action,
    Finding,
    FindingTurn,
    Plan,
    PlanStep,
    ProofAsked,
    ProofGiven,
    Rating,
    Recommendation,
    Update,
)
from lineofsight.web.improvement.models.words import Words
from lineofsight.web.improvement.permissions import check_clear

MOST = 200


@dataclass(frozen=True)
class Clearable:
    """Where typed words stand: the model, the fields that hold them, the one that says when they were cleared.

    All of its texts are read and cleared together; each stands with what it is, but for the words themselves.
    """

    model: type[models.Model]
    texts: Mapping[str, str] = field(default_factory=lambda: {"words": ""})
    cleared: str = "cleared_at"


# By the word that forms and addresses have for each.
KINDS: dict[str, Clearable] = {
    "finding": Clearable(Finding, {"title": "In one line", "words": ""}),
    "recommendation": Clearable(Recommendation, {"words": "", "made_by": "Recommended by"}),
    "turn": Clearable(FindingTurn),
    "action": Clearable(Action, {"words": "", "responsible": "Who answers for it", "deadline_words": "Deadline"}),
    "update": Clearable(Update),
    "proof": Clearable(ProofAsked),
    "look": Clearable(ProofGiven, {"words": "", "reference": "Reference"}),
    "reason": Clearable(Rating, {"why": ""}, "why_cleared_at"),
    "asked": Clearable(PlanStep, {"body": "The body", "asked": "It asked"}, "asked_cleared_at"),
    "plan": Clearable(Plan, {"title": "Title", "published_by": "Published by"}),
}


@dataclass(frozen=True)
class Read:
    """One text that somebody read: which, and the mark of what they read."""

    kind: str
    key: str
    mark: str


def mark_of(kind: str, row: models.Model) -> str:
    """The mark of a text, with all that goes with it, as it stands."""
    return marks.mark(kind, row.pk, *said_of(kind, row))


def said_of(kind: str, row: models.Model) -> list[str]:
    """All that is read and cleared together, ready to be read; of an action with everybody who was to answer for it."""
    said = [(words, getattr(row, name)) for name, words in KINDS[kind].texts.items()]
    if isinstance(row, Action):
        owners = sorted(row.owners.all(), key=lambda one: one.pk)
        named = [f"{one.name}, {one.post}" if one.post else one.name for one in owners]
        said += [("Named", one) for one in named if one not in row.responsible]
    return [f"{words}: {text}" if words else text for words, text in said if text]


def clear(*, by: Viewer, read: Sequence[Read]) -> int:
    """Clear these texts for those who see no child by name; how many were not cleared before.

    Raises Refused; PlainError where one is not there, or is no longer what was read: then none is cleared.
    """
    check_clear(by)
    if not read:
        raise PlainError("Choose what you have read.")
    if len(read) > MOST:
        raise PlainError(f"Clear {MOST} texts at a time at most.")
    done = 0
    with transaction.atomic():
        for one in sorted(read, key=lambda one: (list(KINDS).index(one.kind) if one.kind in KINDS else -1, one.key)):
            row = _row(one.kind, one.key)
            marks.check_mark(one.mark, mark_of(one.kind, row))
            if getattr(row, KINDS[one.kind].cleared) is None:
                _set(row, KINDS[one.kind], by)
                done += 1
        detail = {"texts": sorted(f"{one.kind} {one.key}" for one in read)}
        record(viewer=by, action="improvement.words cleared", subject="words", detail=detail)
    return done


def take_back(*, by: Viewer, kind: str, key: str) -> None:
    """Show a text no longer to those who see no child by name. Raises Refused, PlainError where it is not cleared."""
    check_clear(by)
    with transaction.atomic():
        row = _row(kind, key)
        if getattr(row, KINDS[kind].cleared) is None:
            raise PlainError("These words are not cleared.")
        _set(row, KINDS[kind], None)
        detail = {"texts": [f"{kind} {key}"]}
        record(viewer=by, action="improvement.words taken back", subject="words", detail=detail)


def _row(kind: str, key: str) -> models.Model:
    known = KINDS.get(kind)
    if known is None:
        raise PlainError("These words are not there.")
    try:
        found = known.model._default_manager.select_for_update().filter(pk=key).first()
    except (ValueError, TypeError, ValidationError):
        found = None
    if found is None or not any(getattr(found, name) for name in known.texts):
        raise PlainError("These words are not there.")
    return found


def _set(row: models.Model, known: Clearable, by: Viewer | None) -> None:
    fields: dict[str, Any] = {known.cleared: clock.now() if by else None}
    if isinstance(row, Words | Plan):
        fields |= {"cleared_by_key": by.person_key if by else "", "cleared_by_name": by.person_name if by else ""}
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
