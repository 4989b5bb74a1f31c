"""What is made beside the measures of a snapshot: the ledger of exceptions carried on, what was known when, the ten."""

from collections.abc import Mapping

import pyarrow as pa

from lineofsight.cases import coming, easily_lost, exceptions, history, late, ten
from lineofsight.lake import Computation, Lake, Snapshot
from lineofsight.measures import definitions, first_known
from lineofsight.measures.engine import Measured
from lineofsight.policy import EMPTY, Policy, Registry, RoleMap


def beside_the_measures() -> Mapping[str, definitions.Definition]:
    """What is worked out in the one pass with the measures and is none: who is easily lost, the ten's own rules."""
    return {**easily_lost.groups(), **ten.own_rules()}


def files(
    lake: Lake,
    snapshot: Snapshot,
    measured: Measured,
    beside: Measured,
    policy: Policy,
    *,
    before: Computation | None,
    earlier: tuple[Snapshot, Computation] | None,
    roles: RoleMap,
    registry: Registry = EMPTY,
    people: Mapping[str, pa.Table] | None = None,
) -> Mapping[str, pa.Table]:
    """The files to be kept beside `rows` and `values`.

    `beside` is what was measured of `beside_the_measures`. `before` is the computation whose ledger is carried on.
    `earlier` is the newest one of an earlier date: what is entered late is told against it, so that a correction of one
    date counts what the first load of that date did.
    """
    carried = kept(lake, before, "exceptions")
    ledger = exceptions.derive_from(
        lake, snapshot, measured.rows, measured.values, carried, registry=registry, people=people
    )
    told = first_known.rules(policy.hash, definitions.load().hash, roles.hash, registry.hash)
    then = kept(lake, before, "first_known")
    return {
        "exceptions": ledger,
        "exception_counts": history.carry_on(snapshot, ledger, kept(lake, before, "exception_counts")),
        **coming.derive(measured.rows),
        **ten.derive(lake, snapshot, measured, beside, people),
        easily_lost.FILE: easily_lost.listed(beside),
        "first_known": first_known.carry_on(measured.values, snapshot.as_at, snapshot.id, told, then),
        **late.derive(
            lake,
            snapshot,
            earlier[0] if earlier else None,
            kept(lake, earlier[1] if earlier else None, "late_counts"),
            registry=registry,
            people=people,
        ),
    }


def kept(lake: Lake, computation: Computation | None, name: str) -> pa.Table | None:
    """One file of a computation; None without one, or where it was made before that file was kept."""
    if computation is None or not computation.keeps(name):
        return None
    return lake.read(computation, name)
