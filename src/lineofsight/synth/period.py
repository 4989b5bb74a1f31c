"""The stretch of time that is simulated, and the dates at which an extract is taken."""

from dataclasses import dataclass
from datetime import date, timedelta

from lineofsight.synth.days import as_date, month_end, number


@dataclass(frozen=True)
class Period:
    """`taken`: the as-at day of each extract, oldest first. `start`: first day of the history in the oldest one.

    `trouble`: the day on which one area begins to lose its workers.
    """

    taken: tuple[int, ...]
    start: int
    trouble: int

    @property
    def first(self) -> int:
        """The as-at day of the oldest extract."""
        return self.taken[0]

    @property
    def younger(self) -> int:
        """The day from which the younger of our side tables are kept: decisions, invitations, managers' oversight."""
        return self.last - 400

    @property
    def last(self) -> int:
        """The as-at day of the newest extract: nothing after it is ever written."""
        return self.taken[-1]


def period(until: date, months: int, extracts: int) -> Period:
    """Monthly extracts of which the last is as at `until`, each with at least `months` months of history.

    The others are as at the ends of the months before. The trouble starts 7 months before the last, or halfway
    through a shorter history.
    """
    last_end = until
    earlier = [month_end(last_end.year, last_end.month - back) for back in range(extracts - 1, 0, -1)]
    taken = (*earlier, number(last_end))
    first = as_date(taken[0])
    start = month_end(first.year, first.month - months) + 1
    return Period(taken, start, max(number(last_end) - 215, (start + number(last_end)) // 2))


def last_month_end(today: date) -> date:
    """The last day of the month before `today`'s."""
    return today.replace(day=1) - timedelta(days=1)
