"""The cohort: every family whose journey touches the years simulated, and how referrals follow one another."""

from bisect import bisect_left
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate
from math import floor

from lineofsight.synth.chance import Quota, Spread, Stays, generator
from lineofsight.synth.days import YEAR, as_date, months_after, working_after
from lineofsight.synth.flows import Flow, Path, flows
from lineofsight.synth.journeys import PLANNED, Enquiry, Journey, Timeline
from lineofsight.synth.people import Child, Family, Registry
from lineofsight.synth.period import Period
from lineofsight.synth.rates import Rates

# Referrals by month, January first (DfE, characteristics of children in need 2024, table c6, thousands).
_MONTHS = (54.7, 50.9, 51.9, 43.3, 55.7, 58.7, 51.9, 44.1, 54.1, 55.7, 55.8, 45.2)
_CHAINED = (Path.SCREENED, Path.ASSESSED, Path.SUPPORTED, Path.PROTECTED)
WITHIN_TWO_YEARS = 700  # days: some of those who come back on a plan do so soon
CONTACT_ONLY, EARLY_HELP_ONLY = 0.28, 55.0  # children a year: a share of referrals; per 10,000


@dataclass(frozen=True)
class Cohort:
    """`journeys` in order of start, `registry` of people, `population` aged 0 to 17 that they come from."""

    journeys: list[Journey]
    registry: Registry
    population: int
    rates: Rates


def sized(rates: Rates, period: Period, seed: int, people: int | None) -> int:
    """The population from which about `people` become known (None: the whole population of the authority)."""
    if people is None:
        return rates.population
    trial = 40_000
    found = cohort(rates, trial, period, seed, area_count(rates, trial))
    return max(round(trial * people / expected_people(found, period)), 20)


def expected_people(found: Cohort, period: Period) -> float:
    """About how many people will be in the newest extract: children, some mothers, contacts that led nowhere."""
    families = {id(j.family): j for j in found.journeys}
    children = sum(len(j.home.children) for j in families.values())
    mothers = len({id(j.family) for j in found.journeys if j.path in PLANNED})
    years = (period.last - period.start) / YEAR
    yearly = found.rates.referrals * CONTACT_ONLY + EARLY_HELP_ONLY
    return children + mothers + years * yearly * found.population / 10_000


def area_count(rates: Rates, population: int) -> int:
    """How many areas an authority of this size divides itself into (one to four)."""
    open_children = rates.in_need * population / 10_000
    return 1 if open_children < 90 else 2 if open_children < 250 else 3 if open_children < 500 else 4


def area_shares(areas: int) -> tuple[float, ...]:
    """Share of families living in each area. The first one is where the trouble comes."""
    return ((1.0,), (0.4, 0.6), (0.3, 0.36, 0.34), (0.28, 0.24, 0.24, 0.24))[areas - 1]


def cohort(rates: Rates, population: int, period: Period, seed: int, areas: int) -> Cohort:
    """All journeys that touch the period, with their families; the flows give the published rates."""
    paths = flows(rates)
    alone, no_plan = _enquiry_shares(rates, paths)
    stays: dict[Path, Stays] = {
        flow.path: Stays(flow.stay, period.last, seed, flow.path.name, 8 + flow.path)
        for flow in paths
        if flow.path in (Path.SUPPORTED, Path.DISABLED, Path.PROTECTED, Path.CARE)
    }
    timeline = Timeline(rates, stays, seed, alone, no_plan)
    journeys: list[Journey] = []
    for flow in paths:
        yearly = flow.rate * population / 10_000
        slots = _slots(flow, yearly, period, seed)
        if flow.path == Path.PROTECTED:
            slots = _with_large_family(slots, period)
        for start, size in slots:
            journey = Journey(flow.path, start, start, size)
            timeline.fill(journey)
            if _touches(journey, period):
                journeys.append(journey)
    journeys.sort(key=lambda journey: (journey.start, journey.path))
    registry = Registry(seed)
    chain = _Chain(rates, registry, period, seed, area_shares(areas))
    for journey in journeys:
        chain.settle(journey)
    journeys += _earlier_plans(journeys, rates, period, seed)
    return Cohort(journeys, registry, population, rates)


