"""Months and rolling years: which dates' rows a number of a date stands on."""

from collections.abc import Sequence
from datetime import date, timedelta

from lineofsight.measures.definitions import Definition

YEAR = 12


def year_to(days: Sequence[date], as_at: date) -> list[date]:
    """The twelve whole months up to `as_at`, oldest first; none where they are not all there.

    A month that is not over is in no year, as the values are counted (measures.values).
    """
    whole = [day for day in days if day <= as_at and (day + timedelta(days=1)).day == 1][-YEAR:]
    if len(whole) < YEAR:
        return []
    first, last = whole[0], whole[-1]
    return whole if (last.year - first.year) * 12 + last.month - first.month == YEAR - 1 else []


def behind(definition: Definition, days: Sequence[date], as_at: date) -> list[date]:
    """The dates whose rows make up the headline number of `as_at`."""
    return year_to(days, as_at) if definition.headline_window == "year" else [as_at]
