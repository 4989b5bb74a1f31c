"""Days as whole numbers since 1 January 1970, which is how Arrow keeps a date; and England's working days."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from lineofsight.calendar import calendar_table

EPOCH = date(1970, 1, 1)
YEAR = 365.25
SENTINEL = -25567  # 1900-01-01, which some case systems write for "no date"


def number(day: date) -> int:
    """The day as a number."""
    return (day - EPOCH).days


def as_date(day: int) -> date:
    """The number as a date."""
    return EPOCH + timedelta(days=day)


@lru_cache(maxsize=1)
def _working() -> list[int]:
    table = calendar_table()
    return [
        number(day) for day, flag in zip(table["day"].to_pylist(), table["is_working"].to_pylist(), strict=True) if flag
    ]


def working_after(day: int, count: int) -> int:
    """The `count`-th working day after `day` (with 0: the first working day on or after it)."""
    working = _working()
    at = bisect_left(working, day) if count == 0 else bisect_right(working, day) + count - 1
    return working[min(at, len(working) - 1)]


def working_back(day: int, count: int) -> int:
    """The `count`-th working day before the working day `day`."""
    working = _working()
    return working[max(bisect_left(working, day) - count, 0)]


def working_before(day: int) -> int:
    """The last working day on or before `day`."""
    working = _working()
    return working[max(bisect_right(working, day) - 1, 0)]


def working_from(day: int) -> tuple[list[int], int]:
    """All working days and the place in them of the first one on or after `day`, for stepping through many."""
    working = _working()
    return working, bisect_left(working, day)


@lru_cache(maxsize=100_000)
def months_after(day: int, months: int) -> int:
    """The same day of the month `months` later (or the month's last day where there is none)."""
    start = as_date(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return number(date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])))


def month_end(year: int, month: int) -> int:
    """The last day of a month; `month` may run below 1 or above 12."""
    year, month = divmod(year * 12 + month - 1, 12)
    return number(date(year, month + 1, monthrange(year, month + 1)[1]))
