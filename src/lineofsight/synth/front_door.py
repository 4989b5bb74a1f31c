"""Contacts, early help, referrals, assessments and section 47 enquiries, written as rows."""

from random import Random

from lineofsight import schema
from lineofsight.synth.allocation import ASSESSMENT, FAMILY_HELP, Leg
from lineofsight.synth.chance import Weighted
from lineofsight.synth.days import YEAR, working_after
from lineofsight.synth.flows import Path
from lineofsight.synth.journeys import Journey
from lineofsight.synth.oversight import decision_words, write_decision
from lineofsight.synth.people import Child, Family
from lineofsight.synth.scene import Scene

# Sources of referral and primary needs, in shares of England's (DfE, children in need 2024, tables c5 and b3).
_SOURCES = Weighted(
    {
        "6": 285,
        "2A": 203,
        "3F": 60,
        "3E": 40,
        "3A": 20,
        "3B": 18,
        "3C": 9,
        "3D": 6,
        "5A": 60,
        "5B": 35,
        "5C": 27,
        "5D": 20,
        "1A": 52,
        "1B": 14,
        "1C": 5,
        "1D": 10,
        "7": 44,
        "8": 42,
        "2B": 17,
        "4": 12,
        "9": 16,
        "10": 5,
    }  # fmt: skip
)
_NEEDS = Weighted({"N1": 58, "N5": 13, "N4": 10, "N2": 4, "N3": 3, "N6": 4, "N7": 0.4, "N8": 3, "N0": 1})
_FACTORS = (
    ("3B", 32), ("4B", 33), ("17A", 19), ("16A", 16), ("4A", 17), ("1B", 14), ("2B", 14), ("5A", 12), ("18C", 11),
    ("3A", 11), ("14A", 8), ("4C", 4), ("15A", 5), ("2A", 5), ("6A", 5), ("6B", 5), ("10A", 4), ("7A", 4),
    ("24A", 3), ("11A", 3), ("19C", 3), ("13A", 2), ("20", 12),
)  # fmt: skip
_CONTACT = '{{"NEW_REFERRAL_FLAG": "{0}", "EXISTING_REFERRAL_FLAG": "{1}", "NFA_FLAG": "{2}", "ADVICE_FLAG": "{3}"}}'
CONTACT_REFERRED = _CONTACT.format("Y", "N", "N", "N")
CONTACT_OPEN = _CONTACT.format("N", "Y", "N", "N")
CONTACT_ENDED = _CONTACT.format("N", "N", "Y", "N")
CONTACT_ADVICE = _CONTACT.format("N", "N", "N", "Y")
_DECIDED = {
    CONTACT_REFERRED: "Referral",
    CONTACT_OPEN: "Passed to the worker",
    CONTACT_ENDED: "No further action",
    CONTACT_ADVICE: "Information and advice",
}


# Contacts a year about a known family, and the share of them that reach the council while it works with the family and
# while it does not: drawn and then left out, so that the share can change without moving any other table.
_OTHER_CONTACTS, _HEARD_DURING, _HEARD_AFTER = 3.4, 0.6, 0.2


def write_contact(
    scene: Scene, child: Child, day: int, known: int, source: str, outcome: str, *, told: bool = True
) -> None:
    """One contact about one child; it may be the first that is known of them. One not `told` is drawn and left out."""
    child.known = min(child.known, known)
    description = schema.codes("referral_source")[source]
    contact = scene.id("CON")
    if told:
        scene.book["ssd_contacts"].add(known, (contact, child.id, day, source, description, outcome))
    write_decision(scene, child, "contact", contact, day, known, _DECIDED[outcome], told=told)


