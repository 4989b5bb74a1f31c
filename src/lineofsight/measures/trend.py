"""Is it signal? Each series is read as an individuals and moving range (XmR) chart.

The centre is the mean; the limits stand 2.66 mean moving ranges from it (Shewhart; D. Wheeler, Understanding
Variation, 1993). A change is called a change only by a rule: a point outside the limits, or eight in a row
on one side of the centre (one of the Western Electric rules; NHS England's Making Data Count takes seven).

What is usual is taken from the months before a change: at first twelve, then more, up to twenty-four, as they
cross the centre again, so that a run which may be a change never moves what it is compared with. When a
change has lasted twelve months it is the new usual.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

POINTS_NEEDED = 12
POINTS_USED = 24
RUN = 8
SPREAD = 2.66  # 3 divided by 1.128, the expected moving range of two in standard deviations
_EQUAL = 1e-9

_VERDICTS = {
    "none": "No real change",
    "better": "Better than usual",
    "worse": "Worse than usual",
    "changed": "Not as usual",
    "too few": "Too few months to say",
}


@dataclass(frozen=True)
class Signal:
    """What a series says now.

    `kind` is none, better, worse, changed (where neither way is better) or too few. `since` is the first
    month of the change that still stands. `centre`, `lower` and `upper` are what is usual, from before
    that change, in the measure's unit; `settled` is the month of an earlier change that has become usual.
    """

    kind: str
    since: date | None
    centre: float | None
    lower: float | None
    upper: float | None
    sentence: str
    settled: date | None = None

    @property
    def verdict(self) -> str:
        """The kind in a few words."""
        return _VERDICTS[self.kind]


@dataclass(frozen=True)
class _Limits:
    centre: float
    lower: float
    upper: float

    def side(self, value: float) -> int:
        """1 above the centre, -1 below it, 0 on it."""
        return (value > self.centre + _EQUAL) - (value < self.centre - _EQUAL)

    def outside(self, value: float) -> bool:
        return value > self.upper + _EQUAL or value < self.lower - _EQUAL


def read_series(
    points: Sequence[tuple[date, float | None]], *, better: str = "neutral", percent: bool = False
) -> Signal:
    """The signal in `points` (date and value, oldest first; months without a value are left out).

    `better` is higher, lower or neutral; `percent` keeps the limits within 0 and 100. Limits never go below
    0 where no value does.
    """
    known = [(day, value) for day, value in points if value is not None]
    if len(known) < POINTS_NEEDED:
        count = f"{len(known)} month{'' if len(known) == 1 else 's'}"
        words = f"There are too few months to say what is usual: {count}, and it takes {POINTS_NEEDED}."
        return Signal("too few", None, None, None, None, words)
    values = [value for _, value in known]
    start, settled = 0, None
    while True:
        limits, change = _first_change(values, start, percent=percent)
        if change is None or len(values) - change < POINTS_NEEDED:
            break
        start, settled = change, known[change][0]
    if change is None:
        change = _outside_now(values, start, limits)
    if change is None:
        return Signal("none", None, limits.centre, limits.lower, limits.upper, _calm(settled), settled)
    return _told(known, change, limits, better, settled)


def _limits(values: Sequence[float], *, percent: bool) -> _Limits:
    centre = sum(values) / len(values)
    moves = [abs(later - earlier) for earlier, later in pairwise(values)]
    reach = SPREAD * sum(moves) / len(moves)
    lower, upper = centre - reach, centre + reach
    if percent or min(values) >= 0:
        lower = max(lower, 0.0)
    return _Limits(centre, lower, min(upper, 100.0) if percent else upper)


def _first_change(values: Sequence[float], start: int, *, percent: bool) -> tuple[_Limits, int | None]:
    """The first run of RUN on one side after `start`, where it began, and the limits before it."""
    usual = list(values[start : start + POINTS_NEEDED])
    limits = _limits(usual, percent=percent)
    waiting: list[float] = []
    began, side = start, 0
    for place in range(start, len(values)):
        value = values[place]
        if limits.side(value) != side or side == 0:
            began, side = place, limits.side(value)
            usual += [one for one in waiting if not limits.outside(one)][: POINTS_USED - len(usual)]
            waiting = []
            limits = _limits(usual, percent=percent)
        if place >= start + POINTS_NEEDED:
            waiting.append(value)
        # a run from the very start has nothing before it to be a change from
        if side and place - began + 1 >= RUN and began > start:
            outside = [one for one in range(began, place + 1) if limits.outside(values[one])]
            return limits, outside[0] if outside else began
    return limits, None


def _outside_now(values: Sequence[float], start: int, limits: _Limits) -> int | None:
    """Where the unbroken run of points outside the limits, on one side, that reaches the last point began."""
    began = None
    side = limits.side(values[-1])
    for place in range(len(values) - 1, start - 1, -1):
        if not limits.outside(values[place]) or limits.side(values[place]) != side:
            break
        began = place
    return None if began == start else began


def _told(
    known: Sequence[tuple[date, float]], change: int, limits: _Limits, better: str, settled: date | None
) -> Signal:
    since, last = known[change][0], known[-1][0]
    above = limits.side(known[-1][1]) > 0
    kind = "changed" if better == "neutral" else "better" if (better == "higher") == above else "worse"
    where = "above" if above else "below"
    if since == last:
        sentence = f"It was {where} what is usual in {since:%B %Y}."
    else:
        sentence = f"It has been {where} what is usual since {since:%B %Y}."
    return Signal(kind, since, limits.centre, limits.lower, limits.upper, sentence, settled)


def _calm(settled: date | None) -> str:
    if settled is None:
        return "It has stayed within what is usual."
    return f"It reached a new level in {settled:%B %Y} and has stayed within what is usual since."
