"""The tables of a return in a locked database of this process's own: typed for the rules, as text for people.

A cell that should hold a date and does not is null to the rules, and is kept in `unreadable` as what it was.
No file, no network, no extension: a rule sees these tables and nothing else.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from lineofsight.checks.layout import Layout, Table
from lineofsight.checks.rows import BETWEEN_CELLS, BETWEEN_ROWS, BETWEEN_VALUES, Rows
from lineofsight.checks.years import MOST_WORKING_DAYS, Year, working_days_before
from lineofsight.locks import LOCKS

if TYPE_CHECKING:
    import duckdb

_ROWS_OF_A_GIGABYTE = 2_000_000
_ROWS_OF_ONE_PROCESSOR = 30_000  # up to so many, sharing out the work costs more than it saves
_FORMATS = "['%d/%m/%Y', '%d-%m-%Y']"


def opened(
    layout: Layout,
    rows: Mapping[str, Rows],
    year: Year,
    codes_of: str,
    *,
    without: frozenset[tuple[str, str]] = frozenset(),
) -> "duckdb.DuckDBPyConnection":
    """A database with every table of the return, empty where the return gives none, and what its rules call.

    `codes_of` is the year whose code lists hold. `without` are columns to leave out altogether, so that it can be tried
    which a rule cannot do without.
    """
    import duckdb

    many = sum(one.count for one in rows.values())
    limit = f"{1 + many // _ROWS_OF_A_GIGABYTE}GB"
    threads = 1 if many < _ROWS_OF_ONE_PROCESSOR else 2
    con = duckdb.connect(":memory:", config={"memory_limit": limit, "threads": threads})
    con.execute("; ".join(("set enable_progress_bar = false", "set preserve_insertion_order = false", *LOCKS)))
    con.execute('create table unreadable ("table" varchar, row integer, "column" varchar)')
    for name, table in layout.tables.items():
        _load(con, layout, table, rows.get(name), without)
    con.execute(_calls(layout, year, codes_of))
    con.execute(layout.views)
    con.execute('create table found (code varchar, "table" varchar, row integer, groups bigint[])')
    return con


def _load(
    con: "duckdb.DuckDBPyConnection",
    layout: Layout,
    table: Table,
    rows: Rows | None,
    without: frozenset[tuple[str, str]],
) -> None:
    chunks = rows.chunks() if rows else []
    cells = ("row", "line", "file", *table.columns)
    parts = [f"nullif(p[{place}], '') as {quoted(name)}" for place, name in enumerate(cells, start=1)]
    parts[:3] = [f"p[{place}]::integer as {quoted(name)}" for place, name in enumerate(cells[:3], start=1)]
    con.execute(
        f"create table {text_of(table.name)} as select {', '.join(parts)} from ("  # noqa: S608 (names of the layout)
        f"select string_split(unnest(string_split(chunk, '{BETWEEN_ROWS}')), '{BETWEEN_CELLS}') as p "
        "from (select unnest(?::varchar[]) as chunk))",
        [chunks],
    )
    typed = [_typed(name, kind) for name, kind in table.kinds.items() if (table.name, name) not in without]
    made = [
        f"{' || '.join(_part(part) for part in keys)} as {name}"
        for name, keys in layout.made.items()
        if all(part in table.kinds for part in keys)
    ]
    made += [
        f"coalesce({', '.join(keys)}) as {name}"
        for name, keys in layout.either.items()
        if all(part in table.kinds and (table.name, part) not in without for part in keys)
    ]
    con.execute(
        f"create table {quoted(table.name)} as "  # noqa: S608 (names of the layout)
        f"select {', '.join(['row', *typed, *made])} from {text_of(table.name)}"
    )
    for name, kind in table.kinds.items():
        if kind == "date" and rows and name in rows.met and (table.name, name) not in without:
            con.execute(
                f"insert into unreadable select '{table.name}', t.row, '{name}' "  # noqa: S608 (names of the layout)
                f"from {text_of(table.name)} t join {quoted(table.name)} d on t.row = d.row "
                f"where t.{quoted(name)} is not null and d.{quoted(name)} is null"
            )


def _typed(name: str, kind: str) -> str:
    text = quoted(name)
    if kind == "date":
        # Of the shape of a date, so that no word for one (infinity, epoch) is taken, and no year of two figures.
        return (
            f"case when {text} like '____-__-__' then try_cast({text} as date) "
            f"when {text} like '__/__/____' or {text} like '__-__-____' "
            f"then try_strptime({text}, {_FORMATS})::date end as {text}"
        )
    if kind == "list":
        return f"string_split({text}, '{BETWEEN_VALUES}') as {text}"
    return text


def _part(key: str) -> str:
    return f"coalesce({key}, '') || '|'"


def _calls(layout: Layout, year: Year, codes_of: str) -> str:
    """What rules call: the days of the year, and whether a code is one of its list."""
    day = _literal
    before_end = working_days_before(year.end, MOST_WORKING_DAYS)
    before_start = working_days_before(year.start, MOST_WORKING_DAYS)
    calls = [
        f"reference_date() as {day(year.end)}",
        f"year_start() as {day(year.start)}",
        f"in_the_year(one) as one between {day(year.start)} and {day(year.end)}",
        f"working_days_before_end(days) as ([{', '.join(map(day, before_end))}])[days]",
        f"working_days_before_start(days) as ([{', '.join(map(day, before_start))}])[days]",
    ]
    for name, values in layout.code_lists(codes_of).items():
        calls.append(f"is_{name}(code) as coalesce(code in ({', '.join(map(repr, values))}), false)")
    return "; ".join(f"create macro {call}" for call in calls)


def _literal(day: date) -> str:
    return f"date '{day.isoformat()}'"


@contextmanager
def stopped_after(con: "duckdb.DuckDBPyConnection", seconds: float) -> Iterator[None]:
    """Interrupt what is running once so many seconds have passed (it then raises duckdb.InterruptException)."""
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def text_of(table: str) -> str:
    """The table that holds the cells of another as they were in the file."""
    return quoted(f"{table} as text")


def quoted(name: str) -> str:
    """A name as SQL takes it, whatever it is."""
    return '"' + name.replace('"', '""') + '"'
