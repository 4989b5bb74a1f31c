"""Births and ages of children, as the definitions read them."""

from datetime import date

from tests.oracle.world import World, add_months


def unborn(world: World, person_id: str, day: date) -> bool:
    """Whether the child is not born on the day: born later, or with no birth recorded and one expected."""
    row = world.person(person_id)
    born = row["pers_dob"]
    if born is not None:
        return born > day
    return row["pers_expected_dob"] is not None


def old_enough(world: World, person_id: str, months: int, day: date) -> bool:
    """Whether the child has reached an age: one not yet born has not, one whose age is not recorded has."""
    if unborn(world, person_id, day):
        return False
    born = world.person(person_id)["pers_dob"]
    return born is None or add_months(born, months) <= day
