"""From published rates to paths: how many children a year take each way through services, and for how long.

The open number on a day is the yearly flow times the mean stay. So given the published flow and open number, the
mean stay follows; nothing is fitted to one authority.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from lineofsight.synth.days import YEAR
from lineofsight.synth.rates import Rates


class Path(IntEnum):
    """The way a family takes from a referral to its close."""

    SCREENED = 0  # referral closed with no further action
    ASSESSED = 1  # assessed and found not in need
    SUPPORTED = 2  # child in need plan
    DISABLED = 3  # long-term help for a disabled child
    PROTECTED = 4  # child protection plan, then help, then close
    PROTECTED_THEN_CARE = 5  # child protection plan, then looked after
    CARE = 6  # looked after


# Days, worked out from the draws in `journeys`: mean from referral to plan, and from a plan's end to close.
BEFORE_PLAN, AFTER_PLAN = 55.0, 70.0
BEFORE_CARE, AFTER_CARE = 40.0, 12.0
ASSESSMENT_IN_TIME, ASSESSMENT_LATE = 45.0, 80.0
LONGEST_CARE, LONGEST_DISABLED = 17 * YEAR, 8 * YEAR
SHORTEST_SUPPORT = 40.0

# Child protection plans ending, by length (DfE, characteristics of children in need 2024, table d7): share, years.
_PLAN_BANDS = ((0.163, 0.06, 0.25), (0.117, 0.25, 0.5), (0.433, 0.5, 1.0), (0.249, 1.0, 2.0), (0.038, 2.0, 3.0))
_PLAN_MEAN = sum(share * (low + high) / 2 for share, low, high in _PLAN_BANDS)


@dataclass(frozen=True)
class Flow:
    """One path: `rate` children a year per 10,000, sizes of sibling groups by weight, `stay(u)` in days."""

    path: Path
    rate: float
    sizes: tuple[float, ...]
    stay: Callable[[float], float]
    longest: float


def flows(rates: Rates) -> list[Flow]:
    """The flow of every path that together give the published rates. `stay` is of the part whose length is free:

    support from referral to close, the plan for children protected, care for children looked after.
    """
    plans = min(rates.plans_started, rates.conferences * 0.98)
    both = min(0.35 * rates.care_started, 0.3 * plans)
    care = rates.care_started - both
    screened = rates.referrals * min(rates.screened_out, 0.45)
    assessed = rates.referrals * rates.not_in_need
    helped = rates.referrals - screened - assessed - plans - care
    least = 0.12 * rates.referrals
    if helped < least:
        assessed, helped = max(assessed - (least - helped), 0.0), least
    assessing = ASSESSMENT_IN_TIME + (ASSESSMENT_LATE - ASSESSMENT_IN_TIME) * (1 - rates.assessed_in_time)
    elsewhere = (
        assessed * assessing
        + plans * BEFORE_PLAN
        + (plans - both) * AFTER_PLAN
        + care * BEFORE_CARE
        + rates.care_started * AFTER_CARE
    ) / YEAR + (rates.plans_open + rates.looked_after)
    open_help = max(rates.in_need - elsewhere, helped * 62 / YEAR)
    long_stay = 4.5 * YEAR
    disabled = min(0.25 * open_help * YEAR / long_stay, 0.25 * helped)
    short = max((open_help * YEAR - disabled * long_stay) / (helped - disabled), 60.0)
    plan = _plan_stay(rates.plans_open / max(plans, 0.1) * YEAR)
    looked_after = _care_stay(rates.looked_after / max(rates.care_started, 0.1))
    siblings, fewer = (0.46, 0.29, 0.16, 0.09), (0.72, 0.21, 0.07)
    return [
        Flow(Path.SCREENED, screened, siblings, lambda u: 0.0, 3),
        Flow(Path.ASSESSED, assessed, siblings, lambda u: 0.0, 120),
        Flow(Path.SUPPORTED, helped - disabled, siblings, _support_stay(short), 1500),
        Flow(Path.DISABLED, disabled, (1.0,), _disabled_stay(long_stay), LONGEST_DISABLED),
        Flow(Path.PROTECTED, plans - both, siblings, plan, 2000),
        Flow(Path.PROTECTED_THEN_CARE, both, siblings, plan, LONGEST_CARE),
        Flow(Path.CARE, care, fewer, looked_after, LONGEST_CARE),
    ]


def _support_stay(mean: float) -> Callable[[float], float]:
    # A floor, then a tail: the square of a triangle's side has mean one third of its longest.
    tail = (mean - SHORTEST_SUPPORT) * 3
    return lambda u: SHORTEST_SUPPORT + tail * u * u


def _disabled_stay(mean: float) -> Callable[[float], float]:
    least = 1.2 * YEAR
    return lambda u: least + 2 * (mean - least) * u


def _plan_stay(mean: float) -> Callable[[float], float]:
    scale = mean / _PLAN_MEAN

    def stay(u: float) -> float:
        for share, low, high in _PLAN_BANDS:
            if u <= share:
                return scale * (low + (high - low) * u / share)
            u -= share
        return scale * _PLAN_BANDS[-1][2]

    return stay


def _care_stay(years: float) -> Callable[[float], float]:
    """A quarter leave within weeks, some within two years, the rest stay for years; the mean is `years`."""
    brief, some = 0.25, 0.33
    if years < 1.2:
        return lambda u: 2 * years * YEAR * max(u, 0.03)
    long = (years - brief * 0.15 - some * 1.0) / (1 - brief - some)
    if long > 8.0:  # few leave early where the stays are this long
        long = 8.0
        rest = min((years - 0.66) / (long - 0.66), 0.95)
        brief, some = (1 - rest) * 0.4, (1 - rest) * 0.6
    low, high = 1.72, 2 * long - 1.72

    def stay(u: float) -> float:
        if u < brief:
            return YEAR * (0.02 + 0.26 * u / brief)
        if u < brief + some:
            return YEAR * (0.28 + 1.44 * (u - brief) / some)
        return YEAR * (low + (high - low) * (u - brief - some) / (1 - brief - some))

    return stay
