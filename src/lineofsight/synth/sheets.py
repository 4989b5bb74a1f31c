"""Rows on their way to CSV files, each with the days between which the case system held it in that form.

A row is known from the day it was recorded. A row that is completed later (a plan that ends, a review that is held)
stands twice: as it was until the completion was recorded, and as it is from then on.
"""

import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from lineofsight import schema
from lineofsight.synth.period import Period

Row = Sequence[object]
FOREVER = (1 << 31) - 1
_BATCH = 50_000
# The tables that have a file in every extract, whether anybody has a row in it or not.
FILLED: Sequence[str] = tomllib.loads(resources.files(__package__).joinpath("filled.toml").read_text("utf-8"))["tables"]
_ARROW = {"text": pa.string(), "flag": pa.string(), "date": pa.int32(), "integer": pa.int64(), "real": pa.float64()}


class Sheet:
    """One table: rows in the order of its columns, dates as day numbers, nothing as None."""

    def __init__(self, name: str, period: Period) -> None:
        self.name = name
        self._table = schema.tables()[name]
        self._first, self._last = period.first, period.last
        self._rows: list[Row] = []
        self._known: list[int] = []
        self._until: list[int] = []
        self._batches: list[pa.RecordBatch] = []

    def add(self, known: int, row: Row, until: int = FOREVER) -> None:
        """A row recorded on the day `known` and replaced on the day `until`."""
        if known <= self._last and until > self._first and known < until:
            self._rows.append(row)
            self._known.append(known)
            self._until.append(until)
            if len(self._rows) >= _BATCH:
                self._flush()

    def closing(self, known: int, closed_known: int | None, opened: Row, closed: Row) -> None:
        """A row recorded on `known` as `opened`, which became `closed` on `closed_known` (None: not yet)."""
        if closed_known is None or closed_known > self._last:
            self.add(known, opened)
        elif closed_known <= max(known, self._first):
            self.add(known, closed)
        else:
            self.add(known, opened, closed_known)
            self.add(closed_known, closed)

    def stages(self, rows: Sequence[tuple[int, Row]]) -> None:
        """A row in the forms it had one after another, each with the day from which it was recorded so."""
        until = FOREVER
        for known, row in reversed(rows):
            if known < until:
                self.add(known, row, until)
                until = known

    def _schema(self) -> pa.Schema:
        kinds = {**_ARROW, "date": pa.date32()}
        told = [(column.name, kinds[column.kind]) for column in self._table.columns]
        return pa.schema([("known", pa.int32()), ("until", pa.int32()), *told])

    def _flush(self) -> None:
        if not self._rows:
            return
        arrays = [pa.array(self._known, pa.int32()), pa.array(self._until, pa.int32())]
        for column, values in zip(self._table.columns, zip(*self._rows, strict=True), strict=True):
            array = pa.array(values, _ARROW[column.kind])
            arrays.append(array.cast(pa.date32()) if column.kind == "date" else array)
        self._batches.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema()))
        self._rows, self._known, self._until = [], [], []

    def as_known_on(self, day: int) -> pa.Table:
        """The rows as the case system held them at the end of a day."""
        self._flush()
        table = pa.Table.from_batches(self._batches, self._schema())
        held = pc.and_(pc.less_equal(table["known"], day), pc.greater(table["until"], day))
        return table.filter(held).drop_columns(["known", "until"])


class Book:
    """All sheets of one authority."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._sheets: dict[str, Sheet] = {}

    def __getitem__(self, name: str) -> Sheet:
        """The sheet of that table, made when first asked for. Raises KeyError for a table that is not FILLED."""
        if name not in FILLED:
            raise KeyError(name)
        if name not in self._sheets:
            self._sheets[name] = Sheet(name, self._period)
        return self._sheets[name]

    def write(self, folder: Path, day: int) -> None:
        """One CSV file a table as known on `day`; a table without a row has its header, as a case system writes it."""
        folder.mkdir(parents=True, exist_ok=True)
        options = pa_csv.WriteOptions(quoting_style="needed")
        for name in FILLED:
            pa_csv.write_csv(self[name].as_known_on(day), folder / f"{name}.csv", options)
