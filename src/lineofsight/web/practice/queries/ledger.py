"""Exceptions: what is owed and not done, in one list, each with its owner and its history.

Workers' exceptions (caseload, supervision) are rows only for the line of management; anybody else who may see
exceptions gets them counted by team (DESIGN 7.7). The unallocated are told first, on a page of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404

from lineofsight.web.access import paging
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.paging import Paged
from lineofsight.web.access.permissions import Capability, check, check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import ages, due_soon, gone, people, said
from lineofsight.web.practice.queries.owing import FILTERS, STATES, UNALLOCATED, Owed, kind_title, owed_title, told
from lineofsight.web.practice.queries.rows import PAGE, is_of_workers, may_see_workers
from lineofsight.web.practice.queries.standing import (
    Standing,
    catalogue,
    is_fresh,
    standing,
    team_name,
    team_names,
    theirs,
    whose,
    without_withheld,
    workers,
)

__all__ = ["STATES", "UNALLOCATED", "Asked", "Exceptions", "Owed", "exceptions", "kind_title", "owed_title", "told"]

# How long over, in working days: the bands that the list may be narrowed to.
AGES = {
    "week": ("Up to 5 working days", 0, 5),
    "month": ("6 to 20 working days", 6, 20),
    "quarter": ("21 to 60 working days", 21, 60),
    "longer": ("More than 60 working days", 61, 1_000_000),
}


@dataclass(frozen=True)
class Asked:
    """The filters, as they stand in the address."""

    kind: str = ""
    team: str = ""
    worker: str = ""
    state: str = "open"
    age: str = ""
    page: int = 1
    whole: bool = False
    form: str = "page"


FIRST = Asked()


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with how many exceptions it would leave."""

    key: str
    title: str
    count: int


@dataclass(frozen=True)
class TeamCount:
    """Workers' exceptions of one team, counted and not named."""

    title: str
    team: str
    count: int


@dataclass(frozen=True)
class Exceptions(Paged):
    """One page of the list, its filters, and whether it may be drawn as work to do."""

    asked: Asked
    rows: Sequence[Owed]
    number: int
    size: int
    total: int
    pages: int
    kinds: Sequence[Choice]
    teams: Sequence[Choice]
    workers: Sequence[Choice]
    states: Sequence[Choice]
    ages: Sequence[Choice]
    by_team: Sequence[TeamCount]
    rates: Sequence[said.Rate]
    due_soon: int
    longest_unallocated: int | None
    withheld: int
    as_at: date
    fresh: bool
    past: bool
    older: str
    gone: str  # that more was counted, of rows which are no longer held
    shows_workers: bool
    whose: str

    @property
    def said(self) -> str:
        """'120 things are owed and not done, for the children of Assessment East.'"""
        words = {
            "open": "owed and not done",
            "unanswered": "owed, and nothing is said of it",
            "said-done": "owed and said to be done, which no extract shows yet",
            "came-back": "said to be done, and the extract still shows it owed",
            "explained": "owed and explained",
            "cleared": "owed and then done",
            "not re-measured": "not measured again",
        }
        of_workers = sum(one.count for one in self.by_team)
        if not self.total:
            return f"Nothing here is {words[self.asked.state]}{' for a child' if of_workers else ''}."
        verb = ("is" if self.total == 1 else "are") if self.fresh else ("was" if self.total == 1 else "were")
        count = wording.counted(self.total, "thing")
        more = f" {of_workers:,} more of workers, counted by team below." if of_workers else ""
        return f"{count} {verb} {words[self.asked.state]}: {self.whose}, {wording.day(self.as_at)}.{more}"

    @property
    def acts(self) -> str:
        """The heading over who answers for each: not as work to do where the list is of another day (DESIGN 7.1)."""
        return "Who must act" if self.fresh else "Who had to act"

    @property
    def is_or_was(self) -> str:
        """The verb of the list's headings."""
        return "is" if self.fresh else "was"

    @property
    def narrowed(self) -> bool:
        """Whether a filter beside the state was chosen."""
        return bool(self.asked.kind or self.asked.team or self.asked.worker or self.asked.age)

    @property
    def empty_why(self) -> str:
        """Why there is nothing in the list."""
        if self.narrowed:
            return "Nothing meets what you chose."
        return "Nothing that is measured is owed and not done in what you may see."

    @property
    def empty_next(self) -> str:
        """What to do where there is nothing in the list."""
        if self.narrowed:
            return "Choose another kind, team, age or state above."
        return "What is not measured may still be owed: the list of measures says which those are."


