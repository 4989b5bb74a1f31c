"""What managers decide and look at, written as rows of our side tables: decisions on contacts and referrals, entries of
oversight and of allocations endorsed, transfers of cases.
"""

from random import Random

from lineofsight.synth.allocation import ASSESSMENT, LEAVING, REVIEWING
from lineofsight.synth.chance import generator
from lineofsight.synth.days import working_after, working_back
from lineofsight.synth.flows import Path
from lineofsight.synth.journeys import Journey
from lineofsight.synth.people import Child
from lineofsight.synth.scene import Scene
from lineofsight.synth.staff_records import supervisor_of

_DAYS = (0,) * 11 + (1,) * 6 + (2, 2, 4)  # working days from contact or referral to decision
_TOLD = (0, 0, 0, 1, 1, 2, 3, None, None)  # from the decision to the day the referrer was told
_TASKS = (0,) * 56 + (1, 1, 2, 3, 5, 8, 15, 60)  # working days from the decision to the last task finished
_CHECKPOINTS = (10, 20)  # working days from the referral
_COUNCILS = ("Westmoor Council", "Saltby Council", "Highfold Council")


def write_decision(
    scene: Scene, child: Child, kind: str, subject: str, day: int, known: int, words: str, *, told: bool = True
) -> None:
    """When a manager decided on one contact or referral, and when the referrer heard; one not `told` is only drawn."""
    if day < scene.period.younger:
        return
    last, chance = scene.period.last, scene.side.random
    decided = working_after(day, _DAYS[int(chance() * len(_DAYS))])
    later = _TOLD[int(chance() * len(_TOLD))]
    manager = scene.services.front_door.manager
    row = (scene.id("DEC"), child.id, kind, subject, day)
    known = max(known, child.known)
    stages: list[tuple[int, tuple[object, ...]]] = []
    if decided > last:
        stages.append((known, (*row, None, None, None, None, None)))
    else:
        said = (decided, words, manager.id if manager else None)
        decided_known = max(scene.side_late.prompt(decided), known)
        if decided_known > known:
            stages.append((known, (*row, None, None, None, None, None)))
        back = last + 1 if later is None else working_after(decided, later)
        done = working_after(decided, _tasks_after(str(row[0])))
        for now in sorted({decided_known, max(back, decided_known), max(done, decided_known)}):
            if now <= last:
                stages.append((now, (*row, *said, back if back <= now else None, done if done <= now else None)))
    scene.book["side_decision"].stages(stages if told else [])


def _tasks_after(decision: str) -> int:
    """Working days from a decision to the last of its tasks: mostly none; by its number, so that nothing is drawn."""
    return _TASKS[int(decision[3:]) * 7919 % 997 % len(_TASKS)]


def write_oversight(scene: Scene, journey: Journey) -> None:
    """The holder's manager endorses the allocation, and looks at the case every two or three months."""
    random, period = scene.side, scene.period
    sheet = scene.book["side_oversight"]
    for leg in journey.legs:
        if leg.kind in (REVIEWING, LEAVING):
            continue
        for hold in leg.holds:
            manager = supervisor_of(hold.worker)
            if manager is None or hold.end <= hold.start:
                continue
            troubled = hold.worker.team.troubled and hold.start > period.trouble
            endorsed = working_after(hold.start, random.choice((0, 0, 0, 1, 1, 2, 3, 5)))
            entries = [("allocation", endorsed)] if random.random() < (0.55 if troubled else 0.88) else []
            day = max(hold.start, period.younger) + random.randrange(40, 80)
            while day < min(hold.end, period.last):
                entries.append(("oversight", working_after(day, 0)))
                day += random.randrange(80, 190) if troubled else random.randrange(56, 100)
            for kind, day in entries:
                if period.start - 30 <= day <= period.last and day < hold.end:
                    known = max(scene.side_late.visit(day), journey.known)
                    for child in journey.children:
                        row = (scene.id("OVS"), child.id, day, manager.id, kind, hold.worker.id)
                        sheet.add(max(known, child.known), row)


def write_checkpoints(scene: Scene, journeys: list[Journey], seed: int) -> None:
    """The assessing worker's manager looks at an assessment that is open by its tenth and its twentieth working day."""
    random = generator(seed, "checkpoints")
    for journey in journeys:
        leg = next((leg for leg in journey.legs if leg.kind == ASSESSMENT), None)
        if leg is None or journey.assessed is None or journey.start < scene.period.younger:
            continue
        for after in _CHECKPOINTS:
            due = working_after(journey.start, after)
            hold = next((hold for hold in leg.holds if hold.start <= due <= hold.end), None)
            manager = supervisor_of(hold.worker) if hold else None
            if hold is None or manager is None or journey.assessed <= due:
                continue
            troubled = hold.worker.team.troubled and due > scene.period.trouble
            day = _looked_on(random, due, 0.5 if troubled else 0.84 if after == _CHECKPOINTS[0] else 0.76)
            if day is None or day > scene.period.last:
                continue
            for child in journey.children:
                known = max(day + random.choice((0, 0, 0, 1, 3)), journey.known, child.known)
                row = (scene.id("OVC"), child.id, day, manager.id, "oversight", hold.worker.id)
                scene.book["side_oversight"].add(known, row)


def _looked_on(random: Random, due: int, in_time: float) -> int | None:
    """The day of a look that was due: mostly on it or shortly before, sometimes days after, sometimes never."""
    draw = random.random()
    if draw < in_time:
        return working_back(due, random.choice((0, 0, 1, 1, 2, 3, 5)))
    return working_after(due, random.choice((1, 2, 3, 6))) if draw < in_time + 0.1 else None


def write_transfers(scene: Scene, journey: Journey) -> None:
    """A plan that came from another council, a family that moved to one, and hand-overs between teams."""
    random, period = scene.side, scene.period
    sheet = scene.book["side_case_transfer"]
    moves: list[tuple[str, str | None, str | None, int, int, int | None]] = []
    if journey.transferred and journey.conference is not None:
        moves.append(("in", random.choice(_COUNCILS), None, journey.start, journey.conference, journey.conference))
    if journey.moved_out:
        asked = max(journey.close - random.randrange(10, 40), journey.start)
        moves.append(("out", None, random.choice(_COUNCILS), asked, journey.close, None))
    legs = [leg for leg in journey.legs if leg.kind not in (REVIEWING, LEAVING) and leg.holds]
    for before, after in zip(legs, legs[1:], strict=False):
        giving, taking = before.holds[-1].worker.team, after.holds[0].worker.team
        if giving is not taking:
            asked = max(after.start - random.randrange(3, 15), before.start)
            moves.append(("within", giving.id, taking.id, asked, after.start, None))
    for kind, came_from, went_to, asked, day, conference in moves:
        if asked > period.last or day < period.start - 60:
            continue
        asked_known = max(asked, journey.known)
        known = max(scene.side_late.event(day), asked_known) if scene.ended(day) else None
        for child in journey.children:
            row = (scene.id("TRF"), child.id, kind, came_from, went_to, asked)
            first = max(asked_known, child.known)
            sheet.closing(
                first, None if known is None else max(known, first), (*row, None, None), (*row, day, conference)
            )


def decision_words(journey: Journey) -> str:
    """What was decided on a referral."""
    return "No further action" if journey.path == Path.SCREENED else "Assessment"
