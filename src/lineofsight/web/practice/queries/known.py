"""What was known when: the extracts as a timeline, and one child's record over them.

The timeline comes from what each computation carried on: one read of the newest tells of all of them.
One child's record over time is read from each extract in turn, and only for those who may open the child's page now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.cases import history, late
from lineofsight.cases.exceptions import CLEARED, NOT_MEASURED_AGAIN, OPEN
from lineofsight.lake import Snapshot
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.known import check_looks_back, computed
from lineofsight.web.access.pace import OPENING, check_pace
from lineofsight.web.access.permissions import Capability, check_see_children, may
from lineofsight.web.access.scope import row_filter
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import people
from lineofsight.web.practice.queries.children import obtained
from lineofsight.web.practice.queries.standing import Standing, merged, standing

OWED = (OPEN, NOT_MEASURED_AGAIN)
BY_GROUP = ("authority", "service", "team")  # scopes whose counts the stored groups give


@dataclass(frozen=True)
class Moment:
    """One extract on the timeline. Counts are None where they are not told to this viewer or were not kept."""

    id: str
    as_at: date
    loaded_at: datetime
    newest: bool
    open: int | None
    again: int | None  # owed before, and not measured again
    begun: int | None
    cleared: int | None
    other: int | None  # what else left it (came to it, below none) since the date before
    late: int | None
    changes: Sequence[str]

    @property
    def owed(self) -> int:
        """What was owed, measured again or not: the next row is this with what came and without what left."""
        return (self.open or 0) + (self.again or 0)

    @property
    def parts(self) -> str:
        """'Three open, nine not measured again', where there are both."""
        return f"{self.open or 0:,} open, {self.again:,} not measured again." if self.again else ""

    @property
    def moved(self) -> str:
        """'4 new, 1 cleared, 1 gone (moved, merged or corrected).'"""
        told = [f"{self.begun or 0:,} new", f"{self.cleared or 0:,} cleared"]
        if self.other:
            way = "gone (moved, merged or corrected)" if self.other > 0 else "come in (moved or corrected)"
            told.append(f"{abs(self.other):,} {way}")
        return f"{', '.join(told)}."


@dataclass(frozen=True)
class Timeline:
    """Every extract that can be looked at, the newest first."""

    moments: Sequence[Moment]
    counts_exceptions: bool
    counts_late: bool

    @property
    def sentence(self) -> str:
        """'Seven extracts are held, the first as at 30 April 2026. Choose one to see what was known then.'"""
        count = len(self.moments)
        held = "extract is" if count == 1 else "extracts are"
        number = wording.spelled(count)
        said = f"{number[:1].upper()}{number[1:]} {held} held"
        if count < 2:
            return f"{said}, so there is nothing earlier to look back at yet."
        return f"{said}, the first as at {wording.day(self.moments[-1].as_at)}. Choose one to see what was known then."


def timeline(viewer: Viewer) -> Timeline:
    """The extracts as a timeline, with what changed from each to the next. Raises Refused, NothingLoaded."""
    check_looks_back(viewer)
    stand = standing()
    known = computed(stand.lake)
    exceptions = _exceptions(stand, viewer) if may(viewer, Capability.SEE_EXCEPTIONS) else None
    entered = _late(stand, viewer) if may(viewer, Capability.SEE_DATA) else None
    before = [*known[1:], None]
    return Timeline(
        [
            _moment(stand, one, then, _date_before(known, one), exceptions, entered)
            for one, then in zip(known, before, strict=True)
        ],
        counts_exceptions=exceptions is not None,
        counts_late=entered is not None,
    )


def _date_before(known: Sequence[Snapshot], one: Snapshot) -> Snapshot | None:
    """The last extract of an earlier date: what each of one date is counted against, its corrections with it."""
    return next((then for then in known if then.as_at < one.as_at), None)


def _moment(
    stand: Standing,
    one: Snapshot,
    then: Snapshot | None,
    date_before: Snapshot | None,
    exceptions: Mapping[tuple[str, str], int] | None,
    entered: Mapping[date, int] | None,
) -> Moment:
    counted = exceptions or {}
    kept = {snapshot for snapshot, _ in counted}
    now = {what: counted.get((one.id, what), 0) for what in (*OWED, history.BEGUN, CLEARED)}
    other = None
    if date_before is not None and {one.id, date_before.id} <= kept:
        was = sum(counted.get((date_before.id, what), 0) for what in OWED)
        other = was + now[history.BEGUN] - now[CLEARED] - sum(now[what] for what in OWED)
    known = one.id in kept
    return Moment(
        id=one.id,
        as_at=one.as_at,
        loaded_at=one.loaded_at,
        newest=one.id == stand.snapshot.id,
        open=now[OPEN] if known else None,
        again=now[NOT_MEASURED_AGAIN] if known else None,
        begun=now[history.BEGUN] if known else None,
        cleared=now[CLEARED] if known else None,
        other=other,
        late=entered.get(one.as_at) if entered else None,
        changes=_changes(one, then),
    )


def _changes(one: Snapshot, then: Snapshot | None) -> list[str]:
    """What one extract brought against the one before it, by its tables: no child is in it."""
    if then is None:
        return ["The first that is held."]
    said = []
    if one.as_at == then.as_at:
        said.append("It corrects the one before it, of the same date.")
    new, gone = sorted(one.tables.keys() - then.tables.keys()), sorted(then.tables.keys() - one.tables.keys())
    carried = [name for name, entry in one.tables.items() if entry.as_at < one.as_at]
    said += [f"New: {wording.listed(_titles(new))}."] if new else []
    said += [f"Missing: {wording.listed(_titles(gone))}."] if gone else []
    said += [f"Copied forward from an older load: {wording.listed(_titles(carried))}."] if carried else []
    if one.roles_hash != then.roles_hash:
        said.append("The role words were mapped anew.")
    return said


def _titles(names: Sequence[str]) -> list[str]:
    return [schema.tables()[name].title.lower() if name in schema.tables() else name for name in names]


def _within(viewer: Viewer) -> pc.Expression | None:
    """The filter over stored counts by team and service that leaves this viewer's own; they name no worker."""
    return row_filter(viewer) if viewer.scope.kind in BY_GROUP else pc.scalar(False)


