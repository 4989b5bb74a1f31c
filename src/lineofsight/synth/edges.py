"""Children who are easily lost and of whom the standard has no table: fostered privately, homeless, behind a lock.

The shares are plausible and nothing is published to match them by: one in some hundreds of the children known. Of each
kind there is at least one in every extract, so that a small authority shows what the page looks like.
"""

from collections.abc import Sequence
from random import Random

from lineofsight.synth.chance import generator
from lineofsight.synth.days import YEAR, working_after
from lineofsight.synth.journeys import Journey
from lineofsight.synth.people import NEVER, Child
from lineofsight.synth.scene import Scene

FOSTERED_EVERY, HOMELESS_EVERY, LOCKED_EVERY = 300, 60, 40


def write_edges(scene: Scene, journeys: Sequence[Journey], seed: int) -> None:
    """Rows of the three side tables. Call it once everybody's first recorded day is known."""
    random = generator(seed, "edges")
    known = [
        child
        for family in scene.cohort.registry.families
        for child in family.children
        if child.known < min(scene.period.first - 120, NEVER)
    ]
    cared_for = {child.id for journey in journeys if journey.care for child in journey.children}
    others = [child for child in known if child.id not in cared_for]
    for child in _some(others, 2, 14, scene.period.last, FOSTERED_EVERY):
        _write_fostering(scene, random, child)
    for child in _some(others, 16.4, 17.9, scene.period.last, HOMELESS_EVERY):
        _write_homelessness(scene, random, child)
    _write_deprivations(scene, random, journeys)


def _some(children: Sequence[Child], youngest: float, oldest: float, last: int, every: int) -> list[Child]:
    """One in so many of the children of an age at the end, and at least two where there are as many."""
    aged = [child for child in children if youngest <= (last - child.born) / YEAR <= oldest]
    return aged[:: max(min(every, len(aged) // 2), 1)][: max(len(children) // every, 2)]


def _write_fostering(scene: Scene, random: Random, child: Child) -> None:
    """Told, visited every six weeks or so while it lasts; one in five is hardly visited."""
    period = scene.period
    notified = working_after(max(child.known, period.first - random.randrange(20, 110)), 0)
    start = notified - random.randrange(0, 30)
    end = notified + random.randrange(40, 500) if random.random() < 0.4 else None
    decided = working_after(notified, random.randrange(20, 60))
    gap = 90 if random.random() < 0.2 else 38
    visits = [working_after(notified, random.choice((3, 4, 5, 6, 7, 7, 9)))]
    while visits[-1] + gap < min(period.last, end if end is not None else period.last):
        visits.append(working_after(visits[-1] + gap + random.randrange(0, 6), 0))
    head = (scene.id("PRF"), child.id, notified, start)
    stages: list[tuple[int, Sequence[object]]] = [(notified, (*head, None, None, None, None))]
    seen = [day for day in visits if day <= period.last]
    for day in seen:
        told = decided if decided <= day else None
        stages.append((day, (*head, seen[0], day, told, None)))
    if end is not None and scene.ended(end) and seen:
        stages.append((max(end, seen[-1]), (*head, seen[0], seen[-1], decided if decided <= end else None, end)))
    scene.book["side_private_fostering"].stages(stages)


def _write_homelessness(scene: Scene, random: Random, child: Child) -> None:
    """Came, was assessed within some days or not, and had somewhere to live after a while or not yet."""
    period = scene.period
    came = working_after(max(child.known, period.first - random.randrange(10, 60)), 0)
    head = (scene.id("HOM"), child.id, came)
    assessed = working_after(came, random.randrange(0, 12))
    housed = assessed + random.randrange(0, 90)
    stages: list[tuple[int, Sequence[object]]] = [(came, (*head, None, None, None))]
    if random.random() < 0.75 and scene.ended(assessed):
        stages.append((assessed, (*head, assessed, None, None)))
        if random.random() < 0.6 and scene.ended(housed):
            what = random.choice(("care", "need", "need", "home", "housing"))
            stages.append((housed, (*head, assessed, what, housed)))
    scene.book["side_homelessness"].stages(stages)


def _write_deprivations(scene: Scene, random: Random, journeys: Sequence[Journey]) -> None:
    """Orders of some months for a few of the older children in care, the newest of them running."""
    first, last = scene.period.first, scene.period.last
    locked = [
        (child, journey.care)
        for journey in journeys
        if journey.care is not None and journey.care[0] < first - 30 and journey.care[1] > last
        for child in journey.children
        if 11 <= (last - child.born) / YEAR < 18 and child.known < first
    ]
    for child, care in locked[:: max(min(LOCKED_EVERY, len(locked) // 2), 1)][: max(len(locked) // LOCKED_EVERY, 2)]:
        start = max(care[0], first - random.randrange(5, 80))
        kind = random.choice(("high_court", "high_court", "secure", "interim"))
        until = start + random.randrange(60, 170)
        head = (scene.id("DOL"), child.id, kind, start, until)
        reviewed = start + random.randrange(25, 50)
        stages: list[tuple[int, Sequence[object]]] = [(start, (*head, None, None))]
        if scene.ended(reviewed):
            stages.append((reviewed, (*head, reviewed, None)))
        scene.book["side_deprivation_of_liberty"].stages(stages)
