"""What a load would change: the rows of each table against the snapshot it follows, before it is published.

A fall beyond policy is more often a broken export than fewer children, so a person says yes to it first. A table whose
rows are there and whose days are not is as good as gone, so a fall of the rows in a chronology counts like one in rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lineofsight import schema
from lineofsight.lake import Lake, Snapshot
from lineofsight.lake.publishing import WHOLE
from lineofsight.policy import Policy

How = Literal["read", "new", "carried", "gone", "empty"]


@dataclass(frozen=True)
class TableChange:
    """One table against the snapshot before: its rows then (None: it was not there) and now (None: it is not).

    `how`: read from the extract; new in it; carried forward, as old as `as_at`; gone, for the extract has it not;
    empty where it had rows. `beyond` is true where the fall is more than policy lets pass without a person's yes.
    `dated_before` and `dated_now` are the rows in some child's chronology, where there were any and the rows were read.
    """

    table: str
    title: str
    how: How
    before: int | None
    now: int | None
    as_at: date
    beyond: bool
    dated_before: int | None = None
    dated_now: int | None = None

    @property
    def lost(self) -> int:
        """How many rows fewer there are; 0 where there are as many or more."""
        return max((self.before or 0) - (self.now or 0), 0)

    @property
    def lost_dated(self) -> int:
        """How many fewer can be dated; 0 where there are as many or more, or where it is told by the rows lost."""
        if self.dated_now is None or not self.before:
            return 0
        fewer = max((self.dated_before or 0) - self.dated_now, 0)
        smaller_share = self.dated_now * self.before < (self.dated_before or 0) * (self.now or 0)
        return fewer if fewer > self.lost or (self.beyond and smaller_share) else 0

    @property
    def percent(self) -> float | None:
        """The fall as a percentage of the rows before, None where there were none."""
        return round(100 * self.lost / self.before, 1) if self.before else None

    def sentence(self) -> str:
        """The change as a person says it."""
        if self.how == "gone" and not self.beyond and self.before:
            return (
                f"{self.title}: {self.before:,} rows were loaded by themselves since the last whole extract. The table "
                "is not in this one, so the new snapshot is without it."
            )
        if self.how == "gone":
            return f"{self.title}: {self.before:,} rows before, and the table is not in this extract."
        if self.how == "carried":
            return f"{self.title}: {self.now:,} rows, copied forward as at {self.as_at:%-d %B %Y}."
        if self.before is None:
            return f"{self.title}: {self.now:,} rows, and none before."
        fall = f", {self.before:,} before, {self.percent:g}% fewer" if self.lost else ""
        if self.lost_dated:
            return f"{self.title}: {self.now:,} rows{fall}, {self.dated_words()}."
        return f"{self.title}: {self.now:,} rows{fall or f', {self.before:,} before'}."

    def dated_words(self) -> str:
        """The fall of what can be dated: "but 0 of them can be dated, 358 before"; blank where there is none."""
        return f"but {self.dated_now:,} of them can be dated, {self.dated_before:,} before" if self.lost_dated else ""


def between(lake: Lake, snapshot: Snapshot, before: Snapshot | None, policy: Policy) -> tuple[TableChange, ...]:
    """Every table of `snapshot`, and of the one before it, in the schema's order."""
    known = before.tables if before else {}
    trail = {one.id: one for one in lake.snapshots(withdrawn=True)}
    whole = not _carried_in(snapshot, WHOLE)
    changes = []
    for name, table in schema.tables().items():
        entry, old = snapshot.tables.get(name), known.get(name)
        if entry is None and old is None:
            continue
        was = old.rows if old else None
        if entry is None:
            asks = whole and bool(was) and _in_whole_extract(trail, before, name)
            changes.append(TableChange(name, table.title, "gone", was, None, snapshot.as_at, asks))
        elif _carried_in(snapshot, name):
            changes.append(TableChange(name, table.title, "carried", was, entry.rows, entry.as_at, False))
        else:
            dated = _dated(snapshot, name), _dated(_brought_by(trail, before, name), name)
            changes.append(_counted(name, table.title, (was, entry.rows), dated, entry.as_at, policy))
    return tuple(changes)


def compared_with(lake: Lake, snapshot: Snapshot) -> Snapshot | None:
    """The snapshot that one was compared with when it was loaded: the newest then standing that was not later."""
    whole = not _carried_in(snapshot, WHOLE)
    standing = [
        one
        for one in lake.snapshots(withdrawn=True)
        if one.loaded_at < snapshot.loaded_at
        and (not whole or one.as_at <= snapshot.as_at)
        and ((mark := lake.withdrawn(one)) is None or mark.at > snapshot.loaded_at)
    ]
    return max(standing, key=lambda one: (one.as_at, one.loaded_at, one.id), default=None)


def _carried_in(snapshot: Snapshot, table: str) -> bool:
    """Whether a table was copied forward. A snapshot made before accounts were kept tells it by the table's day."""
    rows = snapshot.account.tables.get(table)
    entry = snapshot.tables.get(table)
    return rows.carried if rows else entry is not None and entry.as_at < snapshot.as_at


def falls(changes: tuple[TableChange, ...]) -> tuple[TableChange, ...]:
    """Those of the changes that a person must say yes to."""
    return tuple(one for one in changes if one.beyond)


def _brought_by(trail: Mapping[str, Snapshot], snapshot: Snapshot | None, table: str) -> Snapshot | None:
    """The snapshot with which a table of `snapshot` came, copied forward or not; None where that is not known."""
    while snapshot is not None and _carried_in(snapshot, table):
        snapshot = trail.get(snapshot.predecessor or "")
    return snapshot


def _in_whole_extract(trail: Mapping[str, Snapshot], before: Snapshot | None, table: str) -> bool:
    """Whether the last whole extract brought a table: one that came by itself since is not missed in the next."""
    last = _brought_by(trail, before, WHOLE)
    return last is None or (table in last.tables and not _carried_in(last, table))


def _dated(snapshot: Snapshot | None, table: str) -> int | None:
    """The rows of a table in some child's chronology; None where that was not counted."""
    rows = snapshot.account.tables.get(table) if snapshot else None
    return rows.dated if rows else None


def _counted(
    name: str,
    title: str,
    rows: tuple[int | None, int],
    dated: tuple[int | None, int | None],
    as_at: date,
    policy: Policy,
) -> TableChange:
    """A table that was read: `rows` before and now, and `dated` now and before."""
    before, now = rows
    dated_now, dated_before = dated
    how: How = "new" if before is None else "empty" if before and not now else "read"
    beyond = _beyond(before or 0, now, as_at, policy)
    if how != "read" or not dated_before or dated_now is None:
        return TableChange(name, title, how, before, now, as_at, beyond)
    beyond = beyond or _beyond(dated_before, dated_now, as_at, policy)
    return TableChange(name, title, how, before, now, as_at, beyond, dated_before, dated_now)


def _beyond(before: int, now: int, on: date, policy: Policy) -> bool:
    """A table that is empty now fell beyond any policy; one that shrank did by percentage, small numbers apart."""
    if before and not now:
        return True
    lost = before - now
    return lost >= policy.number("load.fall_rows", on) and lost * 100 > before * policy.number("load.fall", on)
