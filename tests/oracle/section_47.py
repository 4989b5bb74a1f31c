"""Section 47 enquiries, worked out a second time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tests.oracle.holders import named, registered
from tests.oracle.people import unborn
from tests.oracle.sightings import EVERY_KIND, visits
from tests.oracle.world import Record, Row, World, in_month
from tests.oracle.written import flagged

CONFERENCE = "CP_CONFERENCE_FLAG"


@dataclass(frozen=True)
class Enquiry:
    """An enquiry about one child that began on one day, whatever number of rows tell of it."""

    person: str
    start: date
    rows: Sequence[Record]

    @property
    def id(self) -> str:
        return min(row["s47e_s47_enquiry_id"] for row in self.rows)

    def ended(self, world: World, day: date) -> bool:
        """Whether all its rows have ended by the end of the day, or the child has died."""
        ends = [row["s47e_s47_end_date"] for row in self.rows]
        return all(end is not None and end <= day for end in ends) or world.dead(self.person, day)

    @property
    def needs_nothing(self) -> bool:
        return any(row["s47e_s47_nfa"] == "Y" for row in self.rows)

    @property
    def asks(self) -> bool:
        """Whether its outcome asks for a conference."""
        return any(flagged(row["s47e_s47_outcome_json"], CONFERENCE) for row in self.rows)

    def conferences(self, world: World) -> Iterator[Record]:
        """The conferences of this child that are linked to it."""
        for row in self.rows:
            for one in world.by("ssd_initial_cp_conference", "icpc_s47_enquiry_id")[row["s47e_s47_enquiry_id"]]:
                if one["icpc_person_id"] == self.person:
                    yield one

    def held(self, world: World, day: date) -> bool:
        return any(one["icpc_icpc_date"] and one["icpc_icpc_date"] <= day for one in self.conferences(world))


def enquiries(world: World) -> list[Enquiry]:
    """Every enquiry, once for each child and day begun."""
    if "enquiries" not in world.kept:
        found: dict[tuple[str, date], list[Record]] = {}
        for row in world.rows("ssd_s47_enquiry"):
            if row["s47e_person_id"] is not None and row["s47e_s47_start_date"] is not None:
                found.setdefault((row["s47e_person_id"], row["s47e_s47_start_date"]), []).append(row)
        world.kept["enquiries"] = [Enquiry(child, start, rows) for (child, start), rows in found.items()]
    known: list[Enquiry] = world.kept["enquiries"]
    return known


def open_enquiries(world: World, day: date) -> list[Enquiry]:
    return [one for one in enquiries(world) if one.start <= day and not one.ended(world, day)]


def begun(world: World, day: date) -> list[Row]:
    """SJ01: every enquiry of the month."""
    return [
        Row(row["s47e_person_id"], None, row["s47e_s47_enquiry_id"])
        for row in world.rows("ssd_s47_enquiry")
        if row["s47e_person_id"] is not None and in_month(row["s47e_s47_start_date"], day)
    ]


def came_to_a_conference(world: World, day: date) -> list[Row]:
    """SJ02: of the month's enquiries, those whose conference was held."""
    return [
        Row(one.person, _came_to_a_conference(world, one), one.id)
        for one in enquiries(world)
        if in_month(one.start, day)
    ]


def _came_to_a_conference(world: World, one: Enquiry) -> bool | None:
    if one.held(world, world.as_at):
        return True
    if not one.ended(world, world.as_at):
        return None
    waits = one.asks or any(True for _ in one.conferences(world))
    return None if waits and not one.needs_nothing else False


def answered(world: World, day: date) -> list[Row]:
    """SJ03: open enquiries, met where a conference was held, none is needed, or there is time."""
    return [
        Row(
            one.person,
            one.held(world, day) or one.needs_nothing or day <= world.after(one.start, "icpc.after_strategy", day),
            one.id,
        )
        for one in open_enquiries(world, day)
    ]


def seen(world: World, day: date) -> list[Row]:
    """SJ04: of the month's enquiries that can be judged, those where the child was seen in time."""
    rows = []
    for one in enquiries(world):
        if not in_month(one.start, day):
            continue
        since = [visit for visit in visits(world, EVERY_KIND).get(one.person, []) if visit[0] >= one.start]
        since = [visit for visit in since if visit[0] <= world.as_at]
        due = world.after(one.start, "s47.seen")
        saw = [when for when, answer, _ in since if answer == "Y"]
        if not saw and due >= world.as_at:
            continue
        met: bool | None = any(when <= due for when in saw)
        unsure = [when for when, answer, _ in since if answer is None or unborn(world, one.person, when)]
        if not met and any(when <= due for when in unsure):
            met = None
        rows.append(Row(one.person, met, one.id))
    return rows


def held_by_a_registered(world: World, day: date) -> list[Row]:
    """SJ05: open enquiries about children whom a named worker holds, and whether one is registered."""
    rows = []
    for one in open_enquiries(world, day):
        said = [registered(world, hold.worker, day) for hold in named(world, one.person, day)]
        if said:
            rows.append(Row(one.person, True if True in said else None if None in said else False, one.id))
    return rows


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "SJ01": begun,
    "SJ02": came_to_a_conference,
    "SJ03": answered,
    "SJ04": seen,
    "SJ05": held_by_a_registered,
}
