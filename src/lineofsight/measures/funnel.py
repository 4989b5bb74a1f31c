"""Funnels: how far from England an authority of a given size lies by chance alone.

Exact limits of the binomial distribution for percentages, of the Poisson distribution for rates, at 95% and 99.8% (D.
Spiegelhalter, Funnel plots for comparing institutional performance, 2005). Where authorities differ from each other by
more than chance, as they mostly do, the limits are widened by how much they do, so that only an authority unlike the
others stands out: a variance between authorities is added to that of chance, worked out from their scores with the
outermost pulled in (D. Spiegelhalter, Handling over-dispersion of performance indicators, 2005; the estimate is R.
DerSimonian's and N. Laird's, 1986).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, hypot, lgamma, log, log1p, sqrt

INNER, OUTER = 0.025, 0.001  # the chance on each side
_NORMAL = {INNER: 1.959964, OUTER: 3.090232}
TRIMMED = 0.1  # of the scores on each side, which are pulled in
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


def limits(centre: float, size: float, kind: str, tail: float, between: float = 0.0) -> Limits:
    """The limits for one size, in the unit of `kind` (percent, rate per 10,000); `between` is the standard deviation
    between authorities, in the same unit.
    """
    per = PER[kind]
    share = centre / per
    if kind == "percent":
        low, high = _binomial(share, round(size), tail)
    else:
        low, high = _poisson(share * size, tail)
        low, high = low / size, high / size
    more = _NORMAL[tail] * between
    low, high = centre - hypot(centre - per * low, more), centre + hypot(per * high - centre, more)
    return Limits(max(low, 0.0), min(high, 100.0) if kind == "percent" else high)


def between(points: Sequence[Point], centre: float, kind: str) -> float:
    """The standard deviation between authorities beyond chance, in the unit of `kind`; 0 where there is none."""
    chances = [(one.value - centre, _chance(one.size, centre, kind)) for one in points]
    scored = [(away / spread, spread) for away, spread in chances if spread > 0]
    if len(scored) < 10:
        return 0.0
    scores = sorted(score for score, _ in scored)
    cut = int(TRIMMED * len(scores))
    held = [min(max(score, scores[cut]), scores[-cut - 1]) for score in scores]
    more = sum(score * score for score in held) - (len(held) - 1)
    weights = [1 / spread**2 for _, spread in scored]
    whole = sum(weights) - sum(one * one for one in weights) / sum(weights)
    return sqrt(more / whole) if more > 0 and whole > 0 else 0.0


def place(value: float, size: float, centre: float, kind: str, between: float = 0.0) -> str:
    """Where a value lies: within, above, below (beyond 95%), far above, far below (beyond 99.8%)."""
    outer, inner = (limits(centre, size, kind, tail, between) for tail in (OUTER, INNER))
    for far, found in (("far ", outer), ("", inner)):
        if value > found.high + 1e-9:
            return f"{far}above"
        if value < found.low - 1e-9:
            return f"{far}below"
    return "within"


def _chance(size: float, centre: float, kind: str) -> float:
    """The standard deviation that chance gives a value of this size."""
    per = PER[kind]
    share = centre / per
    return per * (sqrt(share * (1 - share) / size) if kind == "percent" else sqrt(share / size))


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
