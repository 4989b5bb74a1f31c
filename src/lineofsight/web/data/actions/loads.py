"""The only writers of what is asked about loads: files sent, yes or no to one that waits, a load withdrawn.

The lake is changed by the worker, who writes what became of it into the chain (`access.loads`); what is written here
is who asked, in the same transaction as the asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.lake import Snapshot
from lineofsight.web.access.chain import record
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data.models import Job
from lineofsight.web.data.permissions import check_load
from lineofsight.web.data.uploads import Sent

FEWEST_WORDS = 3


class Incomplete(PlainError):
    """The reason was left out, or says nothing."""


def send(*, by: Viewer, sending: str, files: Sequence[Sent], as_at: date | None) -> Job:
    """Ask for the files of a sending to be read and loaded. Raises Refused, PlainError for an empty one."""
    check_load(by)
    if not files or not any(one.size for one in files):
        raise PlainError("Choose the files to load: none was sent, or they are empty.")
    with transaction.atomic():
        job = _asked(by, Job.READ, as_at=as_at, sending=sending, files=[[one.name, one.size] for one in files])
        record(
            viewer=by,
            action="load.sent",
            subject=f"sending {job.key}",
            detail={"files": len(files), "bytes": sum(one.size for one in files)},
        )
    return job


def say_yes(*, by: Viewer, snapshot: str, why: str) -> Job:
    """Say that the numbers of a load that waits are right: the worker publishes it.

    Raises Refused, Incomplete without a reason, PlainError where none waits under that id or it was answered.
    """
    check_load(by)
    _check_waits(snapshot)
    with transaction.atomic():
        job = _decided(by, Job.YES, snapshot, why)
        record(viewer=by, action="load.yes", subject=f"snapshot {snapshot}", detail={"why": job.why})
    return job


def say_no(*, by: Viewer, snapshot: str, why: str) -> Job:
    """Say that a load that waits is to be removed: the worker does. Raises as `say_yes`."""
    check_load(by)
    _check_waits(snapshot)
    with transaction.atomic():
        job = _decided(by, Job.NO, snapshot, why)
        record(viewer=by, action="load.no", subject=f"snapshot {snapshot}", detail={"why": job.why})
    return job


def withdraw(*, by: Viewer, snapshot: str, why: str) -> Job:
    """Ask for a load that stands to be withdrawn, which the worker does.

    Raises Refused, Incomplete without a reason, PlainError where it was withdrawn or asked before.
    """
    check_load(by)
    check_stands(snapshot)
    with transaction.atomic():
        job = _decided(by, Job.WITHDRAW, snapshot, why)
        record(viewer=by, action="load.withdraw", subject=f"snapshot {snapshot}", detail={"why": job.why})
    return job


def check_stands(snapshot: str) -> Snapshot:
    """The snapshot that stands under that id. Raises PlainError where none does."""
    lake = lake_in_use()
    found = lake.snapshot(snapshot)
    if lake.withdrawn(found) is not None:
        raise PlainError("This load was withdrawn before.")
    return found


def _check_waits(snapshot: str) -> None:
    if snapshot not in {one.id for one in lake_in_use().waiting()}:
        raise PlainError("This load does not wait for a yes any more: somebody answered before you.")


def _decided(by: Viewer, kind: str, snapshot: str, why: str) -> Job:
    reason = " ".join(why.split())
    if len(reason.split()) < FEWEST_WORDS:
        raise Incomplete("Say why, in a few words that somebody else will understand in a year.")
    try:
        with transaction.atomic():
            return _asked(by, kind, snapshot=snapshot, why=reason)
    except IntegrityError:  # the one decision at a time that the table allows
        raise PlainError("Somebody has just decided about this load: look again in a moment.") from None


def _asked(by: Viewer, kind: str, **told: object) -> Job:
    return Job.objects.create(kind=kind, asked_at=clock.now(), by_key=by.person_key, by_name=by.person_name, **told)