def _enquiry_shares(rates: Rates, paths: list[Flow]) -> tuple[float, float]:
    """Enquiries without a conference, and conferences without a plan, each by child who might have one."""
    rate = {flow.path: flow.rate for flow in paths}
    plans = rate[Path.PROTECTED] + rate[Path.PROTECTED_THEN_CARE]
    alone = max(rates.enquiries - max(rates.conferences, plans), 0.0)
    open_to_one = rate[Path.ASSESSED] + rate[Path.SUPPORTED] + rate[Path.DISABLED]
    no_plan = max(rates.conferences - plans, 0.0)
    return alone / open_to_one, min(no_plan / (rate[Path.SUPPORTED] + rate[Path.DISABLED]), 0.9)


def _slots(flow: Flow, yearly: float, period: Period, seed: int) -> list[tuple[int, int]]:
    """Start day and number of children of each family on a path, evenly through the year but for its seasons."""
    if yearly <= 0:
        return []
    random = generator(seed, f"slots {flow.path}")
    sizes = list(accumulate(flow.sizes))
    spread = Spread(seed, f"sizes {flow.path}", 15 + flow.path % 3)
    back = (period.last - period.start + 730 + flow.longest) / YEAR
    season = _Season(period.last)
    slots: list[tuple[int, int]] = []
    # Plans are dated from their conference, so some of those already referred are still to come.
    ahead = 0.5 if flow.path in PLANNED else 0.0
    counted = random.random() * 0.8 - ahead * yearly
    while True:
        size = min(bisect_left(sizes, spread.next() * sizes[-1]), len(sizes) - 1) + 1
        years = (counted + size * (0.3 + 0.4 * random.random())) / yearly
        counted += size
        if years >= back:
            break
        day = season.day(years)
        slots.append((day if random.random() < 0.04 else working_after(day, 0), size))
    slots.reverse()
    return slots


class _Season:
    """Bends even time so that busy months get more, while each year back from the last day keeps its total."""

    def __init__(self, last: int) -> None:
        self._last = last
        weights = [_MONTHS[as_date(last - day).month - 1] for day in range(365)]
        total = sum(weights)
        self._cumulative = [part / total for part in accumulate(weights)]

    def day(self, years: float) -> int:
        whole = floor(years)
        return self._last - int(whole * YEAR) - bisect_left(self._cumulative, years - whole)


def _with_large_family(slots: list[tuple[int, int]], period: Period) -> list[tuple[int, int]]:
    """Make one group of siblings arrive in the last weeks, out of families that would have come then."""
    merged: list[int] = []
    size = 0
    for at, (start, children) in enumerate(slots):
        if period.last - 90 < start <= period.last - 20 and size < 4 and size + children <= 5:
            merged.append(at)
            size += children
    if size < 4:
        return slots
    kept = [slot for at, slot in enumerate(slots) if at not in merged]
    return sorted([*kept, (slots[merged[-1]][0], size)])


def _touches(journey: Journey, period: Period) -> bool:
    if journey.start > period.last:
        return False
    if journey.leaving == "eighteen" and journey.close > period.start - 7 * YEAR:
        return True  # a care leaver, entitled to help until 25
    return journey.close >= period.start - 20 or journey.start >= period.start - 560


