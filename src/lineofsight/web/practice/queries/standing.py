"""What every page stands on: the newest snapshot, or the past one looked at, with its newest computation and names.

Computations never change, so what is read of them may be kept: the small table of values, the names of teams and
workers, and which children are siblings (keyed hashes only). No name of a child is kept between requests.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import clock, policy
from lineofsight.cases import coming
from lineofsight.errors import PlainError
from lineofsight.lake import Computation, Lake, Snapshot
from lineofsight.measures import definitions
from lineofsight.measures.definitions import Definition
from lineofsight.measures.shown import AUTHORITY
from lineofsight.web import home_in_use, lake_in_use
from lineofsight.web.access import scope
from lineofsight.web.access.permissions import Capability, may
from lineofsight.web.access.restricted.queries import placed_here
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording

KEPT = 3  # computations whose small tables a process keeps
KEPT_MEASURES = 16  # measures whose groups it keeps


class NothingLoaded(PlainError):
    """No snapshot has been published and computed yet, so no page can show anything."""


@dataclass(frozen=True, eq=False)
class Standing:
    """The lake, a snapshot, and the newest computation of it. In the `past` it is looked at as it was known then."""

    lake: Lake
    snapshot: Snapshot
    computation: Computation
    past: bool = False

    @property
    def as_at(self) -> date:
        return self.snapshot.as_at

    @property
    def on(self) -> date:
        """The day whose rules hold for what is shown: today, or in the past the date of what was known."""
        return self.as_at if self.past else clock.today()

    @property
    def age_days(self) -> int:
        """Days from the date the extract was true to today."""
        return (clock.today() - self.as_at).days

    @property
    def key(self) -> tuple[str, str, int]:
        """What is kept of it is kept by this: a redaction makes another of it, whose rows are counted anew."""
        return str(self.computation.directory), self.computation.id, len(self.snapshot.redactions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standing) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def standing(viewer: Viewer | None = None) -> Standing:
    """What the pages of `viewer` stand on: now, or the past they look at. Without a viewer: now.

    Raises NothingLoaded with what to do next.
    """
    lake = lake_in_use()
    if viewer is not None and viewer.known is not None:
        return _as_known(lake, viewer.known.snapshot)
    found = lake.newest()
    if found is None:
        raise NothingLoaded("Nothing has been loaded yet. An analyst loads the first extract with 'lineofsight load'.")
    return Standing(lake, *found)


def _as_known(lake: Lake, snapshot_id: str) -> Standing:
    """A past snapshot with its own newest computation: no figure of it is made anew to be looked at."""
    snapshot = lake.snapshot(snapshot_id)
    computation = lake.computation(snapshot)
    if computation is None:
        raise NothingLoaded("No measure was computed over this extract.")
    return Standing(lake, snapshot, computation, past=True)


def fresh_days() -> int:
    """How many days old an extract may be and still be drawn as work to do (policy `extract.fresh`)."""
    return int(policy.load(home_in_use()).number("extract.fresh", clock.today()))


def is_fresh(stand: Standing) -> bool:
    """Whether lists may be drawn as work to do, and not as what was true on a day (DESIGN 7.1). The past never is."""
    return not stand.past and stand.age_days <= fresh_days()


def catalogue() -> Mapping[str, Definition]:
    """Every measure by id."""
    return definitions.load()


@lru_cache(maxsize=KEPT)
def values(stand: Standing) -> pa.Table:
    """The authority's values of this computation: a small table. Those of groups are read a measure at a time."""
    return stand.lake.read(stand.computation, "values", where=pc.field("breakdown") == AUTHORITY)


@lru_cache(maxsize=KEPT_MEASURES)
def values_of(stand: Standing, measure: str) -> pa.Table:
    """The values of one measure: of the authority and of every group."""
    return stand.lake.read(stand.computation, "values", where=pc.field("measure") == measure)


def newest_rows(stand: Standing, columns: Sequence[str], where: pc.Expression) -> pa.Table:
    """The rows of the extract's date that meet `where`, a scope's own: from the file that has each team's together."""
    return _of_the_date(stand, coming.BY_TEAM, columns, where)


def coming_rows(stand: Standing, columns: Sequence[str], where: pc.Expression) -> pa.Table:
    """The rows of the extract's date that meet `where`, of what is in time still and falls due on that day or after."""
    due = where if stand.computation.keeps(coming.DUE) else coming.falls_due() & where
    return _of_the_date(stand, coming.DUE, columns, due)


