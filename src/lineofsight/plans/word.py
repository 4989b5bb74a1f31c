"""The tables of a Word document (.docx): cells merged as they are drawn, lists as lists, tracked changes accepted."""

import re
from dataclasses import dataclass, field

from lxml import etree

from lineofsight.plans.cell_text import tidy
from lineofsight.plans.grid import (
    MOST_DRAWN_ROWS,
    MOST_NESTED,
    MOST_RAW_CHARACTERS,
    Canvas,
    Cell,
    Grid,
    Told,
    too_deep,
    too_long,
    too_many,
)
from lineofsight.plans.parts import Parts, attribute, damaged
from lineofsight.plans.word_lists import WordLists
from lineofsight.plans.word_text import Beside, CellText, add_paragraph, children
from lineofsight.sources.paced_xml import local_name

TEXT_BOX = "This text stands in a text box, so it was not read."
PICTURE = "A picture stands in this row; what it shows was not read."
HIDDEN = "This row holds hidden text, which was not read."
ASIDE = {
    "comments": "The file has comments beside its text, which were not read.",
    "footnotes": "The file has footnotes, which were not read.",
    "endnotes": "The file has endnotes, which were not read.",
}
_FILL = re.compile(r"[0-9a-fA-F]{6}")
_LEAST_FOR_A_PICTURE_OF_A_PAGE = 400


@dataclass
class Document:
    """What a document gave: its tables, and whether it is hardly more than pictures."""

    grids: list[Grid] = field(default_factory=list)
    only_pictures: bool = False


def read_word(file: str, parts: Parts, main: str) -> Document:
    """Read the tables of a document. Raises PlainError where it is damaged or holds more than a plan does."""
    root = parts.tree(main)
    body = root.find("{*}body") if root is not None else None
    if body is None:
        raise damaged(file)
    reader = _Reader(file, WordLists(parts, main))
    around = Grid(file, "")
    grids = reader.in_blocks(body, around)
    if len(grids) > 1:
        for number, grid in enumerate(grids, start=1):
            grid.name = f"table {number}"
    near = dict(parts.relations(main).values())
    for kind, why in ASIDE.items():
        noted = parts.tree(near.get(kind, ""))
        if noted is not None and any((item.text or "").strip() for item in noted.iter("{*}t")):
            around.told.append(Told(0, "", why))
    letters = sum(len(item.text or "") for item in body.iter("{*}t"))
    scanned = not grids and reader.pictures > 0 and letters < _LEAST_FOR_A_PICTURE_OF_A_PAGE
    return Document([around, *grids], scanned)


class _Reader:
    """Reads the tables of one document in their order, so that lists count on."""

    def __init__(self, file: str, lists: WordLists) -> None:
        self._file, self._lists = file, lists
        self.pictures = 0
        self._rows = self._depth = 0

    def in_blocks(self, element: etree._Element, around: Grid) -> list[Grid]:
        """The tables of a body. Text boxes outside them are told in `around`."""
        grids: list[Grid] = []
        for child in children(element):
            name = local_name(child)
            if name == "tbl":
                grids.append(self._table(child))
            elif name == "p":
                beside = Beside()
                add_paragraph(child, CellText(), self._lists, beside)
                self.pictures += beside.pictures
                around.told.extend(Told(0, text, TEXT_BOX) for text in beside.boxes)
        return grids

    def _table(self, table: etree._Element) -> Grid:
        grid, canvas = Grid(self._file, ""), Canvas(self._file)
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise too_deep(self._file)
        number = 0
        for row in children(table):
            if local_name(row) != "tr":
                continue
            number += 1
            self._rows += 1
            if self._rows > MOST_DRAWN_ROWS:
                raise too_many(self._file)
            if row.find("{*}trPr/{*}del") is None:
                self._row(row, number, grid, canvas)
        self._depth -= 1
        grid.lines.extend(canvas.lines())
        return grid

    def _row(self, row: etree._Element, number: int, grid: Grid, canvas: Canvas) -> None:
        column = _whole(row.find("{*}trPr/{*}gridBefore"))
        for item in children(row):
            if local_name(item) != "tc":
                continue
            properties = item.find("{*}tcPr")
            if properties is not None and properties.find("{*}cellDel") is not None:
                continue
            width = max(_whole(_in(properties, "gridSpan")), 1)
            above = canvas.at(number - 1, column) if _goes_on(_in(properties, "vMerge")) else None
            left = canvas.at(number, column - 1) if _goes_on(_in(properties, "hMerge")) else None
            cell = above or left or self._cell(item, number, grid)
            canvas.place(cell, number, column, 1, width)
            column += width

    def _cell(self, item: etree._Element, number: int, grid: Grid) -> Cell:
        text, beside = CellText(), Beside()
        for child in children(item):
            name = local_name(child)
            if name == "p":
                add_paragraph(child, text, self._lists, beside)
            elif name == "tbl":
                inner = self._table(child)
                grid.inside.append(inner)
                # What is told of it stands in this row of the table around it.
                grid.told.extend(Told(number, told.value, told.why) for told in inner.told)
                inner.told.clear()
                for line in inner.lines:
                    for cell in line.distinct():
                        if cell.row == line.number:
                            text.add("", 0, cell.text)
        self._tell(beside, number, grid)
        raw = text.raw()
        if len(raw) > MOST_RAW_CHARACTERS:
            raise too_long(self._file, number)
        return Cell(tidy(raw), _fill(item), number)

    def _tell(self, beside: Beside, number: int, grid: Grid) -> None:
        self.pictures += beside.pictures
        grid.told.extend(Told(number, text, TEXT_BOX) for text in beside.boxes)
        if beside.pictures:
            grid.told.append(Told(number, "", PICTURE))
        if beside.hidden:
            grid.told.append(Told(number, "", HIDDEN))


def _in(properties: etree._Element | None, name: str) -> etree._Element | None:
    return None if properties is None else properties.find(f"{{*}}{name}")


def _goes_on(merge: etree._Element | None) -> bool:
    """Whether a cell belongs to the one before it: Word writes no word for it, or "continue"."""
    return merge is not None and attribute(merge, "val") in (None, "continue")


def _whole(element: etree._Element | None) -> int:
    said = None if element is None else attribute(element, "val")
    return max(int(said), 0) if said else 0


def _fill(cell: etree._Element) -> str:
    """The colour a cell is filled with, or the paragraph in it."""
    for path in ("{*}tcPr/{*}shd", "{*}p/{*}pPr/{*}shd"):
        shading = cell.find(path)
        if shading is None:
            continue
        said = attribute(shading, "color" if attribute(shading, "val") == "solid" else "fill") or ""
        if _FILL.fullmatch(said):
            return said.upper()
    return ""
