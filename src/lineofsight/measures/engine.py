"""The engine: every measure of one snapshot, in one locked connection, all months in each query (DESIGN 5
B, K, L).

Raw tables are brought in once, only the columns some SQL names; the shared views are made once; then each
measure's SQL runs, is held to the row contract and gives its rows, from which every value comes.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lineofsight import schema
from lineofsight.calendar import calendar_table
from lineofsight.errors import PlainError
from lineofsight.lake import identities
from lineofsight.lake.engine import connect
from lineofsight.measures import values
from lineofsight.measures.contract import ROW_COLUMNS, ROWS_SCHEMA, check_rows
from lineofsight.measures.definitions import Catalogue, Definition
from lineofsight.policy import EMPTY, Policy, Registry, RoleMap

MEMORY_LIMIT = "1200MB"
Progress = Callable[[str, int, int], None]

# The shared views that tell who answers for a child; a catalogue without them leaves that unsaid.
_STANDING = {
    "responsible": "person_id varchar, as_at date, team_id varchar, service_id varchar, worker_id varchar",
    "teams": "team_id varchar, service_id varchar",
    "duty_team": "team_id varchar, service_id varchar",
    "placed_on": "as_at date, person_id varchar, placement varchar",
}
# The values are divided by where a child is placed; the rest of them the rows alone need.
_FOR_VALUES = {"placed_on"}

# One team has one service, so that a service's number is the sum of its teams'; an unlisted team has duty's.
_ROWS = """
create temp table measure_rows as
with
held as (
    select
        measured.* exclude (team_id, worker_id),
        coalesce(measured.team_id, responsible.team_id) as team_id,
        coalesce(measured.worker_id, responsible.worker_id) as worker_id
    from measured
    left join responsible
        on responsible.person_id = measured.person_id
        and responsible.as_at = measured.as_at
),

-- a team's work is another's from the day it was merged into it; what was counted before stays with the old one
placed as (
    select
        held.* exclude (team_id),
        coalesce(merged_teams.into_id, held.team_id) as team_id
    from held
    left join merged_teams
        on merged_teams.team_id = held.team_id
        and held.as_at between merged_teams.valid_from and merged_teams.valid_until
),

duty as (
    select any_value(service_id) as service_id
    from duty_team
)

select
    placed.measure,
    placed.as_at,
    child_keys.child_key,
    placed.person_id,
    placed.event_id,
    placed.anchor,
    placed.team_id,
    case when placed.team_id is not null then coalesce(teams.service_id, duty.service_id) end as service_id,
    placed.worker_id,
    null::varchar as agency,
    placed.due_on,
    placed.done_on,
    placed.met,
    placed.value,
    placed.reason,
    placed.category,
    placed.weight
