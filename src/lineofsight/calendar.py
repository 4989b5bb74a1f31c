"""England's working days: Monday to Friday, less the bank holidays of England (statutory clocks)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import holidays

if TYPE_CHECKING:  # a command that only counts days need not wait for it
    import pyarrow as pa

FIRST, LAST = date(1990, 1, 1), date(2045, 12, 31)


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England between FIRST and LAST, one-off ones included."""
    return frozenset(day for year in range(FIRST.year, LAST.year + 1) for day in _bank_holidays_of(year))


@lru_cache(maxsize=LAST.year - FIRST.year + 1)
def _bank_holidays_of(year: int) -> frozenset[date]:
    """Those of one year: a command that asks about a few days does not wait for every other year's."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Whether `day` is a working day in England."""
    if not FIRST <= day <= LAST:
        return day.weekday() < 5
    return day.weekday() < 5 and day not in _bank_holidays_of(day.year)


@lru_cache(maxsize=1)
def calendar_table() -> pa.Table:
    """One row a day: `day` (date), `is_working` (bool), `working_number` (int).

    `working_number` counts working days up to and including the day, so that the working days after `a`
    up to and including `b` are `b.working_number - a.working_number`.
    """
    import pyarrow as pa

    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    working = [is_working_day(day) for day in days]
    numbers, count = [], 0
    for flag in working:
        count += flag
        numbers.append(count)
    return pa.table(
        {"day": pa.array(days, pa.date32()), "is_working": working, "working_number": pa.array(numbers, pa.int32())}
    )
