"""What was loaded and computed is in the chain, whoever did it and however it ended.

The lake is no part of the database's transaction, so its events are written after it: by the command that loaded, and
for whatever was cut short by the worker, which looks each minute. Each snapshot and each computation has one event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from lineofsight.lake import Computation, Lake, Snapshot, folders
from lineofsight.lake.marks import Mark
from lineofsight.web.access.chain import record
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.models import ChainEvent

LOADED = "data.loaded"
ACCEPTED = "data.accepted"
WITHDRAWN = "data.withdrawn"
COMPUTED = "data.computed"
TELLING = ".telling"  # the lock, beside the lake's own, of whoever writes them


def tell_of_loads(*, by: str) -> int:
    """Write an event for every snapshot and computation the chain does not know yet, oldest first; returns how many.

    `by` is whoever loads or finds it: "console:ada", "worker". Raises LogUnavailable.
    """
    with folders.locked(home_in_use().lake, TELLING):  # two that look at once would both find the same one untold
        return _tell(by)


def _tell(by: str) -> int:
    lake = lake_in_use()
    actions = (LOADED, ACCEPTED, COMPUTED, WITHDRAWN)
    known = set(ChainEvent.objects.filter(action__in=actions).values_list("action", "subject"))
    told = 0
    for snapshot in lake.snapshots(withdrawn=True):
        for action, subject, who, detail in _events(lake, snapshot, by):
            if (action, subject) in known:
                continue
            with transaction.atomic():
                record(actor=who, action=action, subject=subject, detail=detail)
            told += 1
    return told


def _events(lake: Lake, snapshot: Snapshot, by: str) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each event of one snapshot: action, subject, actor, detail. Who said yes, or took it back, its mark says."""
    subject = f"snapshot {snapshot.id}"
    yield LOADED, subject, by, _of_snapshot(snapshot)
    accepted, withdrawn = lake.accepted(snapshot), lake.withdrawn(snapshot)
    if accepted:
        yield ACCEPTED, subject, accepted.by, _of_mark(accepted)
    computation = lake.computation(snapshot)
    if computation:
        yield COMPUTED, f"computation {computation.id} of {snapshot.id}", by, _of_computation(computation)
    if withdrawn:
        yield WITHDRAWN, subject, withdrawn.by, _of_mark(withdrawn)


def _of_mark(mark: Mark) -> dict[str, Any]:
    return {"at": mark.at.isoformat(), "why": mark.why}


def _of_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "as_at": snapshot.as_at.isoformat(),
        "loaded_at": snapshot.loaded_at.isoformat(),
        "tables": len(snapshot.tables),
        "rows": sum(entry.rows for entry in snapshot.tables.values()),
        "issues": snapshot.issues,
        "extract": snapshot.extract_sha256,
    }


def _of_computation(computation: Computation) -> dict[str, Any]:
    return {
        "made_at": computation.made_at.isoformat(),
        "policy": computation.policy_hash,
        "definitions": computation.definitions_hash,
        "roles": computation.roles_hash,
    }
