"""Children who are easily lost, a group each: how many, the longest, who they are, and what is owed to them.

At the identified level only. The numbers hold the restricted records of the viewer's scope, and say how many those are;
the lists do not. Three reads of the lake: the groups, what is owed to the children shown, and their names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404

from lineofsight.cases import easily_lost as groups_of
from lineofsight.measures.definitions import Definition, missing_words
from lineofsight.web.access import paging
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.pace import LISTING, check_pace
from lineofsight.web.access.paging import Paged
from lineofsight.web.access.permissions import check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries import ages, owing, people
from lineofsight.web.practice.queries.standing import (
    Standing,
    is_fresh,
    standing,
    team_name,
    theirs,
    whose,
    without_withheld,
)

FIRST_FEW = 5  # children of a group on the page of all groups
PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What stands in the address: one group, or none for all of them, and its page."""

    group: str = ""
    page: int = 1


@dataclass(frozen=True)
class Lost:
    """A child in a group: since when, by when something is owed, and what else is owed to them now.

    `in_time` is None where it cannot be told.
    """

    child: people.Card
    team: str
    since: date | None
    days: int | None
    due_on: date | None
    in_time: bool | None
    reason: str
    owed: Sequence[str]


@dataclass(frozen=True)
class Group:
    """One group as this viewer sees it. `missing` is why it was not measured, empty where it was."""

    id: str
    title: str
    who: str
    why: str
    source: str
    missing: str
    count: int
    longest: int | None
    beyond: int  # past the day, or with nothing that allows it
    untold: int
    withheld: int
    children: Sequence[Lost]

    @property
    def said(self) -> str:
        """'9 children, the longest for 112 days; for 2 the day has passed.'"""
        if not self.count:
            return "Nobody."
        said = wording.counted(self.count, "child", "children")
        if self.longest:
            lead = ", for" if self.count == 1 else ", the longest for"
            said += f"{lead} {wording.counted(self.longest, 'day')}"
        if self.beyond:
            said += f"; {self.beyond:,} not as it should be"
        if self.untold:
            said += f"; of {self.untold:,} that cannot be told"
        return f"{said}."

    @property
    def more(self) -> int:
        """How many of the children who may be listed are not on this page."""
        return self.count - self.withheld - len(self.children)


@dataclass(frozen=True)
class EasilyLost(Paged):
    """The page: every group, or one with a page of its children."""

    asked: Asked
    groups: Sequence[Group]
    number: int
    size: int
    total: int
    pages: int
    as_at: date
    fresh: bool
    older: str
    whose: str
    kept: bool  # False where the computation was made before these groups were kept

    @property
    def sentence(self) -> str:
        """'31 children are in one or more of seven groups; three groups could not be measured.'"""
        measured = [one for one in self.groups if not one.missing]
        some = [one for one in measured if one.count]
        is_, are = ("is", "are") if self.fresh else ("was", "were")
        if not some:
            said = f"Nobody {is_} in a group that could be measured."
        else:
            groups = f"{wording.spelled(len(some))} of {wording.spelled(len(measured))} groups"
            said = f"{wording.counted(self.total, 'child', 'children')} {is_ if self.total == 1 else are} in {groups}."
        gone = len(self.groups) - len(measured)
        if gone:
            could = "could not be measured"
            said += f" {wording.spelled(gone).capitalize()} {'group' if gone == 1 else 'groups'} {could}."
        return said

    @property
    def one(self) -> Group | None:
        """The group that was asked for, None on the page of all of them."""
        return self.groups[0] if self.asked.group else None


def easily_lost(viewer: Viewer, asked: Asked | None = None) -> EasilyLost:
    """Every group, or one with a page of its children. The read is in the log before this returns.

    Raises Refused for who sees no child, Http404 for a group or page there is not, TooFast, LogUnavailable.
    """
    check_see_children(viewer)
    asked = asked or Asked()
    known = groups_of.groups()
    if asked.group and asked.group not in known:
        raise Http404
    stand = standing(viewer)
    states, everything = _read(stand, viewer)
    whole, _ = without_withheld(stand, viewer, everything)
    wanted = [known[asked.group]] if asked.group else list(known.values())
    if asked.group:
        whole = whole.filter(pc.equal(whole["group"], asked.group))
    size = PAGE if asked.group else FIRST_FEW
    pages = paging.pages(whole.num_rows, PAGE) if asked.group else 1
    if asked.page > pages:
        raise Http404
    shown = {one.id: _ordered(whole, one.id).slice((asked.page - 1) * size, size) for one in wanted}
    keys = list(dict.fromkeys(key for rows in shown.values() for key in rows["child_key"].to_pylist()))
    _log(viewer, asked, keys)
    cards, owed = people.cards(stand, viewer, keys), _owed(stand, keys)
    children = {name: [_lost(stand, row, cards, owed) for row in rows.to_pylist()] for name, rows in shown.items()}
    listed = whole["child_key"] if asked.group else everything["child_key"]
    return EasilyLost(
        asked=asked,
        groups=[_group(one, states, everything, whole, children[one.id]) for one in wanted],
        number=asked.page,
        size=size,
        total=len(pc.unique(listed)),
        pages=pages,
        as_at=stand.as_at,
        fresh=is_fresh(stand),
        older=ages.sentence(ages.older(stand, {name for one in wanted for name in one.needs})),
        whose=whose(stand, viewer),
        kept=bool(states),
    )


