"""Core groups, reviews of child in need plans and invitations to conferences, written as rows of our side tables.

No shares are published to match: the first core group is late for one plan in eight, later ones and reviews of plans a
little more often, and far more often in the troubled area.
"""

from lineofsight.synth.allocation import REVIEWING
from lineofsight.synth.days import YEAR, months_after, working_after, working_before
from lineofsight.synth.journeys import Journey
from lineofsight.synth.people import Child
from lineofsight.synth.scene import Scene
from lineofsight.synth.workforce import Worker

# Who is asked to a conference: agency, role, how often asked, attending and sending a report, in percent.
_INVITED = (
    ("social_care", "Social worker", 100, 98, 95),
    ("education", "Designated safeguarding lead", 88, 84, 78),
    ("health", "Health visitor or school nurse", 94, 76, 70),
    ("health", "General practitioner", 90, 9, 46),
    ("police", "Police child abuse investigation", 96, 71, 88),
    ("hospital", "Hospital safeguarding nurse", 22, 58, 50),
    ("probation", "Probation officer", 14, 66, 60),
)
_HOW = ("PN1", "PN1", "PN2", "PN3", "PN5", "PN6", "PN6", "PN7")


def _holder(journey: Journey, day: int) -> Worker | None:
    """Who held the family on a day, reviewing officers apart."""
    legs = (leg for leg in journey.legs if leg.kind != REVIEWING and leg.start <= day <= leg.end)
    return next((worker for worker in (leg.worker_on(day) for leg in legs) if worker is not None), None)


def _participation(scene: Scene, child: Child, day: int) -> str:
    return "PN0" if day - child.born < 4 * YEAR else scene.side.choice(_HOW)


def _is_late(scene: Scene, worker: Worker | None, day: int, share: float) -> bool:
    troubled = worker is not None and worker.team.troubled and day > scene.period.trouble
    return scene.side.random() < (share * 3.5 if troubled else share)


def write_core_groups(scene: Scene, journey: Journey, plans: list[str], known: int) -> None:
    """The first within ten working days of the conference, then every six weeks while the plan lasts."""
    random, last = scene.side, scene.period.last
    assert journey.plan is not None
    start, end = journey.plan
    due = working_after(start, 10)
    share = 0.12
    while due < end:
        worker = _holder(journey, min(due, last))
        late = _is_late(scene, worker, due, share)
        held = working_after(due + random.randrange(2, 19), 0) if late else working_before(due - random.randrange(0, 7))
        held = max(held, start + 1)
        if held >= end or known > last:
            return
        if held >= scene.period.start - 60:
            held_known = max(scene.side_late.event(held), known) if held <= last else None
            minutes = held + random.choice((3, 4, 6, 8, 11, 15, 23)) if random.random() < 0.9 else None
            _write_core_group(scene, journey, plans, (due, held, minutes), (known, held_known), worker)
            known = held_known or last + 1
        due, share = held + 42, 0.15


def _write_core_group(
    scene: Scene,
    journey: Journey,
    plans: list[str],
    days: tuple[int, int, int | None],
    known: tuple[int, int | None],
    worker: Worker | None,
) -> None:
    due, held, minutes = days
    who = worker.id if worker else None
    for child, plan in zip(journey.children, plans, strict=True):
        row = (scene.id("CGR"), child.id, plan, due)
        how = _participation(scene, child, held)
        stages: list[tuple[int, tuple[object, ...]]] = [(known[0], (*row, None, "N", None, None, None))]
        if known[1] is not None:
            stages.append((known[1], (*row, held, "N", None, how, who)))
            if minutes is not None:
                stages.append((max(minutes, known[1]), (*row, held, "N", minutes, how, who)))
        scene.book["side_core_group"].stages(stages)


def write_plan_reviews(scene: Scene, journey: Journey, plans: list[str], span: tuple[int, int], known: int) -> None:
    """The first after six weeks, then every three months while the plan lasts."""
    random, last = scene.side, scene.period.last
    start, end = span
    due = start + 42
    while due < end and known <= last:
        worker = _holder(journey, min(due, last))
        late = _is_late(scene, worker, due, 0.16)
        held = working_after(due + random.randrange(3, 25), 0) if late else working_before(due - random.randrange(0, 9))
        if held >= end:
            return
        if held >= scene.period.start - 60:
            held_known = max(scene.side_late.event(held), known) if held <= last else None
            for child, plan in zip(journey.children, plans, strict=True):
                row = (scene.id("CRV"), child.id, plan, due)
                told = (held, "N", "continue", _participation(scene, child, held), worker.id if worker else None)
                scene.book["side_cin_plan_review"].closing(
                    known, held_known, (*row, None, "N", None, None, None), (*row, *told)
                )
            known = held_known or last + 1
        due = months_after(held, 3)


def write_invitations(
    scene: Scene, conferences: list[str], children: list[Child], kind: str, held: int, known: tuple[int, int]
) -> None:
    """Who was asked to a conference of a family, and what came of it; one row for each child and agency."""
    random, last = scene.side, scene.period.last
    if held < scene.period.younger or not children:
        return
    asked = min(working_before(held - random.randrange(4, 12)), held)
    for agency, role, invited, attends, reports in _INVITED:
        draws = random.random() * 100, random.random() * 100, random.random() * 100
        if draws[0] >= invited:
            continue
        attended = "Y" if draws[1] < attends else "N"
        report = working_before(held - int(draws[2]) % 5) if draws[2] < reports else None
        report = None if report is None else max(report, asked)
        asked_known = max(known[0], asked)
        held_known = max(known[1], asked_known) if held <= last else None
        for conference, child in zip(conferences, children, strict=True):
            row = (scene.id("INVT"), child.id, conference, kind, agency, role, asked)
            scene.book["side_conference_invitation"].closing(
                max(asked_known, child.known), held_known, (*row, None, None), (*row, attended, report)
            )
