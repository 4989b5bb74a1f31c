"""The year of a return: the first of April to the thirty-first of March, and the working days around it."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from lineofsight.errors import PlainError

_LABEL = re.compile(r"(20\d\d)[-/](?:20)?(\d\d)")
MOST_WORKING_DAYS = 60


@dataclass(frozen=True, order=True)
class Year:
    """A year by the calendar year it ends in: 2026 is 2025-26."""

    ends: int

    @classmethod
    def holding(cls, day: date) -> "Year":
        """The year that a day falls in."""
        return cls(day.year + (day > date(day.year, 3, 31)))

    @property
    def label(self) -> str:
        """As people write it: 2025-26."""
        return f"{self.ends - 1:04}-{self.ends % 100:02}"

    @property
    def start(self) -> date:
        """The first of April."""
        return date(self.ends - 1, 4, 1)

    @property
    def end(self) -> date:
        """The reference date, the thirty-first of March."""
        return date(self.ends, 3, 31)


def year_of(label: str) -> Year:
    """A year as a person types it: 2025-26, 2025/26 or 2025-2026. Raises PlainError where it is none."""
    found = _LABEL.fullmatch(label.strip())
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise PlainError(f"'{label}' is not a year: write it as 2025-26.")
    return Year(int(found[1]) + 1)


@lru_cache(maxsize=1)
def held() -> tuple[date, date, frozenset[date]]:
    """From when to when bank holidays are held here, and which they are."""
    facts = tomllib.loads((Path(__file__).parent / "bank_holidays.toml").read_text("utf-8"))
    return facts["from"], facts["to"], frozenset(facts["days"])


def _is_working_day(day: date) -> bool:
    first, last, off = held()
    if first <= day <= last:
        return day.weekday() < 5 and day not in off
    from lineofsight.calendar import is_working_day

    return is_working_day(day)


def working_days_before(day: date, count: int) -> list[date]:
    """The `count` working days before a day, the nearest first."""
    found: list[date] = []
    while len(found) < count:
        day -= timedelta(days=1)
        if _is_working_day(day):
            found.append(day)
    return found