from placed
left join child_keys on child_keys.person_id = placed.person_id
left join teams on teams.team_id = placed.team_id
left join duty on true
order by placed.measure, placed.as_at, placed.person_id, placed.worker_id, placed.event_id, placed.anchor
"""

# A category in words: by its code list where the measure names one, else as its SQL gives it.
_TRIMMED = "nullif(trim(given.category), '')"
_CODE = "upper(trim(given.category))"

# What the values and the rows need of the extract beside what the measures name.
_ALWAYS = {
    "ssd_person": ("pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob"),
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
}


@dataclass(frozen=True)
class Inputs:
    """All that the values of one snapshot depend on.

    `tables` holds what the extract gave, by SSD name; `columns_present` the columns it truly had. `months`
    are the dates to measure, oldest first, the last one `as_at`. `merges` are the merged records
    (identities.MERGES), None where there are none. `population` is the number of children
    aged 0 to 17 by month, where known. `child_keys` has `person_id, child_key`; without it `child_key`
    stays null.
    """

    as_at: date
    loaded_on: date
    months: tuple[date, ...]
    tables: Mapping[str, pa.Table | ds.Dataset]
    columns_present: Mapping[str, frozenset[str]]
    policy: Policy
    roles: RoleMap
    registry: Registry = EMPTY
    merges: pa.Table | None = None
    population: Mapping[date, int] = field(default_factory=dict)
    child_keys: pa.Table | None = None


@dataclass(frozen=True)
class Measured:
    """`rows` (contract.ROWS_SCHEMA), `values` (values.SCHEMA), and the seconds each view and measure took."""

    rows: pa.Table
    values: pa.Table
    seconds: Mapping[str, float]


def measure(inputs: Inputs, catalogue: Catalogue, progress: Progress | None = None) -> Measured:
    """Measure all of `catalogue`. Raises PlainError naming the measure that breaks the row contract."""
    tell = progress or (lambda step, done, total: None)
    seconds: dict[str, float] = {}
    missing = {one.id: lacking(one, inputs) for one in catalogue.values()}
    views = _views_used(catalogue)
    con = connect(_Relations(inputs, catalogue, views), memory_limit=MEMORY_LIMIT, materialise=True)
    try:
        for name in views:
            with _timed(seconds, f"view {name}"):
                _make(con, name, catalogue.views[name], f"The view {name}")
        con.execute(f"create temp table measured ({_measured_columns()})")
        for number, one in enumerate(catalogue.values()):
            tell("Measuring", number, len(catalogue))
            if not missing[one.id]:
                with _timed(seconds, one.id):
                    _run(con, one)
        tell("Measuring", len(catalogue), len(catalogue))
        _let_go(con, {*schema.tables(), *views} - {*_ALWAYS, *_STANDING})
        with _timed(seconds, "rows"):
            rows = _rows(con, views)
        _let_go(con, set(_STANDING) - _FOR_VALUES)
        with _timed(seconds, "values"):
            table = values.compute(con, inputs, catalogue, missing)
    finally:
        con.close()
    return Measured(rows, table, seconds)


def lacking(one: Definition, inputs: Inputs) -> tuple[str, ...]:
    """What `one` needs and the extract lacks: 'table' or 'table.column', in the order of its `needs`."""
    gone: list[str] = []
    for table, columns in one.needs.items():
        if table not in inputs.tables:
            gone.append(table)
        else:
            present = inputs.columns_present[table]
            gone += [f"{table}.{column}" for column in columns if column not in present]
    if one.denominator == "population" and not inputs.population:
        gone.append("the number of children aged 0 to 17")
    return tuple(gone)


class _Relations(Mapping[str, pa.Table]):
    """What the SQL may see, each read when it is asked for, so that no two tables are held twice at once."""

    def __init__(self, inputs: Inputs, catalogue: Catalogue, views: tuple[str, ...]) -> None:
        self._inputs = inputs
        sql = [one.sql for one in catalogue.values()] + [catalogue.views[name] for name in views]
        words = _words(" ".join(sql))
        # a rule is known by its key in quotes; what no SQL asks for need not be worked out for every day
        keys = {key for key in inputs.policy.keys() if any(f"'{key}'" in one for one in sql)}  # noqa: SIM118
        keys |= {key for one in catalogue.values() for key in one.timescales}
        wanted: dict[str, list[str]] = {name: [] for name in schema.tables() if name in words or name in _ALWAYS}
        for name, columns in wanted.items():
            always = (*_ALWAYS.get(name, ()), *schema.tables()[name].key)
            columns += [one.name for one in schema.tables()[name].columns if one.name in words or one.name in always]
        self._columns = wanted
        self._made = _facts(inputs, keys)
        merges = identities.MERGES.empty_table() if inputs.merges is None else inputs.merges
        self._ids = identities.ids_of(inputs.registry, merges)

    def __getitem__(self, name: str) -> pa.Table:
        if name in self._made:
            return self._made[name]
        shape = schema.arrow_schema(name)
        wanted = pa.schema([shape.field(column) for column in self._columns[name]])
        source = self._inputs.tables.get(name)
        if source is None:
            return wanted.empty_table()
        have = [column for column in wanted.names if column in source.schema.names]
        found = source.to_table(columns=have) if isinstance(source, ds.Dataset) else source.select(have)
        arrays = [
            found[column].cast(kind.type) if column in have else pa.nulls(found.num_rows, kind.type)
            for column, kind in zip(wanted.names, wanted, strict=True)
        ]
        return identities.stood_in(name, pa.table(arrays, schema=wanted), self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter([*self._columns, *self._made])

    def __len__(self) -> int:
        return len(self._columns) + len(self._made)


def _facts(inputs: Inputs, keys: set[str]) -> dict[str, pa.Table]:
    """The relations beside the extract's own: months, calendar, policy, roles, snapshot, keys, population."""
    calendar = calendar_table()
    working = calendar.filter(calendar["is_working"])
    months = pa.array(inputs.months, pa.date32())
    known = [day for day in inputs.months if day in inputs.population]
    ethnic = schema.codes("ethnic_group")
    rules = inputs.policy.table().select(["key", "number", "unit", "valid_from", "valid_until"])
    people = pa.schema([("person_id", pa.string()), ("child_key", pa.string())]).empty_table()
    return {
        "months": pa.table({"as_at": months}),
        "calendar": calendar,
        "working_days": working.select(["working_number", "day"]),
        "timescales": rules.filter(pc.is_in(rules["key"], pa.array(sorted(keys), pa.string()))),
        "role_map": inputs.roles.table(),
        "merged_teams": inputs.registry.merges_table(),
        "snapshot": pa.table(
            {
                "as_at": pa.array([inputs.as_at], pa.date32()),
                "loaded_on": pa.array([inputs.loaded_on], pa.date32()),
            }
        ),
        "child_keys": people if inputs.child_keys is None else inputs.child_keys.select(people.schema.names),
        "ethnic_groups": pa.table(
            {"code": pa.array(ethnic, pa.string()), "label": pa.array(ethnic.values(), pa.string())}
        ),
        "category_labels": _category_labels(),
        "populations": pa.table(
            {
                "as_at": pa.array(known, pa.date32()),
                "children": pa.array([inputs.population[day] for day in known], pa.int64()),
            }
        ),
    }


