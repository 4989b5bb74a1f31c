"""Assessments, worked out a second time."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from tests.oracle.people import unborn
from tests.oracle.plans import in_need
from tests.oracle.world import Record, Row, World, earliest, in_month, working_between
from tests.oracle.written import factors

NO_FACTORS = "21"


def finished(world: World, day: date) -> Iterator[Record]:
    """The assessments of children that were authorised in the month."""
    for row in world.rows("ssd_cin_assessments"):
        if row["cina_person_id"] is not None and in_month(row["cina_assessment_auth_date"], day):
            yield row


def episode_of(world: World, row: Record) -> Record | None:
    """The episode of the same child that an assessment names."""
    for one in world.by("ssd_cin_episodes", "cine_referral_id")[row["cina_referral_id"]]:
        if one["cine_person_id"] == row["cina_person_id"]:
            return one
    return None


def referral_of(world: World, row: Record) -> Record | None:
    """The same, where it has a date from which a clock can run: none that is still to come."""
    found = episode_of(world, row)
    made = found["cine_referral_date"] if found else None
    return found if made and made <= world.as_at else None


def clocks(world: World) -> Mapping[str, date | None]:
    """By assessment, the day its clock starts: the referral's for the first of a referral, else its own start."""
    if "clocks" not in world.kept:
        first: dict[str, tuple[date, str]] = {}
        for row in world.rows("ssd_cin_assessments"):
            if referral_of(world, row):
                began = row["cina_assessment_start_date"] or row["cina_assessment_auth_date"] or date.max
                order = (began, row["cina_assessment_id"])
                first[row["cina_referral_id"]] = min(order, first.get(row["cina_referral_id"], order))
        found: dict[str, date | None] = {}
        for row in world.rows("ssd_cin_assessments"):
            one, referral = row["cina_assessment_id"], referral_of(world, row)
            answers = referral is not None and first[row["cina_referral_id"]][1] == one
            found[one] = referral["cine_referral_date"] if referral and answers else row["cina_assessment_start_date"]
        world.kept["clocks"] = found
    found_clocks: Mapping[str, date | None] = world.kept["clocks"]
    return found_clocks


def in_time(world: World, day: date) -> list[Row]:
    """AS01: of the assessments authorised in the month, those finished by the policy's last day."""
    rows = []
    for row in finished(world, day):
        clock, done = clocks(world)[row["cina_assessment_id"]], row["cina_assessment_auth_date"]
        met = None if clock is None or done < clock else done <= world.after(clock, "assessment.complete")
        rows.append(Row(row["cina_person_id"], met, row["cina_assessment_id"]))
    return rows


def ended(world: World, row: Record, began: date, day: date) -> bool:
    """Whether an assessment is over by the end of a day: authorised, or ended with its episode or the child's life."""
    episode = episode_of(world, row)
    closed = episode["cine_close_date"] if episode else None
    done = row["cina_assessment_auth_date"]
    return (
        (done is not None and done <= day)
        or (closed is not None and began <= closed <= day)
        or world.dead(row["cina_person_id"], day)
    )


def open_in_time(world: World, day: date) -> list[Row]:
    """AS02: open assessments, one for a child and day begun, and whether the policy's last day has passed."""
    found: dict[tuple[str, date], tuple[date, str]] = {}
    for row in world.rows("ssd_cin_assessments"):
        clock, one = clocks(world)[row["cina_assessment_id"]], row["cina_assessment_id"]
        if row["cina_person_id"] is None or clock is None:
            continue
        began = row["cina_assessment_start_date"] or clock
        if began > day or ended(world, row, began, day):
            continue
        key = (row["cina_person_id"], began)
        found[key] = min((clock, one), found.get(key, (clock, one)))
    return [
        Row(child, day <= world.after(clock, "assessment.complete", day), one)
        for (child, _), (clock, one) in found.items()
    ]


def saw_the_child(world: World, day: date) -> list[Row]:
    """AS03: what is recorded of the child being seen; of a child not born by the end it says nothing but "seen"."""
    rows = []
    for row in finished(world, day):
        met = {"Y": True, "N": False}.get(row["cina_assessment_child_seen"])
        if met is False and unborn(world, row["cina_person_id"], row["cina_assessment_auth_date"]):
            met = None
        rows.append(Row(row["cina_person_id"], met, row["cina_assessment_id"]))
    return rows


def length(world: World, day: date) -> list[Row]:
    """AS04: the working days that each finished assessment took; none where its clock tells no length."""
    rows = []
    for row in finished(world, day):
        clock, done = clocks(world)[row["cina_assessment_id"]], row["cina_assessment_auth_date"]
        days = float(working_between(clock, done)) if clock is not None and clock <= done else None
        rows.append(Row(row["cina_person_id"], None, row["cina_assessment_id"], days))
    return rows


def looked_at(world: World, day: date) -> list[Row]:
    """AS05: checkpoints that open assessments passed in the month, and whether a manager looked."""
    looks = [row for row in world.rows("side_oversight") if row["over_date"] and row["over_kind"] != "allocation"]
    begins = earliest(row["over_date"] for row in looks)
    by_child: dict[str, list[date]] = {}
    for row in looks:
        by_child.setdefault(row["over_person_id"], []).append(row["over_date"])
    rows = []
    for row in world.rows("ssd_cin_assessments"):
        child, clock = row["cina_person_id"], clocks(world)[row["cina_assessment_id"]]
        if child is None or clock is None or begins is None:
            continue
        first = world.after(clock, "assessment.checkpoint_first", day)
        second = world.after(clock, "assessment.checkpoint_second", day)
        for since, last in ((clock, first), (first + timedelta(days=1), second)):
            began = row["cina_assessment_start_date"] or clock
            if in_month(last, day) and last < world.as_at and since >= begins and not ended(world, row, began, last):
                seen = any(since <= look <= last for look in by_child.get(child, []))
                rows.append(Row(child, seen, row["cina_assessment_id"]))
    return rows


def factors_found(world: World, day: date) -> list[Row]:
    """AS06: each factor of each assessment authorised in the month, once."""
    rows = []
    for row in finished(world, day):
        codes: set[str] = set()
        for one in world.by("ssd_assessment_factors", "cinf_assessment_id")[row["cina_assessment_id"]]:
            codes |= factors(one["cinf_assessment_factors_json"])
        rows += [Row(row["cina_person_id"], None, row["cina_assessment_id"]) for _ in codes - {NO_FACTORS}]
    return rows


def assessed(world: World, day: date) -> list[Row]:
    """AS07: children in need, and whether an assessment was authorised since the episode began."""
    rows = []
    for episode in in_need(world, day):
        done = [
            one["cina_assessment_auth_date"]
            for one in world.by("ssd_cin_assessments", "cina_person_id")[episode.person]
        ]
        rows.append(Row(episode.person, any(one and episode.start <= one <= day for one in done)))
    return rows


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "AS01": in_time,
    "AS02": open_in_time,
    "AS03": saw_the_child,
    "AS04": length,
    "AS05": looked_at,
    "AS06": factors_found,
    "AS07": assessed,
}
