"""An extract from a database that holds the SSD tables and our side tables: read only, all of one moment, in batches.

Tables are found by name and columns by `heading`. The database writes every value as text, and the text becomes typed
through the same reading as a file's: a wrong value is a located issue, its row being the place in order of the key.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.schema import Conformed, Issue, conform_located, heading, lacking_columns, not_loaded, tables
from lineofsight.schema.conforming import IGNORED, TWICE
from lineofsight.schema.issue import shown
from lineofsight.schema.lacking import other_name
from lineofsight.sources.connection import Source, opened
from lineofsight.sources.contents import digest, in_order
from lineofsight.sources.extract import Extract, NotRead, Progress, SourceTable, digest_of
from lineofsight.sources.facts import Facts, day_of, facts_of
from lineofsight.sources.ssd import Tables, about_nobody, absent_column, not_yet
from lineofsight.sources.standing import FACTS, Standing, as_text, found_in

BATCH = 20_000
# The whole of it: an extract of millions of rows takes minutes.
MOST_SECONDS = 3600
# What one column of text may hold, and all of an extract.
_MOST_TEXT = 2**31 - 1
_MOST_BYTES = 4 * 1024**3
_MOST_UNKNOWN = 20
_TRUE, _FALSE = ("true", "t", "1", "y", "yes"), ("false", "f", "0", "n", "no")

_Read = dict[str, tuple[SourceTable, Conformed]]


def read_database(source: Source, *, as_at: date | None = None, progress: Progress | None = None) -> Extract:
    """Read one extract from a database. Nothing can be written to it, and all tables are of one moment.

    `as_at` is the day it was true; without it what a table `extract` of one row says, else today, since a live
    database is true today. A table that is not there is simply absent; one that is not known is told. Raises
    PlainError, one sentence without a password, where the database cannot be read.
    """
    tell = progress or (lambda step, done, total: None)
    began = time.monotonic()
    out = Tables()
    with opened(source) as connection:
        tell(f"Looking into {source.name}", 0, 1)
        standing, strange = found_in(connection, source)
        facts = _facts(connection, source, standing.pop(FACTS, None))
        day = day_of(as_at, facts.as_at or clock.today())
        out.issues.extend(_not_known(source, strange))
        read = _all(connection, source, standing, out, tell, began)
    if not read:
        raise PlainError(_nothing(source, standing, out.issues))
    out.issues.extend(about_nobody(read))
    out.issues.extend(not_yet(read))
    held = {name: read[name][0] for name in tables() if name in read}
    contents = [(table.name, table.sha256) for table in held.values()]
    return Extract(
        as_at=day,
        authority=facts.authority,
        authority_name=facts.authority_name,
        population=facts.population,
        synthetic=facts.synthetic,
        kind="ssd",
        tables=held,
        issues=tuple(out.issues),
        not_read=tuple(out.not_read),
        sha256=digest_of(contents + ([(FACTS, facts.sha256)] if facts.sha256 else [])),
    )


def _all(
    connection: Connection,
    source: Source,
    standing: Mapping[str, Standing],
    out: Tables,
    tell: Progress,
    began: float,
) -> _Read:
    read: _Read = {}
    left = _MOST_BYTES

    def hurry() -> None:
        if time.monotonic() - began > MOST_SECONDS:
            raise PlainError(f"Reading the database {source.name} took more than {MOST_SECONDS // 60} minutes.")

    for place, (name, stands) in enumerate(standing.items()):
        tell(f"Reading {name}", place, len(standing))
        absent = absent_column(name, stands.columns)
        if absent:
            why = f"the column {absent} is not in the table, so nothing in it was read"
            _leave_out(source, name, why + other_name(name, stands.columns, absent), out, absent)
            continue
        try:
            with connection.begin_nested():
                raw = _raw(connection, source, stands, min(left, _MOST_TEXT), hurry)
        except DBAPIError as error:
            if not stands.denied(error):
                raise
            _leave_out(source, name, "this role may not read the table, so nothing in it was read", out)
            continue
        left -= raw.nbytes
        read[name] = _typed(source, name, stands, raw, out.issues)
    return read


def _leave_out(source: Source, table: str, why: str, out: Tables, column: str | None = None) -> None:
    """Tell of a table that cannot be used; its rows are not counted, for they are not asked for."""
    out.issues.append(_issue(source, table, why, column))
    out.not_read.append(NotRead(source.name, None, table, 0, why))


def _raw(connection: Connection, source: Source, stands: Standing, most: int, hurry: Callable[[], None]) -> pa.Table:
    """The table as text under the schema's names, in order of its key. Only a batch of its rows is ever Python's."""
    names = list(stands.matched)
    statement = sa.select(*[as_text(stands.matched[name], source.kind) for name in names]).select_from(stands.table)
    schema = pa.schema([(name, pa.string()) for name in names])
    batches, size = [], 0
    with connection.execute(statement.execution_options(yield_per=BATCH)) as result:
        for rows in result.partitions():
            hurry()
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            batches.append(pa.RecordBatch.from_arrays(columns, schema=schema))
            size += batches[-1].nbytes
            if size > most:
                raise PlainError(
                    f"{stands.name} in the database {source.name} holds more text than can be read at once."
                )
    return in_order(pa.Table.from_batches(batches, schema), stands.order)


def _typed(
    source: Source, name: str, stands: Standing, raw: pa.Table, issues: list[Issue]
) -> tuple[SourceTable, Conformed]:
    issues.extend(lacking_columns(name, stands.columns, file=source.name))
    for column in stands.ignored:
        issues.append(_issue(source, name, IGNORED, column))
    for column in stands.twice:
        issues.append(_issue(source, name, TWICE, column))
    done = conform_located(name, raw, file=source.name, rows=pa.arange(1, raw.num_rows + 1))
    issues.extend(done.issues)
    where = f"{stands.schema}.{stands.name}" if stands.schema else stands.name
    held = SourceTable(
        name=name,
        table=done.table,
        columns_present=done.columns_present,
        file=source.name,
        sha256=digest(raw),
        rows_read=raw.num_rows - done.blank_rows,
        sentinels=done.sentinels,
        recognised=f"the database has a {stands.what} of this name: {where}",
        passed_over=done.passed_over,
        rows=done.rows,
    )
    return held, done


def _facts(connection: Connection, source: Source, stands: Standing | None) -> Facts:
    """What the table `extract` says of the extract: whose, of what day. It has one row."""
    if stands is None:
        return Facts()
    names = list(stands.matched)
    columns = [as_text(stands.matched[name], source.kind) for name in names]
    found = connection.execute(sa.select(*columns).select_from(stands.table).limit(2)).all()
    if len(found) != 1:
        raise PlainError(f"The table {stands.name} in the database {source.name} must have one row.")
    told = dict(zip(names, (_trimmed(value) for value in found[0]), strict=True))
    sha256 = digest(pa.table({name: pa.array([value], pa.string()) for name, value in told.items()}))
    return facts_of(f"{stands.name} of the database {source.name}", _fact_values(told), sha256)


def _trimmed(value: str | None) -> str | None:
    return (value or "").strip() or None


def _fact_values(told: Mapping[str, str | None]) -> dict[str, object]:
    values: dict[str, object] = {name: value for name, value in told.items() if value is not None}
    if isinstance(day := values.get("as_at"), str):
        values["as_at"] = day[:10]  # a time of day may follow
    if isinstance(people := values.get("population_0_17"), str) and people.isascii() and people.isdigit():
        values["population_0_17"] = int(people)
    if isinstance(said := values.get("synthetic"), str) and said.lower() in (*_TRUE, *_FALSE):
        values["synthetic"] = said.lower() in _TRUE
    return values


def _not_known(source: Source, strange: Sequence[str]) -> list[Issue]:
    """A word for each table that is not read; those that mean to be of the SSD first, and not all of hundreds."""
    likely = sorted(strange, key=lambda name: (not heading(name).startswith(("ssd_", "side_")), name))
    told = [_unknown(source, name) for name in likely[:_MOST_UNKNOWN]]
    if len(likely) > _MOST_UNKNOWN:
        told.append(
            _issue(source, None, f"and {len(likely) - _MOST_UNKNOWN:,} more tables that are not known; not read")
        )
    return told


def _unknown(source: Source, name: str) -> Issue:
    if heading(name) in not_loaded():
        return _issue(source, None, f"the table {shown(name)} is not used; not read")
    return _issue(source, None, f"the table {shown(name)} is not one this version knows; not read")


def _nothing(source: Source, standing: Mapping[str, Standing], issues: Sequence[Issue]) -> str:
    if standing:
        first = next(issue for issue in issues if issue.table)
        return f"No table of the database {source.name} could be read: {first.table}: {first.why}."
    where = f" in the schema {source.schema}" if source.schema else ""
    return f"The database {source.name} has no table{where} that this version knows."


def _issue(source: Source, table: str | None, why: str, column: str | None = None) -> Issue:
    return Issue(source.name, None, table, None, shown(column), None, why)
