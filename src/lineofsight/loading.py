"""One load, whole: read the extract, publish its snapshot, compute every measure, carry the exceptions on."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from lineofsight import measures, policy
from lineofsight.cases import exceptions
from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.keys import open_keys
from lineofsight.lake import Computation, Lake, Snapshot, folders
from lineofsight.measures.engine import Measured
from lineofsight.schema import Issue
from lineofsight.sources import Extract

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What one load gave: its snapshot and computation, what was wrong in the files, and whether it was new."""

    snapshot: Snapshot
    computation: Computation
    issues: tuple[Issue, ...]
    new: bool


def load(home: Home, extract: Extract, *, progress: Progress | None = None) -> Loaded:
    """Load one extract into `home`. The same files twice are one snapshot; of two loads at once, one waits.

    Raises PlainError when a demonstration home is offered an extract that `lineofsight synth` did not mark
    (DESIGN 5 Q), or when the extract is another authority's (5 R).
    """
    tell = progress or (lambda step, done, total: None)
    if home.demo and not extract.synthetic:
        raise PlainError("This is a demonstration home: it takes only extracts made by 'lineofsight synth'.")
    if extract.authority not in (None, home.authority):
        raise PlainError(
            f"This extract is of authority {extract.authority}, and this home is of {home.authority}: "
            "one home holds one authority."
        )
    lake = Lake(home, open_keys(home))
    with folders.locked(home.lake, folders.LOADING):
        _finish(home, lake)
        known = {snapshot.id for snapshot in lake.snapshots()}
        tell("Publishing the snapshot", 0, 1)
        snapshot = lake.publish(extract)
        tell("Publishing the snapshot", 1, 1)
        computation = compute(home, lake, snapshot, progress=progress)
    return Loaded(snapshot, computation, extract.issues, snapshot.id not in known)


def finish(home: Home) -> list[Computation]:
    """Compute what loads that were cut short only published; sweep what they left half made.

    For the worker: does nothing while somebody loads, who does the same first.
    """
    lake = Lake(home, open_keys(home))
    with folders.locked_if_free(home.lake, folders.LOADING) as free:
        return _finish(home, lake) if free else []


def _finish(home: Home, lake: Lake) -> list[Computation]:
    """Oldest first, because each ledger of exceptions carries the one before it on. Call it under the load's lock."""
    lake.sweep()
    return [compute(home, lake, snapshot) for snapshot in lake.uncomputed()]


def compute(home: Home, lake: Lake, snapshot: Snapshot, *, progress: Progress | None = None) -> Computation:
    """Every measure of `snapshot` under the policy now in force, with the ledger of exceptions carried on."""

    def carry_on(measured: Measured) -> dict[str, pa.Table]:
        before = ledger_before(lake, snapshot)
        return {"exceptions": exceptions.derive_from(lake, snapshot, measured.rows, measured.values, before)}

    return measures.compute(lake, snapshot, policy.load(home), policy.roles(home), also=carry_on, progress=progress)


def ledger_before(lake: Lake, snapshot: Snapshot) -> pa.Table | None:
    """The ledger that `snapshot` carries on: of the newest one loaded before it that is not later, or None."""
    earlier = [one for one in lake.snapshots() if one.loaded_at < snapshot.loaded_at and one.as_at <= snapshot.as_at]
    for one in sorted(earlier, key=lambda one: (one.as_at, one.loaded_at), reverse=True):
        computation = lake.computation(one)
        if computation is not None:
            return lake.read(computation, "exceptions")
    return None
