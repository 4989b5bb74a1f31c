"""Exceptions: what a measure found owed and not done, each with one identity from first seen to cleared (DESIGN 5 M).

An exception is a row that is not met and was not done late either. It is known by measure, child (or worker) and
anchor, the natural key of the plan or episode: never by due date, team or a case system's id. It is cleared only when
its measure was measured again and found it done, or its plan or episode has ended; whatever could not be told is
'not re-measured'. Owed again after that is a new exception, the next occurrence.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.calendar import calendar_table
from lineofsight.cases.owners import offices
from lineofsight.keys import Keyring
from lineofsight.lake import Computation, Lake, Snapshot, identities
from lineofsight.lake.engine import connect, run
from lineofsight.measures import definitions, values
from lineofsight.measures.contract import ROWS_SCHEMA
from lineofsight.policy import EMPTY, Registry
from lineofsight.policy.registry import in_force

OPEN = "open"
CLEARED = "cleared"
NOT_MEASURED_AGAIN = "not re-measured"

_STEP = pa.struct([("snapshot", pa.string()), ("as_at", pa.date32()), ("what", pa.string())])

# `occurrence` is the n of the identity; `owed_since` is true time, `first_seen` and `last_seen` are snapshots' dates;
# `days_over` is in working days, frozen at the last time it was told; `owner_id` is the worker who holds the office.
SCHEMA = pa.schema(
    [
        ("exception_id", pa.string()),
        ("measure", pa.string()),
        ("child_key", pa.string()),
        ("person_id", pa.string()),
        ("anchor", pa.string()),
        ("occurrence", pa.int64()),
        ("worker_id", pa.string()),
        ("team_id", pa.string()),
        ("service_id", pa.string()),
        ("owed_since", pa.date32()),
        ("first_seen", pa.date32()),
        ("last_seen", pa.date32()),
        ("cleared_on", pa.date32()),
        ("state", pa.string()),
        ("days_over", pa.int64()),
        ("reason", pa.string()),
        ("owner", pa.string()),
        ("owner_id", pa.string()),
        ("history", pa.list_(_STEP)),
    ]
)

# The shared views that say when what something may be owed by ended, after those that they stand on, and their tables.
_STOOD_ON = ("first_day", "children", "care_children")
_ENDED = (
    "early_help",
    "needs",
    "protection_plans",
    "care_periods",
    "placements",
    "leavers",
    "assessments",
    "decisions",
    "enquiries",
    "first_conferences",
    "support_plans",
)
_ENDING_TABLES = (
    "ssd_person",
    "ssd_early_help_episodes",
    "ssd_cin_episodes",
    "ssd_cp_plans",
    "ssd_cla_episodes",
    "ssd_cla_placement",
    "ssd_care_leavers",
    "ssd_cin_assessments",
    "side_decision",
    "ssd_s47_enquiry",
    "ssd_initial_cp_conference",
    "ssd_cin_plans",
)


@dataclass(frozen=True)
class Found:
    """What one snapshot shows.

    `rows` are those of the exception measures at `as_at` (contract.ROWS_SCHEMA); `measured` the ids of the measures
    that were measured; `endings` every plan, episode and care period in the extract (`person_id, anchor,
    open_until`); `offices` who answers for a team (owners.offices); `workers` has `worker_id, team_id`;
    `merges` the merged records (identities.MERGES), `registry` the teams and workers that have other ids.
    """

    snapshot: str
    as_at: date
    rows: pa.Table
    measured: Collection[str]
    endings: pa.Table
    offices: pa.Table
    workers: pa.Table
    merges: pa.Table = field(default_factory=identities.MERGES.empty_table)
    registry: Registry = EMPTY


def derive(
    lake: Lake,
    snapshot: Snapshot,
    computation: Computation,
    previous: pa.Table | None,
    registry: Registry = EMPTY,
) -> pa.Table:
    """The ledger (SCHEMA) after `snapshot`, carried on from the `previous` one (None for the first).

    `previous` is the ledger of the newest snapshot that is not later than this one. A snapshot of the same date
    corrects it: what the earlier one cleared that day may be found owed after all, and what it alone began that day
    was never owed and is taken out.
    """
    now = pc.field("as_at") == snapshot.as_at
    wanted = now & pc.field("measure").isin(_exception_measures())
    rows = lake.read(computation, "rows", where=wanted)
    told = lake.read(computation, "values", columns=["measure", "as_at", "breakdown", "status"], where=now)
    return derive_from(lake, snapshot, rows, told, previous, registry)


def derive_from(
    lake: Lake,
    snapshot: Snapshot,
    rows: pa.Table,
    told: pa.Table,
    previous: pa.Table | None,
    registry: Registry = EMPTY,
    people: Mapping[str, pa.Table] | None = None,
) -> pa.Table:
    """As `derive`, from the rows and values of a computation that is not kept yet.

    `people` holds its `teams` and `workers`, where they are not those the lake has.
    """
    wanted = (pc.field("as_at") == snapshot.as_at) & pc.field("measure").isin(_exception_measures())
    whole = (pc.field("as_at") == snapshot.as_at) & (pc.field("breakdown") == values.AUTHORITY)
    measured = told.filter(whole & (pc.field("status") == values.MEASURED))["measure"].to_pylist()
    tables, merges = lake.tables(snapshot), lake.merges(snapshot)
    ids = identities.ids_of(registry, merges)
    held = schema.shaped("side_post", tables["side_post"].to_table()) if "side_post" in tables else None
    posts = None if held is None else identities.stood_in("side_post", held, ids)
    workers = people["workers"] if people else lake.workers(snapshot)
    teams = people["teams"] if people else lake.teams(snapshot)
    found = Found(
        snapshot=snapshot.id,
        as_at=snapshot.as_at,
        rows=rows.filter(wanted),
        measured=frozenset(measured),
        endings=_endings(lake, snapshot, ids),
        offices=offices(teams, workers, posts, snapshot.as_at),
        workers=workers,
        merges=merges,
        registry=registry,
    )
    return carry_on(found, previous, lake.keys)


def carry_on(found: Found, previous: pa.Table | None, keys: Keyring) -> pa.Table:
    """The ledger (SCHEMA) that `previous` becomes with what one snapshot shows. Reads nothing else."""
    con = connect(
        {
            "given": found.rows.cast(ROWS_SCHEMA),
            "measured": pa.table({"measure": pa.array(sorted(found.measured), pa.string())}),
            "previous": SCHEMA.empty_table() if previous is None else previous.cast(SCHEMA),
            "endings": found.endings,
            "offices": found.offices,
            "workers": found.workers,
            **_renamed(found),
            "moment": pa.table(
                {"as_at": pa.array([found.as_at], pa.date32()), "snapshot": pa.array([found.snapshot], pa.string())}
            ),
            "calendar": calendar_table(),
        }
    )
    try:
        ledger = run(con, (files(__package__) / "exceptions.sql").read_text("utf-8")).cast(SCHEMA)
    finally:
        con.close()
    return ledger.set_column(0, SCHEMA.field(0), pa.array(_identities(ledger, keys), pa.string()))


def _renamed(found: Found) -> dict[str, pa.Table]:
    """What the ledger so far is told under the ids of today with."""
    held = found.merges.filter(pc.invert(found.merges["refused"]))
    return {
        "merged": held.select(["gone_key", "kept_key", "kept_id"]),
        "team_ids": found.registry.ids_table("team"),
        "worker_ids": found.registry.ids_table("worker"),
        "merged_teams": in_force(found.registry.merges_table(), found.as_at),
    }


def exception_id(keys: Keyring, measure: str, subject: str, anchor: str, occurrence: int) -> str:
    """The 24 hex characters that name one exception. `subject` is the child's key, or the worker's id."""
    told = "\x00".join((measure, subject, anchor, str(occurrence)))
    return keys.digest("child", told.encode())[:24]


def _identities(ledger: pa.Table, keys: Keyring) -> Iterable[str]:
    """Every exception's id: the one it has, or a new one."""
    columns = ("exception_id", "measure", "child_key", "person_id", "worker_id", "anchor", "occurrence")
    for known, measure, child, person, worker, anchor, occurrence in zip(
        *(ledger[name].to_pylist() for name in columns), strict=True
    ):
        yield known or exception_id(keys, measure, child or person or worker, anchor, occurrence)


def _exception_measures() -> list[str]:
    return [one.id for one in definitions.load().values() if one.exception]


def _endings(lake: Lake, snapshot: Snapshot, ids: identities.Ids) -> pa.Table:
    """Everything known that something may be owed by, a plan, an episode, a home: `person_id, anchor, open_until`."""
    known = lake.tables(snapshot)
    views = definitions.load().views
    relations = {"calendar": calendar_table(), "snapshot": pa.table({"as_at": pa.array([snapshot.as_at], pa.date32())})}
    for name in _ENDING_TABLES:
        table = known[name].to_table() if name in known else schema.arrow_schema(name).empty_table()
        relations[name] = identities.stood_in(name, schema.shaped(name, table), ids)
    parts = ",\n".join(f"{name} as (\n{views[name]}\n)" for name in (*_STOOD_ON, *_ENDED))
    every = " union all ".join(f"select person_id, anchor, open_until from {name}" for name in _ENDED)  # noqa: S608
    con = connect(relations)
    try:
        return run(
            con,
            f"with {parts}, every as ({every})\n"  # noqa: S608 (our own views)
            "select person_id, anchor, max(open_until) as open_until from every group by person_id, anchor",
        )
    finally:
        con.close()
