"""The cells of a sheet as text, row by row, as they would stand in a CSV file.

Dates become ISO dates, whole numbers lose their '.0', true and false become Y and N, a formula is its result as it
was last worked out, and an error stays the error it is, to be told where it stands.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import from_excel

from lineofsight.errors import PlainError
from lineofsight.schema.cells import ERRORS, SENTINELS
from lineofsight.sources.content import Content
from lineofsight.sources.paced_xml import Paced, events, forget, local_name
from lineofsight.sources.workbook_parts import Package, Style, damaged, text_in

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
# What some 700,000 rows of a wide table hold; more takes minutes and is better as CSV.
MOST_CELLS = 10_000_000
_BETWEEN_ROWS = 4 * 1024**2
_MOST_KEPT = 200_000
_MOST_WHOLE = 1e15
# What stands after the rows and the merged cells of a sheet: nothing of it is a cell.
_AFTER = (
    "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "drawing",
    "legacyDrawing", "tableParts", "extLst",
)  # fmt: skip
# Where the elements read must stand.
_ABOVE = {"row": "sheetData", "mergeCell": "mergeCells"}

NO_RESULT = "holds a formula whose result is not in the file, so it was read as blank"

Row = tuple[int, list[tuple[int, str]]]
"""A row's number and its cells that hold something, each with its column's number (1 is A)."""


class SheetCells:
    """The cells of one sheet. `merged` are its merged ranges, known once the rows have been read.

    `unworked` is called with the row and column of each formula without a result.
    """

    def __init__(
        self,
        name: str,
        package: Package,
        *,
        texts: list[str],
        styles: Mapping[int, Style],
        epoch: datetime,
        unworked: Callable[[int, int], None],
    ) -> None:
        self.merged: list[str] = []
        self.count = 0
        self._name, self._package = name, package
        self._texts, self._styles, self._epoch, self._unworked = texts, styles, epoch, unworked
        self._dates: dict[tuple[str, Style], str] = {}
        self._columns: dict[str, int] = {}
        self._tags = ("", "", "", "")

    def rows(self, content: Content, most_cells: int) -> Iterator[Row]:
        """The rows that hold something. Raises PlainError where the sheet is damaged or past all bounds."""
        tags = [f"{{*}}{name}" for name in ("row", "mergeCell", *_AFTER)]
        number = count = 0
        with Paced(content.start(), content.name, most=_BETWEEN_ROWS, without="a whole row") as watched:
            for event, element in events(watched, ("start", "end"), tags):
                name = local_name(element)
                if event == "start":
                    above = element.getparent()
                    if name in _AFTER and above is not None and above.getparent() is None:
                        return
                    continue
                self._must_stand_in(element, _ABOVE.get(name))
                if name == "mergeCell":
                    self._merge(str(element.get("ref", "")))
                elif name == "row":
                    if not count:
                        self._package.refuse_document_type(element)
                        self._name_tags(element)
                    count += 1
                    number = self._number(element, number, count)
                    self.count += len(element)
                    if self.count > most_cells:
                        raise PlainError(f"{self._name} holds more than {MOST_CELLS:,} cells: save its sheets as CSV.")
                    cells = self._cells(element, number)
                    if cells:
                        yield number, cells
                forget(element)
                watched.taken()

    def _must_stand_in(self, element: etree._Element, above: str | None) -> None:
        """Raises PlainError where an element stands where none of its kind does: what is around it would be lost."""
        parent = element.getparent()
        if above is not None and (parent is None or local_name(parent) != above):
            raise damaged(self._name)

    def _name_tags(self, row: etree._Element) -> None:
        """The elements of a cell as this workbook writes them: there are two namespaces."""
        space = str(row.tag).removesuffix("row")
        self._tags = (f"{space}c", f"{space}v", f"{space}f", f"{space}is")

    def _number(self, row: etree._Element, before: int, count: int) -> int:
        said = row.get("r")
        number = before + 1 if said is None else int(said)
        if number <= before or number > MOST_ROWS or count > MOST_ROWS:
            raise damaged(self._name)
        return number

    def _cells(self, row: etree._Element, number: int) -> list[tuple[int, str]]:
        out = []
        column = 0
        is_cell = self._tags[0]
        for cell in row:
            if cell.tag != is_cell:
                continue
            said = cell.get("r")
            at = column + 1 if said is None else self._column(said)
            if at <= column:
                raise damaged(self._name)
            column = at
            text = self._text(cell, number, column)
            if text:
                out.append((column, text))
        return out

    def _column(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = column_index_from_string(letters)
            if column > MOST_COLUMNS:
                raise damaged(self._name)
            self._columns[letters] = column
        return column

    def _text(self, cell: etree._Element, row: int, column: int) -> str:
        kind = cell.get("t", "n")
        value: str | None = None
        formula = False
        _, is_value, is_formula, is_inline = self._tags
        for child in cell:
            tag = child.tag
            if tag == is_value:
                value = child.text
            elif tag == is_inline:
                return text_in(child)
            elif tag == is_formula:
                formula = True
        if value is None or value == "":
            if formula and kind != "str":
                self._unworked(row, column)
            return ""
        if kind == "s":
            return self._shared(int(value))
        if kind == "n":
            style = cell.get("s")
            look = self._styles.get(int(style)) if style is not None else None
            return self._counted(value, look) if look is not None else _number(value)
        if kind == "b":
            return "Y" if value in ("1", "true") else "N"
        if kind == "e":
            return value if value in ERRORS else "#VALUE!"
        return value.removesuffix("T00:00:00") if kind == "d" else value

    def _shared(self, place: int) -> str:
        if place < 0:
            raise damaged(self._name)
        return self._texts[place]

    def _counted(self, value: str, look: Style) -> str:
        """A date, time or duration that is written as a number of days."""
        text = self._dates.get((value, look))
        if text is None:
            text = _of_days(value, look, self._epoch)
            if len(self._dates) < _MOST_KEPT:
                self._dates[value, look] = text
        return text

    def _merge(self, reference: str) -> None:
        if len(self.merged) < MOST_ROWS:
            self.merged.append(reference)


def letters(column: int) -> str:
    """The letters over a column: 1 is A."""
    return str(get_column_letter(column))


def _number(value: str) -> str:
    """A number as it would be written: without the '.0' or the exponent of a whole one."""
    if value.isdecimal():
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < _MOST_WHOLE else repr(number)


def _of_days(value: str, look: Style, epoch: datetime) -> str:
    days = float(value)
    if days == 0 and look == "date":
        # What a spreadsheet shows as 00/01/1900: the day a blank becomes, not a day.
        return SENTINELS[0].isoformat()
    if days < 0:
        return _number(value)
    try:
        when = from_excel(days, epoch, timedelta=look == "duration")
    except (OverflowError, ValueError):
        return _number(value)
    if isinstance(when, datetime):
        midnight = when.time() == time.min
        return when.date().isoformat() if midnight else when.isoformat(sep=" ", timespec="seconds")
    return str(when) if isinstance(when, (time, timedelta)) else _number(value)
