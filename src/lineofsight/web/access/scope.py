"""Whose children: the filter over result rows, and whether one child's page may be opened (DESIGN 5 B, C)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import clock, policy
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.viewer import Viewer

NOTHING = pc.scalar(False)

# The column of a result row that each kind of scope goes by.
COLUMNS = {
    "service": "service_id",
    "team": "team_id",
    "own": "worker_id",
    "assigned": "worker_id",
    "agency": "agency",
}


# Whose ids the registry of teams and workers knows under others. A service is a department, as a team is.
_KINDS: dict[str, Literal["team", "worker"]] = {
    "service": "team",
    "team": "team",
    "own": "worker",
    "assigned": "worker",
}


def named(kind: str, ids: Collection[str]) -> frozenset[str]:
    """The ids that a scope names, and every other id of the same teams, services or workers."""
    known = _KINDS.get(kind)
    return policy.registry(home_in_use()).same(known, ids) if known else frozenset(ids)


def gathered(kind: str, ids: Collection[str]) -> frozenset[str]:
    """The same, and what was merged into them by today: whose pages they open, the counts of before staying apart."""
    if _KINDS.get(kind) != "team":
        return named(kind, ids)
    return policy.registry(home_in_use()).gathered(ids, clock.today()) | named(kind, ids)


def row_filter(viewer: Viewer, *, child_keys: Collection[str] | None = None) -> pc.Expression | None:
    """The filter over rows with service_id, team_id, worker_id and agency that leaves what `viewer` may see.

    None means every row. `child_keys` (from `own_child_keys`) adds the children a worker or a reviewing
    officer has though the row names another as responsible; only the scopes `own` and `assigned` use it.
    """
    kind = viewer.scope.kind
    if kind == "authority":
        return None
    if kind not in COLUMNS:
        return NOTHING
    within = pc.field(COLUMNS[kind]).isin(_strings(named(kind, viewer.scope.ids)))
    if kind in ("own", "assigned") and child_keys:
        within = within | pc.field("child_key").isin(_strings(child_keys))
    return within


def own_child_keys(viewer: Viewer, persons: pa.Table) -> frozenset[str]:
    """The keys of those in `persons` (child_key, scope_workers) who have one of the scope's workers."""
    if viewer.scope.kind not in ("own", "assigned"):
        return frozenset()
    workers = persons.column("scope_workers").combine_chunks()
    parents = pc.list_parent_indices(workers)
    theirs = pc.is_in(pc.list_flatten(workers), value_set=_strings(named(viewer.scope.kind, viewer.scope.ids)))
    at = pc.unique(pc.filter(parents, theirs))
    return frozenset(persons.column("child_key").take(at).to_pylist())


def may_open(viewer: Viewer, person: Mapping[str, Any]) -> bool:
    """Whether `viewer` may open the page of `person`, a row of the persons read model.

    A restricted record (rule 7.3) is absent for all but the people named for it, and for them too it is in scope or
    not like any other. A child is in scope of every team and worker with an open involvement, and of its service.
    """
    if viewer.level != "identified" or (person["restricted"] and not sees_through(viewer, person.get("child_key"))):
        return False
    kind, ids = viewer.scope.kind, gathered(viewer.scope.kind, viewer.scope.ids)
    if kind == "authority":
        return True
    if kind == "service":
        return person["service_id"] in ids
    if kind == "team":
        return not ids.isdisjoint(person["scope_teams"] or ())
    if kind in ("own", "assigned"):
        return not ids.isdisjoint(person["scope_workers"] or ())
    return False


def sees_through(viewer: Viewer, child_key: str | None) -> bool:
    """Whether a restriction on this child's record does not stop `viewer`: named for every one, or for this one."""
    return viewer.sees_restricted or child_key in viewer.named_for


def _strings(values: Collection[str]) -> pa.Array:
    return pa.array(sorted(values), type=pa.string())
