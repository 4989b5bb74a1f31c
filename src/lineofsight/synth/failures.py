"""What goes wrong on purpose: plans left without a worker at the newest extract and before, a plan of elsewhere.

Late visits in the troubled area come from `visits`; vacant posts from `workforce`; here are the children whom the
leavers of the last weeks left behind.
"""

from dataclasses import dataclass, field
from math import sqrt

from lineofsight.synth.allocation import SAFEGUARDING, Hold, Leg
from lineofsight.synth.days import working_after, working_back
from lineofsight.synth.flows import Path
from lineofsight.synth.journeys import PLANNED, Journey
from lineofsight.synth.period import Period
from lineofsight.synth.workforce import OPEN_END, Spell, Staff, Worker

DUTY_HOLDS, MANAGER_HOLDS = "duty", "manager"


@dataclass
class StandIn:
    """Somebody who is not an allocated worker and holds a family's children from a day on: duty, or a manager."""

    journey: Journey
    worker: Worker
    kind: str
    start: int


@dataclass
class Failures:
    """What was planted: journeys without a worker at the newest extract, who stands in, and who is off sick."""

    unallocated: list[Journey] = field(default_factory=list)
    stand_ins: list[StandIn] = field(default_factory=list)
    sick: list[tuple[Worker, int]] = field(default_factory=list)


def held_elsewhere(journeys: list[Journey], period: Period) -> None:
    """Make a plan or two those of another authority: the children live here, the plan is answered for there."""
    wanted = 1 + len(journeys) // 4000
    for journey in journeys:
        plan = journey.plan
        if plan is None or journey.path != Path.PROTECTED or journey.past or journey.size > 1 or not wanted:
            continue
        if plan[0] < period.last - 60 and plan[1] > period.last + 30:
            journey.elsewhere, wanted = True, wanted - 1


def leave_unallocated(journeys: list[Journey], staff: Staff, duty: list[Worker], period: Period) -> Failures:
    """Take the worker away from a few families on a plan: one worker has left, another is off sick."""
    found = Failures()
    held = _held_on_plans(journeys, period.last)
    open_children = sum(journey.size for journeys_ in held.values() for journey, _ in journeys_)
    left = min(round(1 + 0.35 * sqrt(open_children)), open_children // 3)
    all_held = _all_held(journeys, period.last)
    troubled = [w for w in held if w.team.troubled] or list(held)
    troubled.sort(key=lambda worker: (-sum(j.size for j, _ in held[worker]), worker.id))
    for turn, worker in enumerate(troubled[:12]):
        if left <= 0:
            break
        day = working_back(period.last, 11 if turn == 0 else 7 - turn % 5)
        taken = sorted(
            (pair for pair in held[worker] if _old_enough(pair[0], day)), key=lambda pair: (pair[0].size, pair[0].start)
        )
        if turn == 0:
            _leaves(worker, day, staff)
        else:
            found.sick.append((worker, working_back(day, 1)))
        for journey, leg in taken:
            if journey.size <= left:
                left -= journey.size
                _end_hold(leg, day)
                found.unallocated.append(journey)
        if turn == 0:
            _hand_on_rest(worker, all_held.get(worker, []), found.unallocated, staff, day)
    _stand_in(found, duty, period)
    if len(period.taken) > 1:
        _gap_before(held, found, period)
    return found


def _held_on_plans(journeys: list[Journey], day: int) -> dict[Worker, list[tuple[Journey, Leg]]]:
    held = _all_held(journeys, day)
    return {
        worker: kept for worker, pairs in held.items() if (kept := [pair for pair in pairs if _on_plan(pair[0], day)])
    }


def _on_plan(journey: Journey, day: int) -> bool:
    plan = journey.plan
    return plan is not None and not journey.elsewhere and plan[0] <= day - 25 and plan[1] > day + 20


def _all_held(journeys: list[Journey], day: int) -> dict[Worker, list[tuple[Journey, Leg]]]:
    found: dict[Worker, list[tuple[Journey, Leg]]] = {}
    for journey in journeys:
        for leg in journey.legs:
            if leg.kind == SAFEGUARDING and leg.holds and leg.start < day - 30 and leg.end > day:
                hold = leg.holds[-1]
                if hold.start < day - 30 and hold.end > day:
                    found.setdefault(hold.worker, []).append((journey, leg))
    return found


def _old_enough(journey: Journey, day: int) -> bool:
    return journey.path in PLANNED and journey.plan is not None and journey.plan[0] < day - 5


def _end_hold(leg: Leg, day: int) -> None:
    leg.holds[-1].end = day


def _leaves(worker: Worker, day: int, staff: Staff) -> None:
    worker.end = day
    for spell in staff.spells:
        if spell.worker is worker and spell.end == OPEN_END:
            spell.end = day
            staff.spells.append(Spell(spell.post, spell.team, None, day + 1, OPEN_END, spell.title, 1.0))
            return


def _hand_on_rest(
    worker: Worker, pairs: list[tuple[Journey, Leg]], unallocated: list[Journey], staff: Staff, day: int
) -> None:
    """What the leaver held beside goes to colleagues; one family of children in need is left too."""
    colleagues = [
        other
        for other in worker.team.workers
        if other.room  # a family support worker holds nobody
        and other is not worker
        and other is not worker.team.manager
        and other.start < day - 20
        and other.end > day + 60
    ]
    forgotten = 1
    for number, (journey, leg) in enumerate(pairs):
        if journey in unallocated:
            continue
        _end_hold(leg, day)
        if journey.plan is None and forgotten:
            forgotten -= 1
        elif colleagues:
            leg.holds.append(Hold(colleagues[number % len(colleagues)], day, leg.end, "LEFTRL"))
        else:
            leg.holds[-1].end = leg.end


def _stand_in(found: Failures, duty: list[Worker], period: Period) -> None:
    """Of those left, one family in three has duty, one in three the team manager, the others nobody."""
    for number, journey in enumerate(found.unallocated):
        leg = next(leg for leg in journey.legs if leg.kind == SAFEGUARDING)
        since, team = leg.holds[-1].end, leg.holds[-1].worker.team
        if number % 3 == 1:
            found.stand_ins.append(StandIn(journey, duty[number % len(duty)], DUTY_HOLDS, since))
        elif number % 3 == 2 and team.manager is not None:
            found.stand_ins.append(StandIn(journey, team.manager, MANAGER_HOLDS, working_after(since, 1)))


def _gap_before(held: dict[Worker, list[tuple[Journey, Leg]]], found: Failures, period: Period) -> None:
    """One or two families had nobody at the extract before, and have somebody again now."""
    before, wanted = period.taken[-2], 2
    others = [worker for worker in held if worker.team.troubled] or list(held)
    for worker, pairs in held.items():
        for journey, leg in pairs:
            if not wanted or journey in found.unallocated or len(others) < 2:
                continue
            hold = leg.holds[-1]
            start, end = working_back(before, 5), working_after(before, 4)
            early = journey.plan is not None and journey.plan[0] < start - 10
            if early and hold.worker is worker and hold.start < start - 20 and end < period.last - 15:
                successor = next((one for one in others if one is not worker and one.end > period.last), None)
                if successor is None or successor.start > start:
                    continue
                hold.end = start
                leg.holds.append(Hold(successor, end, leg.end, "ABSENC"))
                wanted -= 1
