"""One load: its files and why each was taken for what it is, its rows at every step, what it changed, its issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lineofsight import policy
from lineofsight.errors import PlainError
from lineofsight.lake import Lake, Snapshot
from lineofsight.lake.account import FileRead
from lineofsight.lake.marks import Mark
from lineofsight.loading import falls, telling
from lineofsight.loading.comparing import TableChange
from lineofsight.loading.telling import Step
from lineofsight.web.access.desk.wording import called, names
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data.models import Job
from lineofsight.web.data.permissions import may_load
from lineofsight.web.data.queries.issues import IssueCount, IssuePage, counted, read_issues
from lineofsight.web.data.queries.loads import Load, changes_of, loads_of, state_of


@dataclass(frozen=True)
class TableLine:
    """One table of the load: its rows from the file to the chronology, and against the load before.

    `step` is None where the table is not in this load at all, or counts were not kept yet. `share` is how much of
    what it had before it has now, as a whole percentage, for the bar; None where there is nothing to compare.
    """

    change: TableChange
    step: Step | None
    files: tuple[FileRead, ...]

    @property
    def share(self) -> int | None:
        if not self.change.before or self.change.now is None:
            return None
        return min(round(100 * self.change.now / self.change.before), 100)


@dataclass(frozen=True)
class Totals:
    """All tables together: what the files held, and what became of it. `carried` rows were copied forward."""

    read: int
    passed_over: int
    kept: int
    dated: int
    carried: int

    @classmethod
    def of(cls, steps: Sequence[Step]) -> Totals:
        """The sums of these tables."""
        return cls(
            read=sum(one.read for one in steps),
            passed_over=sum(one.not_kept for one in steps),
            kept=sum(one.kept for one in steps),
            dated=sum(one.dated for one in steps),
            carried=sum(one.held for one in steps if one.carried_as_at),
        )


@dataclass(frozen=True)
class Decided:
    """A person's decision on the load, in their words: who, when and why."""

    who: str
    mark: Mark


@dataclass(frozen=True)
class LoadPage:
    """Everything the page of one load shows."""

    load: Load
    before: Load | None
    snapshot: Snapshot
    to_look_at: Sequence[TableLine]
    as_before: Sequence[TableLine]
    carried: Sequence[TableLine]
    carried_sentence: str
    not_read: Sequence[FileRead]
    totals: Totals
    sentence: str
    adds_up: bool
    falls: Sequence[TableChange]
    falls_sentence: str
    accepted: Decided | None
    withdrawn: Decided | None
    counts: Sequence[IssueCount]
    issues: IssuePage | None
    deciding: Job | None
    last: Job | None
    may_load: bool
    is_newest: bool

    @property
    def lines(self) -> list[TableLine]:
        """Every table, those to look at first."""
        return [*self.to_look_at, *self.as_before, *self.carried]

    @property
    def files_read(self) -> int:
        """How many files and sheets gave a table."""
        return sum(len(line.files) for line in self.lines if line.change.now is not None)


def load_page(viewer: Viewer, snapshot_id: str, asked: Mapping[str, str]) -> LoadPage:
    """One load, whether it stands, waits or was withdrawn. Its issues are read, and that logged, for who may read them.

    Raises Refused, PlainError where there is none under that id, LogUnavailable.
    """
    check(viewer, Capability.SEE_DATA)
    lake = lake_in_use()
    snapshot = found(lake, snapshot_id)
    changes = changes_of(lake, snapshot, policy.load(home_in_use()))
    steps = telling.steps(snapshot)
    by_table = {one.table: one for one in steps}
    tables = telling.sorted_out(changes, by_table)
    load = loads_of(lake, [snapshot])[0]
    jobs = list(Job.objects.filter(snapshot=snapshot_id).exclude(kind=Job.READ).order_by("-asked_at")[:1])
    newest = lake.latest()
    return LoadPage(
        load=load,
        before=_before(lake, snapshot),
        snapshot=snapshot,
        to_look_at=_lines(tables.look, by_table, snapshot.account.files),
        as_before=_lines(tables.rest, by_table, snapshot.account.files),
        carried=_lines(tables.carried, by_table, snapshot.account.files),
        carried_sentence=telling.carried_sentence(tables.carried),
        not_read=[one for one in snapshot.account.files if one.table is None or one.table not in snapshot.tables],
        totals=Totals.of(steps),
        sentence=telling.account_sentence(steps),
        adds_up=bool(steps) and all(one.adds_up for one in steps),
        falls=falls(changes),
        falls_sentence=telling.falls_sentence(falls(changes)),
        accepted=_decided(None if load.state == "waits" else lake.accepted(snapshot)),
        withdrawn=_decided(None if load.state == "waits" else lake.withdrawn(snapshot)),
        counts=counted(lake, snapshot),
        issues=read_issues(viewer, lake, snapshot, asked),
        deciding=next((one for one in jobs if one.is_open), None),
        last=next((one for one in jobs if one.state == Job.FAILED), None),
        may_load=may_load(viewer),
        is_newest=newest is not None and newest.id == snapshot.id,
    )


def found(lake: Lake, snapshot_id: str) -> Snapshot:
    """The snapshot of that id, standing, withdrawn or waiting. Raises PlainError where there is none."""
    for one in lake.waiting():
        if one.id == snapshot_id:
            return one
    return lake.snapshot(snapshot_id)


def removed(viewer: Viewer, snapshot_id: str) -> Job | None:
    """Who said no to a load that waited and is removed now; None for one that is there, or never was."""
    check(viewer, Capability.SEE_DATA)
    try:
        found(lake_in_use(), snapshot_id)
    except PlainError:
        return Job.objects.filter(snapshot=snapshot_id, kind=Job.NO, state=Job.DONE).first()
    return None


def standing(viewer: Viewer, snapshot_id: str) -> Load:
    """One load that stands, for the page that asks whether to withdraw it. Raises Refused, PlainError."""
    check(viewer, Capability.SEE_DATA)
    lake = lake_in_use()
    snapshot = lake.snapshot(snapshot_id)
    if state_of(lake, snapshot) != "stands":
        raise PlainError("This load was withdrawn before.")
    return loads_of(lake, [snapshot])[0]


def _before(lake: Lake, snapshot: Snapshot) -> Load | None:
    from lineofsight import loading

    before = loading.compared_with(lake, snapshot)
    return loads_of(lake, [before])[0] if before else None


def _lines(changes: Sequence[TableChange], steps: Mapping[str, Step], files: Sequence[FileRead]) -> Sequence[TableLine]:
    return [
        TableLine(one, steps.get(one.table), tuple(file for file in files if file.table == one.table))
        for one in changes
    ]


def _decided(mark: Mark | None) -> Decided | None:
    return Decided(called(mark.by, names()), mark) if mark else None
