"""The tables an extract may hold, as `tables.toml` lays them down."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

import pyarrow as pa

Kind = Literal["text", "date", "integer", "real", "flag"]
Refers = Literal["person", "team", "worker"]

_ARROW: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "date": pa.date32(),
    "integer": pa.int64(),
    "real": pa.float64(),
    "flag": pa.string(),  # 'Y', 'N' or null
}


@dataclass(frozen=True)
class Column:
    """One column: its SSD name, what kind of value it holds, and the code list (`codes.toml`) it draws on.

    `refers` says whose id it holds, where it is one: that of a person, a team or a worker. `later` is true of a day
    that may be still to come: one on which a thing is due, or until which it holds.
    """

    name: str
    kind: Kind
    required: bool
    codes: str | None
    description: str
    refers: Refers | None = None
    later: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its columns in SSD order, its key, and the column that names the person, where it has one.

    `side` is true for the tables of our own that stand beside the SSD.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    person_column: str | None
    side: bool

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError if the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("tables.toml").read_text("utf-8"))


@cache
def tables() -> Mapping[str, Table]:
    """Every table the product knows, by name: the SSD's data tables, then our side tables (`side_*`)."""
    return MappingProxyType({name: _table(name, entry) for name, entry in _file()["tables"].items()})


@cache
def not_loaded() -> frozenset[str]:
    """Names of SSD tables that hold nothing the product uses: recognised, told to the user, not read."""
    return frozenset(_file()["not_loaded"])


@cache
def arrow_schema(table_name: str) -> pa.Schema:
    """The typed Arrow schema of a table: all its columns, in SSD order.

    text and flag are strings (a flag is 'Y', 'N' or null), date is date32, integer int64, real float64.
    Raises KeyError for a table that is not in `tables()`.
    """
    return pa.schema([(column.name, _ARROW[column.kind]) for column in tables()[table_name].columns])


def shaped(table_name: str, held: pa.Table, columns: Sequence[str] | None = None) -> pa.Table:
    """What is held of a table, with all its columns (or `columns`): one that came later than the extract is blank."""
    shape = arrow_schema(table_name)
    wanted = shape if columns is None else pa.schema([shape.field(name) for name in columns])
    return pa.table(
        [
            held[one.name].cast(one.type) if one.name in held.column_names else pa.nulls(held.num_rows, one.type)
            for one in wanted
        ],
        schema=wanted,
    )


def _table(name: str, entry: Mapping[str, Any]) -> Table:
    return Table(
        name=name,
        title=entry["title"],
        columns=tuple(_column(column, entry.get("person")) for column in entry["columns"]),
        key=tuple(entry["key"]),
        person_column=entry.get("person"),
        side=name.startswith("side_"),
    )


def _column(entry: Mapping[str, Any], person: str | None) -> Column:
    kind = entry["kind"]
    refers = "person" if entry["name"] == person else entry.get("refers")
    if kind not in _ARROW or refers not in (None, *get_args(Refers)):
        raise ValueError(f"tables.toml: {entry['name']} has no such kind: {kind}, or refers to nothing known: {refers}")
    return Column(
        name=entry["name"],
        kind=cast(Kind, kind),
        required=entry.get("required", False),
        codes=entry.get("codes"),
        description=entry["is"],
        refers=cast(Refers | None, refers),
        later=entry.get("later", False),
    )
