"""Is it signal? Each series is read as an individuals and moving range (XmR) chart.

The centre is the mean; the limits stand 2.66 mean moving ranges from it (Shewhart; D. Wheeler, Understanding
Variation, 1993). A change is called a change only by a rule, and only while the last month is part of it:

- outside: a point outside the limits;
- run: eight in a row on one side of the centre (one of the Western Electric rules; NHS England's Making Data Count
  takes seven);
- near: three of four in a row nearer to one limit than to the centre (Wheeler).

What is usual is taken from the months before a change: at first twelve, then more, up to twenty-four, as they
cross the centre again, so that a run which may be a change never moves what it is compared with. When a
change has lasted twelve months it is the new usual; a run that ended sooner is no part of what is usual.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

POINTS_NEEDED = 12
POINTS_USED = 24
RUN = 8
NEAR, NEAR_OF = 3, 4
SPREAD = 2.66  # 3 divided by 1.128, the expected moving range of two in standard deviations
_EQUAL = 1e-9

_VERDICTS = {
    "none": "No real change",
    "better": "Better than usual",
    "worse": "Worse than usual",
    "changed": "Not as usual",
    "too few": "Too few months to say",
}

_BECAUSE = {
    "outside": "It is called a change because the last month is outside the range where months usually fall.",
    "run": "It is called a change because at least eight months in a row are on one side of the usual.",
    "near": "It is called a change because three of four months in a row are far to one side of the usual.",
}


@dataclass(frozen=True)
class Signal:
    """What a series says now.

    `kind` is none, better, worse, changed (where neither way is better) or too few. `since` is the first
    month of the change that still stands. `centre`, `lower` and `upper` are what is usual, from before
    that change, in the measure's unit; `settled` is the month of an earlier change that has become usual. `rule` is
    the rule that called it a change: outside, run or near.
    """

    kind: str
    since: date | None
    centre: float | None
    lower: float | None
    upper: float | None
    sentence: str
    settled: date | None = None
    rule: str | None = None

    @property
    def verdict(self) -> str:
        """The kind in a few words."""
        return _VERDICTS[self.kind]

    @property
    def because(self) -> str:
        """The rule that called it a change, as a sentence; nothing where it is none."""
        return _BECAUSE.get(self.rule or "", "")


@dataclass(frozen=True)
class _Limits:
    centre: float
    lower: float
    upper: float
    reach: float

    def side(self, value: float) -> int:
        """1 above the centre, -1 below it, 0 on it."""
        return (value > self.centre + _EQUAL) - (value < self.centre - _EQUAL)

    def outside(self, value: float) -> bool:
        return value > self.upper + _EQUAL or value < self.lower - _EQUAL

    def near(self, value: float) -> bool:
        """Whether a value is nearer to a limit than to the centre; limits that 0 or 100 cut off do not count as cut."""
        return abs(value - self.centre) > self.reach / 2 + _EQUAL


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
        limits, change = _lasting_change(values, start, percent=percent)
        if change is None or len(values) - change < POINTS_NEEDED:
            break
        start, settled = change, known[change][0]
    found = {"outside": _outside_now(values, start, limits), "run": change, "near": _near_now(values, start, limits)}
    began = {rule: place for rule, place in found.items() if place is not None}
    if not began:
        return Signal("none", None, limits.centre, limits.lower, limits.upper, _calm(settled), settled)
    rule = "run" if change is not None else next(iter(began))
    return _told(known, began[rule], limits, better, settled, rule)


def _limits(values: Sequence[float], *, percent: bool) -> _Limits:
    centre = sum(values) / len(values)
    moves = [abs(later - earlier) for earlier, later in pairwise(values)]
    reach = SPREAD * sum(moves) / len(moves)
    lower, upper = centre - reach, centre + reach
    if percent or min(values) >= 0:
        lower = max(lower, 0.0)
    return _Limits(centre, lower, min(upper, 100.0) if percent else upper, reach)


def _lasting_change(values: Sequence[float], start: int, *, percent: bool) -> tuple[_Limits, int | None]:
    """The first run of RUN on one side after `start` that goes on to the end or lasted POINTS_NEEDED: where the change
    began, and the limits before it.
    """
    usual = list(values[start : start + POINTS_NEEDED])
    limits = _limits(usual, percent=percent)
    waiting: list[float] = []
    began, side = start, 0
    for place in range(start, len(values)):
        value = values[place]
        if limits.side(value) != side or side == 0:
            began, side = place, limits.side(value)
            # a run that ended is no part of what is usual
            if len(waiting) < RUN:
                usual += [one for one in waiting if not limits.outside(one)][: POINTS_USED - len(usual)]
            waiting = []
            limits = _limits(usual, percent=percent)
        if place >= start + POINTS_NEEDED:
            waiting.append(value)
        # a run from the very start has nothing before it to be a change from
        if side and place - began + 1 >= RUN and began > start:
            outside = [one for one in range(began, place + 1) if limits.outside(values[one])]
            change = outside[0] if outside else began
            if place + 1 == len(values) or place + 1 - change >= POINTS_NEEDED:
                return limits, change
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


def _near_now(values: Sequence[float], start: int, limits: _Limits) -> int | None:
    """The first of the points far to one side, of which there are NEAR in every NEAR_OF up to the last point."""
    side, began = limits.side(values[-1]), None
    far = [limits.side(one) == side != 0 and limits.near(one) for one in values]
    for last in range(len(values) - 1, start + NEAR_OF - 1, -1):
        window = range(last - NEAR_OF + 1, last + 1)
        if not far[-1] or sum(far[place] for place in window) < NEAR:
            break
        began = next(place for place in window if far[place])
    return began


def _told(
    known: Sequence[tuple[date, float]], change: int, limits: _Limits, better: str, settled: date | None, rule: str
) -> Signal:
    since, last = known[change][0], known[-1][0]
    above = limits.side(known[-1][1]) > 0
    kind = "changed" if better == "neutral" else "better" if (better == "higher") == above else "worse"
    where = "above" if above else "below"
    if since == last:
        sentence = f"It was {where} what is usual in {since:%B %Y}."
    else:
        mostly = "mostly " if rule == "near" else ""
        sentence = f"It has {mostly}been {where} what is usual since {since:%B %Y}."
    return Signal(kind, since, limits.centre, limits.lower, limits.upper, sentence, settled, rule)


def _calm(settled: date | None) -> str:
    if settled is None:
        return "It has stayed within what is usual."
    return f"It reached a new level in {settled:%B %Y} and has stayed within what is usual since."
