"""DuckDB, in memory and locked: SQL can see the relations it was given, and nothing else.

No file, no network, no extension, no Python variable, and no spill of a child's data to disk. Configuration
is locked, so no statement can open any of it again.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.dataset as ds

from lineofsight.errors import PlainError
from lineofsight.locks import LOCKS

if TYPE_CHECKING:  # a web process reads values and never runs SQL over them: thirty megabytes it need not hold
    import duckdb

# What a select may begin with, after any comment; DuckDB itself turns some pragmas into selects.
_SELECT = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(?:select|with|from|values)\b", re.IGNORECASE | re.DOTALL)

_AT_ONCE = 2
ROWS_OF_AN_AUTHORITY = 2_000_000  # of an extract of the largest there is
# Up to so many rows a table is copied rather than scanned where it lies.
_SMALL = 2_048

# What DuckDB calls the kinds of column that most tables are made of.
_KINDS = {
    pa.string(): "varchar",
    pa.date32(): "date",
    pa.bool_(): "boolean",
    pa.int64(): "bigint",
    pa.float64(): "double",
}


def connect(
    relations: Mapping[str, pa.Table | ds.Dataset],
    *,
    memory_limit: str = "",
    threads: int = 2,
    materialise: bool = False,
) -> duckdb.DuckDBPyConnection:
    """A locked in-memory connection on which each of `relations` can be queried by its name.

    With `materialise` each relation is copied into memory once (better when scanned many times); without,
    Arrow data is scanned where it lies, and encrypted datasets are decrypted as they are read. What does
    not fit in `memory_limit` raises duckdb.OutOfMemoryException; it is never written to disk. Where none is
    given it is a gigabyte for each of the largest authorities that the rows would be (`authorities`).
    """
    import duckdb

    limit = memory_limit or f"{authorities(rows_of(relations.values()))}GB"
    con = duckdb.connect(":memory:", config={"memory_limit": limit, "threads": threads})
    # Its own bar goes to stdout after two seconds, in the middle of a command's answer.
    con.execute("set enable_progress_bar = false")
    waiting, empty = iter(list(relations)), []

    def bring(cursor: duckdb.DuckDBPyConnection) -> None:
        for name in waiting:
            relation = relations[name]
            declared = _declared(name, relation)
            if declared:
                empty.append(declared)
            elif materialise or _is_small(relation):
                cursor.register("incoming", relation)
                cursor.execute(f"create table {_quoted(name)} as select * from incoming")  # noqa: S608 (quoted)
                cursor.unregister("incoming")
            else:
                con.register(name, relation)

    if materialise:  # most of what this takes is decrypting, which two do at once
        cursors = [con.cursor() for _ in range(_AT_ONCE)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(bring, cursors))
        for cursor in cursors:
            cursor.close()
    else:
        bring(con)
    con.execute("; ".join([*empty, *LOCKS]))
    return con


def rows_of(relations: Iterable[pa.Table | ds.Dataset]) -> int:
    """How many rows these relations have together."""
    return sum(one.num_rows if isinstance(one, pa.Table) else one.count_rows() for one in relations)


def authorities(rows: int) -> int:
    """How many of the largest authorities an extract of so many rows would be: a region of many is given as much more
    memory, and no authority more than it needs."""
    return max(1, math.ceil(rows / ROWS_OF_AN_AUTHORITY))


def run(con: duckdb.DuckDBPyConnection, sql: str, *, seconds: float = 60.0) -> pa.Table:
    """The answer of one `select` as an Arrow table.

    Raises PlainError when `sql` is anything but one select, or when it runs longer than `seconds`;
    duckdb.Error for a query that is wrong. (Its message is for the author of the SQL: it may quote a value.)
    """
    import duckdb

    statements = con.extract_statements(sql) if _SELECT.match(sql) else []
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise PlainError("A measure is one select statement and nothing else.")
    with Deadline(con, seconds) as deadline:
        try:
            return con.execute(statements[0]).to_arrow_table()
        except duckdb.InterruptException:
            if not deadline.passed:
                raise
            raise PlainError(f"A query was stopped because it ran longer than {seconds:g} seconds.") from None


class Deadline:
    """Interrupts whatever `con` is running once `seconds` have passed; `passed` tells whether it did."""

    def __init__(self, con: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self.passed = False
        self._con = con
        self._timer = threading.Timer(seconds, self._strike)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _strike(self) -> None:
        self.passed = True
        self._con.interrupt()


def _declared(name: str, relation: pa.Table | ds.Dataset) -> str:
    """The statement that makes an empty table, of which an extract has many; nothing where it takes more than that."""
    if not isinstance(relation, pa.Table) or relation.num_rows or not relation.num_columns:
        return ""
    kinds = [_KINDS.get(field.type) for field in relation.schema]
    told = [f"{_quoted(one)} {kind}" for one, kind in zip(relation.schema.names, kinds, strict=True) if kind]
    return f"create table {_quoted(name)} ({', '.join(told)})" if len(told) == len(kinds) else ""


def _is_small(relation: pa.Table | ds.Dataset) -> bool:
    """Whether copying costs less than setting up one scan: an authority's empty tables are the most."""
    return isinstance(relation, pa.Table) and relation.num_rows <= _SMALL


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
