"""Child protection, worked out a second time."""

from collections.abc import Callable
from datetime import date

from tests.oracle import care, holders, plans, sightings
from tests.oracle.people import old_enough
from tests.oracle.plans import Span, on_plan
from tests.oracle.world import Record, Row, World, earliest, in_month, latest, working_between

QUORATE = ("y", "yes", "quorate", "true", "1", "t")
NOT_QUORATE = ("n", "no", "not quorate", "inquorate", "false", "0", "f")
HAD_A_SAY = ("PN1", "PN2", "PN3", "PN5", "PN6")
HAD_NONE = ("PN4", "PN7")
TOO_YOUNG = "PN0"


def on_a_plan(world: World, day: date) -> list[Row]:
    """CP01 and CP16: every child on a plan of this authority."""
    return [Row(one.person, True, one.id) for one in on_plan(world, day)]


def _begun(world: World, day: date) -> list[tuple[Span, date | None]]:
    """The plans of this authority begun in the month, each with the day the newest before it ended."""
    found = []
    for one in plans.protection_plans(world):
        if one.ours and in_month(one.start, day):
            ends = [
                other.end
                for other in _of_child(world, one.person)
                if other.end
                and other.start < one.start
                and other.end <= one.start
                and (other.ours or other.end < one.start)
            ]
            found.append((one, latest(ends)))
    return found


def _of_child(world: World, child: str) -> list[Span]:
    """Every protection plan of one child, ours or another authority's."""
    if "plans of a child" not in world.kept:
        found: dict[str, list[Span]] = {}
        for one in plans.protection_plans(world):
            found.setdefault(one.person, []).append(one)
        world.kept["plans of a child"] = found
    return list(world.kept["plans of a child"][child])


def again(world: World, day: date) -> list[Row]:
    """CP02: plans begun: whether the child had been on one before, however long ago."""
    return [Row(one.person, before is not None, one.id) for one, before in _begun(world, day)]


def again_soon(world: World, day: date) -> list[Row]:
    """CP03: plans begun: whether within two years of the end of the one before."""
    return [
        Row(one.person, before is not None and world.after(before, "cp.second_plan") >= one.start, one.id)
        for one, before in _begun(world, day)
    ]


def _too_long(world: World, days: int, day: date) -> bool:
    return days > world.number("cp.long", day)


def two_years(world: World, day: date) -> list[Row]:
    """CP04: children on a plan: whether for more than 729 days."""
    return [Row(one.person, _too_long(world, (day - one.start).days, day), one.id) for one in on_plan(world, day)]


def _ended(world: World, day: date) -> list[tuple[Span, date]]:
    """The plans of this authority that ended in the month, with the day; none that ended before it began.

    A child's death ends the plan.
    """
    found = []
    for one in plans.protection_plans(world):
        end = earliest([one.end, world.person(one.person)["pers_death_date"]])
        if one.ours and end and one.start <= end and in_month(end, day):
            found.append((one, end))
    return found


def ended_after_two_years(world: World, day: date) -> list[Row]:
    """CP05: plans ended: whether after more than 729 days, the day of ending among them."""
    return [
        Row(one.person, _too_long(world, (end - one.start).days + 1, end), one.id) for one, end in _ended(world, day)
    ]


def _reviews(world: World, plan: Span, day: date) -> list[date]:
    """The days reviews were held on after the plan's first day, in order."""
    return sorted(
        one["cppr_cp_review_date"]
        for one in world.by("ssd_cp_reviews", "cppr_person_id")[plan.person]
        if one["cppr_cp_review_date"] and plan.start < one["cppr_cp_review_date"] <= day
    )


def every_review_in_time(world: World, day: date) -> list[Row]:
    """CP06: children on a plan for as long as a first review may take: whether every review was in time."""
    rows = []
    for one in on_plan(world, day):
        due = world.after(one.start, "cp.first_review")
        if due > day:
            continue
        met = True
        for held in _reviews(world, one, day):
            met = met and held <= due
            due = world.after(held, "cp.later_review")
        rows.append(Row(one.person, met and due >= day, one.id))
    return rows


def review_overdue(world: World, day: date) -> list[Row]:
    """CP07: children on a plan: whether no review is overdue now."""
    rows = []
    for one in on_plan(world, day):
        held = _reviews(world, one, day)
        due = world.after(held[-1], "cp.later_review") if held else world.after(one.start, "cp.first_review")
        rows.append(Row(one.person, due >= day, one.id))
    return rows


