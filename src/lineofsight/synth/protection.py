"""Child in need plans, initial conferences, child protection plans and their reviews, written as rows."""

from lineofsight.synth.allocation import DISABLED, REVIEWING, SAFEGUARDING
from lineofsight.synth.chance import Quota, Weighted
from lineofsight.synth.days import SENTINEL, YEAR, months_after, working_after, working_before
from lineofsight.synth.flows import Path
from lineofsight.synth.journeys import Journey
from lineofsight.synth.meetings import write_core_groups, write_invitations, write_plan_reviews
from lineofsight.synth.people import Child
from lineofsight.synth.scene import Scene
from lineofsight.synth.visits import ProtectionRound, write_protection_visits

# Initial category of abuse, in shares of England's plans (DfE, children in need 2024, table d4).
_CATEGORIES = Weighted({"Neglect": 51, "Emotional abuse": 37, "Physical abuse": 7, "Sexual abuse": 3.5, "Multiple": 2})
_YES_PLAN = '{"NFA_FLAG": "N", "SINGLE_ASSESSMENT_FLAG": "N", "PROV_OF_SERVICES_FLAG": "N", "CP_FLAG": "Y"}'
_NO_PLAN = '{"NFA_FLAG": "N", "SINGLE_ASSESSMENT_FLAG": "N", "PROV_OF_SERVICES_FLAG": "Y", "CP_FLAG": "N"}'


class Reviews:
    """Deals out which plans are reviewed in time, so that of those open longest enough the published share are."""

    def __init__(self, share: float, seed: int) -> None:
        self._open = Quota(1 - share, seed, "late reviews of open plans")
        self._ended = Quota(1 - share, seed, "late reviews of ended plans")

    def held(self, scene: Scene, start: int, end: int, size: int) -> list[tuple[int, int]]:
        """The reviews of a plan: the day each was due and the day it is held. The last one ends the plan."""
        random = scene.random
        due = months_after(start, 3)
        if end <= due:
            return [(due, end)]
        quota = self._open if end > scene.period.last >= due else self._ended
        if quota.says(size):
            first = working_after(due + random.randrange(3, 32), 0)
        else:
            first = working_before(due - random.randrange(4, 17))
        held = [(due, min(first, end))]
        while held[-1][1] < end:
            due = months_after(held[-1][1], 6)
            held.append((due, end if end <= due else working_before(due - random.randrange(4, 21))))
        return held


def write_support_plans(scene: Scene, journey: Journey) -> None:
    """Child in need plans."""
    for start, end in journey.support:
        if start >= end or start > scene.period.last:
            continue
        leg = next((leg for leg in journey.legs if leg.kind in (SAFEGUARDING, DISABLED) and leg.holds), None)
        worker = (leg.worker_on(start) or leg.holds[0].worker) if leg else None
        who = (worker.team.id, worker.id) if worker else (None, None)
        known = max(scene.late.event(start), journey.known)
        end_known = max(scene.late.ending(end), known) if scene.ended(end) else None
        plans = [scene.id("CNP") for _ in journey.children]
        for plan, child, referral in zip(plans, journey.children, journey.referrals, strict=True):
            row = (plan, referral, child.id, start)
            scene.book["ssd_cin_plans"].closing(known, end_known, (*row, None, *who), (*row, end, *who))
        write_plan_reviews(scene, journey, plans, (start, end), known)


def write_protection(
    scene: Scene, journey: Journey, reviews: Reviews, visits: ProtectionRound, enquiries: list[list[str]]
) -> None:
    """The initial conference and, where it leads to one, the plan with its reviews and visits."""
    held = journey.conference
    assert held is not None
    known, plan_known = _conference_known(scene, journey, held)
    plans: list[str | None] = [scene.id("CPP") if journey.plan else None for _ in journey.children]
    _write_conferences(scene, journey, enquiries, plans, (known, plan_known))
    if journey.plan is None or held > scene.period.last:
        return
    start, end = journey.plan
    category = _CATEGORIES.draw(scene.random)
    latest = category if scene.random.random() < 0.85 else _CATEGORIES.draw(scene.random)
    end_known = max(scene.late.ending(end), plan_known) if scene.ended(end) else None
    elsewhere = "Y" if journey.elsewhere else "N"
    # A few open plans carry the date that some systems write for "none".
    nothing = SENTINEL if scene.random.random() < 0.012 else None
    for plan, icpc, child, referral in zip(plans, _icpc_ids(journey), journey.children, journey.referrals, strict=True):
        row = (plan, referral, icpc, child.id, start)
        scene.book["ssd_cp_plans"].closing(
            plan_known,
            end_known,
            (*row, nothing, category, elsewhere, latest),
            (*row, end, category, elsewhere, latest),
        )
    named = [plan for plan in plans if plan is not None]
    _write_reviews(scene, journey, reviews.held(scene, start, end, journey.size), named, plan_known)
    if not journey.past:
        write_protection_visits(scene, journey, visits.of(journey), named, plan_known)
        if not journey.elsewhere:
            write_core_groups(scene, journey, named, plan_known)


