"""Looked-after children: who came, who left, where they live, who plans and reviews (LA01 to LA39)."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.oracle import care_health, care_missing, care_visits
from tests.oracle.holders import NOT_REGISTERED
from tests.oracle.stays import (
    TEMPORARY,
    Spell,
    begun,
    code,
    end_reason,
    ended,
    every_spell,
    held_reviews,
    homes,
    in_care,
    placement_on,
    review_days,
    spells,
    through_the_year,
    year_of,
)
from tests.oracle.workers import MANAGER, NAMED, holding, low, who, worker
from tests.oracle.world import OPEN, Row, World, age, in_month, is_open, later


def after(world: World, begin: date, key: str, day: date) -> date:
    """The last day in time of something owed so long after `begin`, by the rule in force on `day`."""
    number, unit = world.rule(key, day)
    return later(begin, int(number), unit)


def looked_after(world: World, day: date) -> list[Row]:
    """LA01: looked after at the end of the day."""
    return [Row(spell.person, True) for spell in in_care(world, day)]


def started(world: World, day: date) -> list[Row]:
    """LA02: began to be looked after in the month."""
    return [Row(spell.person, True) for spell in begun(world, day)]


def ceased(world: World, day: date) -> list[Row]:
    """LA03: ceased to be looked after in the month."""
    return [Row(spell.person, True) for spell in ended(world, day)]


def unaccompanied(world: World, day: date) -> list[Row]:
    """LA04: the immigration status of the day says unaccompanied."""
    found = []
    for spell in in_care(world, day):
        said = [
            code(row["immi_immigration_status"])
            for row in world.by("ssd_immigration_status", "immi_person_id")[spell.person]
            if (row["immi_immigration_status_start_date"] or date.min) <= day
            and day < (row["immi_immigration_status_end_date"] or OPEN)
        ]
        found.append(Row(spell.person, any("UNACCOMPANIED" in one or re.search(r"\bUASC\b", one) for one in said)))
    return found


def many_homes(world: World, day: date) -> list[Row]:
    """LA05: three homes or more in the year that ends with the day are not met."""
    since, found = year_of(day), []
    for spell in in_care(world, day):
        number = sum(home.start <= day and home.end > since for home in homes(world, spell.person))
        found.append(Row(spell.person, number < 3 if number else None))
    return found


def settled(world: World, day: date) -> list[Row]:
    """LA06: children under sixteen, long in care, in the same home for two years."""
    found = []
    for spell in in_care(world, day):
        born = world.person(spell.person)["pers_dob"]
        if born is None or age(born, day) >= 16 or after(world, spell.start, "la.stability.looked_after", day) > day:
            continue
        lived = [home for home in homes(world, spell.person) if home.start <= day and home.end > spell.start]
        if not lived:
            found.append(Row(spell.person, None))
            continue
        now = placement_on(world, spell, day)
        home = ([one for one in lived if one.end > day] or lived)[-1]
        still = now is not None and code(now["clap_cla_placement_type"]) in (home.kind, *TEMPORARY)
        before = lived[: lived.index(home)] if home.kind in ("A4", "A6") and still else []
        since = max((*before, home)[-2 if before else -1].start, spell.start)
        found.append(Row(spell.person, after(world, since, "la.stability.same_home", day) <= day))
    return found


def far(world: World, day: date) -> list[Row]:
    """LA07: placed more than twenty miles from home is not met."""
    found = []
    for spell in in_care(world, day):
        placement = placement_on(world, spell, day)
        miles = placement["clap_cla_placement_distance"] if placement else None
        found.append(Row(spell.person, None if miles is None else miles <= 20))
    return found


def reviewed_in_time(world: World, day: date) -> list[Row]:
    """LA10: no review overdue, and none of the last year held late."""
    since, found = year_of(day), []
    for spell in in_care(world, day):
        due = after(world, spell.start, "la.review.first", day)
        if due > day:
            continue
        late = False
        for number, held in enumerate(review_days(world, spell, day)):
            late = late or (held > due and held >= since)
            due = after(world, held, "la.review.later" if number else "la.review.second", day)
        found.append(Row(spell.person, due >= day and not late))
    return found


def took_part(world: World, day: date) -> list[Row]:
    """LA11: reviews of the month, of children of four and over, at which the child took part."""
    found = []
    for person in dict.fromkeys(spell.person for spell in every_spell(world)):
        born = world.person(person)["pers_dob"]
        told: dict[date, list[str]] = {}
        for row in held_reviews(world, person, day):
            told.setdefault(row["clar_cla_review_date"], []).append(code(row["clar_cla_review_participation"]))
        for held, codes in told.items():
            inside = any(spell.start <= held <= spell.end for spell in spells(world, person))
            if in_month(held, day) and inside and born is not None and 4 <= age(born, held) < 18:
                part = any(one in ("PN1", "PN2", "PN3", "PN4", "PN5", "PN6") for one in codes)
                found.append(Row(person, True if part else False if "PN7" in codes else None))
    return found


def in_kinds(*kinds: str) -> Callable[[World, date], list[Row]]:
    """LA23, LA24: where the child lives is of one of these kinds."""

    def lives(world: World, day: date) -> list[Row]:
        found = []
        for spell in in_care(world, day):
            placement = placement_on(world, spell, day)
            kind = code(placement["clap_cla_placement_type"]) if placement else ""
            found.append(Row(spell.person, kind in kinds if kind else None))
        return found

    return lives


def registered_home(world: World, day: date) -> list[Row]:
    """LA25: living where a home must be registered and is not is not met."""
    return [Row(spell.person, _registered(world, spell, day)) for spell in in_care(world, day)]


def _registered(world: World, spell: Spell, day: date) -> bool | None:
    placement = placement_on(world, spell, day)
    kind = code(placement["clap_cla_placement_type"]) if placement else ""
    if placement is None or not kind:
        return None
    if kind in ("Z1", "Z11", "Z12", "Z13", "Z14"):
        return False
    if kind in ("K3", "H5"):
        born = world.person(spell.person)["pers_dob"]
        if born is None:
            return None
        if age(born, day) < 16:
            return False
    number = code(placement["clap_cla_placement_urn"])
    return None if kind in ("K1", "K2", "K3", "H5") and number in ("", "XXXXXXX") else True


def many_workers(world: World, day: date) -> list[Row]:
    """LA26: three named allocated workers or more in the year, since in care, are not met."""
    found = []
    for spell in in_care(world, day):
        since = max(year_of(day), spell.start)
        workers = {
            row["invo_professional_id"]
            for row in world.by("ssd_involvements", "invo_person_id")[spell.person]
            if world.role(row["invo_professional_role_id"]) == "allocated_worker"
            and who(world, row["invo_professional_id"]) == NAMED
            and not listed_as_unregistered(world, row["invo_professional_id"])
            and row["invo_involvement_start_date"] is not None
            and row["invo_involvement_start_date"] <= day
            and (row["invo_involvement_end_date"] or OPEN) > max(since, row["invo_involvement_start_date"])
        }
        found.append(Row(spell.person, len(workers) < 3))
    return found


def listed_as_unregistered(world: World, worker_id: str) -> bool:
    """Whether the list of workers says, where the number stands, that there is none."""
    row = worker(world, worker_id)
    return row is not None and low(row["prof_social_worker_registration_no"]) in NOT_REGISTERED


PERMANENT = {
    "REMAINSUP", "RETURN1M", "RETURN6M", "RETURNEV", "LTRELFR", "LTFOST18", "RESPLMT", "SUPPLIV", "ADOPTION"
}  # fmt: skip


def planned_for(world: World, day: date) -> list[Row]:
    """LA27: an open care plan of this stay names where the child is to grow up."""
    found = []
    for spell in in_care(world, day):
        if after(world, spell.start, "la.permanence_plan", day) > day:
            continue
        answers = [
            names_a_place(row["lacp_cla_care_plan_json"])
            for row in world.by("ssd_cla_care_plan", "lacp_person_id")[spell.person]
            if is_open(row["lacp_cla_care_plan_start_date"], row["lacp_cla_care_plan_end_date"], day)
            and row["lacp_cla_care_plan_start_date"] >= spell.start
        ]
        found.append(Row(spell.person, True if True in answers else None if None in answers else False))
    return found


def names_a_place(said: str | None) -> bool | None:
    """Whether a care plan names where the child is to grow up; None where it does not say what it is for."""
    try:
        told: Any = json.loads(said or "")
    except ValueError:
        return None
    if not isinstance(told, dict) or not told:
        return None
    return any(
        code(str(key)) in PERMANENT and code(str(value)) in ("Y", "YES", "TRUE", "1") for key, value in told.items()
    )


def convicted(world: World, day: date) -> list[Row]:
    """LA30: a conviction in the year is not met; children of ten and over."""
    found = []
    for spell in through_the_year(world, day):
        born = world.person(spell.person)["pers_dob"]
        if born is not None and age(born, day) >= 10:
            days = world.by("ssd_cla_convictions", "clac_person_id")[spell.person]
            bad = any(
                one["clac_cla_conviction_date"] and year_of(day) <= one["clac_cla_conviction_date"] <= day
                for one in days
            )
            found.append(Row(spell.person, not bad))
    return found


def misused(world: World, day: date) -> list[Row]:
    """LA31: misuse of a substance found in the year is not met."""
    found = []
    for spell in through_the_year(world, day):
        days = world.by("ssd_cla_substance_misuse", "clas_person_id")[spell.person]
        bad = any(
            one["clas_substance_misuse_date"] and year_of(day) <= one["clas_substance_misuse_date"] <= day
            for one in days
        )
        found.append(Row(spell.person, not bad))
    return found


def back_in_care(world: World, day: date) -> list[Row]:
    """LA32: an earlier stay that ended within the twelve months before is not met."""
    found = []
    for spell in begun(world, day):
        earlier = [one.end for one in spells(world, spell.person) if one.end <= spell.start]
        again = bool(earlier) and after(world, max(earlier), "la.again", day) >= spell.start
        found.append(Row(spell.person, not again))
    return found


def to_guardians(world: World, day: date) -> list[Row]:
    """LA33: care ended with a special guardian."""
    return [Row(spell.person, ended_by(world, spell, "E45", "E46", "E47", "E48")) for spell in ended(world, day)]


def ended_by(world: World, spell: Spell, *reasons: str) -> bool | None:
    """Whether care ended for one of these reasons; None where none is recorded."""
    told = end_reason(world, spell)
    return told in reasons if told else None


def officer_in_contact(world: World, day: date) -> list[Row]:
    """LA35: half-way to the next review, the reviewing officer has been in contact since the last."""
    found = []
    for spell in in_care(world, day):
        held = review_days(world, spell, day)
        if not held or after(world, held[-1], "la.reviewing_officer_contact", day) > day:
            continue
        contacts = [
            row["clae_cla_last_iro_contact_date"]
            for row in world.by("ssd_cla_episodes", "clae_person_id")[spell.person]
            if row["clae_cla_last_iro_contact_date"] and row["clae_cla_last_iro_contact_date"] <= day
        ]
        found.append(Row(spell.person, any(one > held[-1] for one in contacts)))
    return found


def allocated(world: World, day: date) -> list[Row]:
    """LA37: no allocated worker is not met."""
    found = []
    for spell in in_care(world, day):
        now = holding(world, spell.person, day)
        met = True if now.allocated else None if now.untold and not now.stand_in else False
        found.append(Row(spell.person, met))
    return found


def officer_in_time(world: World, day: date) -> list[Row]:
    """LA39: a reviewing officer by the day one was due, of those for whom it fell in the month."""
    found = []
    for spell in every_spell(world):
        due = after(world, spell.start, "la.reviewing_officer", day)
        if not in_month(due, day) or spell.end <= due:
            continue
        met = any(
            world.role(row["invo_professional_role_id"]) == "reviewing_officer"
            and who(world, row["invo_professional_id"]) in (NAMED, MANAGER)
            and row["invo_involvement_start_date"] is not None
            and row["invo_involvement_start_date"] <= due
            and (row["invo_involvement_end_date"] or OPEN) > max(spell.start, row["invo_involvement_start_date"])
            for row in world.by("ssd_involvements", "invo_person_id")[spell.person]
        )
        found.append(Row(spell.person, met))
    return found


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    **care_visits.MEASURES,
    **care_health.MEASURES,
    **care_missing.MEASURES,
    "LA01": looked_after,
    "LA02": started,
    "LA03": ceased,
    "LA04": unaccompanied,
    "LA05": many_homes,
    "LA06": settled,
    "LA07": far,
    "LA10": reviewed_in_time,
    "LA11": took_part,
    "LA23": in_kinds("U1", "U2", "U3", "U4", "U5", "U6"),
    "LA24": in_kinds("K1", "K2"),
    "LA25": registered_home,
    "LA26": many_workers,
    "LA27": planned_for,
    "LA30": convicted,
    "LA31": misused,
    "LA32": back_in_care,
    "LA33": to_guardians,
    "LA35": officer_in_contact,
    "LA37": allocated,
    "LA39": officer_in_time,
}