def _of_the_date(stand: Standing, file: str, columns: Sequence[str], where: pc.Expression) -> pa.Table:
    """From `file`; from all rows where a computation is older than that file."""
    if stand.computation.keeps(file):
        return stand.lake.read(stand.computation, file, columns=columns, where=where)
    where = (pc.field("as_at") == stand.as_at) & where
    return stand.lake.read(stand.computation, "rows", columns=columns, where=where)


@dataclass(frozen=True)
class Team:
    """A team by its name on the extract's date, what it was called before that, and the service it is in."""

    name: str
    service_id: str | None
    service_name: str | None
    formerly: str = ""

    @property
    def called(self) -> str:
        """The name with the one before it: 'Family Help East (formerly Assessment East)'."""
        return f"{self.name} (formerly {self.formerly})" if self.formerly else self.name


def teams(stand: Standing) -> Mapping[str, Team]:
    """Every team by its id, called what it was called on the date shown."""
    return _teams(stand, policy.registry(home_in_use()))


NOT_LISTED = "not in the list any more"


def team_name(stand: Standing, team_id: str | None, without: str = "") -> str:
    """A team's name. One that is in no list is called by its id: somebody holds its children, so it is not nobody."""
    if not team_id:
        return without
    known = teams(stand).get(team_id)
    return known.name if known else f"Team {team_id}, {NOT_LISTED}"


def team_names(stand: Standing, team_ids: pa.ChunkedArray) -> dict[str, str]:
    """The name of each team that a column names."""
    return {one: team_name(stand, one) for one in pc.unique(team_ids).to_pylist() if one}


@lru_cache(maxsize=KEPT)
def _teams(stand: Standing, registry: policy.Registry) -> Mapping[str, Team]:
    """The teams as this registry tells them: a computation may have been made under another."""
    on = stand.as_at
    found = {}
    for row in stand.lake.teams(stand.snapshot).to_pylist():
        name = registry.name_on("team", row["team_id"], on) or row["team_name"]
        formerly = (one for one in registry.formerly("team", row["team_id"], on) if one != name)
        found[row["team_id"]] = Team(name, row["service_id"], row["service_name"], next(formerly, ""))
    return found


@dataclass(frozen=True)
class Worker:
    """A worker by name, with what stands beside a caseload."""

    name: str
    team_id: str | None
    job_title: str | None
    registration: str | None
    fte: float | None


@lru_cache(maxsize=KEPT)
def workers(stand: Standing) -> Mapping[str, Worker]:
    """Every worker by id."""
    return {
        row["worker_id"]: Worker(row["worker_name"], row["team_id"], row["job_title"], row["registration"], row["fte"])
        for row in stand.lake.workers(stand.snapshot).to_pylist()
    }


# What decides who may open a child's page, and nothing that tells who the child is.
_BELONGING = [
    "child_key",
    "siblings",
    "scope_teams",
    "scope_workers",
    "service_id",
    "team_id",
    "worker_id",
    "restricted",
]


@lru_cache(maxsize=KEPT)
def _hashes(stand: Standing) -> pa.Table:
    """Who belongs together, to which team and to which worker: keyed hashes and ids, no name, so it may be kept."""
    return stand.lake.persons(stand.snapshot, columns=_BELONGING).combine_chunks()


# Who may open a child is decided by who is responsible now, also where the past is looked at (DESIGN 5 C).
_OPENING = ("scope_teams", "scope_workers", "service_id", "restricted")


