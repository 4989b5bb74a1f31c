"""The mark of what somebody read: sent back with a form, so that nothing that changed meanwhile is written over."""

from __future__ import annotations

from lineofsight.errors import PlainError
from lineofsight.web.evidence.frozen import digest, same
from lineofsight.web.improvement.models import Action

CHANGED = "Somebody else has changed this since you read it. Read what it says now, then send yours again."


def mark(*read: object) -> str:
    """The mark of these texts and values: another for any other."""
    return digest(["improvement", *(str(one) for one in read)])


def of_action(action: Action) -> str:
    """The mark of what may be changed of an action: its owners and its deadline."""
    owners = action.owners.filter(left_on=None).order_by("place").values_list("name", "post", "person")
    return mark(action.pk, action.responsible, action.deadline_words, action.deadline_on, list(owners))


def check_mark(given: str, now: str) -> None:
    """Raise PlainError unless `given` is the mark of what stands now."""
    if not same(given, now):
        raise PlainError(CHANGED)
