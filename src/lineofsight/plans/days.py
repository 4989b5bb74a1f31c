"""A day as people write it in a plan: "28/9/2012", "1st November", "end of October 2012", "w/c 20 August 2012".

Day first, always. What could be two days, or none, is no day: nothing is guessed.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?P<year>(?:19|20)\d\d|[’'‘]\d\d)"
_WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_WEEKDAYS |= {name[:3]: number for name, number in _WEEKDAYS.items()} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(sorted(_WEEKDAYS, key=len, reverse=True))}),?\s+)?"
_WEEK = (
    r"(?:the\s+)?(?:w/?[ceb]|w\.[ceb]\.?|week\s+(?:commencing|beginning|starting|ending)|week\s+of)"
    r"[:\s]\s*(?:on\s+)?(?:the\s+)?"
)
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(shape))
    for kind, shape in (
        ("day", r"(?P<year>(?:19|20)\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[t ]\d\d:\d\d(?::\d\d(?:\.0+)?)?)?"),
        (
            "day",
            rf"{_WEEKDAY}(?P<day>\d{{1,2}})\s?(?P<sign>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=sign)\s?(?P<year>(?:19|20)?\d\d)",
        ),
        ("day", rf"{_WEEKDAY}(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})"),
        ("day", rf"{_WEEKDAY}(?:the\s+)?{_DAY}[\s-]*(?:of\s+)?{_MONTH}(?:[\s,-]*(?P<year>(?:19|20)\d\d|[’'‘]?\d\d))?"),
        ("day", rf"{_WEEKDAY}{_MONTH}\s+{_DAY}(?:,\s*|\s+)(?P<year>(?:19|20)\d\d)"),
        ("end", rf"(?:the\s+)?end\s+(?:of\s+)?{_MONTH}(?:[\s,-]*{_YEAR})?"),
        ("start", rf"(?:the\s+)?(?:start|beginning)\s+(?:of\s+)?{_MONTH}(?:[\s,-]*{_YEAR})?"),
        ("month", rf"{_MONTH}(?:[\s,-]*{_YEAR})?"),
        ("year end", r"(?:the\s+)?end\s+(?:of\s+)?(?P<year>(?:19|20)\d\d)"),
    )
)
_WEEK_OF = re.compile(rf"{_WEEK}(?P<rest>.+)")
_LONGEST = 60

Said = Literal["day", "month"]


@dataclass(frozen=True)
class Named:
    """A day that words name; `said` is "month" where they name a month only, whose last day it is."""

    on: date
    said: Said


def named_day(words: str, after: date | None = None) -> Named | None:
    """The day these words are, nothing else; None where they are none or leave it open.

    A day without a year is the next such day from `after` on, and none without `after`.
    """
    text = re.sub(r"\s+", " ", words).strip(" .,;:").lower()
    if len(text) > _LONGEST:
        return None
    week = _WEEK_OF.fullmatch(text)
    for kind, shape in _SHAPES:
        found = shape.fullmatch(week["rest"] if week else text)
        if found:
            return None if week and kind != "day" else _named(kind, found.groupdict(), after)
    return None


def day_within(words: str) -> Named | None:
    """The day that words name somewhere in them, year and all, as a heading does: the longest writing of one."""
    pieces = words.split()
    if len(pieces) > 30:
        return None
    for length in range(min(len(pieces), 8), 0, -1):
        for start in range(len(pieces) - length + 1):
            found = named_day(" ".join(pieces[start : start + length]).strip("()[]"))
            if found:
                return found
    return None


def _named(kind: str, said: dict[str, str | None], after: date | None) -> Named | None:
    year = _year(said.get("year"))
    if kind == "year end":
        return Named(date(year, 12, 31), "day") if year else None
    month = _month(said["month"] or "")
    if not 1 <= month <= 12:
        return None
    if kind == "day":
        day = int(said["day"] or 0)
        on = _next(lambda year: _date(year, month, day), year, after)
        weekday = said.get("weekday")
        return None if on is None or (weekday and on.weekday() != _WEEKDAYS[weekday]) else Named(on, "day")
    if kind == "start":
        on = _next(lambda year: _date(year, month, 1), year, after)
    else:
        on = _next(lambda year: _date(year, month, calendar.monthrange(year, month)[1]), year, after)
    return None if on is None else Named(on, "month" if kind == "month" else "day")


def _month(said: str) -> int:
    return int(said) if said.isdecimal() else MONTHS[said]


def _year(said: str | None) -> int | None:
    if not said:
        return None
    digits = int(said.strip("’'‘"))
    return digits if digits >= 100 else 2000 + digits


def _next(in_year: Callable[[int], date | None], year: int | None, after: date | None) -> date | None:
    """The day in that year or, without one, the first such day from `after` on: a leap day may be years away."""
    if year is not None:
        return in_year(year)
    if after is None:
        return None
    days = (in_year(later) for later in range(after.year, min(after.year + 9, 9999)))
    return next((day for day in days if day is not None and day >= after), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
