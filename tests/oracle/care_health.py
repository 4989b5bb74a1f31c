"""Health of looked-after children (LA12 to LA17): assessments, the dentist, immunisations, the questionnaire."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from tests.oracle.stays import every_spell, through_the_year, year_of
from tests.oracle.world import Record, Row, World, age, in_month, later

INITIAL, REVIEW, DENTAL, OTHER = "initial", "review", "dental", "other"
HELD, NOT_HELD = "held", "not held"


def kind_of(words: str | None) -> str | None:
    """What kind of check its words tell of; None where they do not tell."""
    said = (words or "").strip().lower()
    for kind, marks in (
        (DENTAL, ("dent",)),
        (INITIAL, ("initial", "iha")),
        (REVIEW, ("review", "rha")),
        (OTHER, ("surveillance", "immunis", "optic", "eye", "vision", "hearing")),
    ):
        if any(mark in said for mark in marks):
            return kind
    return None


def held(check: Record) -> str | None:
    """Whether the check was held; None where its status does not tell."""
    said = (check["clah_health_check_status"] or "").strip().lower()
    if said.startswith(("complete", "held", "attended")):
        return HELD
    return NOT_HELD if said.startswith(("planned", "refused", "cancel")) else None


def checks(world: World, person: str, kinds: Iterable[str], day: date) -> tuple[list[date], list[date]]:
    """Days by `day` of checks of these kinds that were held, and of those that may have been such a one."""
    wanted = set(kinds)
    sure, unsure = [], []
    for row in world.by("ssd_cla_health", "clah_person_id")[person]:
        when, kind, was = row["clah_health_check_date"], kind_of(row["clah_health_check_type"]), held(row)
        if when is None or when > day or was == NOT_HELD or (kind is not None and kind not in wanted):
            continue
        (sure if kind in wanted and was == HELD else unsure).append(when)
    return sorted(sure), sorted(unsure)


def after(world: World, begin: date, key: str, day: date) -> date:
    number, unit = world.rule(key, day)
    return later(begin, int(number), unit)


def first_assessments(world: World, day: date) -> list[Row]:
    """LA12: a first assessment by the day it was due, of those for whom that day fell in the month."""
    found = []
    for spell in every_spell(world):
        due = after(world, spell.start, "la.health.initial", day)
        if in_month(due, day) and due < spell.end:
            sure, unsure = checks(world, spell.person, (INITIAL,), day)
            in_time = any(spell.start <= one <= due for one in sure)
            may_be = any(spell.start <= one <= due for one in unsure)
            found.append(Row(spell.person, True if in_time else None if may_be else False))
    return found


def assessed(world: World, day: date) -> list[Row]:
    """LA13: the latest assessment is no older than the child's age allows."""
    found = []
    for spell in through_the_year(world, day):
        born = world.person(spell.person)["pers_dob"]
        if born is None:
            found.append(Row(spell.person, None))
            continue
        key = "la.health.under_five" if age(born, day) < 5 else "la.health.from_five"
        found.append(Row(spell.person, _recent(world, spell.person, (INITIAL, REVIEW), key, day)))
    return found


def dentist(world: World, day: date) -> list[Row]:
    """LA14: the latest dental check is no older than a year."""
    return [
        Row(spell.person, _recent(world, spell.person, (DENTAL,), "la.dental", day))
        for spell in through_the_year(world, day)
    ]


def _recent(world: World, person: str, kinds: Iterable[str], key: str, day: date) -> bool | None:
    sure, unsure = checks(world, person, kinds, day)
    if any(after(world, one, key, day) >= day for one in sure):
        return True
    return None if any(after(world, one, key, day) >= day for one in unsure) else False


def immunised(world: World, day: date) -> list[Row]:
    """LA15: recorded within the year that immunisations are up to date."""
    found = []
    for spell in through_the_year(world, day):
        told = [
            row["clai_immunisations_status"]
            for row in world.by("ssd_cla_immunisations", "clai_person_id")[spell.person]
            if row["clai_immunisations_status_date"] and year_of(day) <= row["clai_immunisations_status_date"] <= day
        ]
        found.append(Row(spell.person, {"Y": True, "N": False}.get(told[-1] or "") if told else None))
    return found


def scores(world: World, day: date) -> list[tuple[str, float | None]]:
    """Children of 4 to 16 in care for a year, each with the latest score of the year, the higher of one day."""
    found = []
    for spell in through_the_year(world, day):
        born = world.person(spell.person)["pers_dob"]
        if born is None or not 4 <= age(born, day) <= 16:
            continue
        told = [
            (row["csdq_sdq_completed_date"], float(row["csdq_sdq_score"]))
            for row in world.by("ssd_sdq_scores", "csdq_person_id")[spell.person]
            if row["csdq_sdq_completed_date"]
            and year_of(day) <= row["csdq_sdq_completed_date"] <= day
            and re.fullmatch(r"\s*\d+(\.\d+)?\s*", row["csdq_sdq_score"] or "")
            and float(row["csdq_sdq_score"]) <= 40
        ]
        found.append((spell.person, max(told)[1] if told else None))
    return found


def average_score(world: World, day: date) -> list[Row]:
    """LA16: the latest score of each child who has one."""
    return [Row(person, True, value=score) for person, score in scores(world, day) if score is not None]


def scored(world: World, day: date) -> list[Row]:
    """LA17: a score in the year."""
    return [Row(person, score is not None) for person, score in scores(world, day)]


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "LA12": first_assessments,
    "LA13": assessed,
    "LA14": dentist,
    "LA15": immunised,
    "LA16": average_score,
    "LA17": scored,
}
