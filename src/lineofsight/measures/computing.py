"""A computation: every measure of one snapshot under one policy and role map, kept (DESIGN 5 K)."""

import hashlib
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import clock
from lineofsight.lake import Computation, Lake, Snapshot
from lineofsight.measures import benchmark, definitions, engine
from lineofsight.measures.contract import ROWS_SCHEMA
from lineofsight.policy import EMPTY, Policy, Registry, RoleMap

MONTHS = 30
# A measure's rows of one month are read at once: they are sealed in larger pieces than a child's few.
ROWS_TOGETHER = 16_384
LOOKED_UP_BY = ("measure", "as_at", "child_key", "team_id", "worker_id")


def compute(
    lake: Lake,
    snapshot: Snapshot,
    policy: Policy,
    roles: RoleMap,
    registry: Registry = EMPTY,
    *,
    carries_on: str = "",
    beside: Mapping[str, definitions.Definition] | None = None,
    also: Callable[[engine.Measured, engine.Measured], Mapping[str, pa.Table]] | None = None,
    progress: engine.Progress | None = None,
) -> Computation:
    """Measure everything for `snapshot`; keep `rows` (contract.ROWS_SCHEMA) and `values` (values.SCHEMA).

    `also` makes more files of what was measured, published with it in the one step; `carries_on` names the
    computation whose ledger they carry on, where there is one. What is measured `beside` stands in neither file:
    `also` is given it apart.

    The id is a hash of snapshot, definitions, policy, roles, registry and what is carried on: the same of all is
    the same computation and is not made again; another policy makes another beside it, also one that was in force
    before. The manifest tells the seconds each measure took.
    """
    catalogue = definitions.load()
    identity = computation_id(snapshot.id, catalogue.hash, policy.hash, roles.hash, carries_on, registry.hash)
    newest = lake.computation(snapshot)
    made = (catalogue.hash, policy.hash, roles.hash, registry.hash, carries_on)
    if newest is not None and (newest.id == identity or _made_under(newest) == made):
        return newest
    if newest is not None and lake.computation(snapshot, identity) is not None:
        identity = _again(identity, newest)
    whole = definitions.Catalogue({**catalogue, **(beside or {})}, catalogue.views)
    sealing = lake.sealing(snapshot, identity, "rows", ROWS_SCHEMA, row_group=ROWS_TOGETHER, statistics=LOOKED_UP_BY)
    with sealing as rows:

        def keep(measure: str, found: pa.Table) -> None:
            if measure in catalogue:
                rows.add(found)

        known = inputs(lake, snapshot, policy, roles, registry)
        measured, apart = _parted(engine.measure(known, whole, progress, keep=keep), catalogue)
    manifest = dict(zip(_MADE_UNDER, made, strict=True)) | _told(catalogue, measured)
    files = {"rows": rows, "values": measured.values}
    return lake.write_computation(snapshot, identity, manifest, {**files, **(also(measured, apart) if also else {})})


def preview(
    lake: Lake,
    snapshot: Snapshot,
    policy: Policy,
    roles: RoleMap,
    registry: Registry = EMPTY,
    *,
    only: list[str] | None = None,
    progress: engine.Progress | None = None,
) -> engine.Measured:
    """The same, kept nowhere: to try a policy out, or to time single measures (`only`: their ids).

    Masks are of the measures tried alone: show the values to nobody below the identified level.
    """
    catalogue = definitions.load() if only is None else definitions.load().only(only)
    return engine.measure(inputs(lake, snapshot, policy, roles, registry), catalogue, progress)


def inputs(lake: Lake, snapshot: Snapshot, policy: Policy, roles: RoleMap, registry: Registry = EMPTY) -> engine.Inputs:
    """What the engine needs, out of the lake: datasets as they lie, thirty months, population, child keys."""
    months = month_ends(snapshot.as_at, MONTHS)
    return engine.Inputs(
        as_at=snapshot.as_at,
        loaded_on=snapshot.loaded_at.astimezone(clock.LONDON).date(),
        months=months,
        tables=lake.tables(snapshot),
        columns_present={name: frozenset(entry.columns_present) for name, entry in snapshot.tables.items()},
        policy=policy,
        roles=roles,
        registry=registry,
        merges=lake.merges(snapshot),
        population=_population(snapshot, months),
        child_keys=lake.persons(snapshot, columns=["person_id", "child_key"]),
    )


def month_ends(as_at: date, count: int) -> tuple[date, ...]:
    """`count` dates, oldest first: the month ends before `as_at`, and `as_at` itself, month end or not."""
    last = as_at.year * 12 + as_at.month - 1
    ends = []
    for number in range(last - count + 1, last):
        year, month = divmod(number, 12)
        ends.append(date(year, month + 1, monthrange(year, month + 1)[1]))
    return (*ends, as_at)


def computation_id(
    snapshot_id: str,
    definitions_hash: str,
    policy_hash: str,
    roles_hash: str,
    carries_on: str = "",
    registry_hash: str = "",
) -> str:
    """The computation's id: 16 hex characters that change with any of these; the empty registry leaves no trace."""
    told = (snapshot_id, definitions_hash, policy_hash, roles_hash, carries_on, *filter(None, [registry_hash]))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _parted(measured: engine.Measured, catalogue: definitions.Catalogue) -> tuple[engine.Measured, engine.Measured]:
    """What was measured of the catalogue, and of all else."""
    ids = pa.array(list(catalogue), pa.string())

    def only(table: pa.Table, *, theirs: bool) -> pa.Table:
        among = pc.is_in(table["measure"], value_set=ids)
        return table.filter(among if theirs else pc.invert(among))

    return (
        replace(measured, rows=only(measured.rows, theirs=True), values=only(measured.values, theirs=True)),
        replace(measured, rows=only(measured.rows, theirs=False), values=only(measured.values, theirs=False)),
    )


# What a computation was made under, as its manifest names it, in the order of `_made_under`.
_MADE_UNDER = ("definitions_hash", "policy_hash", "roles_hash", "registry_hash", "carries_on")


def _made_under(found: Computation) -> tuple[str | None, ...]:
    return found.definitions_hash, found.policy_hash, found.roles_hash, found.registry_hash, found.carries_on


def _told(catalogue: definitions.Catalogue, measured: engine.Measured) -> dict[str, object]:
    """What else the manifest tells of a computation."""
    return {
        "engine_version": definitions.ENGINE_VERSION,
        "measures": list(catalogue),
        "seconds": dict(measured.seconds),
    }


def _again(identity: str, newest: Computation) -> str:
    """The id of a computation made again after another one: the rules were changed, and changed back."""
    return hashlib.sha256(f"{identity}\n{newest.id}".encode()).hexdigest()[:16]


def _population(snapshot: Snapshot, months: tuple[date, ...]) -> dict[date, int]:
    """Children aged 0 to 17 by month: what the extract says, else the published mid-year estimates."""
    if snapshot.population is not None:
        return dict.fromkeys(months, snapshot.population)
    found = {day: benchmark.population(snapshot.authority, day) for day in months}
    return {day: number for day, number in found.items() if number is not None}
