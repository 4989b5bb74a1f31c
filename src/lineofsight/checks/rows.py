"""The rows of one table as a reader gathers them: text, the line each row begins on, and which columns were met.

They are kept as text with the two separators that no XML may hold, some thousands of rows at a time: a database takes
that in at once, and nothing else need be loaded for it.
"""

from collections.abc import Iterable, Mapping

from lineofsight.checks.layout import Table

BETWEEN_CELLS, BETWEEN_ROWS, BETWEEN_VALUES = "\x1f", "\x1e", "\x1d"
_AT_ONCE = 2_000
_NOT_IN_XML = str.maketrans(dict.fromkeys((BETWEEN_CELLS, BETWEEN_ROWS, BETWEEN_VALUES), "\ufffd"))


class Rows:
    """One table's rows in the order of the file. `met` holds the columns that stand somewhere in it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.count = 0
        self.met: set[str] = set()
        self._columns = table.columns
        self._chunks: list[str] = []
        self._open: list[str] = []

    def add(self, cells: Mapping[str, str], line: int = 0, file: int = 0) -> None:
        """One row: what its cells hold by column, and where it begins."""
        get = cells.get
        values = [get(column, "") for column in self._columns]
        self._open.append(BETWEEN_CELLS.join((str(self.count), str(line), str(file), *values)))
        self.count += 1
        if len(self._open) >= _AT_ONCE:
            self._close()

    def chunks(self) -> list[str]:
        """Every row so far, in pieces of text."""
        self._close()
        return self._chunks

    def _close(self) -> None:
        if self._open:
            self._chunks.append(BETWEEN_ROWS.join(self._open))
            self._open = []


def together(values: Iterable[str]) -> str:
    """Several values of one cell as its text."""
    return BETWEEN_VALUES.join(values)


def harmless(text: str) -> str:
    """Text that did not come out of XML, without the separators."""
    return text.translate(_NOT_IN_XML)
