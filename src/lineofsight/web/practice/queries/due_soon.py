"""What is not owed yet and falls due soon: within the days that policy gives, by measures that know a due date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404

from lineofsight import policy
from lineofsight.cases import coming
from lineofsight.cases.intervals import due_on
from lineofsight.web import home_in_use
from lineofsight.web.access import paging
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.paging import Paged
from lineofsight.web.access.permissions import Capability, check, check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import ages, owing, people
from lineofsight.web.practice.queries.rows import PAGE, may_see_workers
from lineofsight.web.practice.queries.standing import (
    Standing,
    catalogue,
    coming_rows,
    is_fresh,
    standing,
    team_name,
    team_names,
    theirs,
    whose,
    without_withheld,
    workers,
)

COLUMNS = ["measure", "child_key", "team_id", "worker_id", "due_on", "reason"]


@dataclass(frozen=True)
class Asked:
    """The filters, as they stand in the address."""

    kind: str = ""
    team: str = ""
    worker: str = ""
    page: int = 1


@dataclass(frozen=True)
class Due:
    """One thing that falls due: what, for which child, by when, and who has the child."""

    measure: str
    title: str
    child: people.Card
    team: str
    worker: str
    due_on: date
    reason: str


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with how many it would leave."""

    key: str
    title: str
    count: int


@dataclass(frozen=True)
class DueSoon(Paged):
    """One page of what falls due, the soonest first."""

    asked: Asked
    rows: Sequence[Due]
    number: int
    size: int
    total: int
    pages: int
    kinds: Sequence[Choice]
    teams: Sequence[Choice]
    workers: Sequence[Choice]
    withheld: int
    as_at: date
    until: date
    within: str
    fresh: bool
    older: str
    shows_workers: bool
    whose: str

    @property
    def said(self) -> str:
        """'31 things fall due by 9 November 2026, for the children of Assessment East.'"""
        if not self.total:
            return f"Nothing that is measured {'falls' if self.fresh else 'fell'} due by {wording.day(self.until)}."
        verb = ("falls" if self.total == 1 else "fall") if self.fresh else "fell"
        count = wording.counted(self.total, "thing")
        return f"{count} {verb} due by {wording.day(self.until)}: {self.whose}."


def due_soon(viewer: Viewer, asked: Asked) -> DueSoon:
    """One page of what falls due soon. The read is in the log before this returns. Raises Refused, Http404."""
    check(viewer, Capability.SEE_EXCEPTIONS)
    check_see_children(viewer)
    stand = standing(viewer)
    if asked.kind and asked.kind not in catalogue():
        raise Http404
    everything = _read(stand, viewer)
    whole, _ = without_withheld(stand, viewer, everything)
    named = may_see_workers(viewer) or viewer.scope.kind == "own"
    inside = _narrowed(whole, asked, named=named)
    ordered = inside.sort_by([("due_on", "ascending"), ("measure", "ascending"), ("child_key", "ascending")])
    pages = paging.pages(ordered.num_rows, PAGE)
    if asked.page > pages:
        raise Http404
    shown = ordered.slice((asked.page - 1) * PAGE, PAGE)
    keys = shown["child_key"].to_pylist()
    _log(viewer, asked, keys)
    cards = people.cards(stand, viewer, keys)
    return DueSoon(
        asked=asked,
        rows=[_due(stand, row, cards, named) for row in shown.to_pylist()],
        number=asked.page,
        size=PAGE,
        total=ordered.num_rows,
        pages=pages,
        kinds=_choices(whole, "measure", {key: owing.kind_title(key) for key in catalogue()}),
        teams=_choices(whole, "team_id", team_names(stand, whole["team_id"])),
        workers=_choices(whole, "worker_id", {k: w.name for k, w in workers(stand).items()}) if named else [],
        withheld=_narrowed(everything, asked, named=named).num_rows - inside.num_rows,
        as_at=stand.as_at,
        until=until(stand),
        within=_rule(stand).words(),
        fresh=is_fresh(stand),
        older=ages.sentence(ages.older(stand, {name for one in coming.measures() for name in catalogue()[one].needs})),
        shows_workers=named,
        whose=whose(stand, viewer),
    )


def counted(stand: Standing, viewer: Viewer) -> int:
    """How many things fall due soon in this viewer's scope: a count, no row leaves here."""
    return without_withheld(stand, viewer, _read(stand, viewer))[0].num_rows


def until(stand: Standing) -> date:
    """The last day that counts as soon, by the policy of the day whose rules hold."""
    return due_on(_rule(stand), stand.on)


def _rule(stand: Standing) -> policy.Rule:
    return policy.load(home_in_use()).rule("exception.due_soon", stand.on)


def _read(stand: Standing, viewer: Viewer) -> pa.Table:
    """Rows of children in scope, as they were on the extract's date: in time still, not done, due after it and soon."""
    soon = (pc.field("due_on") > stand.as_at) & (pc.field("due_on") <= until(stand))
    mine = theirs(stand, viewer)
    return coming_rows(stand, COLUMNS, soon if mine is None else soon & mine)


def _narrowed(found: pa.Table, asked: Asked, *, named: bool) -> pa.Table:
    chosen = {"measure": asked.kind, "team_id": asked.team, "worker_id": asked.worker if named else ""}
    for column, value in chosen.items():
        if value:
            found = found.filter(pc.equal(found[column], value))
    return found


def _choices(found: pa.Table, column: str, names: Mapping[str, str]) -> list[Choice]:
    """Choices in the order of their names, never of their counts (DESIGN 7.7)."""
    counts = pc.value_counts(found[column].combine_chunks()).to_pylist()
    listed = (
        Choice(one["values"], names.get(one["values"], one["values"]), one["counts"]) for one in counts if one["values"]
    )
    return sorted(listed, key=lambda one: one.title)


def _due(stand: Standing, row: Mapping[str, Any], cards: Mapping[str, people.Card], named: bool) -> Due:
    card = cards.get(row["child_key"], people.ELSEWHERE)
    worker = workers(stand).get(row["worker_id"])
    return Due(
        measure=row["measure"],
        title=owing.owed_title(row["measure"]),
        child=card,
        team=team_name(stand, row["team_id"]),
        worker=worker.name if worker and named and card.ref else "",
        due_on=row["due_on"],
        reason=(row["reason"] or "") if card.ref else "",
    )


def _log(viewer: Viewer, asked: Asked, keys: Sequence[str]) -> None:
    check_pace(viewer, LISTING)
    record_read(
        viewer=viewer,
        action="due.listed",
        subject=f"measure {asked.kind}" if asked.kind else "exceptions",
        child_keys=list(dict.fromkeys(keys)),
        detail={"team": asked.team, "worker": asked.worker, "page": asked.page, "rows": len(keys)},
    )
