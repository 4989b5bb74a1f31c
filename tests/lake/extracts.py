"""Extracts made of a few rows, for tests."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from lineofsight import schema
from lineofsight.sources import Extract, SourceTable

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def table_of(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    layout = schema.arrow_schema(name)
    unknown = {column for row in rows for column in row} - set(layout.names)
    assert not unknown, f"{name} has no column {unknown}"
    return pa.Table.from_pylist([{column: row.get(column) for column in layout.names} for row in rows], layout)


def extract_of(rows: Rows, *, as_at: date = date(2026, 10, 31), **about: Any) -> Extract:
    """An extract whose hash is that of its rows, so that the same rows are the same bytes."""
    tables = {}
    for name, given in rows.items():
        told = hashlib.sha256(repr(given).encode()).hexdigest()
        table = table_of(name, given)
        columns = tuple(dict.fromkeys(column for row in given for column in row)) or tuple(table.column_names)
        tables[name] = SourceTable(name, table, columns, f"{name}.csv", told, table.num_rows)
    told = {"authority": "306", "authority_name": "Croydon", "population": 1_000, "synthetic": True, "kind": "ssd"}
    told |= about
    digest = hashlib.sha256(repr(sorted(rows.items())).encode()).hexdigest()
    return Extract(as_at=as_at, tables=tables, issues=(), sha256=digest, **told)
