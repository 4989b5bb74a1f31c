"""The home of whoever works with children: each of their own children, what is owed and when, and what is held of them.

A worker sees their own caseload, supervision and absence as the extract tells them (DESIGN 7.7).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.cases import coming
from lineofsight.web.access import scope
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import figures, measures, owing, people
from lineofsight.web.practice.queries.homes import reading
from lineofsight.web.practice.queries.homes.reading import Due, Told
from lineofsight.web.practice.queries.standing import Standing, catalogue, own_keys, standing, withheld

SHOWN = 50  # children on the page; what is owed and due to every one is in the lists
AWAY = "WF15"
NEVER = date.max

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Child:
    """One of my children: what is owed, and what falls due."""

    child: people.Card
    owed: Sequence[owing.Owed]
    due: Sequence[Due]


@dataclass(frozen=True)
class Held:
    """One thing that is held about me: of which measure, what it says, and where something may be owed, whether."""

    measure: str
    title: str
    said: str
    met: str


@dataclass(frozen=True)
class MyHome:
    """The page: my children, those with most to do first, and what is held about me."""

    told: Told
    children: Sequence[Child]
    number: int
    owed: int
    due: int
    longest: int | None
    held: Sequence[Held]
    away: str

    @property
    def more(self) -> int:
        """How many more children there are than the page shows."""
        return self.number - len(self.children)

    @property
    def passed(self) -> bool:
        """Whether something on the page fell due after the extract was true."""
        return any(row.passed for one in self.children for row in one.due)

    @property
    def said(self) -> str:
        """'You work with 14 children. Five things are owed to them and not done; three fall due by 9 November 2026.'"""
        if not self.number:
            return "The extract names you for no child."
        now = self.told.fresh
        with_you = f"You {'work' if now else 'worked'} with {wording.counted(self.number, 'child', 'children')}"
        be = ("is" if self.owed == 1 else "are") if now else ("was" if self.owed == 1 else "were")
        fall = ("falls" if self.due == 1 else "fall") if now else "fell"
        when = "" if now else f" on {wording.day(self.told.as_at)}"
        owed = wording.counted(self.owed, "thing")
        due = f"{self.due:,}" if self.due else "none"
        return (
            f"{with_you}{when}. {owed[:1].upper()}{owed[1:]} {be} owed to them and not done, "
            f"and {due} {fall} due by {wording.day(self.told.until)}."
        )


def my_home(viewer: Viewer) -> MyHome:
    """My own children with what is owed to each and when. The read is in the log before a name is fetched.

    Raises Refused, TooFast, LogUnavailable.
    """
    reading.check_home(viewer, "own")
    stand = standing(viewer)
    owed = reading.owed_rows(stand, viewer)
    of_workers = [key for key, one in catalogue().items() if one.of_workers]
    rows = reading.newest_rows(stand, viewer, pc.field("measure").isin([*coming.measures(), *of_workers]))
    hidden = withheld(stand, viewer)
    every = own_keys(stand, viewer)
    mine = every - hidden
    owed_of, due_of = _by_child(reading.longest_first(owed), mine), _by_child(reading.soon(stand, rows), mine)
    shown = sorted(mine, key=lambda key: _urgency(key, owed_of, due_of))[:SHOWN]
    reading.log(viewer, shown, len(shown))
    cards = people.cards(stand, viewer, shown)
    children = [
        Child(
            child=cards.get(key, people.ELSEWHERE),
            owed=reading.owed_lines(stand, owed_of.get(key, []), cards),
            due=[reading.due_line(stand, row, cards) for row in due_of.get(key, [])],
        )
        for key in shown
    ]
    return MyHome(
        told=reading.told(stand, len(every) - len(mine)),
        children=children,
        number=len(mine),
        owed=sum(map(len, owed_of.values())),
        due=sum(map(len, due_of.values())),
        longest=pc.max(reading.of(owed, [owing.UNALLOCATED])["days_over"]).as_py(),
        held=_held(viewer, reading.of(rows, of_workers)),
        away=_away(stand, viewer, reading.of(rows, [AWAY])),
    )


def _by_child(rows: pa.Table, mine: frozenset[str]) -> dict[str, list[Row]]:
    """The rows of each of my children, in the order they have."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows.to_pylist():
        if row["child_key"] in mine:
            found[row["child_key"]].append(row)
    return found


def _urgency(key: str, owed: Mapping[str, Sequence[Row]], due: Mapping[str, Sequence[Row]]) -> tuple[int, date, str]:
    """What is longest over first, then what falls due first, then the others in a steady order."""
    over = max((1 + (row["days_over"] or 0) for row in owed.get(key, ())), default=0)
    return -over, min((row["due_on"] for row in due.get(key, ())), default=NEVER), key


def _of_me(viewer: Viewer, rows: pa.Table) -> pa.Table:
    """The rows that name this worker."""
    ids = pa.array(sorted(scope.named("own", viewer.scope.ids)), pa.string())
    return rows.filter(pc.is_in(rows["worker_id"], value_set=ids))


def _held(viewer: Viewer, rows: pa.Table) -> Sequence[Held]:
    """What each measure of workers says of this one, along the catalogue."""
    order = {key: place for place, key in enumerate(catalogue())}
    told = sorted(_of_me(viewer, rows).to_pylist(), key=lambda row: order[row["measure"]])
    return [
        Held(
            measure=row["measure"],
            title=owing.owed_title(row["measure"]),
            said=row["reason"] or "",
            met=_met(row["met"]) if catalogue()[row["measure"]].exception else "",
        )
        for row in told
    ]


def _met(met: bool | None) -> str:
    return "cannot be told" if met is None else "in order" if met else "owed"


def _away(stand: Standing, viewer: Viewer, rows: pa.Table) -> str:
    """What the extract says of a long absence, by the children whom it leaves."""
    series = figures.authority(stand, "identified").get(AWAY)
    if series is None or not series.headline.measured:
        lacks = measures.missing_said(series.headline) if series else ""
        return f"Whether you are or were away is not measured. {lacks}".strip()
    left = _of_me(viewer, rows)
    if not left.num_rows:
        return "No long absence of yours leaves a child without a worker."
    alone = pc.sum(pc.invert(pc.fill_null(left["met"], True))).as_py() or 0
    children = wording.counted(left.num_rows, "child", "children")
    return f"The extract says that you have long been away from {children}; nobody covers {alone:,} of them."
