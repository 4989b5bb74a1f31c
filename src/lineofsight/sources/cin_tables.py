"""The rows of one table of a census, gathered as they are met and typed at the end."""

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa

from lineofsight.schema import Conformed, Issue, conform_located
from lineofsight.sources import cin_layout as layout
from lineofsight.sources.cin_layout import Group
from lineofsight.sources.extract import SourceTable

RECOGNISED = "it is a children in need census, which has elements for this table"
IN_NO_CHILD = "the child it is about has no id, so it was not read"
_BATCH = 20_000


class Cell(NamedTuple):
    """What an element holds, and the line it starts on."""

    text: str
    line: int


Cells = dict[str, Cell]


class Rows:
    """The rows of one table: strings by column, and the line of each cell. Kept as Arrow, some thousands at a time."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.count = 0
        self._of_nobody = 0
        self._batches: list[pa.RecordBatch] = []
        self._open()

    def _open(self) -> None:
        self._text: dict[str, list[str]] = {column: [] for column in self.group.columns}
        self._line: dict[str, list[int]] = {column: [] for column in self.group.columns}
        self._rows: list[int] = []

    def add(self, line: int, given: Mapping[str, str | Cell], leaves: Cells) -> None:
        """One row that begins on `line`: `given` by column, `leaves` by element."""
        self._rows.append(line)
        for column in self.group.given:
            value = given.get(column, "")
            text, at = value if isinstance(value, Cell) else (value, line)
            self._text[column].append(text)
            self._line[column].append(at)
        for element, column in self.group.leaves.items():
            text, at = leaves.get(element) or ("", line)
            self._text[column].append(text)
            self._line[column].append(at)
        self.count += 1
        if len(self._rows) >= _BATCH:
            self._close()

    def pass_over(self, count: int) -> None:
        """Rows that stand in a child without an id: counted, and not read."""
        self.count += count
        self._of_nobody += count

    def _passed_over(self, done: Conformed) -> dict[str, int]:
        return {**done.passed_over, **({IN_NO_CHILD: self._of_nobody} if self._of_nobody else {})}

    def _close(self) -> None:
        columns = {"row": pa.array(self._rows, pa.int32())}
        for column, text in self._text.items():
            columns[f"text {column}"] = pa.array(text, pa.string())
            columns[f"line {column}"] = pa.array(self._line[column], pa.int32())
        self._batches.append(pa.RecordBatch.from_pydict(columns))
        self._open()

    def source(self, file: str, sha256: str, shown: Set[str]) -> tuple[SourceTable, list[Issue]]:
        """The typed table, and its issues with lines for rows and elements for columns.

        `shown` are the groups that stand somewhere in the return.
        """
        self._close()
        read = pa.Table.from_batches(self._batches)
        self._batches = []
        done = conform_located(
            self.group.table,
            pa.table({column: read[f"text {column}"] for column in self.group.columns}),
            file=file,
            rows=read["row"].combine_chunks(),
            cell_rows={column: read[f"line {column}"].combine_chunks() for column in self.group.columns},
        )
        table = SourceTable(
            name=self.group.table,
            table=done.table,
            columns_present=tuple(
                column for column in done.columns_present if layout.ONLY_WITH.get(column, "") in ("", *shown)
            ),
            file=file,
            sha256=sha256,
            rows_read=self.count - done.blank_rows,
            sentinels=done.sentinels,
            recognised=RECOGNISED,
            passed_over=self._passed_over(done),
        )
        elements = {column: element for element, column in self.group.leaves.items()}
        return table, [replace(issue, column=elements.get(issue.column or "", issue.column)) for issue in done.issues]
