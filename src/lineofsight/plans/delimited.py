"""A plan's table in a text file: tab separated, comma separated or the like, after whatever stands before it."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from lineofsight.errors import PlainError
from lineofsight.formulas import FORMULA_STARTS
from lineofsight.plans.cell_text import tidy
from lineofsight.plans.grid import (
    MOST_COLUMNS,
    MOST_RAW_CHARACTERS,
    MOST_ROWS,
    Cell,
    Grid,
    Line,
    too_long,
    too_many,
)
from lineofsight.plans.headings import Header, header_of

_DELIMITERS = ("\t", ",", ";", "|")
# Among how many rows the headings are looked for: a committee's report of some pages may stand before them.
_LOOKED_AT = 1_000
_ARMED = re.compile(f"'+[{re.escape(''.join(FORMULA_STARTS))}]")
_RULE = re.compile(r":?-{2,}:?")

Record = tuple[int, list[str]]


def read_delimited(file: str, text: str) -> list[Grid]:
    """The one table that a text is, by its rows; none where no delimiter gives it the headings of a plan.

    Raises PlainError where it has more rows or columns than a plan has.
    """
    delimiter = _delimiter(text)
    if delimiter is None:
        return []
    grid = Grid(file, "")
    for number, cells in _records(text, delimiter):
        if len(cells) > MOST_COLUMNS:
            raise PlainError(f"{file} holds a row of more than {MOST_COLUMNS} columns, which no plan has.")
        if max(len(cell) for cell in cells) > MOST_RAW_CHARACTERS:
            raise too_long(file, number)
        line = _line(number, cells)
        if line is not None:
            grid.lines.append(line)
        if len(grid.lines) > MOST_ROWS:
            raise too_many(file)
    return [grid]


def decoded(data: bytes) -> str:
    """The text of a file: UTF-16 or UTF-8 as it says, else as Windows writes it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def disarmed(text: str) -> str:
    """A cell without the apostrophe that kept a spreadsheet from running it (`lineofsight.formulas`)."""
    return text[1:] if _ARMED.match(text) else text


def _delimiter(text: str) -> str | None:
    """The sign between the cells: that which gives the headings most of the five columns."""
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        for number, cells in islice(_records(text, delimiter), _LOOKED_AT):
            if len(cells) > MOST_COLUMNS:
                break
            header = _header(number, cells)
            if header and (best is None or len(header.by_role) > best[0]):
                best = len(header.by_role), delimiter
    return best[1] if best else None


def _header(number: int, cells: list[str]) -> Header | None:
    if len(cells) < 2 or max(len(cell) for cell in cells) > _LOOKED_AT:
        return None
    line = _line(number, cells)
    return header_of(line) if line else None


def _line(number: int, cells: list[str]) -> Line | None:
    """A row as a line of the table; None where nothing stands in it, or it is only drawn."""
    placed = {column: Cell(tidy(disarmed(cell)), row=number) for column, cell in enumerate(cells)}
    filled = [cell.text for cell in placed.values() if cell.text]
    if all(_RULE.fullmatch(text) for text in filled):
        return None
    return Line(number, placed, alone=len(cells) == 1)


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """The rows: the line on which each begins, and its cells. None follow one of more cells than a plan has.

    A cell is in quotation marks only where they close before the next delimiter or the end of the line; else they are
    signs like others, as in a file that was never quoted.
    """
    apart = re.escape(delimiter)
    shape = re.compile(rf' *"((?:[^"]|"")*+)" *(?=[{apart}\r\n]|\Z)|([^{apart}\r\n]*)')
    place, line, begun = 0, 1, 1
    cells: list[str] = []
    while True:
        found = shape.match(text, place)
        if found is None:
            return
        quoted = found[1]
        cells.append(found[2] if quoted is None else quoted.replace('""', '"'))
        if quoted is not None:
            line += quoted.count("\n") or quoted.count("\r")
        place = found.end()
        sign = text[place : place + 1]
        if sign == delimiter and len(cells) <= MOST_COLUMNS:
            place += 1
            continue
        yield begun, cells
        if not sign or len(cells) > MOST_COLUMNS:
            return
        place += 2 if text[place : place + 2] == "\r\n" else 1
        line += 1
        cells, begun = [], line
