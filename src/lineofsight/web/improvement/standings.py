"""How actions stand, read from what is kept of them: what the rule of rag.py is asked with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from lineofsight import clock
from lineofsight.web.improvement.models import Action, ProofAsked, ProofGiven
from lineofsight.web.improvement.rag import Proofs, Standing


def standing(action: Action, proofs: Proofs | None = None) -> Standing:
    """How one action stands. Without `proofs` they are read."""
    return Standing(
        begun_on=action.written_at.astimezone(clock.LONDON).date(),
        deadline_on=action.deadline_on,
        closed_on=action.closed_on,
        said=action.said,
        heard_on=action.heard_on,
        proofs=proofs if proofs is not None else proofs_of([action.pk]).get(action.pk, Proofs()),
    )


def proofs_of(actions: Collection[UUID] | None = None, until: datetime | None = None) -> dict[UUID, Proofs]:
    """The proofs that actions call for and how their latest looks went, by action; of all without a list.

    With `until` as it was known at that moment.
    """
    counts: dict[UUID, list[int]] = {}
    for action, held in latest_looks(actions, until).values():
        count = counts.setdefault(action, [0, 0, 0])
        count[0] += 1
        if held is not None:
            count[1 if held else 2] += 1
    return {action: Proofs(*count) for action, count in counts.items()}


def latest_looks(
    actions: Collection[UUID] | None = None, until: datetime | None = None
) -> dict[int, tuple[UUID, bool | None]]:
    """Each proof that is still called for, by its key: its action, and whether it held at its latest look.

    None for one that nobody has looked at since it was called for, or since its action was opened again.
    """
    asked, given = ProofAsked.objects.order_by("pk"), ProofGiven.objects.order_by("looked_on", "id")
    if until is None:
        asked, given = asked.filter(dropped_at=None), given.filter(proof__dropped_at=None)
    else:
        asked = asked.filter(Q(dropped_at=None) | Q(dropped_at__gt=until), written_at__lte=until)
        given = given.filter(written_at__lte=until)
    if actions is not None:
        asked, given = asked.filter(action__in=actions), given.filter(proof__action__in=actions)
    found: dict[int, tuple[UUID, bool | None]] = {}
    reopened: dict[int, datetime | None] = {}
    for key, action, since in asked.values_list("pk", "action_id", "action__reopened_at"):
        found[key] = (action, None)
        reopened[key] = since if until is None or since is None or since <= until else None
    for key, held, looked_on, at in given.values_list("proof_id", "held", "looked_on", "written_at"):
        if key in found and _counts(held, looked_on, at, reopened[key]):
            found[key] = (found[key][0], held)
    return found


def _counts(held: bool, looked_on: date, at: datetime, reopened: datetime | None) -> bool:
    """Whether a look says anything since its action was opened again: by the day it was of, and when it was told."""
    if reopened is None:
        return True
    return at >= reopened and (not held or looked_on >= reopened.astimezone(clock.LONDON).date())
