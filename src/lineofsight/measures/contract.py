"""The row contract (DESIGN 5 L): what every measure's SQL gives, checked each time it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from lineofsight.errors import PlainError
from lineofsight.measures.definitions import Definition

if TYPE_CHECKING:
    import duckdb

ROW_COLUMNS: dict[str, str] = {
    "as_at": "DATE",
    "person_id": "VARCHAR",
    "event_id": "VARCHAR",
    "anchor": "VARCHAR",
    "team_id": "VARCHAR",
    "worker_id": "VARCHAR",
    "due_on": "DATE",
    "done_on": "DATE",
    "met": "BOOLEAN",
    "value": "DOUBLE",
    "reason": "VARCHAR",
    "category": "VARCHAR",
    "weight": "DOUBLE",
}

# A measure whose rows are of no kinds need not give a category; what a value is set against, only a ratio gives.
OPTIONAL = ("category", "weight")

ROWS_SCHEMA = pa.schema(
    [
        ("measure", pa.string()),
        ("as_at", pa.date32()),
        ("child_key", pa.string()),
        ("person_id", pa.string()),
        ("event_id", pa.string()),
        ("anchor", pa.string()),
        ("team_id", pa.string()),
        ("service_id", pa.string()),
        ("worker_id", pa.string()),
        ("agency", pa.string()),
        ("due_on", pa.date32()),
        ("done_on", pa.date32()),
        ("met", pa.bool_()),
        ("value", pa.float64()),
        ("reason", pa.string()),
        ("category", pa.string()),
        ("weight", pa.float64()),
    ]
)

# Each is a fault of the SQL, as what is true of a row that has it, with the words that tell its author.
_FAULTS = {
    "gives a row with no date": "as_at is null",
    "gives a row at a date that is not one of the months": "as_at not in (select as_at from months)",
    "gives a row of nobody and nothing: no person, no worker, no event": (
        "person_id is null and worker_id is null and event_id is null"
    ),
    "gives a row that no exception could be traced by: no anchor": "anchor is null",
    # a blank stands before '!': of hardly a row are the blanks taken off, which is slow
    "gives a row that is not met and no reason": (
        "met is distinct from true and case when reason < '!' then trim(reason) = '' else reason is null end"
    ),
}
_FAULTS_OF_THE_PRESENT = {
    "gives a row of an earlier day, and its measure.toml says that it has no history": (
        "as_at < (select max(as_at) from months)"
    ),
}
_FAULTS_OF_CHILDREN = {
    "gives a row of no child, and its measure.toml says that its rows are children": "person_id is null",
}
_FAULTS_OF_A_RATIO = {
    "gives a value with nothing to set it against": "(value is null) <> (weight is null) or weight < 0",
}
# What may stand once only: a row of a stock, an event of a flow whatever its month.
_ONCE = "as_at, person_id, worker_id, event_id, anchor"
_ONCE_IN_A_FLOW = "person_id, worker_id, event_id, anchor"


def check_rows(con: duckdb.DuckDBPyConnection, one: Definition) -> frozenset[str]:
    """Hold the table `given`, rows of `one`, to the contract: its columns, their types, and what each row must tell.

    Returns the columns that are null in every row and of another type, which is allowed, and those that need not be
    given and are not. Raises PlainError naming the measure and the fault.
    """
    measure, optional = one.id, one.optional_columns
    described = con.execute("select column_name, column_type from (describe given)").fetchall()
    found = {str(name): str(kind) for name, kind in described}
    for name in OPTIONAL:
        if (name in found) != (name in optional):
            words = f"gives no {name}" if name in optional else f"gives a {name}"
            raise PlainError(f"The measure {measure} {words}, and its measure.toml says otherwise.")
    absent = frozenset(OPTIONAL) - set(found)
    if list(found) != [name for name in ROW_COLUMNS if name not in absent]:
        raise PlainError(f"The measure {measure} gives {', '.join(found)}; it must give {', '.join(ROW_COLUMNS)}.")
    other = [name for name, kind in found.items() if kind != ROW_COLUMNS[name]]
    for name in other:
        if con.execute(f"select 1 from given where {name} is not null limit 1").fetchone():  # noqa: S608
            raise PlainError(f"The measure {measure} gives {name} as {found[name]}; it must be {ROW_COLUMNS[name]}.")
    of_a_ratio = _FAULTS_OF_A_RATIO if "weight" in optional else {}
    of_the_present = {} if one.history else _FAULTS_OF_THE_PRESENT
    of_children = {} if one.of_workers else _FAULTS_OF_CHILDREN
    faults = {**_FAULTS, **of_a_ratio, **of_children, **of_the_present}
    once = _ONCE_IN_A_FLOW if one.basis == "flow" else _ONCE
    told = "".join(f"coalesce(bool_or({fault}), false), " for fault in faults.values())
    # whether two rows may be alike: by their hashes, which is quick
    told += f"count(*) > count(distinct hash({once}))"
    *found_true, may_repeat = con.execute(f"select {told} from given").fetchone() or (True,)  # noqa: S608 (constants)
    for words in (words for words, is_so in zip(faults, found_true, strict=True) if is_so):
        raise PlainError(f"The measure {measure} {words}.")
    if may_repeat and _repeats(con, once):
        words = "the same event twice, or in two months" if one.basis == "flow" else "the same row twice"
        raise PlainError(f"The measure {measure} gives {words}.")
    return absent | frozenset(other)


def _repeats(con: duckdb.DuckDBPyConnection, columns: str) -> bool:
    """Whether two rows are alike in these columns."""
    rows = f"select 1 from given group by {columns} having count(*) > 1 limit 1"  # noqa: S608 (constants)
    return con.execute(rows).fetchone() is not None