def exceptions(viewer: Viewer, asked: Asked = FIRST) -> Exceptions:
    """One page of what is owed and not done, the unallocated first, then the longest over.

    The read is in the log before this returns. Raises Refused, Http404, LogUnavailable.
    """
    check(viewer, Capability.SEE_EXCEPTIONS)
    check_see_children(viewer)
    stand = standing(viewer)
    if asked.state not in FILTERS or (asked.kind and asked.kind not in catalogue()) or asked.age not in ("", *AGES):
        raise Http404
    everything = said.beside(stand, _read(stand, viewer))
    whole, _ = without_withheld(stand, viewer, everything)
    named = may_see_workers(viewer) or viewer.scope.kind == "own"
    asked = asked if named else replace(asked, worker="")
    found, workers_only = _parted(whole)
    if named:
        found = whole
    inside = _narrowed(found, asked)
    ordered = _ordered(inside)
    pages = 1 if asked.whole else paging.pages(ordered.num_rows, PAGE)
    if asked.page > pages:
        raise Http404
    shown = ordered if asked.whole else ordered.slice((asked.page - 1) * PAGE, PAGE)
    keys = [key for key in shown["child_key"].to_pylist() if key]
    _log(viewer, asked, keys, shown.num_rows)
    cards = people.cards(stand, viewer, keys)
    return Exceptions(
        asked=asked,
        rows=[told(stand, row, cards, named) for row in shown.to_pylist()],
        number=asked.page,
        size=PAGE,
        total=ordered.num_rows,
        pages=pages,
        rates=said.rates(stand, found),
        due_soon=due_soon.counted(stand, viewer),
        by_team=[] if named else _by_team(stand, workers_only, asked),
        longest_unallocated=pc.max(_open(everything, UNALLOCATED)["days_over"]).as_py(),
        withheld=_narrowed(everything, asked).num_rows - _narrowed(whole, asked).num_rows,
        gone=gone.from_ledger(stand, viewer, asked.state, everything),
        shows_workers=named,
        whose=whose(stand, viewer),
        **_choices(stand, found, asked, named=named),
        **_when(stand),
    )


def _choices(stand: Standing, found: pa.Table, asked: Asked, *, named: bool) -> dict[str, Any]:
    """What each filter may be set to, with how many it would leave of the state that was asked for."""
    in_state = found.filter(_in_state(found, asked.state))
    states = ((key, words, pc.sum(_in_state(found, key)).as_py() or 0) for key, words in FILTERS.items())
    bands = ((key, words, _between(in_state, low, high).num_rows) for key, (words, low, high) in AGES.items())
    return {
        "kinds": [Choice(k, kind_title(k), n) for k, n in _tally(in_state, "measure") if k in catalogue()],
        "teams": _named(_tally(in_state, "team_id"), team_names(stand, in_state["team_id"])),
        "workers": _named(_tally(in_state, "worker_id"), _worker_names(stand)) if named else [],
        "states": [Choice(*one) for one in states],
        "ages": [Choice(*one) for one in bands],
    }


def _when(stand: Standing) -> dict[str, Any]:
    """When the list was true, and how old what it stands on is."""
    return {
        "as_at": stand.as_at,
        "fresh": is_fresh(stand),
        "past": stand.past,
        "older": ages.sentence(ages.older(stand, owed_tables())),
    }


def _read(stand: Standing, viewer: Viewer) -> pa.Table:
    """The ledger's rows in this viewer's scope, restricted records still among them. Nothing is shown by reading it."""
    return stand.lake.read(stand.computation, "exceptions", where=theirs(stand, viewer))


def owed_tables() -> set[str]:
    """Every table that tells of something owed."""
    return {name for one in catalogue().values() if one.exception for name in one.needs}


