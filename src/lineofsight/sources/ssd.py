"""Standard Safeguarding Dataset tables and our side tables, from delimited text files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lineofsight.errors import PlainError
from lineofsight.schema import Conformed, Issue, conform_located, heading, tables, without_person
from lineofsight.sources.content import Content
from lineofsight.sources.delimited import Delimited, Layout, Ragged, read_delimited
from lineofsight.sources.extract import Progress, SourceTable

PEOPLE = "ssd_person"
# What one column of text may hold; a file below the largest that is read stays below it in UTF-8.
_MOST_TEXT = 2**31 - 1


@dataclass(frozen=True)
class Sheet:
    """A file and how it is laid out."""

    content: Content
    layout: Layout

    @property
    def table(self) -> str:
        if self.layout.table is None:
            raise ValueError(f"{self.content.name} is not a table")
        return self.layout.table


def read_ssd(sheets: Sequence[Sheet], progress: Progress) -> tuple[dict[str, SourceTable], list[Issue]]:
    """Read and type every sheet. Returns the tables by name, in the schema's order, and what was found.

    A file without its key or its person column is told and not read. Rows whose person is not in ssd_person
    (where that table is there) are told and kept. Raises PlainError where two files hold the same table, or a
    file cannot be read as text.
    """
    _refuse_two_of_a_kind(sheets)
    issues: list[Issue] = []
    read: dict[str, tuple[SourceTable, Conformed]] = {}
    for place, sheet in enumerate(sheets):
        progress(f"Reading {sheet.content.name}", place, len(sheets))
        absent = absent_column(sheet.table, sheet.layout.header)
        if absent:
            issues.append(_issue(sheet, f"the column {absent} is not in the file, so nothing in it was read"))
            continue
        read[sheet.table] = _read(sheet, issues)
    progress("Checking who the rows are about", len(sheets), len(sheets))
    issues.extend(about_nobody(read))
    return {name: read[name][0] for name in tables() if name in read}, issues


def _refuse_two_of_a_kind(sheets: Sequence[Sheet]) -> None:
    seen: dict[str, str] = {}
    for sheet in sheets:
        if sheet.table in seen:
            both = f"{seen[sheet.table]} and {sheet.content.name}"
            raise PlainError(f"{both} both hold {sheet.table}: leave one of them in the extract.")
        seen[sheet.table] = sheet.content.name


def about_nobody(read: Mapping[str, tuple[SourceTable, Conformed]]) -> Iterator[Issue]:
    """Issues for rows whose person is not in ssd_person, where that table is there."""
    people = read.get(PEOPLE)
    if people:
        ids = people[1].table[tables()[PEOPLE].key[0]].combine_chunks()
        for name, (source, done) in read.items():
            yield from without_person(name, done, ids, file=source.file)


def absent_column(table_name: str, header: Iterable[str]) -> str | None:
    """The first column without which nothing in a table can be used: its key, or a person it must have."""
    table = tables()[table_name]
    has = {heading(name) for name in header}
    must = [column.name for column in table.columns if column.name in table.key]
    must += [column.name for column in table.columns if column.required and column.name == table.person_column]
    return next((name for name in must if name not in has), None)


def _read(sheet: Sheet, issues: list[Issue]) -> tuple[SourceTable, Conformed]:
    raw = read_delimited(sheet.content, sheet.layout)
    if raw.table.nbytes > _MOST_TEXT:
        raise PlainError(f"{sheet.content.name} holds more than {_MOST_TEXT // 1024**3 + 1} GiB of text.")
    issues.extend(_ragged(sheet, raw))
    if raw.encoding != sheet.layout.encoding:
        issues.append(_issue(sheet, "the file is not UTF-8; it was read as Windows-1252"))
    done = conform_located(sheet.table, raw.table, file=sheet.content.name, rows=raw.rows)
    issues.extend(done.issues)
    source = SourceTable(
        name=sheet.table,
        table=done.table,
        columns_present=done.columns_present,
        file=sheet.content.name,
        sha256=raw.sha256,
        rows_read=raw.table.num_rows - done.blank_rows + raw.not_read,
        sentinels=done.sentinels,
    )
    return source, done


def _ragged(sheet: Sheet, raw: Delimited) -> list[Issue]:
    width = len(sheet.layout.header)
    told = [_short_or_long(sheet, row, width) for row in raw.ragged]
    more = raw.not_read - len(told)
    if more:
        told.append(_issue(sheet, f"rows with more or fewer cells than the header: and {more:,} more rows"))
    return told


def _short_or_long(sheet: Sheet, ragged: Ragged, width: int) -> Issue:
    why = f"the row has {ragged.cells} cells and the header {width}, so it was not read"
    return _issue(sheet, why, row=ragged.row)


def _issue(sheet: Sheet, why: str, *, row: int | None = None) -> Issue:
    return Issue(sheet.content.name, None, sheet.table, row, None, None, why)
