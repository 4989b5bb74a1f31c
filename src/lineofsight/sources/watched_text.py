"""What no table written as text holds, found out while it goes by: NULs, endless lines, rows of nothing."""

import re
from typing import BinaryIO

from lineofsight.errors import PlainError
from lineofsight.sources.content import Watched

# A row of a case system's table is a few hundred characters; notes make it some thousands.
LONGEST_ROW = 4 * 1024**2
# A whole spreadsheet of empty rows, 1,048,576 of them, 38 columns wide, is still read.
MOST_EMPTY_CELLS = 40_000_000
# More than an authority of a million people has in its longest table.
MOST_LINES = 5_000_000

_LINE_END = re.compile(rb"[\r\n]")


class WatchedText(Watched):
    """A text file while it is read. Raises PlainError as soon as it holds what no table does.

    `quotes` counts its quotation marks, `hollow` the rows that stood where rows had next to nothing in them.
    """

    def __init__(self, stream: BinaryIO, name: str, *, width: int, wide: bool) -> None:
        super().__init__(stream)
        self.quotes = 0
        self.hollow = 0
        self._lines = 0
        self._name = name
        self._width = width
        self._bytes = 2 if wide else 1  # that a character takes, in UTF-16 or otherwise
        self._open_line = 0

    def met(self, data: bytes) -> None:
        if self._bytes == 1 and b"\0" in data:
            raise PlainError(f"{self._name} is not a text file: it holds NUL bytes. Export it again.")
        self.quotes += data.count(b'"')
        lines = data.count(b"\n") or data.count(b"\r")
        self._measure_line(data, lines)
        self._lines += lines
        if self._lines > MOST_LINES:
            raise PlainError(f"{self._name} has more than {MOST_LINES:,} lines, which no table of an authority has.")
        # Less than one character beside the separators and the line's end, on average.
        if len(data) < lines * (self._width + 1) * self._bytes:
            self.hollow += lines
            if self.hollow * self._width > MOST_EMPTY_CELLS:
                raise PlainError(f"{self._name} holds more than {self.hollow:,} rows with nothing in them.")

    def _measure_line(self, data: bytes, lines: int) -> None:
        """A line that does not end, before it is gathered into memory."""
        if not lines:
            self._open_line += len(data)
        else:
            first = _LINE_END.search(data)
            longest = self._open_line + (first.start() if first else 0)
            self._open_line = len(data) - max(data.rfind(b"\n"), data.rfind(b"\r")) - 1
            self._refuse(longest)
        self._refuse(self._open_line)

    def _refuse(self, length: int) -> None:
        if length > LONGEST_ROW * self._bytes:
            raise too_long(self._name)


def too_long(name: str) -> PlainError:
    """The refusal of a file with a row longer than any is."""
    return PlainError(f"{name} holds a line of more than {LONGEST_ROW:,} characters, which no row of a table has.")
