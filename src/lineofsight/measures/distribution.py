"""Distributions: how many days it took each, beside the average, so that a heap just before a limit shows (DESIGN 7.8).

Days are whole. A spike is the last days that a limit allows, or any one day, with far more on it than there are around
it: told by a test against what an even spread over the neighbouring days would give, never by eye.
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
    """The days from `first` to `last`, on which far more fell than around them: `count`, where `usual` is expected."""

    first: int
    last: int
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
    """What stands out at the limit, on its last day or its last few; else the one day that stands out most.

    None where nothing does, or there are too few days to say.
    """
    if len(days) < NEEDED:
        return None
    counts: dict[int, int] = {}
    for day in days:
        counts[day] = counts.get(day, 0) + 1
    if limit is not None:
        for width in dict.fromkeys((1, max(round(limit / 9), 1))):
            if found := _standing_out(limit - width + 1, limit, counts, CHANCE):
                return found
    single = [one for day in counts if (one := _standing_out(day, day, counts, CHANCE / len(counts))) is not None]
    return max(single, key=lambda one: (one.count / max(one.usual, 0.1), -one.first), default=None)


def _standing_out(first: int, last: int, counts: dict[int, int], chance: float) -> Spike | None:
    """The spike on these days: against as many days before them, and against those on both sides."""
    if first <= 0:
        return None  # the same day is where many things are simply done
    width = last - first + 1
    here = sum(counts.get(day, 0) for day in range(first, last + 1))
    reach = max(AROUND, width)
    before = range(max(first - reach, 0), first)
    around = [*before, *range(last + 1, last + reach + 1)]
    usual = max(sum(counts.get(one, 0) for one in days) / len(days) for days in (before, around)) * width
    if here < max(TIMES * usual, 5) or poisson_at_least(here, max(usual, 0.5)) > chance:
        return None
    return Spike(first, last, here, usual)


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