def _category_labels() -> pa.Table:
    """What each code list calls what is given as a code, or in the list's own words."""
    told = {
        (name, given.upper()): label
        for name, codes in schema.code_lists().items()
        for given, label in [*((label, label) for label in codes.values()), *codes.items()]
    }
    return pa.table(
        {
            "code_list": [name for name, _ in told],
            "given": [given for _, given in told],
            "label": list(told.values()),
        }
    )


def _views_used(catalogue: Catalogue) -> tuple[str, ...]:
    """The views some measure's SQL, or the rows, stand on, in the catalogue's order."""
    wanted = set(_STANDING) & set(catalogue.views)
    for one in catalogue.values():
        wanted |= _words(one.sql) & set(catalogue.views)
    for name in reversed(list(catalogue.views)):
        if name in wanted:
            wanted |= _words(catalogue.views[name]) & set(catalogue.views)
    return tuple(name for name in catalogue.views if name in wanted)


def _words(sql: str) -> set[str]:
    """The words of some SQL outside its comments."""
    return set(re.findall(r"\w+", re.sub(r"--[^\n]*", " ", sql)))


def _make(con: duckdb.DuckDBPyConnection, name: str, sql: str, what: str) -> None:
    """Materialise one select as the table `name`. Raises PlainError naming `what`, without DuckDB's words."""
    statements = con.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise PlainError(f"{what} must be one select statement and nothing else.")
    try:
        con.execute(f"create or replace temp table {name} as {sql}")
    except duckdb.OutOfMemoryException:
        raise PlainError(f"{what} needs more memory than it may use.") from None
    except duckdb.Error as error:
        # the message may quote a value of a child's: only its author needs it, in the chained exception
        raise PlainError(f"{what} cannot be run: its SQL is wrong.") from error


def _measured_columns() -> str:
    return "measure varchar, " + ", ".join(f"{name} {kind}" for name, kind in ROW_COLUMNS.items())


def _run(con: duckdb.DuckDBPyConnection, one: Definition) -> None:
    """Run one measure's SQL, hold it to the contract, keep its rows."""
    _make(con, "given", one.sql, f"The measure {one.id}")
    empty = check_rows(con, one)
    columns = {name: f"null::{kind}" if name in empty else name for name, kind in ROW_COLUMNS.items()}
    source = "given"
    if one.category is not None:
        columns["category"] = f"coalesce({'label' if one.categories else _TRIMMED}, '{values.NOT_KNOWN}')"
    if one.categories is not None:
        source += f" left join category_labels on code_list = '{one.categories}' and category_labels.given = {_CODE}"
    # the id is letters and digits (definitions), the names and kinds are the contract's, the list one that is known
    con.execute(f"insert into measured select '{one.id}', {', '.join(columns.values())} from {source}")  # noqa: S608
    con.execute("drop table given")


def _let_go(con: duckdb.DuckDBPyConnection, names: set[str]) -> None:
    """Drop the tables that no later step reads: their memory is what the later steps work in."""
    for name in sorted(names):
        con.execute(f"drop table if exists {name}")


def _rows(con: duckdb.DuckDBPyConnection, views: tuple[str, ...]) -> pa.Table:
    """Fill in who answers for each row and the child's key; keep the result as the table `measure_rows`."""
    for name, columns in _STANDING.items():
        if name not in views:
            con.execute(f"create temp table {name} ({columns})")
    con.execute(_ROWS)
    before, after = con.execute(
        "select (select count(*) from measured), (select count(*) from measure_rows)"
    ).fetchone() or (0, 0)
    if before != after:
        raise PlainError("The shared views give one child or one team twice on one date.")
    con.execute("drop table measured")
    return con.execute("from measure_rows").to_arrow_table().cast(ROWS_SCHEMA)


class _timed:  # noqa: N801 (reads as a word where it is used)
    """Keeps how many seconds its block took under a name."""

    def __init__(self, seconds: dict[str, float], name: str) -> None:
        self._seconds, self._name = seconds, name

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: Any) -> None:
        self._seconds[self._name] = round(time.perf_counter() - self._began, 4)
