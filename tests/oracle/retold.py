"""Lives told again, so that one day lies at the edge of a month measured and two lie a timescale apart, to the day.

Every measure has its turns: a row of a table it reads is drawn, with all that its tables tell of that child or worker.
That life is told once more, of somebody new, and moved as a whole, so that a date of the row falls where a timescale
of the measure begins or ends. Another date of the same life is then set to lie a timescale from it, or on that day.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.oracle.owners import LINKED, Owned, Rows, dates_of, ends, is_id
from tests.oracle.world import first_of_month, later

from lineofsight import policy, schema
from lineofsight.calendar import FIRST
from lineofsight.measures import definitions

Length = tuple[int, str]
Place = tuple[str, str]  # a table and a date of it
AGES = (4, 5, 16, 18, 19, 21, 22, 25)
A_YEAR = (12, "months")
KNOWN = 24  # months after the extract of which it may tell: a clock that begins later would end beyond the calendar
BORN = "pers_dob"
PEOPLE = {"child": "ssd_person", "worker": "ssd_professionals"}


@cache
def lengths(table: str) -> tuple[Length, ...]:
    """The timescales of the measures that read a table; of persons, ages too."""
    keys = {key for one in definitions.load().values() if table in one.needs for key in one.timescales}
    return tuple(sorted({(0, "days"), *_timescales(keys), *(_ages() if table == "ssd_person" else ())}))


def _timescales(keys: set[str]) -> set[Length]:
    return {(int(rule.number), rule.unit) for rule in policy.load().rules if rule.key in keys and rule.timescale}


def _ages() -> set[Length]:
    return {(12 * years, "months") for years in AGES}


@cache
def turns() -> tuple[tuple[str, tuple[Length, ...], tuple[Place, ...]], ...]:
    """Each measure, with its timescales and a year, and the dates that it reads."""
    found = []
    for one in definitions.load().values():
        dates = tuple((table, name) for table, names in one.needs.items() for name in names if name in dates_of(table))
        if dates:
            found.append((one.id, tuple(sorted({*_timescales(set(one.timescales)), A_YEAR})), dates))
    return tuple(found)


@cache
def beginnings(table: str) -> tuple[tuple[str, Length], ...]:
    """Each date of a table that some measure reads, with each timescale of the measures that read the table."""
    names = dict.fromkeys(name for _, _, dates in turns() for one, name in dates if one == table)
    return tuple((name, length) for name in names for length in lengths(table))


def not_beyond(as_at: date, day: date) -> date:
    """The day, or the last of which an extract may tell."""
    return min(day, later(as_at, KNOWN, "months"))


@dataclass(frozen=True)
class Retelling:
    """Tells lives of one data set again. `days` are those on which it will be measured."""

    as_at: date
    days: tuple[date, ...]
    chance: random.Random
    owned: Owned

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def tell(self, times: int, tables: dict[str, Rows]) -> None:
        """So many lives for each measure, into `tables`."""
        for measure, lasting, dates in turns():
            for number in range(times):
                for table, rows in self.once(f"!{measure}.{number}", lasting, dates).items():
                    tables[table] += rows

    def once(self, mark: str, lasting: Sequence[Length], dates: Sequence[Place]) -> Mapping[str, Rows]:
        """One life, told again; none where what was drawn is nobody's."""
        table, name = self.chance.choice(dates)
        rows = [row for row in self.owned.own.get(table, []) if row[name] and row[name] > FIRST]
        row = self.chance.choice(rows) if rows else {}
        owner = self.owned.owner(table, row) if row else None
        if owner is None:
            return {}
        life, told = self._copied(owner, {*(one for one, _ in dates), PEOPLE[owner[0]], *LINKED}, mark, row)
        day = self.edge([*lasting, *_ages()] if name == BORN else lasting)
        if name != BORN or self.often(0.3):
            self._move(life, day - row[name])
        told[name] = day
        if self.often(0.4):  # nothing more has happened yet
            told |= {one: None for one in dates_of(table) if told[one] and told[one] > day}
        if self.often(0.8):
            self._apart(life, (table, name), told, lasting, [one for one in dates if one[0] in life])
        return life

    def edge(self, lasting: Sequence[Length]) -> date:
        """A day on which one of some timescales begins as seen from a day measured, that day, or one of its month."""
        day, kind = self.chance.choice((self.as_at, *self.days)), self.chance.randrange(5)
        if kind < 2:
            number, unit = self.chance.choice(lasting)
            day = later(day, -number, unit)
        elif kind == 2:
            day = first_of_month(day)
        elif kind == 3:
            return day - timedelta(days=self.chance.randrange(28))
        return day + self.beside()

    def beside(self) -> timedelta:
        return timedelta(days=self.chance.choice((-1, 0, 0, 0, 1)))

    def _copied(
        self, owner: tuple[str, str], wanted: set[str], mark: str, row: Mapping[str, Any]
    ) -> tuple[dict[str, Rows], dict[str, Any]]:
        """The owner's rows of some tables as somebody else's, and which of them was made of `row`."""
        life: dict[str, Rows] = {}
        told: dict[str, Any] = {}
        for table, rows in self.owned.of[owner].items():
            if table not in wanted:
                continue
            marked = [one for one in schema.tables()[table].columns if is_id(table, one.name)]
            key = schema.tables()[table].key
            for one in rows:
                new = dict(one)
                for column in marked:
                    word, name = one[column.name], column.name
                    free = (
                        owner[0] == "child" and column.refers is None and name != schema.tables()[table].person_column
                    )
                    if word and (word == owner[1] or name in key or free):
                        new[name] = f"{word}{mark}"
                life.setdefault(table, []).append(new)
                told = new if one is row else told
        return life, told

    def _move(self, life: dict[str, Rows], by: timedelta) -> None:
        """Every date so much later or earlier. What would be after the extract is not known yet, most often."""
        known = self.often(0.8)
        for table, rows in life.items():
            unforeseen = {one for one in dates_of(table) if ends(one) or not schema.tables()[table].column(one).later}
            for row in rows:
                moved = self._moved(table, row, by)
                row |= {
                    name: None if known and name in unforeseen and day > self.as_at else day
                    for name, day in moved.items()
                }

    def _moved(self, table: str, row: Mapping[str, Any], by: timedelta) -> dict[str, date]:
        """The dates of a row so much later or earlier; a date that only holds the place of one stays."""
        return {
            name: not_beyond(self.as_at, row[name] + by)
            for name in dates_of(table)
            if row[name] and row[name] > FIRST and row[name] + by > FIRST
        }

    def _apart(
        self,
        life: dict[str, Rows],
        drawn: Place,
        told: dict[str, Any],
        lasting: Sequence[Length],
        dates: Sequence[Place],
    ) -> None:
        """Another date of the life is set to lie a timescale from the date drawn, or none, or on the very day."""
        table, name = self.chance.choice(dates)
        row = told if table == drawn[0] and self.often(0.5) else self.chance.choice(life[table])
        if (row is told and name == drawn[1]) or self.often(0.3):  # another row of the kind
            row = {**row, **{key: f"{row[key]}&" for key in schema.tables()[table].key}}
            life[table].append(row)
        number, unit = (0, "days") if self.often(0.4) else self.chance.choice(lasting)
        day = not_beyond(self.as_at, later(told[drawn[1]], number * self.chance.choice((1, -1)), unit) + self.beside())
        if row[name] and row[name] > FIRST and row is not told and self.often(0.5):
            row |= self._moved(table, row, day - row[name])
        elif ends(name) and self.often(0.7):  # what has ended on a day began before it
            began = day - timedelta(days=self.chance.randrange(1, 400))
            row |= {one: began for one in dates_of(table) if row[one] and row[one] > day}
        row[name] = day
