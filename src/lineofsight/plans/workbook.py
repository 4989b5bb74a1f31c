"""The sheets of a workbook (.xlsx) as tables: texts with their line breaks, fills, merged cells, days in words."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from lineofsight.errors import PlainError
from lineofsight.plans.cell_text import tidy
from lineofsight.plans.delimited import disarmed
from lineofsight.plans.grid import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, Grid, Line, Told, too_many
from lineofsight.plans.parts import Parts, attribute, damaged
from lineofsight.plans.workbook_looks import Look, looks, number_as_shown
from lineofsight.sources.content import printable
from lineofsight.sources.paced_xml import local_name

HIDDEN_SHEET = "The sheet is hidden; it was read all the same."
HIDDEN_ROW = "The row is hidden; it was read all the same."
NO_RESULT = "A formula in this row has no result in the file, so its cell was read as empty."
COMMENTS = "The workbook has comments on its cells, which were not read."

MOST_SHEETS = 200
_LAST_ROW = 1_048_576
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")


@dataclass
class _Found:
    """The cells of one sheet that hold something, by row and column, and its merged ranges."""

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    last: int = 0
    count: int = 0


def read_workbook(file: str, parts: Parts, main: str) -> list[Grid]:
    """Read the sheets of a workbook. Raises PlainError where it is damaged or holds more than a plan does."""
    root = None if main.endswith(".bin") else parts.tree(main)
    if root is None:
        raise PlainError(f"{file} is a binary workbook (.xlsb): save it as .xlsx.")
    sheets = [item for item in root.iter("{*}sheet") if local_name(item) == "sheet"]
    if len(sheets) > MOST_SHEETS:
        raise PlainError(f"{file} has more than {MOST_SHEETS} sheets, which no plan has.")
    near = parts.relations(main)
    reader = _Reader(file, parts, root, near)
    grids = []
    for item in sheets:
        kind, path = near.get(attribute(item, "id") or "", ("", ""))
        if kind == "worksheet":
            hidden = item.get("state", "visible") != "visible"
            grids.append(reader.sheet(path, printable(str(item.get("name", ""))), hidden))
    filled = [grid for grid in grids if grid.lines]
    if len(filled) == 1 and len(grids) == 1:
        filled[0].name = ""
    if grids and any("comments" in path.lower() and path.endswith(".xml") for path in parts.paths()):
        grids[0].told.append(Told(0, "", COMMENTS))
    return grids


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(self, file: str, parts: Parts, book: etree._Element, near: dict[str, tuple[str, str]]) -> None:
        self._file, self._parts = file, parts
        kinds = dict(near.values())
        self._texts = self._shared(kinds.get("sharedStrings", ""))
        self._looks = looks(parts, kinds.get("styles", ""), kinds.get("theme", ""))
        said = next((item.get("date1904") for item in book.iter("{*}workbookPr")), None)
        self._epoch: datetime = CALENDAR_MAC_1904 if said in ("1", "true") else CALENDAR_WINDOWS_1900
        self._rows = 0

    def sheet(self, path: str, name: str, hidden: bool) -> Grid:
        """One sheet, with its merged cells as one."""
        if path not in self._parts:
            raise damaged(self._file)
        grid, found = Grid(self._file, name), _Found()
        for element in self._parts.elements(path, "row", "mergeCell"):
            above = element.getparent()
            is_row = local_name(element) == "row"
            if above is None or local_name(above) != ("sheetData" if is_row else "mergeCells"):
                raise damaged(self._file)
            if is_row:
                self._row(element, grid, found)
            else:
                found.merged.append(str(element.get("ref", "")))
        if hidden and found.rows:
            grid.told.append(Told(0, "", HIDDEN_SHEET))
        self._merge(found)
        grid.lines.extend(Line(number, cells) for number, cells in sorted(found.rows.items()))
        return grid

    def _shared(self, path: str) -> list[str]:
        """The texts that cells point at by number, as written: `tidy` is for those that are used."""
        if path not in self._parts:
            return []
        return [_text_in(item) for item in self._parts.elements(path, "si")]

    def _row(self, row: etree._Element, grid: Grid, found: _Found) -> None:
        number = int(row.get("r", str(found.last + 1)))
        if not found.last < number <= _LAST_ROW:
            raise damaged(self._file)
        found.last = number
        cells: dict[int, Cell] = {}
        unworked: list[str] = []
        column = 0
        for item in row:
            if local_name(item) != "c":
                continue
            column = self._column(item.get("r"), column)
            text = self._text(item, unworked)
            style = int(item.get("s", "0"))
            look = self._looks[style] if 0 <= style < len(self._looks) else Look()
            if text or look.fill:
                cells[column] = Cell(text, look.fill, number)
        if not any(cell.text for cell in cells.values()):
            return
        self._keep(number, cells, found)
        if row.get("hidden") in ("1", "true"):
            grid.told.append(Told(number, "", HIDDEN_ROW))
        if unworked:
            grid.told.append(Told(number, ", ".join(unworked[:20]), NO_RESULT))

    def _keep(self, number: int, cells: dict[int, Cell], found: _Found) -> None:
        if max(column for column, cell in cells.items() if cell.text) > MOST_COLUMNS:
            raise PlainError(f"{self._file} holds a row of more than {MOST_COLUMNS} columns, which no plan has.")
        found.rows[number] = {column: cell for column, cell in cells.items() if column <= MOST_COLUMNS}
        self._rows += 1
        found.count += len(found.rows[number])
        if self._rows > MOST_ROWS or found.count > MOST_CELLS:
            raise too_many(self._file)

    def _column(self, place: str | None, before: int) -> int:
        if place is None:
            return before + 1
        found = _PLACE.fullmatch(place)
        column = int(column_index_from_string(found[1])) if found else 0
        if column <= before:
            raise damaged(self._file)
        return column

    def _text(self, cell: etree._Element, unworked: list[str]) -> str:
        kind = cell.get("t", "n")
        inline = cell.find("{*}is")
        if inline is not None:
            return tidy(disarmed(_text_in(inline)))
        found = cell.find("{*}v")
        value = "" if found is None else found.text or ""
        if not value:
            if cell.find("{*}f") is not None and kind != "str":
                unworked.append(str(cell.get("r", "")))
            return ""
        if kind == "s":
            place = int(value)
            if place < 0:
                raise damaged(self._file)
            return tidy(disarmed(self._texts[place]))
        if kind == "n":
            style = int(cell.get("s", "-1"))
            shown = self._looks[style].shown if 0 <= style < len(self._looks) else "number"
            return number_as_shown(value, shown, self._epoch)
        if kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        return tidy(disarmed(_unescaped(value)))

    def _merge(self, found: _Found) -> None:
        """Make the cells of each merged range one, in the rows that hold something."""
        numbers = sorted(found.rows)
        widest = max(
            (column for cells in found.rows.values() for column, cell in cells.items() if cell.text), default=0
        )
        painted = 0
        for reference in found.merged:
            bounds = range_boundaries(reference)
            if None in bounds:
                raise damaged(self._file)
            left, top, right, bottom = bounds
            first = found.rows.get(top, {}).get(left) or Cell("", row=top)
            over = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
            columns = range(left, min(right, widest) + 1)
            painted += len(over) * len(columns) + 1
            if painted > MOST_CELLS:
                raise too_many(self._file)
            for number in over:
                for column in columns:
                    found.rows[number][column] = first


def _text_in(element: etree._Element) -> str:
    """The text of a shared or inline string: its runs joined, without the readings that stand over them."""
    runs = [run for run in element.iter("{*}t") if (above := run.getparent()) is None or local_name(above) != "rPh"]
    return _unescaped("".join(run.text or "" for run in runs))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_letter, text) if "_x" in text else text


def _letter(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)
