"""What a load had fed: later loads, and the packs, evidence and records that stand on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lineofsight import loading, schema
from lineofsight.lake import Snapshot
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.models import Evidence, Link
from lineofsight.web.evidence.resolvers import Shown

# What may stand on a load, as a person says it, in the order of the page.
KINDS = {"pack": "Packs", "evidence": "What was seen and frozen", "record": "Records that were signed"}
MOST_STEPS = 6
MOST = 400
LISTED = 12


@dataclass(frozen=True)
class FedLoad:
    """A later load that holds tables copied forward from this one, or whose exceptions carry its own on."""

    snapshot: Snapshot
    tables: Sequence[str]
    carries_on: bool


@dataclass(frozen=True)
class FedKind:
    """What of one kind stands on the load: those listed, and how many more there are or are not for this viewer."""

    title: str
    listed: Sequence[Shown]
    more: int
    hidden: int

    @property
    def total(self) -> int:
        return len(self.listed) + self.more + self.hidden


@dataclass(frozen=True)
class FedPage:
    """Everything that a load had fed."""

    loads: Sequence[FedLoad]
    kinds: Sequence[FedKind]

    @property
    def anything(self) -> bool:
        return bool(self.loads or self.kinds)


def fed(viewer: Viewer, snapshot_id: str) -> FedPage:
    """What stands on a load. Raises Refused, PlainError where there is none under that id."""
    check(viewer, Capability.SEE_DATA)
    lake = lake_in_use()
    told = loading.fed_by(lake, lake.snapshot(snapshot_id))
    titles = {name: table.title for name, table in schema.tables().items()}
    later = {one.id: one for one in lake.snapshots(withdrawn=True)}
    loads = [
        FedLoad(
            later[one],
            [titles.get(name, name) for name in told.tables.get(one, ())],
            one in told.ledgers,
        )
        for one in later
        if one in told.tables or one in told.ledgers
    ]
    above = standing_on(snapshot_id)
    kinds = [_kind(viewer, title, kind, [key for one, key in above if one == kind]) for kind, title in KINDS.items()]
    return FedPage(loads, [one for one in kinds if one.total])


def standing_on(snapshot_id: str) -> list[tuple[str, str]]:
    """The kind and key of everything in the record that stands on a load, nearest first."""
    evidence = Evidence.objects.filter(snapshot_id=snapshot_id).values_list("pk", flat=True)[:MOST]
    figures = Link.objects.filter(to_kind="figure", to_key__contains=f"@{snapshot_id}@")
    found = dict.fromkeys(("evidence", str(key)) for key in evidence)
    front = [*found, *(("figure", key) for key in figures.values_list("to_key", flat=True).distinct())]
    for _ in range(MOST_STEPS):
        front = [one for one in _above(front) if one not in found]
        found |= dict.fromkeys(front)
        if not front or len(found) > MOST:
            break
    return list(found)


def _above(things: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What links lead up to from these."""
    by_kind: dict[str, list[str]] = {}
    for kind, key in things:
        by_kind.setdefault(kind, []).append(key)
    up: dict[tuple[str, str], None] = {}
    for kind, keys in by_kind.items():
        links = Link.objects.filter(to_kind=kind, to_key__in=keys[:MOST])
        up |= dict.fromkeys(links.values_list("from_kind", "from_key"))
    return list(up)


def _kind(viewer: Viewer, title: str, kind: str, keys: Sequence[str]) -> FedKind:
    shown = [resolvers.resolve(viewer, kind, key) for key in keys[:LISTED]]
    listed = [one for one in shown if one is not None]
    return FedKind(title, listed, more=len(keys[LISTED:]), hidden=len(shown) - len(listed))
