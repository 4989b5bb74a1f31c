"""Visits to looked-after children (LA08, LA09): which interval of regulation 28 binds, and who was seen alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.oracle.people import unborn
from tests.oracle.stays import (
    Spell,
    code,
    held_reviews,
    in_care,
    legal_status,
    placement_on,
    placements,
    same_papers,
    visits,
)
from tests.oracle.world import OPEN, Record, Row, World, later


@dataclass(frozen=True)
class Arrangement:
    """What rule a child's visits follow: `short` binds first, `long` once `until` has come (if ever)."""

    start: date
    first: str
    short: str
    long: str
    until: date | None


def visited_in_time(world: World, day: date) -> list[Row]:
    """LA08: seen, and the interval of the child's own arrangement has not run out."""
    return [Row(spell.person, _in_time(world, spell, day)) for spell in in_care(world, day)]


def _in_time(world: World, spell: Spell, day: date) -> bool | None:
    rule = _arrangement(world, spell, day)
    if rule is None:
        return None
    there = visits(world, spell.person, rule.start, day)
    seen = max((row["clav_cla_visit_date"] for row in there if row["clav_cla_visit_seen"] == "Y"), default=None)
    if _due(world, rule, seen, day) >= day:
        return True
    untold = max((row["clav_cla_visit_date"] for row in there if _untold(world, spell, row)), default=None)
    if untold is not None and (seen is None or untold > seen) and _due(world, rule, untold, day) >= day:
        return None
    return False


def _untold(world: World, spell: Spell, visit: Record) -> bool:
    """Whether nobody can say if the visit saw the child: there is no answer, or it came before the birth."""
    seen = visit["clav_cla_visit_seen"]
    return seen is None or (seen != "Y" and unborn(world, spell.person, visit["clav_cla_visit_date"]))


def _due(world: World, rule: Arrangement, seen: date | None, day: date) -> date:
    """The last day on which the next visit is in time, by the rules of the day asked about."""

    def after(begin: date, key: str) -> date:
        return _after(world, begin, key, day)

    if seen is None:
        return after(rule.start, rule.first)
    short = after(seen, rule.short)
    return after(seen, rule.long) if rule.until is not None and rule.until <= short else short


def _after(world: World, begin: date, key: str, day: date) -> date:
    number, unit = world.rule(key, day)
    return later(begin, int(number), unit)


def _arrangement(world: World, spell: Spell, day: date) -> Arrangement | None:
    """The child's arrangement; None where it cannot be told."""
    placement = placement_on(world, spell, day)
    if placement is None:
        return None
    kind, start = code(placement["clap_cla_placement_type"]), _placed_on(world, spell, placement)
    approval = _approval(world, placement, day)
    if approval is not None:
        return _reviewed(world, spell, day, max(start, approval), "temporary")
    if not kind:
        return None
    if kind == "P1":
        return _at_home(world, spell, day, start)
    then = "la.visit.permanent" if kind in ("U1", "U4") else "la.visit.later"
    second_year = _after(world, start, "la.visit.first_year_length", day)
    return Arrangement(start, "la.visit.first", "la.visit.first_year", then, second_year)


def _at_home(world: World, spell: Spell, day: date, start: date) -> Arrangement | None:
    status = legal_status(world, spell.person, day)
    if status is None or not code(status["lega_legal_status"]):
        return None
    order = max(start, status["lega_legal_status_start_date"])
    if code(status["lega_legal_status"]) == "C1":
        return _reviewed(world, spell, day, order, "temporary")
    if code(status["lega_legal_status"]) == "C2":
        return Arrangement(order, "la.visit.first", "la.visit.later", "la.visit.later", None)
    return _reviewed(world, spell, day, start, "parents")


def _reviewed(world: World, spell: Spell, day: date, start: date, name: str) -> Arrangement:
    """An arrangement under which the first review held in it lengthens the interval."""
    held = [row["clar_cla_review_date"] for row in held_reviews(world, spell.person, day)]
    first = min((one for one in held if one >= start), default=None)
    short = f"la.visit.{name}_to_review"
    return Arrangement(start, short, short, f"la.visit.{name}_later", first)


def _placed_on(world: World, spell: Spell, placement: Record) -> date:
    """Since when the child has been with these carers: moves on paper alone begin nothing."""
    since: date = placement["clap_cla_placement_start_date"]
    for row in reversed(placements(world, spell.person)):
        start = row["clap_cla_placement_start_date"]
        if start < since and same_papers(world, spell.person, since):
            since = start
    return max(since, spell.began)


def _approval(world: World, placement: Record, day: date) -> date | None:
    """The first day of the temporary approval in force, on its last day too; None where there is none."""
    held = [
        row["plap_start_date"] or date.min
        for row in world.by("side_placement_approval", "plap_placement_id")[placement["clap_cla_placement_id"]]
        if row["plap_temporary_approval"] == "Y"
        and (row["plap_start_date"] or date.min) <= day <= (row["plap_end_date"] or OPEN)
    ]
    return max(held, default=None)


def seen_alone(world: World, day: date) -> list[Row]:
    """LA09: seen alone at the last visit since coming into care."""
    found = []
    for spell in in_care(world, day):
        there = visits(world, spell.person, spell.start, day)
        if there:
            last = max(row["clav_cla_visit_date"] for row in there)
            answers = [_alone(row) for row in there if row["clav_cla_visit_date"] == last]
            met = True if True in answers else None if None in answers else False
            found.append(Row(spell.person, met))
    return found


def _alone(visit: Record) -> bool | None:
    if visit["clav_cla_visit_seen"] == "N" or visit["clav_cla_visit_seen_alone"] == "N":
        return False
    return True if visit["clav_cla_visit_seen_alone"] == "Y" else None


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {"LA08": visited_in_time, "LA09": seen_alone}
