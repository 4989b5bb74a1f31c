"""What the homes share: who has which, the rows they stand on in their scope, and the one event of their read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.cases import coming
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.offices import SCOPE_WORDS
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.permissions import Capability, Refused, agrees, check, check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import ages, due_soon, episodes, owing, people, said
from lineofsight.web.practice.queries.standing import (
    KEPT,
    NOT_LISTED,
    Standing,
    catalogue,
    is_fresh,
    teams,
    theirs,
    workers,
)
from lineofsight.web.practice.queries.standing import newest_rows as of_newest

Kind = Literal["service", "team", "own", "assigned"]
COLUMNS = [
    "measure",
    "as_at",
    "child_key",
    "team_id",
    "worker_id",
    "due_on",
    "done_on",
    "met",
    "value",
    "weight",
    "reason",
]
NOBODY = "Nobody is named"


def check_home(viewer: Viewer, kind: Kind) -> None:
    """Raise Refused unless `viewer` has the home of that reach; one of a service or a team names its workers (7.7)."""
    check(viewer, Capability.SEE_EXCEPTIONS)
    check_see_children(viewer)
    if kind in ("service", "team"):
        check(viewer, Capability.SEE_WORKERS)
    if viewer.scope.kind != kind:
        raise Refused(f"This page is for who answers for: {SCOPE_WORDS[kind].lower()}.")


def may_home(viewer: Viewer, kind: Kind) -> bool:
    """The boolean twin of `check_home`."""
    return agrees(check_home, viewer, kind)


@dataclass(frozen=True)
class Due:
    """One thing that is in time and falls due. `passed` where the day is over since the extract was true."""

    measure: str
    title: str
    child: people.Card
    due_on: date
    reason: str
    passed: bool
    when: str


@dataclass(frozen=True)
class Told:
    """What stands round every home: when it was true, and whether it may be drawn as work to do (DESIGN 7.1)."""

    as_at: date
    fresh: bool
    past: bool
    older: str
    until: date
    withheld: int

    @property
    def works(self) -> bool:
        """Whether something may be said or done about a line now."""
        return self.fresh and not self.past


def told(stand: Standing, withheld: int) -> Told:
    """When the page was true, how old what it stands on is, and how much of it only named people may open."""
    tables = {name for one in catalogue().values() if one.exception for name in one.needs}
    return Told(
        as_at=stand.as_at,
        fresh=is_fresh(stand),
        past=stand.past,
        older=ages.sentence(ages.older(stand, tables)),
        until=due_soon.until(stand),
        withheld=withheld,
    )


def owed_rows(stand: Standing, viewer: Viewer) -> pa.Table:
    """What is owed now in this viewer's scope, with what was said of it. Nothing is shown by reading it."""
    mine, is_open = theirs(stand, viewer), pc.field("state") == "open"
    where = is_open if mine is None else is_open & mine
    return said.beside(stand, stand.lake.read(stand.computation, "exceptions", where=where))


def newest_rows(stand: Standing, viewer: Viewer, wanted: pc.Expression) -> pa.Table:
    """Rows of the extract's date in this viewer's scope. Nothing is shown by reading them."""
    mine = theirs(stand, viewer)
    return of_newest(stand, COLUMNS, wanted if mine is None else wanted & mine)


def without(rows: pa.Table, hidden: Collection[str]) -> pa.Table:
    """The rows without those of children whose records are not for this viewer (rule 7.3)."""
    return rows.filter(pc.invert(pc.is_in(rows["child_key"], value_set=pa.array(sorted(hidden), pa.string()))))


def of(rows: pa.Table, measures: Collection[str]) -> pa.Table:
    """The rows of these measures."""
    return rows.filter(pc.is_in(rows["measure"], value_set=pa.array(sorted(measures), pa.string())))


