"""Adoption (AD01 to AD04): who left care by it, how long it took, and who waits."""

from collections.abc import Callable
from datetime import date

from tests.oracle.looked_after import ended_by
from tests.oracle.stays import ended, in_care, periods
from tests.oracle.world import Record, Row, World, in_month


def adopted(world: World, day: date) -> list[Row]:
    """AD01: care ended by adoption, of the stays that ended in the month."""
    return [Row(spell.person, ended_by(world, spell, "E11", "E12")) for spell in ended(world, day)]


def _of_month(world: World, column: str, day: date) -> dict[tuple[str, date], list[Record]]:
    """The rows of permanence by child and what happened in the month."""
    found: dict[tuple[str, date], list[Record]] = {}
    for row in world.rows("ssd_permanence"):
        if in_month(row[column], day):
            found.setdefault((row["perm_person_id"], row[column]), []).append(row)
    return found


def days_to_placing(world: World, day: date) -> list[Row]:
    """AD02: days from the start of the period of care that holds the day of placement for adoption."""
    found = []
    for person, placed in _of_month(world, "perm_placed_for_adoption_date", day):
        began = [start for start, end in periods(world, person) if start <= placed <= end]
        value = (placed - max(began)).days if began else None
        found.append(Row(person, True if began else None, value=value))
    return found


def days_to_match(world: World, day: date) -> list[Row]:
    """AD03: days from the placement order to the match."""
    found = []
    for (person, matched), rows in _of_month(world, "perm_matched_date", day).items():
        orders = [row["perm_placement_order_date"] for row in rows if row["perm_placement_order_date"]]
        known = [one for one in orders if one <= matched]
        value = (matched - max(known)).days if known else None
        found.append(Row(person, True if known else None, value=value))
    return found


def waiting(world: World, day: date) -> list[Row]:
    """AD04: a decision for adoption stands, and the child is not yet placed: not met."""
    found = []
    for spell in in_care(world, day):
        standing = [
            row
            for row in world.by("ssd_permanence", "perm_person_id")[spell.person]
            if _come(row["perm_adm_decision_date"], day) and not _come(row["perm_decision_reversed_date"], day)
        ]
        if standing:
            newest = max(standing, key=lambda row: (row["perm_adm_decision_date"], row["perm_table_id"]))
            found.append(Row(spell.person, _come(newest["perm_placed_for_adoption_date"], day)))
    return found


def _come(when: date | None, day: date) -> bool:
    return when is not None and when <= day


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "AD01": adopted,
    "AD02": days_to_placing,
    "AD03": days_to_match,
    "AD04": waiting,
}
