"""The home of reviewing officers and conference chairs: reviews and conferences of the children they hold as such."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.web.access import scope
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import owing, people
from lineofsight.web.practice.queries.homes import reading
from lineofsight.web.practice.queries.homes.reading import Due, Told
from lineofsight.web.practice.queries.standing import KEPT, Standing, own_keys, standing, withheld

# What a reviewing officer or a chair holds, or sees held: reviews of children looked after, and conferences.
REVIEWS = ("LA10", "CP06", "CP07", "IC04")
SHOWN = 50
# The chronology's words for an involvement as reviewing officer or chair, whatever the case system calls it.
ROLE = "Reviewing officer"


@dataclass(frozen=True)
class ReviewsHome:
    """The page: what is overdue, then what falls due, the first first."""

    told: Told
    overdue: Sequence[owing.Owed]
    overdue_count: int
    due: Sequence[Due]
    due_count: int
    soon: int
    children: int
    others: int
    longest: int | None

    @property
    def said(self) -> str:
        """'You review the plans of 61 children. Two reviews are overdue; nine fall due by 9 November 2026.'"""
        if not self.children:
            return "The extract names you as reviewing officer or chair of no child."
        now = self.told.fresh
        of = wording.counted(self.children, "child", "children")
        when = "" if now else f" on {wording.day(self.told.as_at)}"
        count = wording.counted(self.overdue_count, "review or conference", "reviews or conferences")
        be = ("is" if self.overdue_count == 1 else "are") if now else ("was" if self.overdue_count == 1 else "were")
        fall = ("falls" if self.soon == 1 else "fall") if now else "fell"
        due = f"{self.soon:,}" if self.soon else "none"
        return (
            f"You {'hold' if now else 'held'} {of} as reviewing officer or chair{when}. "
            f"{count[:1].upper()}{count[1:]} {be} overdue, and {due} {fall} due by {wording.day(self.told.until)}."
        )


def reviews_home(viewer: Viewer) -> ReviewsHome:
    """The reviews and conferences of the children the viewer holds as reviewing officer or chair.

    The read is in the log before a name is fetched. Raises Refused, TooFast, LogUnavailable.
    """
    reading.check_home(viewer, "assigned")
    stand = standing(viewer)
    every = own_keys(stand, viewer)
    held = held_as_reviewer(stand, scope.named("assigned", viewer.scope.ids), every)
    mine = held - withheld(stand, viewer)
    keys = pa.array(sorted(mine), pa.string())
    owed = reading.owed_rows(stand, viewer)
    rows = reading.newest_rows(stand, viewer, pc.field("measure").isin(REVIEWS))
    inside = reading.of(owed, REVIEWS)
    overdue = reading.once(
        reading.longest_first(inside.filter(pc.is_in(inside["child_key"], value_set=keys))), day="owed_since"
    )
    coming = _coming(stand, rows.filter(pc.is_in(rows["child_key"], value_set=keys)))
    over, ahead = overdue.slice(0, SHOWN).to_pylist(), coming.slice(0, SHOWN).to_pylist()
    shown = [row["child_key"] for row in [*over, *ahead]]
    reading.log(viewer, shown, len(shown))
    cards = people.cards(stand, viewer, shown)
    around = reading.told(stand, len(held) - len(mine))
    return ReviewsHome(
        told=around,
        overdue=[replace(one, title=owing.kind_title(one.measure)) for one in reading.owed_lines(stand, over, cards)],
        overdue_count=overdue.num_rows,
        due=[replace(reading.due_line(stand, row, cards), title=owing.kind_title(row["measure"])) for row in ahead],
        due_count=coming.num_rows,
        soon=pc.sum(pc.less_equal(coming["due_on"], around.until)).as_py() or 0,
        children=len(mine),
        others=len(every - held),
        longest=pc.max(reading.of(owed, [owing.UNALLOCATED])["days_over"]).as_py(),
    )


def _coming(stand: Standing, rows: pa.Table) -> pa.Table:
    """Every review and conference that is in time and has a day, soon or later, the first first."""
    in_time = pc.and_(pc.fill_null(rows["met"], False), pc.is_null(rows["done_on"]))
    ahead = pc.fill_null(pc.greater_equal(rows["due_on"], stand.as_at), False)
    return reading.once(reading.in_order(rows.filter(pc.and_(in_time, ahead))))


@lru_cache(maxsize=KEPT * 16)
def held_as_reviewer(stand: Standing, workers: frozenset[str], among: frozenset[str]) -> frozenset[str]:
    """Of these children, those with whom one of `workers` has an open involvement as reviewing officer or chair.

    Keyed hashes, no name, so it may be kept.
    """
    if not among:
        return frozenset()
    chosen = pc.field("child_key").isin(pa.array(sorted(among), pa.string()))
    role = (pc.field("kind") == "involvement") & pc.starts_with(pc.field("title"), ROLE)
    mine = pc.field("worker_id").isin(pa.array(sorted(workers), pa.string()))
    ended = pc.field("ended_on")
    is_open = (pc.field("on") <= stand.as_at) & (ended.is_null() | (ended > stand.as_at))
    events = stand.lake.sealed_file(stand.snapshot, "models/events.parquet")
    found = events.read(columns=["child_key"], where=chosen & role & mine & is_open)
    return frozenset(found["child_key"].to_pylist())
