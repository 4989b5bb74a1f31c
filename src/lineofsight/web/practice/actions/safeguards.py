"""Recording what was done for a child who waits for a social worker, with what proves it in the case system.

It may be recorded however old the extract is: what was done is a fact of its day. Whether it is owed is not drawn then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.http import Http404

from lineofsight import clock
from lineofsight.cases.safeguards import Safeguard, safeguards
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import permissions, wording
from lineofsight.web.practice.models import SafeguardDone
from lineofsight.web.practice.queries import episodes, one_exception

RECORDED = "safeguard.recorded"
TAKEN_BACK = "safeguard.taken back"


@dataclass(frozen=True)
class Told:
    """What a person tells of one safeguard: when it was done and by whom, who was told, and the proof."""

    done_on: date
    done_by: str
    reference: str
    to_whom: str = ""
    words: str = ""


def record_safeguard(*, by: Viewer, key: str, safeguard: str, told: Told) -> SafeguardDone:
    """Record that a safeguard was done for one child who waits, or waited.

    Raises Refused, Http404 for no such wait or safeguard, and PlainError for a day outside the wait, or where who did
    it, who was told or the reference is missing.
    """
    permissions.check_record_safeguard(by)
    _, row = episodes.found(by, key)
    one = safeguards().get(safeguard)
    if one is None:
        raise Http404
    _check_whole(one, row, told)
    with transaction.atomic():
        made = SafeguardDone.objects.create(
            exception_id=key,
            child_key=row["child_key"],
            safeguard=safeguard,
            done_on=told.done_on,
            done_by=told.done_by.strip(),
            to_whom=told.to_whom.strip(),
            reference=told.reference.strip(),
            words=told.words.strip(),
            said_at=clock.now(),
            said_by_key=by.person_key,
            said_by_name=by.person_name,
            office=by.office,
        )
        record(viewer=by, action=RECORDED, **_about(made))
    return made


def _check_whole(one: Safeguard, row: one_exception.Row, told: Told) -> None:
    """Raise PlainError for a day outside the wait, or where who did it, who was told or the reference is missing."""
    if told.done_on < row["owed_since"]:
        raise PlainError(
            f"The wait began on {wording.day(row['owed_since'])}: what was done before counts for no part of it."
        )
    last = min(row["cleared_on"] or clock.today(), clock.today())
    if told.done_on > last:
        ended = row["cleared_on"] is not None and told.done_on <= clock.today()
        raise PlainError(
            f"The wait was over by {wording.day(last)}: nothing was owed after that."
            if ended
            else "What was done was done today or before. Give the day it was done."
        )
    if not told.done_by.strip():
        raise PlainError("Say who did it.")
    if one.to and not told.to_whom.strip():
        raise PlainError("Say who was told.")
    if not told.reference.strip():
        raise PlainError("Give the case system’s reference: without it nobody can check that it was done.")


def take_back(*, by: Viewer, key: str, done: int) -> None:
    """Take back one record: it stays, and counts no more. Raises Refused, and Http404 for what is not of this wait."""
    permissions.check_record_safeguard(by)
    episodes.found(by, key)
    with transaction.atomic():
        found = SafeguardDone.objects.select_for_update().filter(pk=done, exception_id=key, taken_back_at=None).first()
        if found is None:
            raise Http404
        found.taken_back_at = clock.now()
        found.taken_back_by_key, found.taken_back_by_name = by.person_key, by.person_name
        found.save()
        record(viewer=by, action=TAKEN_BACK, **_about(found))


def _about(one: SafeguardDone) -> dict[str, Any]:
    return {
        "subject": f"safeguard {one.safeguard}",
        "child_keys": [one.child_key],
        "detail": {"exception": one.exception_id, "done_on": one.done_on.isoformat()},
    }
