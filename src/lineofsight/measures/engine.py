"""The engine: every measure of one snapshot, in one locked database, all months in each query (DESIGN 5 B, K, L).

Raw tables are brought in once, only the columns some SQL names; the shared views are made once. Then each measure's
SQL runs, is held to the row contract, gives its rows, is counted, and is let go: two measures at once, each on one
processor, because most are too small to be shared out (DuckDB's own threads beside ours took a quarter longer). What
is counted of all of them becomes the values.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from queue import Empty, Queue
from threading import Event
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lineofsight import schema
from lineofsight.errors import PlainError
from lineofsight.lake.engine import authorities, connect, rows_of
from lineofsight.lake.memory import give_back_large_pieces
from lineofsight.measures import belonging, counting, values
from lineofsight.measures.contract import ROWS_SCHEMA, check_rows
from lineofsight.measures.definitions import Catalogue, Definition
from lineofsight.measures.relations import Relations, words_of
from lineofsight.policy import EMPTY, Policy, Registry, RoleMap

if TYPE_CHECKING:
    import duckdb

MEMORY_OF_AN_AUTHORITY = 1_200  # megabytes that the measures of the largest authority need
AT_ONCE = 2
AHEAD = 3
HANDFUL = 8  # measures
MANY = 100_000  # rows
KNOWN = "known of each child"  # a step beside the views
Progress = Callable[[str, int, int], None]
Keep = Callable[[str, pa.Table], None]


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
    """`rows` (contract.ROWS_SCHEMA), `values` (values.SCHEMA), and the seconds each view and measure took.

    Where the rows were handed on as they came (`keep`), `rows` are those of the last month alone.
    """

    rows: pa.Table
    values: pa.Table
    seconds: Mapping[str, float]


def measure(
    inputs: Inputs, catalogue: Catalogue, progress: Progress | None = None, *, keep: Keep | None = None
) -> Measured:
    """Measure all of `catalogue`; hand each measure's id and rows to `keep` as they are done.

    Raises PlainError naming the measure that breaks the row contract.
    """
    give_back_large_pieces()
    tell = progress or (lambda step, done, total: None)
    seconds: dict[str, float] = {}
    missing = {one.id: lacking(one, inputs) for one in catalogue.values()}
    to_run = sorted((one for one in catalogue.values() if not missing[one.id]), key=lambda one: one.id)
    views = _views_used(catalogue)
    rows: dict[str, pa.Table] = {}
    counted: dict[str, counting.Counted] = {}
    with _opened(Relations(inputs, catalogue, views), _memory(inputs)) as con:
        known = _make_views(con, inputs, {name: catalogue.views[name] for name in views}, seconds)
        counting.prepare(con)
        _let_go(con, {*schema.tables(), *views} - _still_named(to_run))
        for number, (name, found, counts, took) in enumerate(_each(con, known, to_run)):
            tell("Measuring", number, len(to_run))
            counted[name] = counts
            seconds |= {name: round(seconds.get(name, 0.0) + spent, 4) for name, spent in took.items()}
            if keep:
                keep(name, found)
            rows[name] = found.filter(pc.field("as_at") == inputs.as_at) if keep else found
        tell("Measuring", len(to_run), len(to_run))
        years = counting.years(con)
    with _timed(seconds, "values"):
        table = values.compute(inputs, catalogue, missing, counted, years)
    every = [rows[name] for name in sorted(rows)] or [ROWS_SCHEMA.empty_table()]
    return Measured(pa.concat_tables(every), table, seconds)


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


def _memory(inputs: Inputs) -> int:
    """The megabytes that the database may use, by the rows of the extract."""
    return MEMORY_OF_AN_AUTHORITY * authorities(rows_of(inputs.tables.values()))


@contextmanager
def _opened(relations: Relations, megabytes: int) -> Iterator[duckdb.DuckDBPyConnection]:
    con = connect(relations, memory_limit=f"{megabytes}MB", threads=1, materialise=True)
    try:
        yield con
    finally:
        con.close()


def _views_used(catalogue: Catalogue) -> tuple[str, ...]:
    """The views some measure's SQL, or the rows, stand on, in the catalogue's order."""
    wanted = set(belonging.STANDING) & set(catalogue.views)
    for one in catalogue.values():
        wanted |= words_of(one.sql) & set(catalogue.views)
    for name in reversed(list(catalogue.views)):
        if name in wanted:
            wanted |= words_of(catalogue.views[name]) & set(catalogue.views)
    return tuple(name for name in catalogue.views if name in wanted)


def _still_named(to_run: list[Definition]) -> set[str]:
    """The tables that some measure still reads."""
    return words_of(" ".join(one.sql for one in to_run))


def _make_views(
    con: duckdb.DuckDBPyConnection, inputs: Inputs, views: Mapping[str, str], seconds: dict[str, float]
) -> belonging.Known:
    """Make the shared views, and what every row is filled in from: two at once, each as soon as those before it that
    it names are made."""
    order = list(views)
    waiting = {name: words_of(views[name]) & set(order[:at]) for at, name in enumerate(order)}
    waiting[KNOWN] = set(belonging.STANDING) & set(order)
    known: list[belonging.Known] = []

    def make(name: str, cursor: duckdb.DuckDBPyConnection) -> str:
        with closing(cursor), _timed(seconds, name if name == KNOWN else f"view {name}"):
            if name == KNOWN:
                known.append(belonging.prepare(cursor, inputs, tuple(views)))
            else:
                _make(cursor, name, views[name], f"The view {name}")
        return name

    with ThreadPoolExecutor(AT_ONCE) as pool:
        at_work: set[Future[str]] = set()
        while waiting or at_work:
            at_work |= {pool.submit(make, name, con.cursor()) for name, needs in waiting.items() if not needs}
            done, at_work = wait(at_work, return_when=FIRST_COMPLETED)
            made = {one.result() for one in done}
            waiting = {name: needs - made for name, needs in waiting.items() if needs}
    return known[0]


def _make(con: duckdb.DuckDBPyConnection, name: str, sql: str, what: str, *, kind: str = "table") -> None:
    """Materialise one select as the table `name`. Raises PlainError naming `what`, without DuckDB's words."""
    import duckdb  # by who computes alone: a web process knows what was measured without it

    statements = con.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise PlainError(f"{what} must be one select statement and nothing else.")
    try:
        con.execute(f"create or replace {kind} {name} as {sql}")
    except duckdb.OutOfMemoryException:
        raise PlainError(f"{what} needs more memory than it may use.") from None
    except duckdb.Error as error:
        # the message may quote a value of a child's: only its author needs it, in the chained exception
        raise PlainError(f"{what} cannot be run: its SQL is wrong.") from error


