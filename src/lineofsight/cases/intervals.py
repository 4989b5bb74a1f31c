"""When something falls due: a timescale of the policy counted from a day, for one date at a time."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from lineofsight.calendar import is_working_day
from lineofsight.policy.rules import Rule


def due_on(rule: Rule, start: date) -> date:
    """The last day of the rule's time counted from `start`: a working day where its unit is working days.

    Raises ValueError for a rule that is no length of time.
    """
    number = int(rule.number)
    if rule.unit == "working days":
        return working_days_after(start, number)
    lengths = {
        "days": relativedelta(days=number),
        "weeks": relativedelta(weeks=number),
        "months": relativedelta(months=number),
    }
    if rule.unit not in lengths:
        raise ValueError(f"{rule.key} is no length of time")
    due: date = start + lengths[rule.unit]
    return due


def working_days_after(start: date, number: int) -> date:
    """The `number`-th working day after `start`; `start` itself for none."""
    day, left = start, number
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day