def write_referral(scene: Scene, journey: Journey) -> None:
    """The contact, the referral of each child, the assessment and the enquiries that end without a conference."""
    random, day = scene.random, journey.start
    source = "5C" if journey.transferred or journey.elsewhere else "7" if journey.alone else _SOURCES.draw(random)
    need = "N2" if journey.path == Path.DISABLED else "N8" if journey.alone else _NEEDS.draw(random)
    journey.known = scene.late.prompt(day)
    team = scene.services.front_door
    worker = random.choice(scene.services.duty)
    contacted = day if random.random() < 0.7 else day - random.choice((1, 1, 2, 3))
    screened = journey.path == Path.SCREENED
    outcome = (
        f'{{"SINGLE_ASSESSMENT_FLAG": "{"N" if screened else "Y"}", "NFA_FLAG": "{"Y" if screened else "N"}", '
        f'"STRATEGY_DISCUSSION_FLAG": "{"Y" if journey.enquiries and journey.enquiries[0].start == day else "N"}"}}'
    )
    closed = journey.close if scene.ended(journey.close) else None
    closed_known = None if closed is None else max(scene.late.ending(closed), journey.known)
    journey.closed_known = closed_known
    why = closure_reason(scene, journey)
    journey.moved_out = why == "RC5"
    for child in journey.children:
        write_contact(
            scene, child, contacted, min(scene.late.prompt(contacted), journey.known), source, CONTACT_REFERRED
        )
        referral = scene.id("REF")
        journey.referrals.append(referral)
        start = (referral, child.id, day, need, source, schema.codes("referral_source")[source], outcome)
        write_decision(scene, child, "referral", referral, day, journey.known, decision_words(journey))
        nfa, end = "Y" if screened else "N", (team.id, worker.id)
        scene.book["ssd_cin_episodes"].closing(
            journey.known, closed_known, (*start, nfa, None, None, *end), (*start, nfa, why, closed, *end)
        )
    if journey.assessed is not None:
        _write_assessment(scene, journey)


def closure_reason(scene: Scene, journey: Journey) -> str:
    """The code of why the episode of need closed."""
    if journey.leaving == "adopted":
        return "RC1"
    if journey.leaving == "order":
        return "RC4"
    if journey.path == Path.ASSESSED:
        return "RC8" if scene.random.random() < 0.75 else "RC9"
    draw = scene.random.random()
    return "RC5" if draw < 0.04 else "RC3" if draw < 0.045 else "RC7"


def _assessment_leg(journey: Journey) -> Leg | None:
    return next((leg for leg in journey.legs if leg.kind == ASSESSMENT), None)


def _write_assessment(scene: Scene, journey: Journey) -> None:
    random, done = scene.random, journey.assessed
    assert done is not None
    leg = _assessment_leg(journey)
    begun = journey.start if random.random() < 0.7 else min(working_after(journey.start, 1), done)
    worker = leg.worker_on(min(done, leg.end)) if leg else None
    who = (worker.team.id, worker.id) if worker else (None, None)
    known = max(scene.late.event(begun), journey.known)
    done_known = max(scene.late.event(done), known) if scene.ended(done) else None
    no_action = "Y" if journey.path == Path.ASSESSED else "N"
    outcome = f'{{"NFA_FLAG": "{no_action}", "PROV_OF_SERVICES_FLAG": "{"N" if no_action == "Y" else "Y"}"}}'
    factors = [code for code, percent in _FACTORS if random.random() * 100 < percent * 0.9] or ["21"]
    text = "{" + ", ".join(f'"{code}": "Yes"' for code in factors) + "}"
    for child, referral in zip(journey.children, journey.referrals, strict=True):
        seen = "Y" if random.random() < 0.965 else "N"
        assessment = scene.id("ASM")
        start = (assessment, child.id, referral, begun)
        scene.book["ssd_cin_assessments"].closing(
            known, done_known, (*start, None, None, None, None, *who), (*start, seen, done, outcome, no_action, *who)
        )
        if done_known is not None:
            scene.book["ssd_assessment_factors"].add(done_known, (scene.id("FAC"), assessment, text))