def _read(stand: Standing, viewer: Viewer) -> tuple[Mapping[str, Sequence[str]], pa.Table]:
    """What each group lacks, and the children of the viewer's scope, restricted records among them."""
    if not stand.computation.keeps(groups_of.FILE):
        return {}, groups_of.SCHEMA.empty_table()
    mine, states = theirs(stand, viewer), pc.field("child_key").is_null()
    found = stand.lake.read(stand.computation, groups_of.FILE, where=None if mine is None else mine | states)
    of_child = pc.is_valid(found["child_key"])
    told = found.filter(pc.invert(of_child)).select(["group", "missing"]).to_pylist()
    return {row["group"]: row["missing"] or () for row in told}, found.filter(of_child)


def _ordered(found: pa.Table, group: str) -> pa.Table:
    """A group's children: those whose day has passed, then those of whom it cannot be told, the longest first."""
    rows = found.filter(pc.equal(found["group"], group))
    rank = pc.if_else(pc.is_null(rows["in_time"]), 1, pc.if_else(rows["in_time"], 2, 0))
    order = [("rank", "ascending"), ("days", "descending"), ("child_key", "ascending")]
    return rows.append_column("rank", rank).sort_by(order)


def _owed(stand: Standing, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """What is owed now to each of these children, who are in scope: 'A visit in time, 12 working days over'."""
    if not keys:
        return {}
    where = pc.field("child_key").isin(pa.array(keys, pa.string())) & (pc.field("state") == "open")
    rows = stand.lake.read(
        stand.computation, "exceptions", columns=["child_key", "measure", "days_over"], where=where
    ).sort_by([("days_over", "descending"), ("measure", "ascending")])
    found: dict[str, list[str]] = {}
    for row in rows.to_pylist():
        over = row["days_over"]
        late = f", {wording.counted(over, 'working day')} over" if over else ""
        found.setdefault(row["child_key"], []).append(owing.owed_title(row["measure"]) + late)
    return found


def _lost(
    stand: Standing,
    row: Mapping[str, Any],
    cards: Mapping[str, people.Card],
    owed: Mapping[str, Sequence[str]],
) -> Lost:
    card = cards.get(row["child_key"], people.ELSEWHERE)
    lost = Lost(
        child=card,
        team=team_name(stand, row["team_id"]),
        since=row["since"],
        days=row["days"],
        due_on=row["due_on"],
        in_time=row["in_time"],
        reason=row["reason"] or "",
        owed=owed.get(row["child_key"], ()),
    )
    return lost if card.ref else replace(lost, since=None, due_on=None, reason="", owed=())


def _group(
    one: Definition,
    states: Mapping[str, Sequence[str]],
    everything: pa.Table,
    whole: pa.Table,
    children: Sequence[Lost],
) -> Group:
    rows = everything.filter(pc.equal(everything["group"], one.id))
    listed = pc.sum(pc.equal(whole["group"], one.id)).as_py() or 0
    missing = states.get(one.id)
    return Group(
        id=one.id,
        title=one.title,
        who=one.sentence,
        why=one.why_it_matters,
        source=one.source,
        missing="Not kept for this extract." if missing is None else missing_words(tuple(missing)) if missing else "",
        count=rows.num_rows,
        longest=pc.max(rows["days"]).as_py(),
        beyond=pc.sum(pc.invert(rows["in_time"])).as_py() or 0,
        untold=rows["in_time"].null_count,
        withheld=rows.num_rows - listed,
        children=children,
    )


def _log(viewer: Viewer, asked: Asked, keys: Sequence[str]) -> None:
    check_pace(viewer, LISTING)
    record_read(
        viewer=viewer,
        action="easily-lost.listed",
        subject=f"group {asked.group}" if asked.group else "easily lost",
        child_keys=keys,
        detail={"page": asked.page, "rows": len(keys)},
    )