def carried(stand: Standing, name: str, where: pc.Expression | None = None) -> pa.Table | None:
    """A small file that was carried on from computation to computation; None where it was not kept then."""
    if not stand.computation.keeps(name):
        return None
    return stand.lake.read(stand.computation, name, where=where)


def _exceptions(stand: Standing, viewer: Viewer) -> dict[tuple[str, str], int] | None:
    """How many exceptions were open, new and cleared at each extract, in the viewer's scope."""
    found = carried(stand, "exception_counts", _within(viewer)) if viewer.scope.kind in BY_GROUP else None
    if found is None:
        return None
    grouped = found.group_by(["snapshot", "what"]).aggregate([("count", "sum")]).to_pylist()
    return {(row["snapshot"], row["what"]): row["count_sum"] for row in grouped}


def _late(stand: Standing, viewer: Viewer) -> dict[date, int] | None:
    """How many events were entered late with each extract, in the viewer's scope; none where it was not measured."""
    found = carried(stand, "late_counts", _within(viewer)) if viewer.scope.kind in BY_GROUP else None
    if found is None:
        return None
    told = found.filter(pc.not_equal(found["state"], late.NOT_MEASURED))
    counted = pc.if_else(pc.equal(told["state"], late.LATE), told["count"], 0)
    grouped = told.append_column("late", counted).group_by("as_at").aggregate([("late", "sum")]).to_pylist()
    return {row["as_at"]: row["late_sum"] for row in grouped}


@dataclass(frozen=True)
class Entry:
    """One thing of a child's record that an extract brought or took away."""

    on: date
    title: str


@dataclass(frozen=True)
class Known:
    """One extract in which a child's record is not what it was in the one before it."""

    id: str
    as_at: date
    loaded_at: datetime
    newest: bool
    first: bool
    brought: Sequence[Entry]
    taken: Sequence[Entry]
    held: int


@dataclass(frozen=True)
class ChildKnown:
    """A child's record over the extracts: those in which it differs from the one before, the newest first."""

    ref: str
    name: str
    extracts: int
    moments: Sequence[Known]


MOST = 36  # extracts that one child's record is read from
_TOLD = ["on", "kind", "title", "detail", "ended_on"]


def child_known(viewer: Viewer, ref: str) -> ChildKnown:
    """A child's record over the extracts. The reads are in the log first, as for the child's page itself.

    Raises Refused, Http404 for a child that is not this viewer's to see now, TooFast, LogUnavailable.
    """
    check_looks_back(viewer)
    check_see_children(viewer)
    check_pace(viewer, OPENING)
    stand = standing()
    held, _, _ = obtained(viewer, stand, ref, "", by_need=False)
    key = held["child_key"]
    known = computed(stand.lake)[:MOST]
    record_read(
        viewer=viewer, action="child.compared", child_keys=[key], detail={"extracts": [one.id for one in known]}
    )
    named = people.named(stand, [key])
    records = [key, *(gone for gone, kept in merged(stand).items() if kept == key)]
    moments: list[Known] = []
    before: dict[tuple[Any, ...], int] | None = None
    for one in reversed(known):
        entries = _record(stand, one, records)
        if entries != (before or {}):
            moments.append(_difference(one, entries, before, newest=one.id == stand.snapshot.id))
        before = entries
    return ChildKnown(ref, people.name(named[key]), len(known), moments[::-1])


def _record(stand: Standing, snapshot: Snapshot, keys: Sequence[str]) -> dict[tuple[Any, ...], int]:
    """What one extract says of a child under any of the keys: each entry of the chronology, and how often it stands."""
    told: dict[tuple[Any, ...], int] = {}
    for key in keys:
        for row in stand.lake.events(snapshot, key).select(_TOLD).to_pylist():
            entry = tuple(row[name] for name in _TOLD)
            told[entry] = told.get(entry, 0) + 1
    return told


def _difference(
    one: Snapshot, entries: dict[tuple[Any, ...], int], before: dict[tuple[Any, ...], int] | None, *, newest: bool
) -> Known:
    then = before or {}
    return Known(
        id=one.id,
        as_at=one.as_at,
        loaded_at=one.loaded_at,
        newest=newest,
        first=not then,
        brought=_entries(entries, then) if then else (),
        taken=_entries(then, entries),
        held=sum(entries.values()),
    )


def _entries(these: Mapping[tuple[Any, ...], int], those: Mapping[tuple[Any, ...], int]) -> list[Entry]:
    more = [entry for entry, count in these.items() for _ in range(count - those.get(entry, 0))]
    dated = [Entry(entry[0], entry[2]) for entry in more if entry[0]]
    return sorted(dated, key=lambda entry: (entry.on, entry.title), reverse=True)
