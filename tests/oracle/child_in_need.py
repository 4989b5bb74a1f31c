"""Children in need, worked out a second time."""

from collections.abc import Callable
from datetime import date

from tests.oracle import care, holders, plans, sightings
from tests.oracle.plans import Span
from tests.oracle.world import Record, Row, World, in_month

HEARD = ("PN0", "PN1", "PN2", "PN3", "PN5", "PN6")
NOT_HEARD = ("PN4", "PN7")


def in_need(world: World, day: date) -> list[Row]:
    """CN01: every child with an open episode of need."""
    return [Row(one.person, True, one.id) for one in plans.in_need(world, day)]


def two_years(world: World, day: date) -> list[Row]:
    """CN02: of children in need, those for whom the same date two years on has come."""
    return [Row(one.person, world.after(one.start, "cin.long") <= day, one.id) for one in plans.in_need(world, day)]


def _supported(world: World, day: date) -> list[Span]:
    """Children on a child in need plan who are neither on a child protection plan nor looked after."""
    protected = {one.person for one in plans.on_plan(world, day)}
    return [
        one
        for one in plans.longest_open(world, plans.support_plans(world), day)
        if one.person not in protected and not care.looked_after(world, one.person, day)
    ]


def seen_in_time(world: World, day: date) -> list[Row]:
    """CN03: children on a child in need plan longer than the visiting interval: whether somebody saw them within it."""
    rows = []
    for one in _supported(world, day):
        if world.after(one.start, "cin.visit") >= day:
            continue
        seen, unsure = sightings.seen_and_unsure(world, sightings.EVERY_KIND, one.person, one.start, day)
        if seen and world.after(seen, "cin.visit") >= day:
            met = True
        else:
            met = None if unsure and world.after(unsure, "cin.visit") >= day else False
        rows.append(Row(one.person, met, one.id))
    return rows


def reviewed_in_time(world: World, day: date) -> list[Row]:
    """CN04: children on a child in need plan for as long as a first review may take: whether none is overdue."""
    rows = []
    for one in _supported(world, day):
        first = world.after(one.start, "cin.first_review")
        if first > day:
            continue
        held = [
            review["cinr_date"]
            for review in _support_reviews(world, one.person)
            if one.start < review["cinr_date"] <= day
        ]
        due = world.after(max(held), "cin.later_review") if held else first
        rows.append(Row(one.person, due >= day, one.id))
    return rows


def _support_reviews(world: World, child: str) -> list[Record]:
    """The reviews of a child's child in need plans that were held."""
    return [
        one
        for one in world.by("side_cin_plan_review", "cinr_person_id")[child]
        if one["cinr_date"] is not None and one["cinr_cancelled"] != "Y"
    ]


def unallocated(world: World, day: date) -> list[Row]:
    """CN05: children under 18 in need: whether a named person holds them."""
    return [
        Row(one.person, holders.standing(world, one.person, day, in_need=True), one.id)
        for one in plans.in_need(world, day)
        if not world.adult(one.person, day)
    ]


def unseen(world: World, day: date) -> list[Row]:
    """CN06: children under 18 in need who were seen, or could have been for six weeks: whether within those weeks."""
    rows = []
    for one in plans.in_need(world, day):
        if world.adult(one.person, day):
            continue
        seen, unsure = sightings.seen_and_unsure(world, sightings.EVERY_KIND, one.person, one.start, day)
        if seen is None and world.after(one.start, "cin.unseen") > day:
            continue
        if seen and world.after(seen, "cin.unseen") > day:
            met = True
        else:
            met = None if unsure and world.after(unsure, "cin.unseen") > day else False
        rows.append(Row(one.person, met, one.id))
    return rows


def closed(world: World, day: date) -> list[Row]:
    """CN07: every episode of need closed in the month."""
    return [Row(one.person, True, one.id) for one in plans.episodes(world) if in_month(one.end, day)]


def closed_unchecked(world: World, day: date) -> list[Row]:
    """CL10: episodes closed in the last three months: whether assessed, reviewed and the child heard."""
    rows = []
    for one in plans.episodes(world):
        if one.end is None or one.end > day or world.after(one.end, "cin.closure_checked") <= day:
            continue
        reviewed, heard = _reviewed_and_heard(world, one, one.end)
        met = _assessed(world, one, one.end) and reviewed and heard is not False
        rows.append(Row(one.person, None if met and heard is None else met, one.id))
    return rows


def _assessed(world: World, episode: Span, closed_on: date) -> bool:
    """Whether an assessment for this referral, or for none in particular, was authorised within the episode."""
    for one in world.by("ssd_cin_assessments", "cina_person_id")[episode.person]:
        authorised = one["cina_assessment_auth_date"]
        if authorised and episode.start <= authorised <= closed_on and one["cina_referral_id"] in (None, episode.id):
            return True
    return False


def _reviewed_and_heard(world: World, episode: Span, closed_on: date) -> tuple[bool, bool | None]:
    """Whether a plan begun within the episode was reviewed, and whether the child was heard at a review."""
    begun = [
        one.start
        for one in (*plans.support_plans(world), *(one for one in plans.protection_plans(world) if one.ours))
        if one.person == episode.person and episode.start <= one.start <= closed_on
    ]
    if not begun:
        return True, True
    answers = [
        one["cinr_participation"]
        for one in _support_reviews(world, episode.person)
        if min(begun) <= one["cinr_date"] <= closed_on
    ] + [
        one["cppr_cp_review_participation"]
        for one in world.by("ssd_cp_reviews", "cppr_person_id")[episode.person]
        if one["cppr_cp_review_date"] and min(begun) <= one["cppr_cp_review_date"] <= closed_on
    ]
    if not answers:
        return False, True
    if any(one in HEARD for one in answers):
        return True, True
    return True, False if all(one in NOT_HEARD for one in answers) else None


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "CL10": closed_unchecked,
    "CN01": in_need,
    "CN02": two_years,
    "CN03": seen_in_time,
    "CN04": reviewed_in_time,
    "CN05": unallocated,
    "CN06": unseen,
    "CN07": closed,
}