class _Chain:
    """Decides which family a journey belongs to, so that the published share are re-referrals within 12 months."""

    def __init__(self, rates: Rates, registry: Registry, period: Period, seed: int, shares: tuple[float, ...]) -> None:
        self._quota = Quota(rates.rereferrals, seed, "rereferral")
        self._registry = registry
        self._period = period
        self._random = generator(seed, "chain")
        self._closing: list[tuple[int, int, Family]] = []
        self._pool: list[Family] = []
        self._count = 0
        self._shares = shares
        self._owed: dict[tuple[Path, bool], list[float]] = {}

    def settle(self, journey: Journey) -> None:
        """Give the journey its family and children."""
        while self._closing and self._closing[0][0] < journey.start:
            self._pool.append(heappop(self._closing)[2])
        key = (journey.path, _open_plan(journey, self._period.last))
        area = self._area(key, journey.size)
        family = None
        counts = journey.start > self._period.start - 430
        if counts and self._quota.owes(journey.size) and journey.path in _CHAINED:
            family = self._again(journey, area)
            if family:
                self._quota.take(journey.size)
        if family is None:
            family = self._new(journey, area)
        self._owed[key][family.area] -= journey.size
        journey.family = family
        family.referred = journey.children
        family.last_referral, family.free_from = journey.start, journey.close
        if journey.care is None:
            self._count += 1
            heappush(self._closing, (journey.close, self._count, family))

    def _again(self, journey: Journey, area: int) -> Family | None:
        pool = self._pool
        for turn in range(30):
            if not pool:
                return None
            at = self._random.randrange(len(pool))
            family = pool[at]
            if journey.start - family.last_referral > 350:
                pool[at] = pool[-1]
                pool.pop()
                continue
            if journey.path in PLANNED and family.area != area and turn < 20:
                continue
            grown = [
                child
                for child in family.referred
                if child.born < family.last_referral and journey.close - child.born < 17.9 * YEAR
            ]
            if len(grown) >= journey.size and journey.start > family.free_from:
                pool[at] = pool[-1]
                pool.pop()
                journey.children = grown[: journey.size]
                return family
        return None

    def _new(self, journey: Journey, area: int) -> Family:
        registry = self._registry
        family = registry.family(area)
        if journey.leaving == "eighteen":
            assert journey.care is not None
            boy = True if journey.alone and self._random.random() < 0.9 else None
            registry.child(family, months_after(journey.care[1], -216), boy=boy)
        elif journey.path == Path.DISABLED:
            age = self._random.uniform(0.5, max(17.8 - (journey.close - journey.start) / YEAR, 0.6))
            registry.child(family, journey.start - int(age * YEAR), disabled=True)
        else:
            leaning = {Path.PROTECTED: 1.25, Path.PROTECTED_THEN_CARE: 1.8, Path.CARE: 1.2}.get(journey.path, 1.0)
            if journey.leaving == "adopted":
                leaning = 9.0
            unborn = journey.care is None and journey.close - journey.start > 60 and self._random.random() < 0.16
            registry.siblings(family, journey.size, journey.start, journey.close, young=leaning, unborn=unborn)
        journey.children = list(family.children)
        return family

    def _area(self, key: tuple[Path, bool], size: int) -> int:
        """The area that is furthest behind its share of such families."""
        owed = self._owed.setdefault(key, [0.0] * len(self._shares))
        for at, share in enumerate(self._shares):
            owed[at] += share * size
        return max(range(len(owed)), key=owed.__getitem__)


def _open_plan(journey: Journey, day: int) -> bool:
    return journey.plan is not None and journey.plan[0] <= day < journey.plan[1]


def _earlier_plans(journeys: list[Journey], rates: Rates, period: Period, seed: int) -> list[Journey]:
    """Plans of years ago, for the published share of plans that are a second or later one."""
    quota = Quota(rates.plans_again, seed, "earlier plans")
    random = generator(seed, "earlier plans")
    found: list[Journey] = []
    first: dict[int, int] = {}
    for journey in journeys:
        first.setdefault(id(journey.family), journey.start)
    for journey in journeys:
        if journey.plan is None or not quota.owes(journey.size):
            continue
        latest = min(first[id(journey.family)], period.start) - 460
        earliest = max(child.born for child in journey.children) + 60
        if latest - earliest < 330 or first[id(journey.family)] < journey.start:
            continue
        quota.take(journey.size)
        close = latest - random.randrange(0, min(latest - earliest - 300, 1200))
        soon = first[id(journey.family)] - 200
        room = soon - max(journey.plan[0] - WITHIN_TWO_YEARS, latest)
        if room > 0 and random.random() < 0.4:
            close = soon - random.randrange(room)
        earlier = _past(journey, close - random.randrange(200, 300), close)
        earlier.past = close < period.start - 60
        found.append(earlier)
    return found


def _past(journey: Journey, start: int, close: int) -> Journey:
    strategy = working_after(start + 4, 0)
    conference = working_after(strategy, 12)
    past = Journey(Path.PROTECTED, working_after(start, 0), close, journey.size, past=True)
    past.family, past.children = journey.family, list[Child](journey.children)
    past.assessed = working_after(start, 32)
    past.enquiries = [Enquiry(strategy, working_after(strategy, 6))]
    past.conference, past.plan = conference, (conference, working_after(close - 14, 0))
    return past
