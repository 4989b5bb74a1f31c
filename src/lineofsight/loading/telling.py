"""What a load came to, in the words and counts that the command and the page share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.lake import Snapshot
from lineofsight.loading.comparing import TableChange


@dataclass(frozen=True)
class Step:
    """The rows of one table from the file to the chronology; counts that add up (`lake.account`).

    `held` are the rows the snapshot has of it; `carried_as_at` is the day they are as at where they were copied
    forward; `undated` are those that stand in no child's chronology.
    """

    table: str
    title: str
    read: int
    passed_over: tuple[tuple[str, int], ...]
    kept: int
    nobody: int
    held: int
    carried_as_at: date | None
    dated: int

    @property
    def undated(self) -> int:
        return self.kept - self.dated

    @property
    def not_kept(self) -> int:
        return sum(count for _, count in self.passed_over)

    @property
    def adds_up(self) -> bool:
        """Whether each row of the file is in the snapshot, or was passed over for a reason that is told."""
        whole = self.read == self.kept + self.not_kept and self.undated >= 0
        return whole and (self.carried_as_at is not None or self.held == self.kept)


def steps(snapshot: Snapshot) -> tuple[Step, ...]:
    """Every table of the snapshot, in the schema's order; none for one made before accounts were kept."""
    told = snapshot.account.tables
    return tuple(
        Step(
            table=name,
            title=table.title,
            read=told[name].read,
            passed_over=tuple(told[name].passed_over.items()),
            kept=told[name].kept,
            nobody=told[name].nobody,
            held=snapshot.tables[name].rows,
            carried_as_at=snapshot.tables[name].as_at if told[name].carried else None,
            dated=told[name].dated,
        )
        for name, table in schema.tables().items()
        if name in told
    )


def account_sentence(found: Sequence[Step]) -> str:
    """Whether the counts add up, as one sentence: '12,345 rows were read: 12,300 are in, 45 were passed over.'"""
    if not found:
        return "This was loaded before counts were kept."
    read = sum(one.read for one in found)
    kept = sum(one.kept for one in found)
    over = sum(one.not_kept for one in found)
    carried = [one for one in found if one.carried_as_at]
    said = f"{_rows(read)} read: {kept:,} {'is' if kept == 1 else 'are'} in"
    said += f", {over:,} {'was' if over == 1 else 'were'} passed over, each for a reason told." if over else "."
    if carried:
        said += f" {_rows(sum(one.held for one in carried))} in {_tables(len(carried))} copied forward."
    if not all(one.adds_up for one in found):
        wrong = ", ".join(one.title for one in found if not one.adds_up)
        return f"The counts do not add up for {wrong}: do not rely on this load, and report it."
    return said + " Every row is accounted for."


def issues_sentence(found: pa.Table) -> str:
    """How many issues there are and how many are new: '12 cells or rows need a look, 3 of them new.'"""
    count = found.num_rows
    if not count:
        return "Nothing in the files needs a look."
    new = pc.sum(pc.cast(found["new"], pa.int64())).as_py() or 0
    what = "1 cell or row needs" if count == 1 else f"{count:,} cells or rows need"
    if new == count:
        return f"{what} a look."
    return f"{what} a look, {new:,} of them new since the load before."


def falls_sentence(fallen: Iterable[TableChange]) -> str:
    """What fell beyond policy, as one sentence; an empty one where nothing did."""
    told = [one.sentence().removesuffix(".") for one in fallen]
    return f"Fewer rows, or fewer that can be dated, than policy lets pass: {'; '.join(told)}." if told else ""


def _rows(count: int) -> str:
    return "1 row was" if count == 1 else f"{count:,} rows were"


def _tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count:,} tables"
