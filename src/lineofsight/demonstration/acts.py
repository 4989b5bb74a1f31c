"""What the demonstration's people do, each act at its own moment: played in the order of time, as the log is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Max

from lineofsight import clock
from lineofsight.calendar import is_working_day
from lineofsight.web.access.models import ChainEvent

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Act:
    """Something one of the people does, and when."""

    at: datetime
    do: Callable[[], object]


def play(acts: Iterable[Act], step: str, progress: Progress) -> None:
    """Do them all with the clock held where each belongs, never later than now.

    Where an earlier play was stopped, this one goes on from the last moment that the log knows.
    """
    now, last = clock.now(), ChainEvent.objects.aggregate(last=Max("at"))["last"]
    reached = datetime.fromisoformat(last) if last else now - timedelta(days=36_500)
    ordered = sorted(acts, key=lambda act: min(act.at, now))
    for number, act in enumerate(ordered):
        progress(step, number, len(ordered))
        if min(act.at, now) >= reached:
            with clock.frozen_at(min(act.at, now)):
                act.do()
    progress(step, 1, 1)


def moment(day: date, at: time) -> datetime:
    """A time of day in London."""
    return datetime.combine(day, at, clock.LONDON)


def working_days_ago(days: int) -> date:
    """The working day on or before the day so many days ago."""
    day = clock.today() - timedelta(days=days)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day
