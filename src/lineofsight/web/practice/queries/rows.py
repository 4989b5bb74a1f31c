"""The rows behind a number: the children or the workers, for those whose work it is.

Rows are filtered by the viewer's scope, the read is logged with the keys of the children shown, and only then are
names fetched. The page, the CSV and the workbook are the same rows in the same order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404

from lineofsight.measures.definitions import Definition
from lineofsight.web.access import paging
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.paging import Paged
from lineofsight.web.access.permissions import Capability, Refused, agrees, check, check_see_children, may
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.queries import ages, gone, people, periods
from lineofsight.web.practice.queries.days import working_days
from lineofsight.web.practice.queries.standing import (
    Standing,
    catalogue,
    is_fresh,
    standing,
    team_name,
    theirs,
    whose,
    without_withheld,
    workers,
)

PAGE = 50
COLUMNS = [
    "as_at",
    "child_key",
    "event_id",
    "anchor",
    "team_id",
    "worker_id",
    "due_on",
    "done_on",
    "met",
    "value",
    "weight",
    "reason",
]
# A row is met when what we hope for is true of it (the row contract).
WHICH = {"not-met": "Not as hoped", "met": "As hoped", "unknown": "Cannot be told", "all": "All"}


@dataclass(frozen=True)
class Asked:
    """The filters, as they stand in the address: the month, which rows, a team, the page. Never a child."""

    as_at: date | None = None
    which: str = ""
    team: str = ""
    page: int = 1
    whole: bool = False  # every page at once, for a download
    form: str = "page"  # page, csv or xlsx: what the log says was made


FIRST = Asked()


@dataclass(frozen=True)
class Row:
    """One row as it is shown; `child` is None for a worker's row."""

    child: people.Card | None
    name: str
    age: str
    team: str
    worker: str
    reason: str
    due_on: date | None
    done_on: date | None
    days_over: int | None
    met: str
    as_at: date


@dataclass(frozen=True)
class Rows(Paged):
    """One page of the rows behind a number, and what is needed to move among them."""

    definition: Definition
    asked: Asked
    as_at: date
    rows: Sequence[Row]
    number: int
    size: int
    total: int
    pages: int
    counts: Mapping[str, int]
    teams: Sequence[tuple[str, str]]
    months: Sequence[date]
    withheld: int
    of_workers: bool
    shows_workers: bool
    has_due: bool
    spans_months: bool
    covers: str
    whose: str
    snapshot_on: date
    fresh: bool
    past: bool
    older: str
    gone: str  # that the number has rows which are no longer held

    @property
    def filters(self) -> list[tuple[str, str, int]]:
        """The kinds of row there are to choose from; none where the measure counts all its rows alike."""
        if self.definition.counts == "all":
            return []
        return [(key, words, self.counts[key]) for key, words in WHICH.items() if self.counts[key] or key == "all"]

    @property
    def shows_met(self) -> bool:
        """Whether each row says if it is as hoped: only where rows of several kinds stand together."""
        return self.asked.which == "all" and self.definition.counts != "all"

    @property
    def said(self) -> str:
        """What this list is, after the measure's title: '11 of 36 were not.'"""
        if not self.total:
            return "There are none."
        of, which = f"{self.total:,} of {self.counts['all']:,}", self.asked.which
        if which == "all":
            return f"All {self.total:,}." if self.total > 1 else "There is one."
        if which == "unknown":
            return f"For {of} it cannot be told."
        counted = (which == "met") == (self.definition.counts == "met")
        if self.definition.counts == "met":
            return f"{of} {'was' if self.total == 1 else 'were'}{'' if counted else ' not'}."
        return f"{of}." if counted else f"{of} are not among them."


def is_of_workers(definition: Definition) -> bool:
    """Whether a measure's rows are workers, or their posts, and not children."""
    return definition.of_workers


