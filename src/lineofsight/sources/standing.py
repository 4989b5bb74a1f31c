"""Which tables of a database are ours, and how each column is asked for: by name, and as text."""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Inspector
from sqlalchemy.exc import DBAPIError, NoSuchTableError
from sqlalchemy.sql import quoted_name

from lineofsight.errors import PlainError
from lineofsight.schema import heading, tables
from lineofsight.sources.connection import Source
from lineofsight.sources.refusals import denied

FACTS = "extract"
_FACTS = ("as_at", "authority", "authority_name", "population_0_17", "synthetic")
_LONDON = "'GMT Standard Time'"  # what SQL Server calls it, summer time included


@dataclass(frozen=True)
class Standing:
    """A table or view of the database: its columns as they are called there, and those the schema knows.

    `matched` are the columns to be read by the schema's name, in its order; `ignored` and `twice` those that are
    not. `order` are the columns its rows are ordered by, each with whether it is a whole number there.
    """

    name: str
    schema: str | None
    what: str
    table: sa.TableClause
    columns: tuple[str, ...]
    matched: Mapping[str, sa.ColumnClause[Any]]
    ignored: tuple[str, ...]
    twice: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]

    def denied(self, error: DBAPIError) -> bool:
        """Whether what was refused is the right to read it."""
        return denied(error)


def found_in(connection: Connection, source: Source) -> tuple[dict[str, Standing], list[str]]:
    """The tables and views that the schema knows, by its names and in its order; `extract`; and the names of the rest.

    Raises PlainError where two are called the same but for capitals, or the schema is not there.
    """
    inspector = sa.inspect(connection)
    schema = _schema(inspector, source)
    known: dict[str, str] = {}
    strange: list[str] = []
    kinds = _names(inspector, schema)
    for name in kinds:
        plain = heading(name)
        if plain not in tables() and plain != FACTS:
            strange.append(name)
        elif plain in known:
            raise PlainError(f"The database {source.name} has {known[plain]} and {name}: leave one of them to be seen.")
        else:
            known[plain] = name
    standing = {
        plain: _standing(inspector, plain, known[plain], schema, kinds[known[plain]])
        for plain in (FACTS, *tables())
        if plain in known
    }
    if FACTS in standing and not standing[FACTS].matched:
        strange.append(standing.pop(FACTS).name)
    return standing, strange


def as_text(column: sa.ColumnClause[Any], kind: str) -> sa.ColumnElement[str | None]:
    """The column as the database itself writes it: a day as 2026-10-31, a time in London, a yes as true or 1."""
    asked: sa.ColumnElement[Any] = column
    timed = isinstance(column.type, sa.DateTime)
    zoned = timed and bool(getattr(column.type, "timezone", False))
    if kind == "postgresql" and zoned:
        asked = sa.cast(asked, sa.TIMESTAMP(timezone=False))  # the session's zone is London's
    elif kind == "mssql" and (timed or isinstance(column.type, sa.Date)):
        if type(column.type).__name__ == "DATETIMEOFFSET":
            asked = asked.op("AT TIME ZONE")(sa.literal_column(_LONDON))
        return sa.func.convert(sa.literal_column("nvarchar(40)"), asked, sa.literal_column("121"), type_=sa.Unicode())
    elif kind == "mssql" and isinstance(column.type, sa.Float):
        asked = sa.cast(asked, sa.Numeric(38, 10))  # of itself it writes six digits
    return sa.cast(asked, sa.Unicode())


def _schema(inspector: Inspector, source: Source) -> str | None:
    """The schema to look in: the one named, whatever its capitals; None for the database's own."""
    if source.schema is None:
        return None
    there = [name for name in inspector.get_schema_names() if name.lower() == source.schema.lower()]
    if not there:
        raise PlainError(f"The database {source.name} has no schema of the name that was given, or none it shows.")
    return source.schema if source.schema in there else there[0]


def _names(inspector: Inspector, schema: str | None) -> dict[str, str]:
    """What can be read from, with what it is: a view counts as a table."""
    found = dict.fromkeys(inspector.get_table_names(schema), "table")
    views: Iterable[str] = inspector.get_view_names(schema)
    if inspector.dialect.name == "postgresql":
        views = (*views, *inspector.get_materialized_view_names(schema))
        found |= dict.fromkeys(inspector.get_foreign_table_names(schema), "table")  # type: ignore[attr-defined]
    return {**found, **dict.fromkeys(views, "view")}


def _standing(inspector: Inspector, plain: str, name: str, schema: str | None, what: str) -> Standing:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)  # of a type it does not know, which is text to us as well
        try:
            columns = inspector.get_columns(name, schema)
        except NoSuchTableError:  # taken away since it was listed
            columns = []
    known = _FACTS if plain == FACTS else [column.name for column in tables()[plain].columns]
    found: dict[str, sa.ColumnClause[Any]] = {}
    ignored, twice = [], []
    for column in columns:
        written = column["name"]
        if heading(written) not in known:
            ignored.append(written)
        elif heading(written) in found:
            twice.append(written)
        else:
            found[heading(written)] = sa.column(quoted_name(written, True), column["type"])
    matched = {one: found[one] for one in known if one in found}
    key = () if plain == FACTS else tables()[plain].key
    order = [one for one in key if one in matched] + [one for one in matched if one not in key]
    return Standing(
        name=name,
        schema=schema,
        what=what,
        table=sa.table(
            quoted_name(name, True), *matched.values(), schema=quoted_name(schema, True) if schema else None
        ),
        columns=tuple(column["name"] for column in columns),
        matched=matched,
        ignored=tuple(ignored),
        twice=tuple(twice),
        order=tuple((one, isinstance(matched[one].type, sa.Integer)) for one in order),
    )
