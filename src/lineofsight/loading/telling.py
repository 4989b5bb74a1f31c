"""What a load came to, in the words and counts that the command and the page share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.lake import Snapshot
from lineofsight.lake.publishing import WHOLE
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


@dataclass(frozen=True)
class Sorted:
    """The tables of a load: those to look at, those of which nothing is to be said, those copied forward."""

    look: tuple[TableChange, ...]
    rest: tuple[TableChange, ...]
    carried: tuple[TableChange, ...]


def sorted_out(changes: Sequence[TableChange], found: Mapping[str, Step]) -> Sorted:
    """The tables apart, what fell beyond policy first, then what fell.

    Of a part every table that it brought is one to look at; of a first load, being new is nothing to say.
    """
    carried = tuple(one for one in changes if one.how == "carried")
    part, first = any(one.table == WHOLE for one in carried), all(one.before is None for one in changes)
    brought = sorted((one for one in changes if one.how != "carried"), key=lambda one: (not one.beyond, not one.lost))
    look = tuple(one for one in brought if part or _needs_a_look(one, found.get(one.table), first=first))
    return Sorted(look, tuple(one for one in brought if one not in look), carried)


def _needs_a_look(change: TableChange, step: Step | None, *, first: bool) -> bool:
    """Whether anything but "every row is in, and no fewer than before" is to be said of a table."""
    whole = step is not None and step.adds_up and not step.not_kept and not step.nobody
    usual = change.how == "read" or (first and change.how == "new")
    return not whole or bool(change.lost or change.lost_dated) or not usual


def carried_sentence(carried: Sequence[TableChange]) -> str:
    """That tables were copied forward, and how old they are; blank where none was."""
    if not carried:
        return ""
    days = sorted({one.as_at for one in carried})
    old = f"{days[0]:%-d %B %Y}" + (f" to {days[-1]:%-d %B %Y}" if len(days) > 1 else "")
    return f"{_tables(len(carried))} {'was' if len(carried) == 1 else 'were'} copied forward as at {old}."


def rest_sentence(found: Sorted) -> str:
    """That nothing is to be said of the other tables; blank where there is none."""
    if not found.rest:
        return ""
    count = len(found.rest)
    which = "The other " + _tables(count).removeprefix("1 ") if found.look else _tables(count)
    return f"{which}: every row read is in the snapshot, and none has fewer rows than before."


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
