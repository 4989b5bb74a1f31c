"""A table as it stands in a file, as text: what a reader of delimited text or of a workbook's sheet gives."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pyarrow as pa

from lineofsight.schema import Issue
from lineofsight.schema.conforming import MOST_ISSUES_OF_A_KIND

_BATCH = 20_000
_BATCH_CHARACTERS = 4_000_000


@dataclass(frozen=True)
class Ragged:
    """A row with more or fewer cells than the header, which was not read."""

    row: int
    cells: int


@dataclass(frozen=True)
class Raw:
    """A file or sheet read: strings under the header as written, where each row stands, and the rows not read.

    `ragged` are the first of those; `not_read` is how many they are in all. `told` is what else was found while
    it was read.
    """

    table: pa.Table
    rows: pa.Array
    sha256: str
    encoding: str
    ragged: list[Ragged] = field(default_factory=list)
    not_read: int = 0
    told: list[Issue] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """A file, or a sheet of a workbook, that was recognised: its heading row as written, its table, how to read it.

    `encoding` is what it was taken to be written in. `read` is called once.
    """

    file: str
    sheet: str | None
    header: tuple[str, ...]
    table: str
    encoding: str
    read: Callable[[], Raw]

    @property
    def told_as(self) -> str:
        """What a person calls it."""
        return self.file if self.sheet is None else f"{self.file}, sheet {self.sheet}"


class Columns:
    """Rows gathered into Arrow columns, some thousands at a time. A row of another width is passed over."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._pending: list[list[str]] = []
        self._characters = 0
        self._numbers: list[int] = []
        self._batches: list[list[pa.Array]] = []
        self.kept = 0
        self.not_read = 0
        self.ragged: list[Ragged] = []

    def add(self, row: int, cells: list[str], characters: int) -> None:
        if len(cells) != self._width:
            self._pass_over(row, cells)
            return
        self.kept += 1
        self._pending.append(cells)
        self._numbers.append(row)
        self._characters += characters
        if len(self._pending) >= _BATCH or self._characters > _BATCH_CHARACTERS:
            self._close()

    def _pass_over(self, row: int, cells: list[str]) -> None:
        if any(cell.strip() for cell in cells):
            self.not_read += 1
            if len(self.ragged) < MOST_ISSUES_OF_A_KIND:
                self.ragged.append(Ragged(row, len(cells)))

    def _close(self) -> None:
        if self._pending:
            batch = [pa.array(column, pa.string()) for column in zip(*self._pending, strict=True)]
            self._batches.append([*batch, pa.array(self._numbers, pa.int64())])
            self._pending, self._numbers, self._characters = [], [], 0

    def table(self, header: tuple[str, ...]) -> tuple[pa.Table, pa.Array]:
        self._close()
        kinds = [*([pa.string()] * self._width), pa.int64()]
        joined = [pa.chunked_array([batch[place] for batch in self._batches], kind) for place, kind in enumerate(kinds)]
        numbers = pa.concat_arrays(joined[-1].chunks) if joined[-1].num_chunks else pa.array([], pa.int64())
        return pa.Table.from_arrays(joined[:-1], names=list(header)), numbers