def check_rows(viewer: Viewer, definition: Definition) -> None:
    """Raise Refused unless `viewer` may see the rows behind this measure, and say who may.

    Rows of workers are for their line of management and for themselves only (DESIGN 7.7).
    """
    check(viewer, Capability.SEE_MEASURES)
    check_see_children(viewer)
    if not is_of_workers(definition) or viewer.scope.kind == "own":
        return
    check(viewer, Capability.SEE_WORKERS)
    if viewer.scope.kind not in ("team", "service"):
        raise Refused(
            "Figures for each worker are shown to the managers of that worker only.",
            held_by=("Team manager", "Head of service"),
            capability=Capability.SEE_WORKERS,
        )


def may_rows(viewer: Viewer, definition: Definition) -> bool:
    """The boolean twin of `check_rows`."""
    return agrees(check_rows, viewer, definition)


def rows_behind(viewer: Viewer, measure: str, asked: Asked = FIRST) -> Rows:
    """The rows behind one number, worst first (workers by name). The read is in the log before this returns.

    Raises Refused, Http404 for a measure or month there is not, LogUnavailable.
    """
    definition = catalogue().get(measure)
    if definition is None:
        raise Http404
    check_rows(viewer, definition)
    stand = standing(viewer)
    days, as_at = periods.months(stand), asked.as_at or stand.as_at
    if as_at not in days or asked.which not in ("", *WHICH):
        raise Http404
    asked = replace(asked, which=asked.which or usual(definition))
    held = _read(stand, viewer, definition, as_at)
    found, withheld = without_withheld(stand, viewer, held)
    ordered = (_by_name if is_of_workers(definition) else _worst_first)(stand, _chosen(found, asked))
    pages = 1 if asked.whole else paging.pages(ordered.num_rows, PAGE)
    if asked.page > pages:
        raise Http404
    shown = ordered if asked.whole else ordered.slice((asked.page - 1) * PAGE, PAGE)
    return Rows(
        definition=definition,
        asked=asked,
        as_at=as_at,
        rows=_shown(stand, viewer, definition, as_at, asked, shown),
        number=asked.page,
        size=PAGE,
        total=ordered.num_rows,
        pages=pages,
        counts=_counts(found),
        teams=_team_choices(stand, found),
        months=days[::-1],
        withheld=withheld,
        gone=gone.behind_number(stand, viewer, definition, as_at, held),
        **_about(stand, viewer, definition, as_at, found),
    )


def _shown(
    stand: Standing, viewer: Viewer, definition: Definition, as_at: date, asked: Asked, shown: pa.Table
) -> list[Row]:
    """The rows of one page in words: first the log, then the names."""
    keys = [key for key in shown["child_key"].to_pylist() if key]
    _log(viewer, definition, as_at, asked, keys, shown.num_rows)
    cards = people.cards(stand, viewer, keys)
    names_workers = is_of_workers(definition) or may_see_workers(viewer)
    return [_row(stand, row, cards, names_workers) for row in shown.to_pylist()]


def _about(stand: Standing, viewer: Viewer, definition: Definition, as_at: date, found: pa.Table) -> dict[str, Any]:
    """What the page says around its rows, and which columns it has."""
    of_workers = is_of_workers(definition)
    return {
        "of_workers": of_workers,
        "shows_workers": may_see_workers(viewer) and not of_workers,
        "has_due": found["due_on"].null_count < found.num_rows,
        "spans_months": definition.headline_window == "year",
        "covers": periods.words(definition, as_at),
        "whose": whose(stand, viewer),
        "snapshot_on": stand.as_at,
        "fresh": is_fresh(stand),
        "past": stand.past,
        "older": ages.sentence(ages.older(stand, definition.needs)),
    }


def usual(definition: Definition) -> str:
    """Which rows a page opens with: those not as we hope, or all where the measure counts all."""
    return "all" if definition.counts == "all" else "not-met"