def owed_counts(stand: Standing, viewer: Viewer) -> tuple[dict[str, int], int]:
    """How many exceptions are open for each measure in the viewer's scope, and how many were not measured again.

    Counts only, no row leaves here.
    """
    mine = theirs(stand, viewer)
    owed = pc.field("state") != "cleared"
    where = owed if mine is None else owed & mine
    found = stand.lake.read(stand.computation, "exceptions", columns=["measure", "state"], where=where)
    is_open = pc.equal(found["state"], "open")
    return dict(_tally(found.filter(is_open), "measure")), found.num_rows - (pc.sum(is_open).as_py() or 0)


def open_counts(stand: Standing, viewer: Viewer) -> dict[str, int]:
    """How many exceptions are open for each measure in the viewer's scope."""
    return owed_counts(stand, viewer)[0]


def _parted(whole: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The ledger in two: of children, and of workers."""
    kinds = pa.array([key for key, one in catalogue().items() if is_of_workers(one)], pa.string())
    theirs_alone = pc.is_in(whole["measure"], value_set=kinds)
    return whole.filter(pc.invert(theirs_alone)), whole.filter(theirs_alone)


def _narrowed(found: pa.Table, asked: Asked) -> pa.Table:
    found = found.filter(_in_state(found, asked.state))
    for column, value in {"measure": asked.kind, "team_id": asked.team, "worker_id": asked.worker}.items():
        if value:
            found = found.filter(pc.equal(found[column], value))
    return _between(found, *AGES[asked.age][1:]) if asked.age else found


def _in_state(found: pa.Table, state: str) -> pa.ChunkedArray:
    """Which rows are in a state of FILTERS: “open” is all that is owed now, whatever was said of it."""
    if state in ("open", "not re-measured", "cleared"):
        return pc.equal(found["state"], state)
    return pc.equal(found["standing"], "open" if state == "unanswered" else state)


def _between(found: pa.Table, low: int, high: int) -> pa.Table:
    days = found["days_over"]
    return found.filter(pc.and_(pc.greater_equal(days, low), pc.less_equal(days, high)))


def _ordered(found: pa.Table) -> pa.Table:
    """The unallocated first; then the longest over; children of one measure in a steady order."""
    first = pc.if_else(pc.equal(found["measure"], UNALLOCATED), 0, 1)
    return found.append_column("first", first).sort_by(
        [("first", "ascending"), ("days_over", "descending"), ("measure", "ascending"), ("exception_id", "ascending")]
    )


def _open(found: pa.Table, measure: str) -> pa.Table:
    return found.filter(pc.and_(pc.equal(found["measure"], measure), pc.equal(found["state"], "open")))


def _tally(found: pa.Table, column: str) -> list[tuple[str, int]]:
    counted = pc.value_counts(found[column].combine_chunks()).to_pylist()
    return sorted(((one["values"], one["counts"]) for one in counted if one["values"]), key=lambda one: -one[1])


def _named(tally: Sequence[tuple[str, int]], names: Mapping[str, str]) -> list[Choice]:
    """Choices in the order of their names, never of their counts (DESIGN 7.7)."""
    return sorted((Choice(key, names.get(key, key), count) for key, count in tally), key=lambda one: one.title)


def _worker_names(stand: Standing) -> dict[str, str]:
    return {key: worker.name for key, worker in workers(stand).items()}


def _by_team(stand: Standing, found: pa.Table, asked: Asked) -> list[TeamCount]:
    """Workers' exceptions by measure and team, for those above the line of management."""
    inside = _narrowed(found, Asked(kind=asked.kind, team=asked.team, state=asked.state, age=asked.age))
    grouped = inside.group_by(["measure", "team_id"]).aggregate([([], "count_all")]).to_pylist()
    counts = [
        TeamCount(
            kind_title(one["measure"]),
            team_name(stand, one["team_id"], "No team recorded"),
            one["count_all"],
        )
        for one in grouped
    ]
    return sorted(counts, key=lambda one: (one.title, one.team))


def _log(viewer: Viewer, asked: Asked, keys: list[str], rows: int) -> None:
    check_pace(viewer, LISTING)
    record_read(
        viewer=viewer,
        action="exceptions.listed",
        subject=f"measure {asked.kind}" if asked.kind else "exceptions",
        child_keys=list(dict.fromkeys(keys)),
        detail={
            "state": asked.state,
            "team": asked.team,
            "worker": asked.worker,
            "age": asked.age,
            "page": 0 if asked.whole else asked.page,
            "format": asked.form,
            "rows": rows,
        },
    )
