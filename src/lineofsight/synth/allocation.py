"""Who holds which family when: legs of a journey, handed to the worker with most room, handed on when one leaves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from lineofsight.synth.days import months_after, working_after
from lineofsight.synth.flows import Path
from lineofsight.synth.journeys import Journey
from lineofsight.synth.period import Period
from lineofsight.synth.workforce import Worker

ASSESSMENT, SAFEGUARDING, DISABLED, CARE = "assessment", "safeguarding", "disabled", "care"
LEAVING, REVIEWING, FAMILY_HELP = "leaving", "reviewing", "family help"
_BY_AREA = (ASSESSMENT, SAFEGUARDING, FAMILY_HELP)


@dataclass(slots=True, eq=False)
class Hold:
    """A worker holding a leg, from `start` to the day before the next (or `end`). `why` is the SSD change reason."""

    worker: Worker
    start: int
    end: int
    why: str = ""


@dataclass(slots=True, eq=False)
class Leg:
    """A stretch of a journey that one kind of team is responsible for."""

    kind: str
    area: int
    start: int
    end: int
    size: int
    holds: list[Hold] = field(default_factory=list)

    @property
    def pool(self) -> tuple[str, int]:
        """The workers among whom it is allocated."""
        return self.kind, self.area if self.kind in _BY_AREA else 0

    def worker_on(self, day: int) -> Worker | None:
        """Who held it on a day."""
        for hold in self.holds:
            if hold.start <= day <= hold.end:
                return hold.worker
        return None


def set_legs(journey: Journey, random: Random, period: Period) -> None:
    """Give a journey its legs: assessment, then the team for what follows; reviewing officers; personal advisers."""
    if journey.path == Path.SCREENED or journey.past:
        return
    begins = working_after(journey.start, random.choice((0, 1, 1, 2)))
    marks: list[tuple[int, str]] = [(begins, ASSESSMENT)]
    assessed = journey.assessed or journey.close
    if journey.path == Path.SUPPORTED and journey.support:
        marks.append((journey.support[0][0], SAFEGUARDING))
    elif journey.path == Path.DISABLED:
        marks.append((assessed, DISABLED))
    elif journey.conference is not None and journey.plan:
        marks.append((min(journey.conference, max(assessed, begins + 30)), SAFEGUARDING))
    if journey.care and journey.care[1] - journey.care[0] > 70:
        marks.append((max(journey.care[0] + random.randrange(28, 50), marks[-1][0] + 3), CARE))
    area = journey.home.area
    for (start, kind), (end, _) in zip(marks, [*marks[1:], (journey.close, "")], strict=True):
        if end > start:
            journey.legs.append(Leg(kind, area, start, end, journey.size))
    if journey.plan:
        journey.legs.append(Leg(REVIEWING, area, journey.plan[0] - 6, journey.plan[1], journey.size))
    if journey.care and journey.care[1] - journey.care[0] > 14:
        chosen = working_after(journey.care[0], random.choice((1, 2, 3, 4, 6)))
        journey.legs.append(Leg(REVIEWING, area, chosen, journey.care[1], journey.size))
    if journey.leaving == "eighteen" and journey.care and journey.care[1] <= period.last:
        until = months_after(journey.care[1], 84)
        journey.legs.append(Leg(LEAVING, area, journey.care[1], until, journey.size))


def mean_load(legs: Iterable[Leg], period: Period) -> float:
    """Children held on an average day of the period."""
    days = sum(max(min(leg.end, period.last) - max(leg.start, period.start), 0) * leg.size for leg in legs)
    return days / (period.last - period.start)


class Pool:
    """The workers who share one kind of work in one area, and the legs to be held."""

    def __init__(self, workers: list[Worker], legs: list[Leg], period: Period, began: int, random: Random) -> None:
        self._workers = workers
        self._legs = legs
        self._period = period
        self._began = began
        self._random = random
        self._held: dict[str, dict[int, Leg]] = {worker.id: {} for worker in workers}

    def allocate(self) -> None:
        """Go through the days in order: legs that end, workers who leave, legs that begin."""
        events: list[tuple[int, int, int]] = []
        for at, leg in enumerate(self._legs):
            if leg.end >= self._began and leg.start <= self._period.last:
                events.append((max(leg.start, self._began), 2, at))
                events.append((leg.end, 0, at))
        events += [(worker.end, 1, at) for at, worker in enumerate(self._workers) if worker.end >= self._began]
        events.sort()
        for day, what, at in events:
            if day > self._period.last:
                break
            if what == 0:
                self._release(at)
            elif what == 1:
                self._hand_on(self._workers[at], day)
            else:
                self._give(at, self._legs[at], day, "")

    def _give(self, at: int, leg: Leg, day: int, why: str, team: str = "") -> None:
        here = [worker for worker in self._workers if worker.start <= day < worker.end]
        same = [worker for worker in here if worker.team.id == team]
        choice = same or here
        if choice:
            worker = min(choice, key=lambda one: (one.load + leg.size) / one.room)
        else:
            later = [worker for worker in self._workers if worker.start > day]
            if not later:
                return
            worker = min(later, key=lambda one: one.start)
        start = day
        if day <= self._began and leg.start < self._began:
            start = max(leg.start, worker.start)
        leg.holds.append(Hold(worker, max(start, worker.start), leg.end, why))
        worker.load += leg.size
        self._held[worker.id][at] = leg

    def _release(self, at: int) -> None:
        leg = self._legs[at]
        if leg.holds and at in self._held[leg.holds[-1].worker.id]:
            worker = leg.holds[-1].worker
            worker.load -= leg.size
            del self._held[worker.id][at]

    def _hand_on(self, worker: Worker, day: int) -> None:
        """Everything a leaver held goes to others: most the same day, some after days in which nobody holds it."""
        held = list(self._held[worker.id].items())
        self._held[worker.id].clear()
        for at, leg in held:
            worker.load -= leg.size
            gap = self._gap(worker, day)
            last = leg.holds[-1]
            last.end = min(day, leg.end)
            if last.start >= last.end:
                leg.holds.pop()
            if working_after(day + gap, 0) < leg.end:
                self._give(at, leg, working_after(day + gap, 0) if gap else day, "LEFTRL", worker.team.id)

    def _gap(self, worker: Worker, day: int) -> int:
        random = self._random
        if day > self._period.last - 40:
            return 0
        draw = random.random()
        if worker.team.troubled and day >= self._period.trouble:
            return 0 if draw < 0.5 else random.randrange(2, 7) if draw < 0.8 else random.randrange(5, 16)
        return 0 if draw < 0.78 else random.randrange(1, 5) if draw < 0.93 else random.randrange(5, 12)


def allocate(
    legs: list[Leg], pools: dict[tuple[str, int], list[Worker]], period: Period, began: int, random: Random
) -> None:
    """Allocate every leg among the workers of its pool."""
    by_pool: dict[tuple[str, int], list[Leg]] = {key: [] for key in pools}
    for leg in legs:
        by_pool[leg.pool].append(leg)
    for key, workers in pools.items():
        Pool(workers, by_pool[key], period, began, random).allocate()
