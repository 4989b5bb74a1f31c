"""Distributions: how many days it took each, beside the average, so that a heap just before a limit shows (DESIGN 7.8).

Days are whole. A spike is a day, or the days at a limit, with far more on it than the days around it: told by a test
against what an even spread over the neighbouring days would give, never by eye.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log
from statistics import median

BARS = 30  # as many bars as can be read
NEEDED = 30  # fewer say nothing of a shape
AROUND = 5  # days on each side that a day is held against
TIMES = 2.0  # a spike holds at least twice what the days around it do,
CHANCE = 0.001  # and would be there by chance alone less often than this


@dataclass(frozen=True)
class Bin:
    """How many took from `first` to `last` days (whole, both included)."""

    first: int
    last: int
    count: int

    @property
    def title(self) -> str:
        """'45' or '41 to 45'."""
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


@dataclass(frozen=True)
class Spike:
    """A day on which far more fell than on the days around it: `count`, where `usual` would be expected."""

    day: int
    count: int
    usual: float


@dataclass(frozen=True)
class Distribution:
    """The whole shape. `tail` holds all beyond the last bar; `limit` is the policy's own number of days."""

    bins: Sequence[Bin]
    tail: int
    beyond: int | None
    count: int
    middle: float
    longest: int
    nine_in_ten: int
    limit: int | None
    within: int | None
    spike: Spike | None


def distribution(days: Sequence[float], *, limit: int | None = None) -> Distribution | None:
    """The shape of these days; None where there are none. `limit` is a timescale that a bar should end at."""
    whole = sorted(max(ceil(day - 1e-9), 0) for day in days)
    if not whole:
        return None
    nine = whole[min(ceil(0.9 * len(whole)), len(whole)) - 1]
    last = _last_shown(whole, limit)
    width = _width(last, limit)
    bins = _bins(whole, width, last)
    beyond = bins[-1].last if bins and bins[-1].last < whole[-1] else None
    return Distribution(
        bins=bins,
        tail=sum(day > bins[-1].last for day in whole),
        beyond=beyond,
        count=len(whole),
        middle=median(whole),
        longest=whole[-1],
        nine_in_ten=nine,
        limit=limit,
        within=None if limit is None else sum(day <= limit for day in whole),
        spike=spike(whole, limit),
    )


def spike(days: Sequence[int], limit: int | None = None) -> Spike | None:
    """The day that stands out most, that of the limit first; None where none does, or there are too few days."""
    if len(days) < NEEDED:
        return None
    counts: dict[int, int] = {}
    for day in days:
        counts[day] = counts.get(day, 0) + 1
    found = [one for day in counts if (one := _standing_out(day, counts)) is not None]
    if not found:
        return None
    at_limit = [one for one in found if one.day == limit]
    return at_limit[0] if at_limit else max(found, key=lambda one: (one.count / max(one.usual, 0.1), -one.day))


def _standing_out(day: int, counts: dict[int, int]) -> Spike | None:
    """The spike at this day: against the days on both sides of it, and against those before it alone."""
    if day == 0:
        return None  # the same day is where many things are simply done
    here = counts[day]
    before = range(max(day - AROUND, 0), day)
    around = [*before, *range(day + 1, day + AROUND + 1)]
    usual = max(sum(counts.get(one, 0) for one in days) / len(days) for days in (before, around))
    if here < max(TIMES * usual, 5) or poisson_at_least(here, max(usual, 0.5)) > CHANCE:
        return None
    return Spike(day, here, usual)


def poisson_at_least(count: int, mean: float) -> float:
    """How often chance alone gives `count` or more where `mean` is usual."""
    below = sum(exp(one * log(mean) - mean - lgamma(one + 1)) for one in range(count))
    return max(1.0 - below, 0.0)


def _last_shown(whole: Sequence[int], limit: int | None) -> int:
    """The last day with a bar of its own: what takes in all but one in fifty, and the limit with some days after it."""
    most = whole[min(floor(0.98 * len(whole)), len(whole) - 1)]
    return max(most, ceil(limit * 1.2) if limit else 0, 1)


def _width(last: int, limit: int | None) -> int:
    """Days a bar: one, or as many as keep the bars few, so that a bar ends at the limit where that can be."""
    width = ceil((last + 1) / BARS)
    if width == 1:
        return 1
    nice = [one for one in (2, 5, 7, 10, 14, 20, 30, 50, 100, 200, 365) if one >= width] or [width]
    fitting = [one for one in nice[:2] if limit and limit % one == 0]
    return (fitting or nice)[0]


def _bins(whole: Sequence[int], width: int, last: int) -> list[Bin]:
    """Day 0 stands in the first bar; each bar ends at a multiple of its width, so that a limit is never inside one."""
    counts = [0] * (max(ceil(last / width), 1) + (width == 1))
    for day in whole:
        place = day if width == 1 else max(ceil(day / width) - 1, 0)
        if place < len(counts):
            counts[place] += 1
    if width == 1:
        return [Bin(place, place, count) for place, count in enumerate(counts)]
    return [Bin(place * width + (place > 0), (place + 1) * width, count) for place, count in enumerate(counts)]