def _conference_known(scene: Scene, journey: Journey, held: int) -> tuple[int, int]:
    """When it was recorded that a conference is needed, and that it was held."""
    planned = journey.enquiries[0].known if journey.enquiries else journey.known
    return planned, max(scene.late.event(held), planned)


def _icpc_ids(journey: Journey) -> list[str]:
    return ["ICPC" + referral[3:] for referral in journey.referrals]


def _write_conferences(
    scene: Scene, journey: Journey, enquiries: list[list[str]], plans: list[str | None], known: tuple[int, int]
) -> None:
    held = journey.conference
    assert held is not None
    meeting = scene.id("MTG")
    target = working_after(journey.enquiries[0].start if journey.enquiries else journey.start, 15)
    leg = next((leg for leg in journey.legs if leg.kind == REVIEWING), None)
    chair = leg.holds[0].worker if leg and leg.holds else None
    who = (chair.team.id, chair.id) if chair else (None, None)
    flag, outcome = ("Y", _YES_PLAN) if journey.plan else ("N", _NO_PLAN)
    transfer = "Y" if journey.transferred else "N"
    for icpc, child, referral, mine, plan in zip(
        _icpc_ids(journey), journey.children, journey.referrals, enquiries, plans, strict=True
    ):
        enquiry = mine[0] if mine else None
        opened = (icpc, meeting, enquiry, child.id, None, referral, transfer, target, None, None, None, *who)
        closed = (icpc, meeting, enquiry, child.id, plan, referral, transfer, target, held, flag, outcome, *who)
        held_known = known[1] if scene.ended(held) else None
        scene.book["ssd_initial_cp_conference"].closing(known[0], held_known, opened, closed)
    if held <= scene.period.last:
        write_invitations(scene, _icpc_ids(journey), journey.children, "initial", held, known)


def _participation(scene: Scene, child: Child, day: int) -> str:
    if day - child.born < 4 * YEAR:
        return "PN0"
    return scene.random.choice(("PN1", "PN1", "PN2", "PN3", "PN5", "PN5", "PN6", "PN6", "PN7"))


def _write_reviews(
    scene: Scene, journey: Journey, reviews: list[tuple[int, int]], plans: list[str], known: int
) -> None:
    """Each review stands as due from the time of the one before, and as held once that is recorded."""
    random, last = scene.random, scene.period.last
    _, end = journey.plan or (0, 0)
    for due, held in reviews:
        held_known = max(scene.late.event(held), known) if scene.ended(held) else None
        continues = "N" if held >= end else "Y"
        quorate = "Y" if random.random() < 0.93 else "N"
        meeting = scene.id("MTG")
        reviews_held = [scene.id("CPR") for _ in journey.children]
        if held_known is not None:
            write_invitations(scene, reviews_held, journey.children, "review", held, (known, held_known))
        for review, child, plan in zip(reviews_held, journey.children, plans, strict=True):
            row = (review, child.id, plan, due)
            told = (held, meeting, continues, quorate, _participation(scene, child, held))
            scene.book["ssd_cp_reviews"].closing(
                known, held_known, (*row, None, meeting, None, None, None), (*row, *told)
            )
        if held_known is None or held_known > last:
            return
        known = held_known


def stands_open(journey: Journey, day: int) -> bool:
    """Whether a plan of this authority is open at the end of a day."""
    plan = journey.plan
    return plan is not None and plan[0] <= day < plan[1] and not journey.elsewhere and journey.path != Path.CARE