def _visited(
    world: World, plan: Span, kinds: tuple[sightings.Kind, ...], rule: str, day: date
) -> tuple[bool | None, bool]:
    """Whether the child was seen within an interval (None: nobody can say), and whether seen under the plan at all."""
    seen, unsure = sightings.seen_and_unsure(world, kinds, plan.person, plan.start, day)
    if seen and world.after(seen, rule) >= day:
        return True, True
    return (None if unsure and world.after(unsure, rule) >= day else False), seen is not None


def seen_in_time(world: World, day: date) -> list[Row]:
    """CP08: children on a plan for longer than the visiting interval: whether seen within it."""
    return [
        Row(one.person, _visited(world, one, sightings.PROTECTION, "cp.visit", day)[0], one.id)
        for one in on_plan(world, day)
        if world.after(one.start, "cp.visit") < day
    ]


def seen_alone(world: World, day: date) -> list[Row]:
    """CP09: children on a plan who were visited and old enough: whether seen alone at the newest visit."""
    rows = []
    for one in on_plan(world, day):
        under = [
            (when, alone)
            for when, _, alone in sightings.visits(world, sightings.PROTECTION).get(one.person, [])
            if one.start <= when <= day
        ]
        if not under:
            continue
        newest = max(when for when, _ in under)
        if not old_enough(world, one.person, int(world.number("cp.seen_alone_age", day)), newest):
            continue
        answers = {alone for when, alone in under if when == newest}
        rows.append(Row(one.person, True if "Y" in answers else None if None in answers else False, one.id))
    return rows


def unallocated(world: World, day: date) -> list[Row]:
    """CP10: children on a plan: whether a social worker holds them, or could still be found in time."""
    rows = []
    for one in on_plan(world, day):
        met = holders.standing(world, one.person, day)
        grace = world.number("cp.allocation_grace", day)
        if met is False and grace:
            waited = working_between(holders.waiting_since(world, one.person, one.start, day), day)
            met = waited <= grace
        rows.append(Row(one.person, met, one.id))
    return rows


def unregistered(world: World, day: date) -> list[Row]:
    """CP11: children on a plan whom a named worker holds: whether that is a registered social worker."""
    rows = []
    for one in on_plan(world, day):
        answers = {holders.registered(world, hold.worker, day) for hold in holders.named(world, one.person, day)}
        if answers:
            rows.append(Row(one.person, True if True in answers else None if None in answers else False, one.id))
    return rows


def core_group_in_time(world: World, day: date) -> list[Row]:
    """CP12: children on a plan for as long as a first core group may take: whether none is overdue."""
    rows = []
    for one in on_plan(world, day):
        first = world.after(one.start, "cp.first_core_group")
        if first > day:
            continue
        held = [
            group["cgrp_date"]
            for group in world.by("side_core_group", "cgrp_person_id")[one.person]
            if _was_held(group) and one.start <= group["cgrp_date"] <= day
        ]
        due = world.after(max(held), "cp.core_group") if held else first
        rows.append(Row(one.person, due >= day, one.id))
    return rows


def _was_held(group: Record) -> bool:
    return group["cgrp_date"] is not None and group["cgrp_cancelled"] != "Y"


def minutes_in_time(world: World, day: date) -> list[Row]:
    """CP13: core groups of the month whose minutes went, or should have: whether in time. Judged as at the extract."""
    rows = []
    for one in world.rows("side_core_group"):
        if not one["cgrp_person_id"] or not _was_held(one) or not in_month(one["cgrp_date"], day):
            continue
        due, sent = world.after(one["cgrp_date"], "cp.core_group_minutes"), one["cgrp_minutes_sent_date"]
        if sent and sent <= world.as_at:
            rows.append(Row(one["cgrp_person_id"], sent <= due, one["cgrp_core_group_id"]))
        elif due < world.as_at:
            rows.append(Row(one["cgrp_person_id"], False, one["cgrp_core_group_id"]))
    return rows


def early_warning(world: World, day: date) -> list[Row]:
    """CP14: children on a plan: whether for fifteen months and not yet for two years."""
    return [
        Row(
            one.person,
            world.after(one.start, "cp.early_warning") <= day and not _too_long(world, (day - one.start).days, day),
            one.id,
        )
        for one in on_plan(world, day)
    ]


