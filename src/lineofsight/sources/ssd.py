"""Standard Safeguarding Dataset tables and our side tables, from delimited text files and sheets of workbooks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import pyarrow.compute as pc

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.schema import (
    Conformed,
    Issue,
    conform_located,
    heading,
    lacking_columns,
    still_to_come,
    tables,
    without_person,
)
from lineofsight.schema.headings import recognised
from lineofsight.schema.lacking import other_name
from lineofsight.sources.columns import Grid, Ragged, Raw
from lineofsight.sources.extract import NotRead, Progress, SourceTable

PEOPLE = "ssd_person"
RAGGED = "the row has more or fewer cells than the header, so it was not read"
# What one column of text may hold; a file below the largest that is read stays below it in UTF-8.
_MOST_TEXT = 2**31 - 1


@dataclass
class Tables:
    """What the files gave: tables by name, in the schema's order; what was found; the files that gave no table."""

    tables: dict[str, SourceTable] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    not_read: list[NotRead] = field(default_factory=list)


def read_ssd(grids: Sequence[Grid], progress: Progress) -> Tables:
    """Read and type every file or sheet.

    One without its key or its person column is told and not read. Rows whose person is not in ssd_person
    (where that table is there) are told and kept. Raises PlainError where two hold the same table, or a
    file cannot be read as text.
    """
    _refuse_two_of_a_kind(grids)
    out = Tables()
    read: dict[str, tuple[SourceTable, Conformed]] = {}
    for place, grid in enumerate(grids):
        progress(f"Reading {grid.told_as}", place, len(grids))
        absent = absent_column(grid.table, grid.header)
        if absent:
            why = f"the column {absent} is not in the file, so nothing in it was read"
            why += other_name(grid.table, grid.header, absent)
            out.issues.append(_issue(grid, why))
            out.not_read.append(NotRead(grid.file, grid.sheet, grid.table, _rows_of(grid.read()), why))
            continue
        read[grid.table] = _read(grid, out.issues)
    progress("Checking who the rows are about", len(grids), len(grids))
    out.issues.extend(about_nobody(read))
    out.issues.extend(not_yet(read))
    out.tables = {name: read[name][0] for name in tables() if name in read}
    return out


def _refuse_two_of_a_kind(grids: Sequence[Grid]) -> None:
    seen: dict[str, str] = {}
    for grid in grids:
        if grid.table in seen:
            both = f"{seen[grid.table]} and {grid.told_as}"
            raise PlainError(f"{both} both hold {grid.table}: leave one of them in the extract.")
        seen[grid.table] = grid.told_as


def about_nobody(read: Mapping[str, tuple[SourceTable, Conformed]]) -> Iterator[Issue]:
    """Issues for rows whose person is not in ssd_person, where that table is there."""
    people = read.get(PEOPLE)
    if people:
        ids = people[1].table[tables()[PEOPLE].key[0]].combine_chunks()
        for name, (source, done) in read.items():
            yield from without_person(name, done, ids, file=source.file, sheet=source.sheet)


def not_yet(read: Mapping[str, tuple[SourceTable, Conformed]]) -> Iterator[Issue]:
    """Issues for what is said to have happened on a day that is still to come."""
    for name, (source, done) in read.items():
        yield from still_to_come(name, done.table, done.rows, clock.today(), file=source.file, sheet=source.sheet)


def absent_column(table_name: str, header: Iterable[str]) -> str | None:
    """The first column without which nothing in a table can be used: its key, or a person it must have."""
    table = tables()[table_name]
    has = {heading(name) for name in header}
    must = [column.name for column in table.columns if column.name in table.key]
    must += [column.name for column in table.columns if column.required and column.name == table.person_column]
    return next((name for name in must if name not in has), None)


def _read(grid: Grid, issues: list[Issue]) -> tuple[SourceTable, Conformed]:
    raw = grid.read()
    if raw.table.nbytes > _MOST_TEXT:
        raise PlainError(f"{grid.told_as} holds more than {_MOST_TEXT // 1024**3 + 1} GiB of text.")
    issues.extend(raw.told)
    issues.extend(_ragged(grid, raw))
    if raw.encoding != grid.encoding:
        issues.append(_issue(grid, "the file is not UTF-8; it was read as Windows-1252"))
    issues.extend(lacking_columns(grid.table, grid.header, file=grid.file, sheet=grid.sheet))
    done = conform_located(grid.table, raw.table, file=grid.file, sheet=grid.sheet, rows=raw.rows)
    issues.extend(done.issues)
    source = SourceTable(
        name=grid.table,
        table=done.table,
        columns_present=done.columns_present,
        file=grid.file,
        sha256=raw.sha256,
        rows_read=raw.table.num_rows - done.blank_rows + raw.not_read,
        sentinels=done.sentinels,
        sheet=grid.sheet,
        recognised=recognised(grid.table, grid.header),
        passed_over={**done.passed_over, **({RAGGED: raw.not_read} if raw.not_read else {})},
        rows=done.rows,
    )
    return source, done


def _rows_of(raw: Raw) -> int:
    """How many rows a file has that hold anything."""
    columns = [pc.not_equal(pc.utf8_trim_whitespace(column), "") for column in raw.table.columns]
    written = reduce(pc.or_, [pc.fill_null(column, False) for column in columns])
    return raw.not_read + (pc.sum(pc.cast(written, "int64")).as_py() or 0)


def _ragged(grid: Grid, raw: Raw) -> list[Issue]:
    width = len(grid.header)
    told = [_short_or_long(grid, row, width) for row in raw.ragged]
    more = raw.not_read - len(told)
    if more:
        told.append(_issue(grid, f"rows with more or fewer cells than the header: and {more:,} more rows"))
    return told


def _short_or_long(grid: Grid, ragged: Ragged, width: int) -> Issue:
    why = f"the row has {ragged.cells} cells and the header {width}, so it was not read"
    return _issue(grid, why, row=ragged.row)


def _issue(grid: Grid, why: str, *, row: int | None = None) -> Issue:
    return Issue(grid.file, grid.sheet, grid.table, row, None, None, why)