def may_see_workers(viewer: Viewer) -> bool:
    """Whether lists of children name the worker beside each: in the line of management only (DESIGN 7.7)."""
    return may(viewer, Capability.SEE_WORKERS) and viewer.scope.kind in ("team", "service")


def _read(stand: Standing, viewer: Viewer, definition: Definition, as_at: date) -> pa.Table:
    """The rows in this viewer's scope of one month or year, restricted records among them."""
    where = (pc.field("measure") == definition.id) & periods.within(stand, definition, as_at)
    mine = theirs(stand, viewer)
    where = where if mine is None else where & mine
    return stand.lake.read(stand.computation, "rows", columns=COLUMNS, where=where)


def _counts(found: pa.Table) -> dict[str, int]:
    """How many rows there are of each kind in WHICH."""
    met = pc.sum(pc.cast(found["met"], pa.int64())).as_py() or 0
    unknown = found["met"].null_count
    return {"not-met": found.num_rows - met - unknown, "met": met, "unknown": unknown, "all": found.num_rows}


def _team_choices(stand: Standing, found: pa.Table) -> list[tuple[str, str]]:
    ids = [team for team in pc.unique(found["team_id"]).to_pylist() if team]
    return sorted(((team, team_name(stand, team)) for team in ids), key=lambda one: one[1])


def _chosen(found: pa.Table, asked: Asked) -> pa.Table:
    if asked.team:
        found = found.filter(pc.equal(found["team_id"], asked.team))
    if asked.which == "all":
        return found
    if asked.which == "unknown":
        return found.filter(pc.is_null(found["met"]))
    return found.filter(pc.equal(found["met"], asked.which == "met"))


def _worst_first(stand: Standing, found: pa.Table) -> pa.Table:
    """With `days_over`: working days past due at the month end, or when done where it was done late."""
    ended = pc.coalesce(found["done_on"], found["as_at"])
    found = found.append_column("days_over", working_days(found["due_on"], ended))
    order = [
        ("days_over", "descending"),
        ("value", "descending"),
        ("child_key", "ascending"),
        ("event_id", "ascending"),
    ]
    return found.sort_by(order)


def _by_name(stand: Standing, found: pa.Table) -> pa.Table:
    """Workers in the order of their names: never ranked (DESIGN 7.7)."""
    known = workers(stand)
    names = [known[one].name if one in known else one or "" for one in found["worker_id"].to_pylist()]
    nothing = pa.nulls(found.num_rows, pa.int32())
    return found.append_column("name", pa.array(names, pa.string())).append_column("days_over", nothing).sort_by("name")


def _log(viewer: Viewer, definition: Definition, as_at: date, asked: Asked, keys: list[str], rows: int) -> None:
    if keys:
        check_pace(viewer, LISTING)
    record_read(
        viewer=viewer,
        action="children.listed" if keys else "rows.listed",
        subject=f"measure {definition.id}",
        child_keys=keys,
        detail={
            "as_at": as_at.isoformat(),
            "which": asked.which,
            "team": asked.team,
            "page": 0 if asked.whole else asked.page,
            "format": asked.form,
            "rows": rows,
        },
    )


def _row(stand: Standing, row: Mapping[str, Any], cards: Mapping[str, people.Card], names_workers: bool) -> Row:
    card = cards.get(row["child_key"], people.ELSEWHERE) if row["child_key"] else None
    known_worker = workers(stand).get(row["worker_id"])
    worker = known_worker.name if known_worker else ""
    hidden = card is not None and not card.ref
    return Row(
        child=card,
        name=card.name if card else worker,
        age=card.age if card else "",
        team=team_name(stand, row["team_id"]),
        worker=worker if names_workers and not hidden else "",
        reason="" if hidden else row["reason"] or "",
        due_on=row["due_on"],
        done_on=row["done_on"],
        days_over=row["days_over"],
        met=_met(row["met"]),
        as_at=row["as_at"],
    )


def _met(met: bool | None) -> str:
    return WHICH["unknown" if met is None else "met" if met else "not-met"]