def ended_soon(world: World, day: date) -> list[Row]:
    """CP15: plans ended: whether within three months of their start."""
    return [Row(one.person, end <= world.after(one.start, "cp.short"), one.id) for one, end in _ended(world, day)]


def _reviews_of_the_month(world: World, day: date) -> list[Record]:
    return [
        one
        for one in world.rows("ssd_cp_reviews")
        if one["cppr_person_id"] and in_month(one["cppr_cp_review_date"], day)
    ]


def quorate(world: World, day: date) -> list[Row]:
    """CP17: reviews of the month: whether they were quorate."""
    rows = []
    for one in _reviews_of_the_month(world, day):
        said = (one["cppr_cp_review_quorate"] or "").strip().lower()
        met = True if said in QUORATE else False if said in NOT_QUORATE else None
        rows.append(Row(one["cppr_person_id"], met, one["cppr_cp_review_id"]))
    return rows


def had_a_say(world: World, day: date) -> list[Row]:
    """CP18: reviews of the month of children old enough: whether the child had a say."""
    rows = []
    for one in _reviews_of_the_month(world, day):
        child, held, said = one["cppr_person_id"], one["cppr_cp_review_date"], one["cppr_cp_review_participation"]
        if said == TOO_YOUNG or not old_enough(world, child, int(world.number("review.voice_age", held)), held):
            continue
        rows.append(
            Row(child, True if said in HAD_A_SAY else False if said in HAD_NONE else None, one["cppr_cp_review_id"])
        )
    return rows


def many_workers(world: World, day: date) -> list[Row]:
    """CP19: children on a plan: whether three social workers or more have held them within the year."""
    rows = []
    for one in on_plan(world, day):
        within = set()
        for hold in holders.holds(world).get(one.person, []):
            if hold.kind == "allocated_worker" and any(
                world.after(end, "cp.workers_window") > day for _, end in holders.as_social_worker(world, hold, day)
            ):
                within.add(hold.worker)
        rows.append(Row(one.person, len(within) >= world.number("cp.workers_many", day), one.id))
    return rows


def looked_after_too(world: World, day: date) -> list[Row]:
    """CP20: children on a plan: whether looked after as well."""
    return [Row(one.person, care.looked_after(world, one.person, day), one.id) for one in on_plan(world, day)]


def missing(world: World, day: date) -> list[Row]:
    """CP21: children on a plan: whether they went missing within the year; away without authorisation is not it."""
    rows = []
    for one in on_plan(world, day):
        went = [
            row["miss_missing_episode_start_date"]
            for row in world.by("ssd_missing", "miss_person_id")[one.person]
            if row["miss_missing_episode_start_date"] and row["miss_missing_episode_type"] != "A"
        ]
        met = any(start <= day < world.after(start, "cp.missing") for start in went)
        rows.append(Row(one.person, met, one.id))
    return rows


def _waiting(world: World, day: date) -> list[Span]:
    """Children on a plan whom no social worker holds."""
    return [one for one in on_plan(world, day) if holders.standing(world, one.person, day) is False]


def seen_by_duty(world: World, day: date) -> list[Row]:
    """CP22: of those waiting for a social worker who were seen or should have been: whether within the interval."""
    rows = []
    for one in _waiting(world, day):
        met, ever = _visited(world, one, sightings.EVERY_KIND, "cp.duty_visit", day)
        if ever or world.after(one.start, "cp.duty_visit") < day:
            rows.append(Row(one.person, met, one.id))
    return rows


def days_waiting(world: World, day: date) -> list[Row]:
    """CP24: of those waiting for a social worker: for how many working days."""
    return [
        Row(
            one.person,
            False,
            one.id,
            working_between(holders.waiting_since(world, one.person, one.start, day), day),
        )
        for one in _waiting(world, day)
    ]


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "CP01": on_a_plan,
    "CP02": again,
    "CP03": again_soon,
    "CP04": two_years,
    "CP05": ended_after_two_years,
    "CP06": every_review_in_time,
    "CP07": review_overdue,
    "CP08": seen_in_time,
    "CP09": seen_alone,
    "CP10": unallocated,
    "CP11": unregistered,
    "CP12": core_group_in_time,
    "CP13": minutes_in_time,
    "CP14": early_warning,
    "CP15": ended_soon,
    "CP16": on_a_plan,
    "CP17": quorate,
    "CP18": had_a_say,
    "CP19": many_workers,
    "CP20": looked_after_too,
    "CP21": missing,
    "CP22": seen_by_duty,
    "CP24": days_waiting,
}
