"""Which month the lines are of, and by which working day they are due."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from lineofsight import policy
from lineofsight.calendar import is_working_day
from lineofsight.web.access.house import home_in_use
from lineofsight.web.practice.queries.standing import Standing

DUE = "lines.due"


def month_of(stand: Standing) -> date:
    """The month whose lines are written now: that of the extract's date."""
    return stand.as_at.replace(day=1)


def due_on(month: date) -> date:
    """The day a month's lines are due: a working day, so many into the month after it (policy `lines.due`)."""
    day = month + relativedelta(months=1, day=1)
    left = int(policy.load(home_in_use()).number(DUE, day))
    while True:
        left -= is_working_day(day)
        if left <= 0:
            return day
        day += timedelta(days=1)
