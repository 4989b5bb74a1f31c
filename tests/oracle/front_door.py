"""The front door, worked out a second time."""

from collections.abc import Callable
from datetime import date

from tests.oracle.world import Row, World, in_month


def contacts(world: World, day: date) -> list[Row]:
    """FD01: every contact of the month."""
    return [
        Row(row["cont_person_id"], True, row["cont_contact_id"])
        for row in world.rows("ssd_contacts")
        if row["cont_person_id"] is not None and in_month(row["cont_contact_date"], day)
    ]


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {"FD01": contacts}