def belonging(stand: Standing, child_keys: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """Of each child there is: siblings, scope_teams, scope_workers, service_id, team_id, worker_id, restricted.

    `restricted` says what holds at this moment: by the extract, or placed here (asked of the database, never kept).
    In the past, team and worker are those of then; what opens a page is that of now, a child of whom nothing is held
    now is not there, and a brother or sister is one only if still known as one (no link outlives an adoption, 7.3).
    A record that was merged since is opened by whoever is responsible for the one that stays.
    """
    then = _held(stand, child_keys)
    if not stand.past:
        return then
    now = standing()
    led, placed = merged(now), placed_here()
    today = _held(now, {led.get(key, key) for key in then})
    found = {}
    for key, row in then.items():
        about = today.get(led.get(key, key))
        if about is not None:
            opening = {name: about[name] for name in _OPENING}
            opening["restricted"] = about["restricted"] or key in placed
            family = [one for one in row["siblings"] or () if led.get(one, one) in (about["siblings"] or ())]
            found[key] = {**row, **opening, "siblings": family}
    return found


@lru_cache(maxsize=KEPT)
def merged(stand: Standing) -> Mapping[str, str]:
    """The keys of records that were merged into another, each with the one that stays: none across an adoption."""
    found = stand.lake.merges(stand.snapshot)
    held = found.filter(pc.invert(found["refused"]))
    return dict(zip(held["gone_key"].to_pylist(), held["kept_key"].to_pylist(), strict=True))


def _held(stand: Standing, child_keys: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """What one snapshot says of these children, with the restrictions that hold at this moment."""
    people, placed = _hashes(stand), placed_here()
    column, count = people["child_key"], people.num_rows
    found = []
    for key in set(child_keys):  # the table is sorted by key: a few steps find each
        at = bisect_left(range(count), key, key=lambda row: column[row].as_py())
        if at < count and column[at].as_py() == key:
            found.append(at)
    rows = people.take(pa.array(sorted(found), pa.int64())).to_pylist()
    return {row["child_key"]: {**row, "restricted": row["restricted"] or row["child_key"] in placed} for row in rows}


def withheld(stand: Standing, viewer: Viewer) -> frozenset[str]:
    """The keys of the children whose records are restricted and not for this viewer (rule 7.3).

    What the extract restricts and what was placed here, less those the viewer is named for. Every list, page, file
    and search of children goes by this one answer, asked afresh each time; counts still hold these children, and say
    how many are withheld. In the past it is what is restricted now, and who was then and is in no extract any more.
    """
    if viewer.sees_restricted:
        return frozenset()
    restricted = _restricted_by_extract(stand)
    if stand.past:
        now = standing()
        gone = restricted - _held(now, restricted).keys()
        restricted = _restricted_by_extract(now) | gone
        hidden = (restricted | placed_here()) - viewer.named_for
        return hidden | {one for one, kept in merged(now).items() if kept in hidden}
    return (restricted | placed_here()) - viewer.named_for


def without_withheld(stand: Standing, viewer: Viewer, rows: pa.Table) -> tuple[pa.Table, int]:
    """The rows (with a `child_key`, null for a worker's) that are not withheld, and how many rows are."""
    hidden = pa.array(sorted(withheld(stand, viewer)), pa.string())
    kept = rows.filter(pc.invert(pc.is_in(rows["child_key"], value_set=hidden)))
    return kept, rows.num_rows - kept.num_rows


@lru_cache(maxsize=KEPT)
def _restricted_by_extract(stand: Standing) -> frozenset[str]:
    people = _hashes(stand)
    return frozenset(people.filter(people["restricted"])["child_key"].to_pylist())


def theirs(stand: Standing, viewer: Viewer) -> pc.Expression | None:
    """The filter over rows and exceptions that leaves those `viewer` may open; None for every row."""
    held = own_keys(stand, viewer) if viewer.scope.kind in ("own", "assigned") else None
    return scope.row_filter(viewer, child_keys=held)


def own_keys(stand: Standing, viewer: Viewer) -> frozenset[str]:
    """The keys of the children whom a worker or a reviewing officer has; none for any other reach."""
    return scope.own_child_keys(viewer, _hashes(stand))


def sees_authority(viewer: Viewer) -> bool:
    """Whether the viewer's own figures are the authority's: by their scope, or because they see no child at all."""
    if not may(viewer, Capability.SEE_AUTHORITY_VALUES):
        return False
    return viewer.scope.kind == "authority" or viewer.level != "identified"


def whose(stand: Standing, viewer: Viewer) -> str:
    """Whose children these figures are of: the authority, the teams by name, or my own."""
    kind, ids = viewer.scope.kind, scope.named(viewer.scope.kind, viewer.scope.ids)
    if sees_authority(viewer):
        return stand.snapshot.authority_name
    known = teams(stand)
    if kind == "team":
        return wording.listed(sorted({_called(stand, one) for one in viewer.scope.ids})) or "no team"
    if kind == "service":
        names = {team.service_name for team in known.values() if team.service_id in ids}
        return wording.listed(sorted(name for name in names if name)) or "no service"
    if kind == "own":
        return "the children I work with"
    return "the children assigned to me" if kind == "assigned" else "nobody"


def _called(stand: Standing, team_id: str) -> str:
    """A team by the name of whichever of its ids is in the list: merged teams have several."""
    known = teams(stand)
    names = {known[one].name for one in scope.named("team", (team_id,)) if one in known}
    return min(names, default="") or team_name(stand, team_id)


def forget() -> None:
    """Let go of everything kept (used between tests)."""
    for kept in (values, _teams, workers, merged, _hashes, _restricted_by_extract):
        kept.cache_clear()
