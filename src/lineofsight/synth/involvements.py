"""Who is responsible for whom, written as involvements in the words that case systems use."""

from lineofsight.synth.allocation import CARE, DISABLED, FAMILY_HELP, LEAVING, REVIEWING, SAFEGUARDING, Leg
from lineofsight.synth.days import SENTINEL, working_after
from lineofsight.synth.journeys import Journey
from lineofsight.synth.people import Child
from lineofsight.synth.scene import Scene
from lineofsight.synth.workforce import Team, Worker

ALLOCATED, DUTY, MANAGER = "ALLOCATED CASE WORKER", "DUTY", "TEAM MANAGER"
SUPPORT, UNMAPPED = "SUPPORT WORKER", "FOSTERING LINK"
_ROLES = {CARE: "CSW", REVIEWING: "IRO", LEAVING: "PA", FAMILY_HELP: "FAMILY HELP LEAD"}


def awaits_adviser(child: Child) -> bool:
    """Whether nobody is named as the child’s personal adviser: one in 23, by the id, so that nothing is drawn."""
    return number_of(child.id) % 23 == 5


def number_of(key: str) -> int:
    """The number in an id."""
    return int("".join(one for one in key if one.isdigit()) or 0)


def write_involvement(
    scene: Scene,
    child: Child,
    referral: str | None,
    worker: Worker,
    role: str,
    span: tuple[int, int],
    known: tuple[int, int | None],
    why: str | None = None,
    team: Team | None = None,
) -> None:
    """One involvement: its days, the day it was recorded and the day its end was (None: still open)."""
    nothing = SENTINEL if known[1] is None and scene.random.random() < 0.004 else None
    row = (scene.id("INV"), worker.id, role, (team or worker.team).id, span[0])
    rest = (why or None, child.id, referral)
    if role == _ROLES[LEAVING] and awaits_adviser(child):
        return
    scene.book["ssd_involvements"].closing(known[0], known[1], (*row, nothing, *rest), (*row, span[1], *rest))


def write_legs(
    scene: Scene,
    legs: list[Leg],
    children: list[Child],
    referrals: list[str | None],
    floor: int,
    closing: tuple[int, int | None] | None = None,
) -> None:
    """The holds of legs that follow one another, one involvement for each child.

    A hand-over is recorded at both ends at once, so that a child who has a worker is never shown without.
    """
    holds = [(hold, _ROLES.get(leg.kind, ALLOCATED)) for leg in legs for hold in leg.holds]
    recorded = [max(scene.late.prompt(hold.start), floor) for hold, _ in holds]
    for at, (hold, role) in enumerate(holds):
        if hold.start > scene.period.last or hold.end < scene.period.start - 400 or hold.start >= hold.end:
            continue
        end_known: int | None = None
        if scene.ended(hold.end):
            handed_on = at + 1 < len(holds) and holds[at + 1][0].start == hold.end
            end_known = recorded[at + 1] if handed_on else scene.late.prompt(hold.end)
            if closing is not None and hold.end >= closing[0]:
                end_known = closing[1]  # closed in the same step as the episode
        first = at == 0 and role not in ("IRO", "PA")
        why = hold.why or ("FCONTA" if first else None)
        for child, referral in zip(children, referrals, strict=True):
            known = max(recorded[at], child.known)
            end = None if end_known is None else max(end_known, known)
            write_involvement(scene, child, referral, hold.worker, role, (hold.start, hold.end), (known, end), why)


def write_involvements(scene: Scene, journey: Journey) -> None:
    """Duty at the front door, then every leg of the journey; a worker from fostering for some who are placed."""
    if journey.past:
        return
    referrals: list[str | None] = list(journey.referrals)
    worker = scene.random.choice(scene.services.duty)
    first = journey.legs[0].start if journey.legs else working_after(journey.start, 1)
    until = max(first, journey.start)
    if journey.start >= scene.period.start - 400:
        ended = max(until, journey.known) if scene.ended(until) else None
        for child, referral in zip(journey.children, referrals, strict=True):
            span, known = (journey.start, until), (max(journey.known, child.known), ended)
            write_involvement(scene, child, referral, worker, DUTY, span, known)
    apart = (REVIEWING, LEAVING)
    main = [leg for leg in journey.legs if leg.kind not in apart]
    closing = (journey.close, journey.closed_known)
    write_legs(scene, main, journey.children, referrals, journey.known, closing)
    none: list[str | None] = [None for _ in journey.children]
    for leg in journey.legs:
        if leg.kind in apart:
            write_legs(scene, [leg], journey.children, referrals if leg.kind == REVIEWING else none, journey.known)
    _write_supporter(scene, journey)
    if journey.care and scene.random.random() < 0.25 and scene.period.start < journey.care[0] <= scene.period.last - 20:
        _write_fostering_link(scene, journey)


def _write_supporter(scene: Scene, journey: Journey) -> None:
    """A family support worker beside the social worker, for about half the families who are helped."""
    leg = next((leg for leg in journey.legs if leg.kind in (SAFEGUARDING, DISABLED) and leg.holds), None)
    if leg is None or scene.random.random() < 0.45:
        return
    start = working_after(leg.start + scene.random.randrange(2, 25), 0)
    end = min(leg.end, working_after(start + scene.random.randrange(50, 260), 0))
    if start >= end or start < scene.period.start - 400:
        return
    worker = scene.random.choice(scene.services.support[leg.pool])
    known = max(scene.late.prompt(start), journey.known)
    end_known = max(scene.late.ending(end), known) if scene.ended(end) else None
    for child, referral in zip(journey.children, journey.referrals, strict=True):
        span, recorded = (start, end), (max(known, child.known), end_known)
        write_involvement(scene, child, referral, worker, SUPPORT, span, recorded)


def _write_fostering_link(scene: Scene, journey: Journey) -> None:
    """A role word that no role map knows."""
    assert journey.care is not None
    start, end = journey.care[0] + 10, journey.care[1]
    if start >= end:
        return
    leg = next((leg for leg in journey.legs if leg.kind == CARE and leg.holds), None)
    if leg is None:
        return
    worker = leg.holds[0].worker
    known = max(scene.late.prompt(start), journey.known)
    end_known = max(scene.late.prompt(end), known) if scene.ended(end) else None
    for child, referral in zip(journey.children, journey.referrals, strict=True):
        write_involvement(scene, child, referral, worker, UNMAPPED, (start, end), (known, end_known))
