"""Days on which families are visited: usually in time, sometimes late, and late far more often in the troubled area."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from lineofsight.synth.allocation import REVIEWING
from lineofsight.synth.chance import Quota
from lineofsight.synth.days import YEAR, working_after, working_from
from lineofsight.synth.flows import Path
from lineofsight.synth.journeys import Journey
from lineofsight.synth.scene import Scene

RAMP = 70  # days over which the trouble grows to its full size


@dataclass(frozen=True)
class Rhythm:
    """Working days between visits: a usual range, a late range, and the share that are late in and out of trouble."""

    usual: tuple[int, int]
    late: tuple[int, int]
    share: float
    troubled: tuple[int, int]
    troubled_share: float


PROTECTION = Rhythm((6, 10), (12, 20), 0.11, (16, 32), 0.78)
SUPPORT = Rhythm((8, 15), (22, 34), 0.1, (24, 48), 0.55)
ENQUIRY_SEEN = 0.88  # share of section 47 enquiries whose child is seen by the next working day; nothing is published


def _depth(day: int, trouble: int | None) -> float:
    """How deep in trouble an area is, 0 to 1, where trouble began there on a day (None: never)."""
    return 0.0 if trouble is None or day < trouble else min((day - trouble) / RAMP, 1.0)


def _detailed_from(scene: Scene, start: int) -> int:
    """Visits older than the years of detail are not in the case system."""
    floor = scene.period.start - 45
    return start if start >= floor else floor + scene.random.randrange(0, 10)


def days(scene: Scene, rhythm: Rhythm, start: int, end: int, trouble: int | None) -> Iterator[int]:
    """Working days of visits from `start` to `end`, not after the newest extract; `trouble` is when it began here."""
    random, last = scene.random, min(end, scene.period.last)
    working, at = working_from(_detailed_from(scene, start))
    while working[at] <= last:
        day = working[at]
        yield day
        depth = _depth(day, trouble)
        if depth and random.random() < rhythm.troubled_share * depth:
            at += random.randint(*rhythm.troubled)
        elif random.random() < rhythm.share:
            at += random.randint(*rhythm.late)
        else:
            at += random.randint(*rhythm.usual)


class ProtectionRound:
    """The days on which each family on a plan is visited, worked out for all families together, day by day.

    So the share of visits that come late is steady over time, and a change in it is a change in practice.
    """

    def __init__(self, scene: Scene, journeys: list[Journey], seed: int) -> None:
        self._usual = Quota(PROTECTION.share, seed, "late visits")
        self._troubled = Quota(0.0, seed, "late visits in trouble")
        self._days: dict[int, list[int]] = {}
        due: list[tuple[int, int]] = []
        for number, journey in enumerate(journeys):
            if journey.plan and not journey.past:
                start = _detailed_from(scene, journey.plan[0] + scene.random.randrange(0, 6))
                heappush(due, (working_after(start, 0), number))
        while due:
            day, number = heappop(due)
            journey = journeys[number]
            assert journey.plan is not None
            if day < journey.plan[1] and day <= scene.period.last:
                self._days.setdefault(id(journey), []).append(day)
                gap = self._gap(scene, journey, day)
                heappush(due, (working_after(day, gap), number))

    def _gap(self, scene: Scene, journey: Journey, day: int) -> int:
        random, depth = scene.random, _depth(day, trouble_of(scene, journey))
        if depth:
            self._troubled.share = PROTECTION.troubled_share * depth
            if self._troubled.says(journey.size):
                return random.randint(*PROTECTION.troubled)
        elif self._usual.says(journey.size):
            return random.randint(*PROTECTION.late)
        return random.randint(*PROTECTION.usual)

    def of(self, journey: Journey) -> list[int]:
        """The days on which the journey's children were visited."""
        return self._days.get(id(journey), [])


def trouble_of(scene: Scene, journey: Journey) -> int | None:
    """The day on which the team that holds the journey began to lose its workers; None where it did not."""
    for leg in journey.legs:
        if leg.kind == REVIEWING or not leg.holds:
            continue
        if leg.holds[-1].worker.team.troubled and leg.end > scene.period.trouble:
            return scene.period.trouble
    return None


def write_protection_visits(scene: Scene, journey: Journey, visited: list[int], plans: list[str], known: int) -> None:
    """Visits to children on a plan: the family together, each child seen or not."""
    random, sheet = scene.random, scene.book["ssd_cp_visits"]
    for day in visited:
        recorded = max(scene.late.visit(day), known)
        for child, plan in zip(journey.children, plans, strict=True):
            draw = random.random()
            seen = "Y" if draw < 0.978 or child.born > day else "N"
            alone = "Y" if seen == "Y" and draw < 0.72 and day - child.born > 3 * YEAR else "N"
            bedroom = "Y" if draw < 0.55 else "N"
            sheet.add(recorded, (scene.id("CPV"), child.id, plan, day, seen, alone, bedroom))


def write_support_visits(scene: Scene, journey: Journey) -> None:
    """Visits while a family is assessed or on a child in need plan, not while a child is on a plan or looked after."""
    random, sheet = scene.random, scene.book["ssd_cin_visits"]
    stops = [journey.close, *(journey.plan[:1] if journey.plan else ()), *(journey.care[:1] if journey.care else ())]
    stretches = [(journey.start + random.randrange(1, 9), min(stops) - 1)]
    if journey.plan and not journey.care and journey.close - journey.plan[1] > 20:
        stretches.append((journey.plan[1] + random.randrange(5, 20), journey.close))
    trouble = trouble_of(scene, journey) if journey.path != Path.ASSESSED else None
    for start, end in stretches:
        for day in days(scene, SUPPORT, start, end, trouble):
            recorded = max(scene.late.visit(day), journey.known)
            for child in journey.children:
                draw = random.random()
                seen = "Y" if draw < 0.95 or child.born > day else "N"
                alone = "Y" if seen == "Y" and draw < 0.55 and day - child.born > 3 * YEAR else "N"
                bedroom = "Y" if draw < 0.4 else "N"
                sheet.add(recorded, (scene.id("CNV"), child.id, day, seen, alone, bedroom))


def write_enquiry_visits(scene: Scene, journey: Journey) -> None:
    """The visit that begins a section 47 enquiry: usually that day or the next working day, sometimes days later."""
    random, sheet, last = scene.side, scene.book["ssd_cin_visits"], scene.period.last
    for enquiry in journey.enquiries:
        if enquiry.start < scene.period.start - 45:
            continue
        days = random.choice((0, 0, 1)) if random.random() < ENQUIRY_SEEN else random.choice((2, 2, 3, 4, 6))
        day = working_after(enquiry.start, days)
        if day > last:
            continue
        recorded = max(scene.side_late.visit(day), journey.known)
        for child in journey.children:
            seen = "N" if child.born > day or random.random() < 0.02 else "Y"
            alone = "Y" if seen == "Y" and random.random() < 0.7 and day - child.born > 3 * YEAR else "N"
            sheet.add(recorded, (scene.id("CNV"), child.id, day, seen, alone, "N"))