_Run = tuple[str, pa.Table, counting.Counted, dict[str, float]]


def _each(con: duckdb.DuckDBPyConnection, known: belonging.Known, to_run: list[Definition]) -> Iterator[_Run]:
    """The id, rows, counts and seconds of each measure, in the order given: a few handfuls are worked out at once, and
    no more than a few of what they give wait to be taken, so that they are never all in memory."""
    handfuls = [to_run[n : n + HANDFUL] for n in range(0, len(to_run), HANDFUL)]
    cursors = [con.cursor() for _ in range(AT_ONCE)]
    ready: list[Queue[list[_Run] | None]] = [Queue(AHEAD) for _ in cursors]
    stopped = Event()

    def work(number: int) -> None:
        mine, cursor = handfuls[number::AT_ONCE], cursors[number]
        try:
            for handful in mine:
                for found in _run(cursor, known, handful):
                    if stopped.is_set():
                        return
                    ready[number].put(found)
                ready[number].put(None)  # the end of the handful
        except BaseException:
            stopped.set()
            raise
        finally:
            ready[number].put(None)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        at_work = [pool.submit(work, number) for number in range(AT_ONCE)]
        try:
            for number in range(len(handfuls)):
                while (found := ready[number % AT_ONCE].get()) is not None:
                    yield from found
                if stopped.is_set():
                    break
        finally:
            stopped.set()
            _emptied(ready, at_work)
    for one in at_work:
        one.result()
    for cursor in cursors:
        cursor.close()


def _emptied(ready: list[Queue[list[_Run] | None]], at_work: list[Future[None]]) -> None:
    """Take what is handed on until all are done, so that nobody waits for ever to hand on what nobody takes."""
    while not all(one.done() for one in at_work):
        for one in ready:
            with suppress(Empty):
                one.get(timeout=0.01)


def _run(con: duckdb.DuckDBPyConnection, known: belonging.Known, handful: list[Definition]) -> Iterator[list[_Run]]:
    """Run the SQL of a few measures and hold each to the contract; fill in whose their rows are, many rows at once."""
    took: dict[str, float] = {}
    held: list[belonging.Given] = []
    rows = 0
    for number, one in enumerate(handful):
        with _timed(took, one.id):
            _make(con, "given", one.sql, f"The measure {one.id}", kind="temp table")
            held.append((one, check_rows(con, one)))
            con.execute(f"alter table given rename to {belonging.given(one)}")
        rows += (con.execute(f"select count(*) from {belonging.given(one)}").fetchone() or (0,))[0]  # noqa: S608
        if rows >= MANY or number == len(handful) - 1:
            yield _filled_in(con, known, held, took)
            took, held, rows = {}, [], 0


def _filled_in(
    con: duckdb.DuckDBPyConnection, known: belonging.Known, held: list[belonging.Given], took: dict[str, float]
) -> list[_Run]:
    with _timed(took, "rows"):
        every = belonging.filled_in(con, known, held)
    with _timed(took, "counts"):
        counts = counting.count(con, [one for one, _ in held], every)
    rows = every.rows.select(ROWS_SCHEMA.names).cast(ROWS_SCHEMA)
    found, begun = [], 0
    for (one, _), counted in zip(held, counts, strict=True):
        # the rows stand in the order of the measures
        found.append((one.id, rows.slice(begun, counted.rows), counted, took))
        begun += counted.rows
        took = {}
    return found


def _let_go(con: duckdb.DuckDBPyConnection, names: set[str]) -> None:
    """Drop the tables that no later step reads: their memory is what the later steps work in."""
    for name in sorted(names):
        con.execute(f"drop table if exists {name}")


class _timed:  # noqa: N801 (reads as a word where it is used)
    """Keeps how many seconds its block took under a name."""

    def __init__(self, seconds: dict[str, float], name: str) -> None:
        self._seconds, self._name = seconds, name

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: Any) -> None:
        self._seconds[self._name] = round(time.perf_counter() - self._began, 4)
