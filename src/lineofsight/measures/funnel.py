"""Funnels: how far from England an authority of a given size lies by chance alone.

Exact limits of the binomial distribution for percentages, of the Poisson distribution for rates, at 95% and 99.8% (D.
Spiegelhalter, Funnel plots for comparing institutional performance, 2005). Where authorities differ from each other by
more than chance, as they mostly do, the limits are widened by how much they do (the same, section 4.3: winsorised
z-scores, a multiplicative factor), so that only an authority unlike the others stands out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt

INNER, OUTER = 0.025, 0.001  # the chance on each side
_NORMAL = {INNER: 1.959964, OUTER: 3.090232}
TRIMMED = 0.1  # of the z-scores on each side, for the factor
EXACT = 5_000  # above this many the normal distribution is as good, and quick
PER = {"percent": 100.0, "rate": 10_000.0}


@dataclass(frozen=True)
class Point:
    """One authority: of how many (`size`), and its published value."""

    name: str
    size: float
    value: float


@dataclass(frozen=True)
class Limits:
    """Between which values chance alone leaves an authority of this size."""

    low: float
    high: float


def limits(centre: float, size: float, kind: str, tail: float, factor: float = 1.0) -> Limits:
    """The limits for one size, in the unit of `kind` (percent, rate per 10,000), `factor` times as wide as chance."""
    per = PER[kind]
    share = centre / per
    if kind == "percent":
        low, high = _binomial(share, round(size), tail)
    else:
        low, high = _poisson(share * size, tail)
        low, high = low / size, high / size
    low, high = (per * (share + factor * (one - share)) for one in (low, high))
    return Limits(max(low, 0.0), min(high, 100.0) if kind == "percent" else high)


def factor(points: Sequence[Point], centre: float, kind: str) -> float:
    """How many times as far from the centre authorities lie as chance alone would have them; never below 1."""
    scores = sorted(score for one in points if (score := _score(one, centre, kind)) is not None)
    if len(scores) < 10:
        return 1.0
    cut = int(TRIMMED * len(scores))
    least, most = scores[cut], scores[-cut - 1]
    held = [min(max(score, least), most) for score in scores]
    return max(sqrt(sum(score * score for score in held) / len(held)), 1.0)


def place(value: float, size: float, centre: float, kind: str, wider: float = 1.0) -> str:
    """Where a value lies: within, above, below (beyond 95%), far above, far below (beyond 99.8%)."""
    outer, inner = (limits(centre, size, kind, tail, wider) for tail in (OUTER, INNER))
    for far, found in (("far ", outer), ("", inner)):
        if value > found.high + 1e-9:
            return f"{far}above"
        if value < found.low - 1e-9:
            return f"{far}below"
    return "within"


def _score(one: Point, centre: float, kind: str) -> float | None:
    per = PER[kind]
    share = centre / per
    spread = sqrt(share * (1 - share) / one.size) if kind == "percent" else sqrt(share / one.size)
    return None if spread == 0 else (one.value / per - share) / spread


def _binomial(share: float, size: int, tail: float) -> tuple[float, float]:
    """The proportions at the `tail` and the 1 - `tail` quantile of the binomial distribution."""
    if share <= 0 or share >= 1 or size == 0:
        return share, share
    spread = sqrt(share * (1 - share) * size)
    if size > EXACT:
        return share - _NORMAL[tail] * spread / size, share + _NORMAL[tail] * spread / size
    whole = lgamma(size + 1)

    def chance(k: int) -> float:
        ways = whole - lgamma(k + 1) - lgamma(size - k + 1)
        return exp(ways + k * log(share) + (size - k) * log1p(-share))

    low, high = _quantiles(chance, share * size, spread, size, tail)
    return low / size, high / size


def _poisson(mean: float, tail: float) -> tuple[float, float]:
    """The numbers at the `tail` and the 1 - `tail` quantile of the Poisson distribution."""
    if mean <= 0:
        return 0.0, 0.0
    spread = sqrt(mean)
    if mean > EXACT:
        return mean - _NORMAL[tail] * spread, mean + _NORMAL[tail] * spread
    low, high = _quantiles(lambda k: exp(k * log(mean) - mean - lgamma(k + 1)), mean, spread, None, tail)
    return float(low), float(high)


def _quantiles(
    chance: Callable[[int], float], mean: float, spread: float, most: int | None, tail: float
) -> tuple[int, int]:
    """The least numbers that are not passed with a chance of `tail`, and of 1 - `tail`, at least."""
    first = max(int(mean - 10 * spread) - 1, 0)
    last = int(mean + 10 * spread) + 20
    total, low = 0.0, None
    for number in range(first, last if most is None else min(last, most)):
        total += chance(number)
        if low is None and total >= tail:
            low = number
        if total >= 1 - tail:
            return (number if low is None else low), number
    return (last if low is None else low), last if most is None else min(last, most)
