"""Teams and workers as the registry and the last two extracts tell them, and what the extracts suggest.

No child is in it: children are counted by team. A worker's name is there only for those who see figures by worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import policy
from lineofsight.lake import Lake, Snapshot
from lineofsight.policy import Registry
from lineofsight.policy.registry import Kind
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.permissions import Capability, check, may
from lineofsight.web.access.viewer import Viewer

# So large a part of the children a vanished team held must be with a new one for the two to be perhaps the same.
MOST = 0.5


@dataclass(frozen=True)
class Team:
    """One team: its name on the extract's date, what it was called before, its other ids, where it was merged into."""

    id: str
    name: str
    formerly: Sequence[str]
    service: str
    also: Sequence[str]
    merged_into: str
    merged_on: date | None
    children: int


@dataclass(frozen=True)
class Worker:
    """One worker that the registry knows: the name only for those who may see it."""

    id: str
    name: str
    formerly: Sequence[str]
    also: Sequence[str]
    job_title: str


@dataclass(frozen=True)
class Renamed:
    """The newest extract gives a team another name than the one before it did."""

    id: str
    before: str
    now: str
    since: date


@dataclass(frozen=True)
class Same:
    """A team that is gone from the extract, and a new one that has most of its children."""

    id: str
    name: str
    other: str
    other_name: str
    children: int
    of: int
    since: date


@dataclass(frozen=True)
class Page:
    """Everything on the page of teams and workers."""

    as_at: date | None
    teams: Sequence[Team]
    workers: Sequence[Worker]
    renamed: Sequence[Renamed]
    same: Sequence[Same]
    names_workers: bool

    @property
    def suggestions(self) -> int:
        return len(self.renamed) + len(self.same)


def page(viewer: Viewer) -> Page:
    """Teams and workers, and what the extracts suggest. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    lake, names_workers = lake_in_use(), may(viewer, Capability.SEE_WORKERS)
    found = lake.newest()
    if found is None:
        return Page(None, [], [], [], [], names_workers)
    newest, registry = found[0], policy.registry(home_in_use())
    persons = lake.persons(newest, columns=["child_key", "team_id"])
    before = _before(lake, newest)
    return Page(
        as_at=newest.as_at,
        teams=_teams(lake, newest, registry, persons),
        workers=_workers(lake, newest, registry, names_workers=names_workers),
        renamed=_renamed(lake, before, newest, registry) if before else [],
        same=_same(lake, before, newest, persons, registry) if before else [],
        names_workers=names_workers,
    )


def called(viewer: Viewer, kind: Kind, given: str) -> str:
    """What a team is called now; nothing for one there is not, and for a worker nothing but to those who may see it.

    Raises Refused.
    """
    check(viewer, Capability.SEE_DATA)
    found = lake_in_use().newest()
    if found is None or (kind == "worker" and not may(viewer, Capability.SEE_WORKERS)):
        return ""
    own = policy.registry(home_in_use()).stands_for(kind, given)
    return _names(lake_in_use(), found[0], kind).get(own, "")


def known(viewer: Viewer, kind: Kind) -> Mapping[str, str]:
    """Every team or worker of the newest extract by id, with its name where this viewer may see it. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    found = lake_in_use().newest()
    if found is None:
        return {}
    names = _names(lake_in_use(), found[0], kind)
    return names if kind == "team" or may(viewer, Capability.SEE_WORKERS) else dict.fromkeys(names, "")


def _names(lake: Lake, snapshot: Snapshot, kind: Kind) -> dict[str, str]:
    table = lake.teams(snapshot) if kind == "team" else lake.workers(snapshot)
    return dict(zip(table[f"{kind}_id"].to_pylist(), table[f"{kind}_name"].to_pylist(), strict=True))


def _teams(lake: Lake, newest: Snapshot, registry: Registry, persons: pa.Table) -> list[Team]:
    counted = {one["values"]: one["counts"] for one in pc.value_counts(persons["team_id"].combine_chunks()).to_pylist()}
    rows = lake.teams(newest).to_pylist()
    names = {row["team_id"]: row["team_name"] for row in rows}
    listed = []
    for row in rows:
        entry = registry.entry("team", row["team_id"])
        into = entry.merged_into if entry else None
        listed.append(
            Team(
                id=row["team_id"],
                name=row["team_name"],
                formerly=registry.formerly("team", row["team_id"], newest.as_at),
                service=row["service_name"] or "",
                also=entry.also if entry else (),
                merged_into=names.get(registry.stands_for("team", into), into) if into else "",
                merged_on=entry.merged_on if entry else None,
                children=counted.get(row["team_id"], 0),
            )
        )
    return sorted(listed, key=lambda one: (one.service, one.name, one.id))


def _workers(lake: Lake, newest: Snapshot, registry: Registry, *, names_workers: bool) -> list[Worker]:
    """The workers that somebody said something about, by their ids: no list of all staff."""
    rows = {row["worker_id"]: row for row in lake.workers(newest).to_pylist()} if registry.workers else {}
    return [
        Worker(
            id=entry.id,
            name=rows.get(entry.id, {}).get("worker_name", "") if names_workers else "",
            formerly=entry.formerly(newest.as_at) if names_workers else (),
            also=entry.also,
            job_title=rows.get(entry.id, {}).get("job_title") or "",
        )
        for entry in registry.workers
    ]


def _before(lake: Lake, newest: Snapshot) -> Snapshot | None:
    """The newest snapshot of an earlier date."""
    earlier = [one for one in lake.snapshots() if one.as_at < newest.as_at]
    return max(earlier, key=lambda one: (one.as_at, one.loaded_at, one.id), default=None)


def _renamed(lake: Lake, before: Snapshot, newest: Snapshot, registry: Registry) -> list[Renamed]:
    was, now = _names(lake, before, "team"), _names(lake, newest, "team")
    renamed = []
    for team, name in sorted(now.items()):
        entry = registry.entry("team", team)
        before_it = {was[one] for one in (entry.ids if entry else (team,)) if one in was}  # under any of its ids
        if team in was and name not in before_it and registry.name_on("team", team, newest.as_at) != name:
            renamed.append(Renamed(team, was[team], name, newest.as_at))
    return renamed


def _same(lake: Lake, before: Snapshot, newest: Snapshot, persons: pa.Table, registry: Registry) -> list[Same]:
    """For each team that is gone the new one that has most of its children, where it has more than half of them."""
    was, now = _names(lake, before, "team"), _names(lake, newest, "team")
    known = {one for entry in registry.teams if entry.also for one in entry.ids}  # somebody said whose they are
    gone, new = sorted(was.keys() - now.keys() - known), sorted(now.keys() - was.keys() - known)
    if not gone or not new:
        return []
    held = lake.persons(before, columns=["child_key", "team_id"]).rename_columns(["child_key", "gone_id"])
    held = held.filter(pc.is_in(held["gone_id"], value_set=pa.array(gone, pa.string())))
    both = held.join(persons, keys="child_key", join_type="inner")
    moved = both.group_by(["gone_id", "team_id"]).aggregate([("child_key", "count")]).to_pylist()
    every = {one["values"]: one["counts"] for one in pc.value_counts(held["gone_id"].combine_chunks()).to_pylist()}
    return [
        Same(
            row["gone_id"], was[row["gone_id"]], row["team_id"], now[row["team_id"]],
            row["child_key_count"], every[row["gone_id"]], newest.as_at,
        )
        for row in sorted(moved, key=lambda row: row["gone_id"])
        if row["team_id"] in new and row["child_key_count"] > MOST * every[row["gone_id"]]
    ]  # fmt: skip
