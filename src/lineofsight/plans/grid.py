"""A table before its columns are known: cells at their places, whatever the file is. Merged cells are one cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lineofsight.errors import PlainError

# What a plan stays far below. A committee's plan has a hundred actions, an authority's list of them a thousand.
MOST_BYTES = 20 * 1024**2  # of a file
MOST_ROWS = 5_000
MOST_COLUMNS = 500
MOST_CELLS = 500_000
# Rows as they are drawn, the empty ones too; and tables within the cells of others, as old web pages are laid out.
MOST_DRAWN_ROWS = 20_000
MOST_NESTED = 12
# Of one cell: the text that is read, and what it may be before its tags and spaces are taken off.
MOST_CHARACTERS = 200_000
MOST_RAW_CHARACTERS = 1_000_000


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell: its text in the markup of `cell_text`, its fill as six hex digits ("" for none), the row it begins in.

    A cell that is merged over several places is the same object at each of them.
    """

    text: str
    fill: str = ""
    row: int = 0


@dataclass(frozen=True)
class Line:
    """A row of a table: its number, and its cells by the number of their column.

    `alone` says that it is a line of text with nothing that sets cells apart, `whole` that its cells are all here, the
    empty ones too, as they are drawn.
    """

    number: int
    cells: Mapping[int, Cell]
    alone: bool = False
    whole: bool = False

    def distinct(self) -> list[Cell]:
        """Its cells in their order, a merged one once."""
        return list(dict.fromkeys(self.cells[column] for column in sorted(self.cells)))


@dataclass(frozen=True)
class Told:
    """What a reader met and left: the row where that is known, what stands there, and why it was left."""

    row: int
    value: str
    why: str


@dataclass
class Grid:
    """One table or sheet. `inside` are the tables in its cells, to be tried where it is no plan itself."""

    file: str
    name: str
    lines: list[Line] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    inside: list["Grid"] = field(default_factory=list)


class Canvas:
    """Places cells row after row as Word and web pages write them: each in the next free place, some over several.

    Raises PlainError where there are more than a plan has.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._rows: dict[int, dict[int, Cell]] = {}
        self._count = 0

    def place(self, cell: Cell, row: int, column: int, height: int = 1, width: int = 1) -> None:
        """Put a cell over `height` rows and `width` columns."""
        if column + width > MOST_COLUMNS:
            raise PlainError(f"{self._file} holds a table of more than {MOST_COLUMNS} columns, which no plan has.")
        self._count += height * width
        if self._count > MOST_CELLS:
            raise too_many(self._file)
        for down in range(row, row + height):
            line = self._rows.setdefault(down, {})
            for across in range(column, column + width):
                line.setdefault(across, cell)

    def free(self, row: int, column: int) -> int:
        """The first free column of a row from `column` on."""
        line = self._rows.get(row, {})
        while column in line:
            column += 1
        return column

    def at(self, row: int, column: int) -> Cell | None:
        """What stands at a place."""
        return self._rows.get(row, {}).get(column)

    def lines(self) -> list[Line]:
        """The rows that hold something."""
        return [Line(row, self._rows[row], whole=True) for row in sorted(self._rows)]


def too_deep(file: str) -> PlainError:
    """The refusal of a file whose tables lie in each other without end."""
    return PlainError(f"{file} holds tables within tables more than {MOST_NESTED} deep, which no plan has.")


def too_long(file: str, row: int) -> PlainError:
    """The refusal of a file with a text in a row that is longer than a cell's is."""
    return PlainError(f"Row {row:,} of {file} holds a text of more than {MOST_CHARACTERS:,} characters.")


def too_many(file: str) -> PlainError:
    """The refusal of a file with more rows or cells than a plan has."""
    return PlainError(f"{file} holds more than {MOST_ROWS:,} rows, which no action plan has.")
