"""Spreadsheet workbooks: each sheet recognised by what is in it and read like a file of its own."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from openpyxl.utils.cell import range_boundaries

from lineofsight.errors import PlainError
from lineofsight.schema import Issue, heading, recognise, side
from lineofsight.schema.conforming import MOST_ISSUES_OF_A_KIND
from lineofsight.schema.issue import shown
from lineofsight.sources.columns import Columns, Grid, Raw
from lineofsight.sources.content import Content
from lineofsight.sources.delimited import HEADER_WITHIN
from lineofsight.sources.extract import NotRead, Progress
from lineofsight.sources.watched_text import MOST_EMPTY_CELLS
from lineofsight.sources.workbook_cells import NO_RESULT, Row, SheetCells, letters
from lineofsight.sources.workbook_parts import MOST_BYTES, Package, Part, opened

HIDDEN = "the sheet is hidden; it was read all the same"
NO_TABLE = "the sheet holds no table this version knows; not read"
NO_HEADING = "stands under no heading, so nothing in this column was read"
MERGED = "are merged, so only the first of them holds a value; the others were read as blank"


@dataclass
class Book:
    """What a workbook gave: its sheets that are tables, what was found, the sheets that are none, its cells counted."""

    grids: list[Grid] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    not_read: list[NotRead] = field(default_factory=list)
    cells: int = 0


def read_workbook(content: Content, most_cells: int, progress: Progress) -> Book | None:
    """Read a workbook of at most so many cells; None where it is another kind of Office file.

    Its rows are held as text until each table is typed. Raises PlainError where it is damaged or could do harm.
    """
    data = content.whole(MOST_BYTES)
    with opened(content.name, data) as package:
        if not package.is_workbook():
            return None
        book = Book()
        reader = _Reader(content.name, hashlib.sha256(data).hexdigest(), package)
        parts = package.sheets()
        for place, part in enumerate(parts):
            progress(f"Reading {content.name}", place, len(parts))
            reader.read(part, book, most_cells)
    return book


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, file: str, sha256: str, package: Package) -> None:
        self._file, self._sha256, self._package = file, sha256, package
        self._texts, self._styles, self._epoch = package.texts(), package.styles(), package.epoch()

    def read(self, part: Part, book: Book, most_cells: int) -> None:
        """Read one sheet into `book`."""
        unworked: list[tuple[int, int]] = []
        cells = SheetCells(
            self._file,
            self._package,
            texts=self._texts,
            styles=self._styles,
            epoch=self._epoch,
            unworked=lambda row, column: unworked.append((row, column)),
        )
        rows = cells.rows(part.content, most_cells - book.cells)
        first = _first(rows)
        found = _header(first)
        if found is None:
            if first and not _explains_a_template(first[0]):
                self._no_table(part, book)
            book.cells += cells.count
            return
        place, table = found
        sheet = _Sheet(self._file, part.name, table, first[place])
        for row in chain(first[place + 1 :], rows):
            sheet.add(row)
        book.cells += cells.count
        if part.hidden:
            sheet.tell(None, None, None, HIDDEN)
        raw = sheet.raw(self._sha256, cells.merged, unworked)
        book.grids.append(Grid(self._file, part.name, sheet.header, table, raw.encoding, [raw].pop))

    def _no_table(self, part: Part, book: Book) -> None:
        book.issues.append(Issue(self._file, part.name, None, None, None, None, NO_TABLE))
        book.not_read.append(NotRead(self._file, part.name, None, 0, NO_TABLE))


def _first(rows: Iterator[Row]) -> list[Row]:
    """The first rows that hold something, among which the headings are."""
    return [row for _, row in zip(range(HEADER_WITHIN), rows, strict=False)]


def _explains_a_template(first: Row) -> bool:
    """Whether a sheet is the one in our own templates that says what each column is: nothing in it was to be read."""
    return tuple(text for _, text in first[1]) == side.ABOUT


def _header(first: list[Row]) -> tuple[int, str] | None:
    """Which of the first rows holds headings, and of what table."""
    for place, (_, cells) in enumerate(first):
        table = recognise([heading(text) for _, text in cells])
        if table:
            return place, table
    return None


class _Sheet:
    """The rows of one sheet under its headings."""

    def __init__(self, file: str, sheet: str, table: str, header: Row) -> None:
        self._place = (file, sheet, table)
        self._top, cells = header
        named = [(column, text) for column, text in cells if text.strip()]
        self.header = tuple(text for _, text in named)
        self._at = {column: place for place, (column, _) in enumerate(named)}
        self._columns = Columns(len(named))
        self._written = 0
        self._last = self._top
        self._unnamed: dict[int, tuple[int, str, int]] = {}
        self._told: list[Issue] = []

    def tell(self, row: int | None, column: str | None, value: str | None, why: str) -> None:
        """One thing found, where it stands."""
        file, sheet, table = self._place
        self._told.append(Issue(file, sheet, table, row, shown(column), shown(value), why))

    def add(self, row: Row) -> None:
        """A row below the headings. Raises PlainError where the sheet is hardly anything but empty cells."""
        number, cells = row
        line = [""] * len(self.header)
        characters = len(line)
        for column, text in cells:
            place = self._at.get(column)
            if place is None:
                first, value, count = self._unnamed.get(column, (number, text, 0))
                self._unnamed[column] = (first, value, count + 1)
            else:
                line[place] = text
                characters += len(text)
                self._written += 1
        self._columns.add(number, line, characters)
        self._last = number
        if self._columns.kept * len(line) - self._written > MOST_EMPTY_CELLS:
            raise PlainError(
                f"{self._place[0]} holds more than {self._columns.kept:,} rows with next to nothing in them."
            )

    def raw(self, sha256: str, merged: list[str], unworked: list[tuple[int, int]]) -> Raw:
        """The rows as text, with what was found among them."""
        for column, (row, value, count) in sorted(self._unnamed.items()):
            many = f" (in {count:,} rows, the first is {row:,})" if count > 1 else ""
            self.tell(row, f"column {letters(column)}", value, NO_HEADING + many)
        below = [(row, column) for row, column in unworked if row > self._top and column in self._at]
        for row, column in below[:MOST_ISSUES_OF_A_KIND]:
            self.tell(row, self.header[self._at[column]], None, NO_RESULT)
        if len(below) > MOST_ISSUES_OF_A_KIND:
            self.tell(None, None, None, f"{NO_RESULT}: and {len(below) - MOST_ISSUES_OF_A_KIND:,} more cells")
        self._tell_merged(merged)
        table, rows = self._columns.table(self.header)
        return Raw(table, rows, sha256, "utf-8", told=self._told)

    def _tell_merged(self, merged: list[str]) -> None:
        count = 0
        for reference in merged:
            bounds = range_boundaries(reference)
            if None in bounds:
                raise ValueError(reference)
            left, top, right, bottom = bounds
            column = next((at for at in self._at if left <= at <= right), None)
            if column is None or bottom <= self._top or top > self._last or (left, top) == (right, bottom):
                continue
            count += 1
            if count <= MOST_ISSUES_OF_A_KIND:
                name = self.header[self._at[column]]
                self.tell(max(top, self._top + 1), name, None, f"the cells {reference} {MERGED}")
        if count > MOST_ISSUES_OF_A_KIND:
            self.tell(None, None, None, f"cells {MERGED}: and {count - MOST_ISSUES_OF_A_KIND:,} more places")