def write_enquiries(scene: Scene, journey: Journey) -> list[list[str]]:
    """Section 47 enquiries. Gives their ids, for each child those of the journey in order."""
    ids: list[list[str]] = [[] for _ in journey.children]
    leg = _assessment_leg(journey)
    for enquiry in journey.enquiries:
        to_conference = journey.conference is not None and enquiry is journey.enquiries[0]
        worker = leg.worker_on(enquiry.end) if leg else None
        who = (worker.id, worker.team.id) if worker else (None, None)
        enquiry.known = known = max(scene.late.event(enquiry.start), journey.known)
        ended = scene.ended(enquiry.end)
        end_known = max(scene.late.event(enquiry.end), known) if ended else None
        no_action = "N" if to_conference else "Y" if scene.random.random() < 0.55 else "N"
        outcome = f'{{"NFA_FLAG": "{no_action}", "CP_CONFERENCE_FLAG": "{"Y" if to_conference else "N"}"}}'
        for child, referral, mine in zip(journey.children, journey.referrals, ids, strict=True):
            enquiry_id = scene.id("S47")
            mine.append(enquiry_id)
            start = (enquiry_id, referral, child.id, enquiry.start)
            scene.book["ssd_s47_enquiry"].closing(
                known,
                end_known,
                (*start, None, None, None, None, None),
                (*start, enquiry.end, no_action, outcome, *who),
            )
    return ids


def write_other_contacts(scene: Scene, family: Family, journeys: list[Journey], heard: Random) -> None:
    """Contacts about a known family that lead to no new referral: most while somebody works with them, few later."""
    random, period = scene.random, scene.period
    begins = max(period.start, journeys[0].start)
    years = (period.last - begins) / YEAR
    count = int(years * _OTHER_CONTACTS * random.random() * 2 + random.random())
    for _ in range(min(count, 20)):
        day = random.randrange(begins, period.last + 1)
        during = any(journey.start < day < journey.close for journey in journeys)
        outcome = CONTACT_OPEN if during else CONTACT_ADVICE if random.random() < 0.4 else CONTACT_ENDED
        source = _SOURCES.draw(random)
        told = heard.random() < (_HEARD_DURING if during else _HEARD_AFTER)
        for child in family.children if random.random() < 0.5 else family.children[:1]:
            known = scene.late.prompt(day)
            if child.known <= known and day - child.born < 18 * YEAR:
                write_contact(scene, child, day, known, source, outcome, told=told)


def write_contact_only(scene: Scene, child: Child, day: int) -> None:
    """A child about whom somebody called and nothing followed, once or more often."""
    random = scene.random
    for _ in range(random.choice((1, 1, 1, 1, 2, 2, 3))):
        if day > scene.period.last:
            return
        outcome = CONTACT_ADVICE if random.random() < 0.4 else CONTACT_ENDED
        write_contact(scene, child, day, scene.late.prompt(day), _SOURCES.draw(random), outcome)
        day = working_after(day + random.randrange(10, 300), 0)


def write_early_help(scene: Scene, children: list[Child], leg: Leg, reason: str) -> None:
    """A family's early help episode, from the leg a family help worker holds."""
    start, end = leg.start, leg.end
    worker = leg.worker_on(min(end, scene.period.last)) or leg.worker_on(start)
    ended = end if scene.ended(end) else None
    known = scene.late.event(start)
    for child in children:
        child.known = min(child.known, known)
        opened = (scene.id("EHE"), child.id, start, None, reason, None, "Family Help", worker.id if worker else None)
        closed = (*opened[:3], end, reason, "Outcomes met", *opened[6:])
        scene.book["ssd_early_help_episodes"].closing(
            known, None if ended is None else max(scene.late.ending(end), known), opened, closed
        )


def early_help_leg(area: int, start: int, end: int, size: int) -> Leg:
    """The leg of a family help worker."""
    return Leg(FAMILY_HELP, area, start, end, size)
