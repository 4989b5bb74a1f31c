"""The side tables: what each is for, whether the newest load has it, how it is written. No child is in any of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lineofsight import schema
from lineofsight.errors import PlainError
from lineofsight.schema import side
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer

# The files of a side table, by what an address calls them.
CSV, XLSX, EXAMPLE, QUERY = "csv", "xlsx", "example", "query"


@dataclass(frozen=True)
class ColumnLine:
    """One column as whoever fills it reads it."""

    name: str
    what: str
    written: str
    needed: str


@dataclass(frozen=True)
class SideTable:
    """One side table. `rows` is None where the newest load has it not; `as_at` is the day its rows are of."""

    name: str
    title: str
    for_what: str
    why: str
    stands_in: str
    columns: Sequence[ColumnLine]
    rows: int | None
    as_at: date | None


def listed(viewer: Viewer) -> list[SideTable]:
    """Every side table, in the order in which most authorities can fill them. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    newest = lake_in_use().latest()
    held = newest.tables if newest else {}
    found = []
    for name, words in side.words().items():
        layout, entry = schema.tables()[name], held.get(name)
        found.append(
            SideTable(
                name=name,
                title=layout.title,
                for_what=words.for_what,
                why=words.why,
                stands_in=words.stands_in,
                columns=[
                    ColumnLine(one.name, one.description, side.written_as(one), side.needed(layout, one))
                    for one in layout.columns
                ],
                rows=entry.rows if entry else None,
                as_at=entry.as_at if entry else None,
            )
        )
    return found


def file_of(viewer: Viewer, name: str, form: str) -> tuple[bytes, str, str]:
    """One file of a side table: its bytes, what kind it is and its name. Raises Refused, PlainError for none."""
    check(viewer, Capability.SEE_DATA)
    if form == CSV:
        return side.template(name, "csv"), "text/csv; charset=utf-8", f"{name}.csv"
    if form == XLSX:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return side.template(name, "xlsx"), kind, f"{name}.xlsx"
    if form == EXAMPLE:
        return side.example(name).encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}-example.csv"
    if form == QUERY:
        return side.export_query(name).encode(), "text/plain; charset=utf-8", f"{name}.sql"
    raise PlainError("There is no such file of a side table.")
