"""What an extract would change: the rows of each table against the snapshot it follows, before it is published.

A fall beyond policy is more often a broken export than fewer children, so a person says yes to it first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lineofsight import schema
from lineofsight.lake import Lake, Snapshot
from lineofsight.lake.publishing import ALWAYS_CARRIED, WHOLE, is_whole
from lineofsight.policy import Policy
from lineofsight.sources import Extract

How = Literal["read", "new", "carried", "gone", "empty"]


@dataclass(frozen=True)
class TableChange:
    """One table against the snapshot before: its rows then (None: it was not there) and now (None: it is not).

    `how`: read from the extract; new in it; carried forward, as old as `as_at`; gone, for the extract has it not;
    empty where it had rows. `beyond` is true where the fall is more than policy lets pass without a person's yes.
    """

    table: str
    title: str
    how: How
    before: int | None
    now: int | None
    as_at: date
    beyond: bool

    @property
    def lost(self) -> int:
        """How many rows fewer there are; 0 where there are as many or more."""
        return max((self.before or 0) - (self.now or 0), 0)

    @property
    def percent(self) -> float | None:
        """The fall as a percentage of the rows before, None where there were none."""
        return round(100 * self.lost / self.before, 1) if self.before else None

    def sentence(self) -> str:
        """The change as a person says it."""
        if self.how == "gone":
            return f"{self.title}: {self.before:,} rows before, and the table is not in this extract."
        if self.how == "carried":
            return f"{self.title}: {self.now:,} rows, copied forward as at {self.as_at:%-d %B %Y}."
        if self.before is None:
            return f"{self.title}: {self.now:,} rows, and none before."
        fall = f", {self.percent:g}% fewer" if self.lost else ""
        return f"{self.title}: {self.now:,} rows, {self.before:,} before{fall}."


def compare(extract: Extract, before: Snapshot | None, policy: Policy) -> tuple[TableChange, ...]:
    """Every table of the extract and of the snapshot `before`, in the schema's order."""
    known = before.tables if before else {}
    carried = ALWAYS_CARRIED if is_whole(extract) else frozenset(known)
    changes = []
    for name, table in schema.tables().items():
        if name in extract.tables or name in known:
            changes.append(_change(name, table.title, extract, known, name in carried, policy))
    return tuple(changes)


def between(snapshot: Snapshot, before: Snapshot | None, policy: Policy) -> tuple[TableChange, ...]:
    """The same of a snapshot that was made, and waits or stands, against the one before."""
    known = before.tables if before else {}
    whole = not _carried_in(snapshot, WHOLE)
    changes = []
    for name, table in schema.tables().items():
        entry, old = snapshot.tables.get(name), known.get(name)
        if entry is None and old is None:
            continue
        was = old.rows if old else None
        if entry is None:
            changes.append(TableChange(name, table.title, "gone", was, None, snapshot.as_at, whole and bool(was)))
        elif _carried_in(snapshot, name):
            changes.append(TableChange(name, table.title, "carried", was, entry.rows, entry.as_at, False))
        else:
            changes.append(_counted(name, table.title, was, entry.rows, entry.as_at, policy))
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


def _change(
    name: str, title: str, extract: Extract, known: Mapping[str, object], carried: bool, policy: Policy
) -> TableChange:
    entry = known.get(name)
    before = getattr(entry, "rows", None)
    source = extract.tables.get(name)
    if source is None and carried:
        return TableChange(name, title, "carried", before, before, getattr(entry, "as_at", extract.as_at), False)
    if source is None:
        return TableChange(name, title, "gone", before, None, extract.as_at, bool(before))
    return _counted(name, title, before, source.table.num_rows, extract.as_at, policy)


def _counted(name: str, title: str, before: int | None, now: int, as_at: date, policy: Policy) -> TableChange:
    how: How = "new" if before is None else "empty" if before and not now else "read"
    return TableChange(name, title, how, before, now, as_at, _beyond(before or 0, now, as_at, policy))


def _beyond(before: int, now: int, on: date, policy: Policy) -> bool:
    """A table that is empty now fell beyond any policy; one that shrank did by percentage, small numbers apart."""
    if before and not now:
        return True
    lost = before - now
    return lost >= policy.number("load.fall_rows", on) and lost * 100 > before * policy.number("load.fall", on)
