"""What was loaded and when, from the manifests of the lake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lineofsight.lake import Snapshot
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer


@dataclass(frozen=True)
class Load:
    """One snapshot as the list shows it. `carried` counts the tables that came from an earlier load."""

    id: str
    as_at: date
    loaded_at: datetime
    tables: int
    carried: int
    rows: int
    issues: int
    computed: bool


def listed(viewer: Viewer) -> list[Load]:
    """Every load, the newest first. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    lake = lake_in_use()
    known = sorted(lake.snapshots(), key=lambda one: (one.as_at, one.loaded_at, one.id), reverse=True)
    return [_load(one, computed=lake.computation(one) is not None) for one in known]


def _load(snapshot: Snapshot, *, computed: bool) -> Load:
    return Load(
        id=snapshot.id,
        as_at=snapshot.as_at,
        loaded_at=snapshot.loaded_at,
        tables=len(snapshot.tables),
        carried=sum(entry.as_at < snapshot.as_at for entry in snapshot.tables.values()),
        rows=sum(entry.rows for entry in snapshot.tables.values()),
        issues=snapshot.issues,
        computed=computed,
    )
