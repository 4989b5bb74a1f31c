"""The tables of a web page (.html), however old its making. Scripts are passed over, and nothing is fetched."""

import re
from dataclasses import dataclass, field

from lxml import etree

from lineofsight.errors import PlainError
from lineofsight.plans.cell_text import BULLET, tidy
from lineofsight.plans.colours import colour
from lineofsight.plans.grid import (
    MOST_DRAWN_ROWS,
    MOST_NESTED,
    MOST_RAW_CHARACTERS,
    Canvas,
    Cell,
    Grid,
    too_deep,
    too_long,
    too_many,
)

# Of elements and attributes: what a page with a plan of thousands of rows stays far below.
MOST_MARKS = 1_000_000
_SPACES = re.compile(r"\s+")
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;]+)", re.IGNORECASE)
_RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
_UNSEEN = frozenset(("script", "style", "template", "noscript", "head", "title", "object", "iframe", "svg"))
_APART = frozenset(
    ("p", "div", "ul", "ol", "section", "article", "blockquote", "table", "caption", "pre", "dl", "dt", "dd",
     "h1", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip
_WIDEST, _TALLEST = 1_000, 65_534


def read_webpage(file: str, text: str) -> list[Grid]:
    """Read the tables of a page. Raises PlainError where it is damaged or holds more than a plan does."""
    data = text.encode("utf-8", "replace")
    if data.count(b"<") + data.count(b"=") > MOST_MARKS:
        raise PlainError(f"{file} holds far more than an action plan does.")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise _damaged(file) from error
    if root is None or any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise _damaged(file)
    page = _Page(file, _fills(root))
    grids = page.tables_in(root)
    if len(grids) > 1:
        for number, grid in enumerate(grids, start=1):
            grid.name = f"table {number}"
    return grids


def _damaged(file: str) -> PlainError:
    return PlainError(f"{file} is a web page that cannot be read: open it in a browser and save it again.")


def _fills(root: etree._Element) -> dict[str, str]:
    """What the page's own style sheet fills its classes with, as a spreadsheet program writes it."""
    out: dict[str, str] = {}
    for sheet in root.iter("style"):
        for name, rule in _RULE.findall(sheet.text or ""):
            found = _BACKGROUND.search(rule)
            if found and (fill := _first_colour(found[1])):
                out[name] = fill
    return out


def _first_colour(written: str) -> str:
    """The colour a background is given, alone or before its picture."""
    return colour(written) or colour(written.split()[0] if written.split() else "")


@dataclass
class _Raw:
    """The text of a cell while it is gathered, and the tables in it."""

    out: list[str] = field(default_factory=list)
    inside: list[Grid] = field(default_factory=list)


class _Page:
    """Reads the tables of one page."""

    def __init__(self, file: str, fills: dict[str, str]) -> None:
        self._file, self._fills = file, fills
        self._rows = self._depth = 0

    def tables_in(self, element: etree._Element) -> list[Grid]:
        """The tables under an element, those within others left to them."""
        grids: list[Grid] = []
        for child in element:
            if child.tag == "table":
                grids.append(self._table(child))
            elif child.tag not in _UNSEEN:
                grids.extend(self.tables_in(child))
        return grids

    def _table(self, table: etree._Element) -> Grid:
        grid, canvas = Grid(self._file, ""), Canvas(self._file)
        rows = list(_rows(table))
        self._rows += len(rows)
        self._depth += 1
        if self._rows > MOST_DRAWN_ROWS:
            raise too_many(self._file)
        if self._depth > MOST_NESTED:
            raise too_deep(self._file)
        for number, row in enumerate(rows, start=1):
            column = 0
            for item in row:
                if item.tag not in ("td", "th"):
                    continue
                column = canvas.free(number, column)
                height = _span(item, "rowspan", _TALLEST) or len(rows)
                width = _span(item, "colspan", _WIDEST) or 1
                canvas.place(
                    self._cell(item, row, number, grid), number, column, min(height, len(rows) - number + 1), width
                )
                column += width
        self._depth -= 1
        grid.lines.extend(canvas.lines())
        return grid

    def _cell(self, item: etree._Element, row: etree._Element, number: int, grid: Grid) -> Cell:
        raw = _Raw()
        self._gather(item, raw, None)
        grid.inside.extend(raw.inside)
        text = "".join(raw.out)
        if len(text) > MOST_RAW_CHARACTERS:
            raise too_long(self._file, number)
        return Cell(tidy(text), self._fill(item) or self._fill(row), number)

    def _gather(self, element: etree._Element, raw: _Raw, numbered: list[int] | None) -> None:
        """The text under an element, with the markup that its elements stand for. `numbered` counts an `ol`'s items."""
        raw.out.append(_flat(element.text))
        for child in element:
            self._child(child, raw, numbered)
            raw.out.append(_flat(child.tail))

    def _child(self, child: etree._Element, raw: _Raw, numbered: list[int] | None) -> None:
        tag = str(child.tag)
        if tag in _UNSEEN:
            return
        if tag == "table":
            self._inner(child, raw)
        elif tag == "li":
            raw.out.append(_marker(child, numbered))
            self._item(child, raw)
            raw.out.append("\n\n")
        elif tag == "br":
            raw.out.append("\n")
        elif tag in ("img", "input"):
            raw.out.append(_flat(child.get("alt") if tag == "img" else None))
        else:
            apart = "\n\n" if tag in _APART else ""
            raw.out.append(apart)
            self._gather(child, raw, [_start(child)] if tag == "ol" else None if tag == "ul" else numbered)
            raw.out.append(apart)

    def _inner(self, table: etree._Element, raw: _Raw) -> None:
        inner = self._table(table)
        raw.inside.append(inner)
        for line in inner.lines:
            texts = [cell.text for cell in line.distinct() if cell.row == line.number]
            raw.out.append("\n\n" + "\n\n".join(texts) + "\n\n")

    def _item(self, item: etree._Element, raw: _Raw) -> None:
        """An item is one line; a list within it is more items of the same list."""
        own = _Raw()
        self._gather(item, own, None)
        raw.inside.extend(own.inside)
        text = "".join(own.out)
        lines = [line.strip() for line in text.split("\n")]
        begun = next((place for place, line in enumerate(lines) if line.startswith(BULLET)), len(lines))
        raw.out.append(" ".join(line for line in lines[:begun] if line))
        raw.out.append("\n" + "\n".join(lines[begun:]))

    def _fill(self, item: etree._Element) -> str:
        found = _BACKGROUND.search(item.get("style") or "")
        if found and (fill := _first_colour(found[1])):
            return fill
        if fill := colour(item.get("bgcolor") or ""):
            return fill
        names = (item.get("class") or "").split()
        return next((self._fills[name] for name in names if name in self._fills), "")


def _rows(table: etree._Element) -> list[etree._Element]:
    """The rows of a table itself, in its sections or not."""
    out: list[etree._Element] = []
    for child in table:
        if child.tag == "tr":
            out.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            out.extend(row for row in child if row.tag == "tr")
    return out


def _marker(item: etree._Element, numbered: list[int] | None) -> str:
    if numbered is None:
        return f"\n{BULLET}"
    said = item.get("value") or ""
    if said.isdecimal():
        numbered[0] = int(said[:4])
    text = f"\n{numbered[0]}. "
    numbered[0] += 1
    return text


def _start(items: etree._Element) -> int:
    said = items.get("start") or "1"
    return int(said[:4]) if said.isdecimal() else 1


def _span(item: etree._Element, name: str, most: int) -> int:
    said = (item.get(name) or "1").strip()
    return min(int(said[:6]), most) if said.isdecimal() else 1


def _flat(text: str | None) -> str:
    """Text as a browser shows it: spaces and line ends are one space."""
    return _SPACES.sub(" ", text) if text else ""