def soon(stand: Standing, rows: pa.Table) -> pa.Table:
    """Those of `rows` that fall due soon, the soonest first; one thing due by two measures stands once."""
    in_time = pc.and_(pc.fill_null(rows["met"], False), pc.is_null(rows["done_on"]))
    within = pc.and_(pc.greater(rows["due_on"], stand.as_at), pc.less_equal(rows["due_on"], due_soon.until(stand)))
    kinds = pc.is_in(rows["measure"], value_set=pa.array(coming.measures(), pa.string()))
    named = pc.and_(kinds, pc.is_valid(rows["child_key"]))
    return once(in_order(rows.filter(pc.and_(pc.and_(in_time, pc.fill_null(within, False)), named))))


def once(rows: pa.Table, day: str = "due_on") -> pa.Table:
    """The rows without those that tell of one child, one thing and one day again: two measures may know of it."""
    kinds = pc.unique(rows["measure"]).to_pylist()
    titles = pa.array([owing.kind_title(one) for one in kinds], pa.string())
    title = pc.take(titles, pc.index_in(rows["measure"], value_set=pa.array(kinds, pa.string())))
    on = pc.fill_null(pc.cast(rows[day], pa.string()), "")
    told = pc.binary_join_element_wise(rows["child_key"], title, on, "\x00").combine_chunks()
    return rows.take(pc.index_in(pc.unique(told), value_set=told))


def in_order(rows: pa.Table) -> pa.Table:
    """By the day they fall due, then in a steady order."""
    return rows.sort_by([("due_on", "ascending"), ("measure", "ascending"), ("child_key", "ascending")])


def longest_first(owed: pa.Table) -> pa.Table:
    """By how long over, then in a steady order."""
    return owed.sort_by([("days_over", "descending"), ("measure", "ascending"), ("exception_id", "ascending")])


def log(viewer: Viewer, child_keys: Iterable[str | None], rows: int) -> None:
    """Write the read of a home, with exactly the children it shows. Raises TooFast, LogUnavailable."""
    check_pace(viewer, LISTING)
    keys = list(dict.fromkeys(key for key in child_keys if key))
    record_read(viewer=viewer, action="home.opened", subject="home", child_keys=keys, detail={"rows": rows})


def due_line(stand: Standing, row: Mapping[str, Any], cards: Mapping[str, people.Card]) -> Due:
    """One row that falls due, in the words of the list."""
    card = cards.get(row["child_key"], people.ELSEWHERE)
    return Due(
        measure=row["measure"],
        title=owing.owed_title(row["measure"]),
        child=card,
        due_on=row["due_on"],
        reason=(row["reason"] or "") if card.ref else "",
        passed=row["due_on"] < stand.on,
        when=wording.day(row["due_on"]).removesuffix(f" {stand.on.year}"),
    )


def owed_lines(
    stand: Standing, rows: Sequence[Mapping[str, Any]], cards: Mapping[str, people.Card]
) -> Sequence[owing.Owed]:
    """Rows of the ledger, in the words of the list. Whoever has a home is in the line of management, or the worker."""
    return [owing.told(stand, row, cards, names_workers=True) for row in rows]


def team_name(stand: Standing, team: str | None) -> str:
    """A team's name; one that the newest list has not any more is called by its number."""
    known = teams(stand).get(team or "")
    return known.called if known else f"Team {team}, {NOT_LISTED}" if team else "No team recorded"


def worker_name(stand: Standing, worker: str | None) -> str:
    """A worker's name; one that the newest list has not any more is called by their number."""
    known = workers(stand).get(worker or "")
    return known.name if known else f"Worker {worker}, {NOT_LISTED}" if worker else NOBODY


def visits(stand: Standing, child_keys: Iterable[str]) -> Mapping[str, Sequence[date]]:
    """The days on which each of these children was seen."""
    return _visits(stand, tuple(sorted(child_keys)))


@lru_cache(maxsize=KEPT * 16)
def _visits(stand: Standing, child_keys: tuple[str, ...]) -> Mapping[str, Sequence[date]]:
    """Keyed hashes and days, no name, so it may be kept."""
    return episodes.visits(stand, child_keys)
