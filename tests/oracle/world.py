"""One extract as plain rows, and the arithmetic of days, for the measures that are worked out a second time."""

import calendar
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any, NamedTuple

from lineofsight.calendar import FIRST, LAST, bank_holidays
from lineofsight.policy import Policy, RoleMap

OPEN = date(9999, 12, 31)
Record = Mapping[str, Any]


class NotMeasured(Exception):
    """The definition needs what this world does not hold. Its words say what."""


class Row(NamedTuple):
    """One row that counts: whose it is, whether it is met (None: not known), of which event where there is one.

    `value` (and `weight`, of a ratio) only where the measure's figure is made of values.
    """

    person_id: str | None
    met: bool | None
    event_id: str | None = None
    value: float | None = None
    weight: float | None = None


@dataclass(frozen=True)
class World:
    """The typed tables of one extract; `columns` are those it truly had; `months` oldest first, `as_at` the last."""

    as_at: date
    months: tuple[date, ...]
    tables: Mapping[str, list[Record]]
    columns: Mapping[str, frozenset[str]]
    rules: Policy
    role_map: RoleMap
    population: Mapping[date, int]
    _indexes: dict[tuple[str, str], dict[Any, list[Record]]] = field(default_factory=dict, repr=False)
    kept: dict[Any, Any] = field(default_factory=dict, repr=False)  # whatever a measure wants to work out once

    def rows(self, table: str) -> list[Record]:
        """Every row of a table, none where the extract has no such table."""
        return self.tables.get(table, [])

    def by(self, table: str, column: str) -> Mapping[Any, list[Record]]:
        """The rows of a table by what stands in a column; asked for a value that is not there, it gives no rows."""
        if (table, column) not in self._indexes:
            found: dict[Any, list[Record]] = defaultdict(list)
            for row in self.rows(table):
                found[row[column]].append(row)
            self._indexes[table, column] = _Index(found)
        return self._indexes[table, column]

    def present(self, table: str, column: str | None = None) -> bool:
        """Whether the extract has the table, and the column in it."""
        return table in self.tables and (column is None or column in self.columns[table])

    def rule(self, key: str, day: date) -> tuple[float, str]:
        """The number and unit of a rule of the policy as it holds on a day; before there was one, as it holds now."""
        began = min(one.valid_from for one in self.rules.rules if one.key == key)
        found = self.rules.rule(key, max(day, began))
        return found.number, found.unit

    def number(self, key: str, day: date) -> float:
        return self.rule(key, day)[0]

    def after(self, day: date, key: str, on: date | None = None) -> date:
        """The last day on which something due so long after `day` is in time, by the rule that holds then (or `on`)."""
        number, unit = self.rule(key, on or day)
        return later(day, int(number), unit)

    def before(self, day: date, key: str) -> date:
        """The day that lies so long before `day`, by the rule of `key`."""
        number, unit = self.rule(key, day)
        return later(day, -int(number), unit)

    def role(self, word: str | None) -> str | None:
        """What a role word means, None where nobody has said."""
        return self.role_map.kind(word)

    @cached_property
    def people(self) -> Mapping[str, Record]:
        return {row["pers_person_id"]: row for row in self.rows("ssd_person")}

    def person(self, person_id: str | None) -> Record:
        """The person's row; a blank one for somebody who has none."""
        return self.people.get(person_id or "", _NOBODY)

    def dead(self, person_id: str | None, day: date) -> bool:
        """Whether the person had died by the end of the day."""
        died = self.person(person_id)["pers_death_date"]
        return died is not None and died <= day

    def adult(self, person_id: str | None, day: date) -> bool:
        """Whether the eighteenth birthday has come."""
        born = self.person(person_id)["pers_dob"]
        return born is not None and birthday(born, 18) <= day


class _Index(dict[Any, list[Record]]):
    """Rows by a value; no rows for any other."""

    def __missing__(self, key: Any) -> list[Record]:
        return []


_NOBODY = {"pers_person_id": None, "pers_dob": None, "pers_expected_dob": None, "pers_death_date": None}


@cache
def working_days() -> list[date]:
    """Every working day there is, in order: Monday to Friday, less the bank holidays of England."""
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in bank_holidays()]


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in bank_holidays()


def working_between(first: date, last: date) -> int:
    """How many working days come after `first`, up to and including `last`; fewer than none where `last` is earlier."""
    return bisect_right(working_days(), last) - bisect_right(working_days(), first)


def add_working(day: date, number: int) -> date:
    """The working day that is `number` working days after `day`, or before it; none after is the day itself."""
    if number == 0:
        return day
    days = working_days()
    return days[bisect_right(days, day) + number - 1] if number > 0 else days[bisect_left(days, day) + number]


def add_months(day: date, number: int) -> date:
    """The same day of the month so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def later(day: date, number: int, unit: str) -> date:
    """`number` of a unit of the policy after a day."""
    if unit == "working days":
        return add_working(day, number)
    if unit == "months":
        return add_months(day, number)
    return day + timedelta(days=number * {"days": 1, "weeks": 7}[unit])


def birthday(born: date, years: int) -> date:
    """The day on which somebody reaches an age: whoever was born on a leap day does on 1 March of another year."""
    day = add_months(born, 12 * years)
    return day if day.day == born.day else day + timedelta(days=1)


def age(born: date, day: date) -> int:
    """Whole years on a day, by the birthdays that have come."""
    years = day.year - born.year
    return years if birthday(born, years) <= day else years - 1


def compared(months: Sequence[date]) -> tuple[date, ...]:
    """The months of which the comparison is made: the newest, one in the middle, and the first."""
    return tuple(dict.fromkeys((months[-1], months[len(months) // 2], months[0])))


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def in_month(day: date | None, as_at: date) -> bool:
    """Whether a day falls in the month that `as_at` stands for, and not after `as_at`."""
    return day is not None and first_of_month(as_at) <= day <= as_at


def is_open(start: date | None, end: date | None, day: date) -> bool:
    """Whether something is open at the end of a day: begun by then, not ended by then. Without a start it is not."""
    return start is not None and start <= day < (end or OPEN)


def earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def same_word(given: str | None, *words: str) -> bool:
    """Whether a code or word is one of these, whatever its case."""
    return given is not None and given.strip().upper() in {word.upper() for word in words}


def unique(rows: Sequence[Record], *columns: str) -> list[tuple[Any, ...]]:
    """What stands in some columns, once each, in the order first met."""
    return list(dict.fromkeys(tuple(row[column] for column in columns) for row in rows))
