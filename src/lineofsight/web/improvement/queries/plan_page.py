"""The page of one plan: the committee's own table a page at a time, and what turned since the last report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lineofsight.plans.table import PlanRow
from lineofsight.web.access.paging import Paged, pages
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import cells, wording
from lineofsight.web.improvement.models import PlanStep
from lineofsight.web.improvement.queries.lines import Line, told
from lineofsight.web.improvement.queries.plans import OnePlan, Step, Turned, one_plan, turned_since
from lineofsight.web.improvement.queries.tables import table_of

SIZE = 50  # rows of the table on one page; most plans stand on one
TURNED = 30  # of those whose colour turned, so many are told one by one


@dataclass(frozen=True)
class TableRow:
    """One action as the committee's table has it."""

    line: Line
    row: PlanRow

    @property
    def action(self) -> list[cells.Part]:
        return cells.parts(self.row.action)

    @property
    def progress(self) -> list[cells.Part]:
        return cells.parts(self.row.progress)


@dataclass(frozen=True)
class PlanPage(Paged):
    """A plan with one page of its table. `since` is the last report before this day, None where there was none."""

    found: OnePlan
    rows: Sequence[TableRow]
    past: bool
    since: Step | None
    turned: Sequence[Turned]
    number: int
    size: int
    total: int
    pages: int

    @property
    def turned_shown(self) -> Sequence[Turned]:
        return self.turned[:TURNED]

    @property
    def turned_more(self) -> int:
        return max(len(self.turned) - TURNED, 0)

    @property
    def turned_sentence(self) -> str:
        """'Three actions have another colour than on 9 October 2026: one is worse.'"""
        if self.since is None:
            return ""
        on, many = wording.day(self.since.on), len(self.turned)
        if not many:
            return f"No action has another colour than on {on}, when it was reported to {self.since.body}."
        told = f"{wording.begun(wording.spelled(many))} {wording.verb(many, 'action has', 'actions have')}"
        worse = sum(one.worse for one in self.turned)
        return f"{told} another colour than on {on}, when it was reported to {self.since.body}: {_worse(worse, many)}."


def plan_page(viewer: Viewer, key: UUID | str, on: date | None = None, page: int = 1) -> PlanPage:
    """One plan as its table stands today, or stood on a day. Raises as `one_plan` does."""
    found = one_plan(viewer, key, on)
    most = pages(len(found.lines), SIZE)
    number = min(max(page, 1), most)
    shown = told(viewer, found.lines[(number - 1) * SIZE : number * SIZE])
    table = table_of(viewer, found.plan, on, shown)
    since = last_report(found)
    return PlanPage(
        found=found,
        rows=[TableRow(line, row) for line, row in zip(shown, table.rows, strict=True)],
        past=on is not None,
        since=since,
        turned=turned_since(viewer, found.plan, since.on, on, found.lines) if since else (),
        number=number,
        size=SIZE,
        total=len(found.lines),
        pages=most,
    )


def last_report(found: OnePlan) -> Step | None:
    """The last time the plan was reported to somebody before the day it is looked at as of."""
    reported = PlanStep.What.REPORTED.label
    return next((one for one in reversed(found.steps) if one.what == reported and one.on < found.on), None)


def _worse(worse: int, many: int) -> str:
    if not worse:
        return "none is worse"
    if worse == many:
        return "it is worse" if many == 1 else "all are worse"
    return f"{wording.spelled(worse)} {wording.verb(worse, 'is', 'are')} worse"
