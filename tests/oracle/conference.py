"""First child protection conferences, worked out a second time."""

from collections.abc import Callable, Iterator
from datetime import date

from tests.oracle.plans import on_plan
from tests.oracle.section_47 import Enquiry, enquiries
from tests.oracle.world import Record, Row, World, earliest, in_month


def held_of(world: World, day: date) -> Iterator[Record]:
    """The conferences about children that were held in the month."""
    for row in world.rows("ssd_initial_cp_conference"):
        if row["icpc_person_id"] is not None and in_month(row["icpc_icpc_date"], day):
            yield row


def enquiry_of(world: World, row: Record) -> Enquiry | None:
    """The enquiry of the same child that a conference is linked to."""
    if "enquiry of" not in world.kept:
        world.kept["enquiry of"] = {
            (one.person, told["s47e_s47_enquiry_id"]): one for one in enquiries(world) for told in one.rows
        }
    found: Enquiry | None = world.kept["enquiry of"].get((row["icpc_person_id"], row["icpc_s47_enquiry_id"]))
    return found


def in_time(world: World, day: date) -> list[Row]:
    """IC01: of the conferences held in the month, those held in time; transfers in are left out."""
    rows = []
    for row in held_of(world, day):
        if row["icpc_icpc_transfer_in"] == "Y":
            continue
        enquiry, held = enquiry_of(world, row), row["icpc_icpc_date"]
        met = None
        if enquiry:
            met = None if held < enquiry.start else held <= world.after(enquiry.start, "icpc.after_strategy", day)
        elif row["icpc_icpc_target_date"]:
            met = held <= row["icpc_icpc_target_date"]
        rows.append(Row(row["icpc_person_id"], met, row["icpc_icpc_id"]))
    return rows


def made_a_plan(world: World, day: date) -> list[Row]:
    """IC02: of the conferences held in the month, those that made a plan."""
    rows = []
    for row in held_of(world, day):
        met = True if row["icpc_cp_plan_id"] else {"Y": True, "N": False}.get(row["icpc_icpc_outcome_cp_flag"])
        rows.append(Row(row["icpc_person_id"], met, row["icpc_icpc_id"]))
    return rows


def very_late(world: World, day: date) -> list[Row]:
    """IC03: of the conferences held in the month, not met where much later than the discussion."""
    rows = []
    for row in held_of(world, day):
        if row["icpc_icpc_transfer_in"] == "Y":
            continue
        enquiry, held = enquiry_of(world, row), row["icpc_icpc_date"]
        met = None
        if enquiry and enquiry.start <= held:
            met = held <= world.after(enquiry.start, "icpc.very_late", day)
        rows.append(Row(row["icpc_person_id"], met, row["icpc_icpc_id"]))
    return rows


def still_to_hold(world: World, day: date) -> list[Row]:
    """IC04: conferences needed and not held, met while there is time."""
    rows = []
    for row in world.rows("ssd_initial_cp_conference"):
        child, held = row["icpc_person_id"], row["icpc_icpc_date"]
        if child is None or world.dead(child, day) or (held is not None and held <= day):
            continue
        enquiry, target = enquiry_of(world, row), row["icpc_icpc_target_date"]
        if enquiry:
            if enquiry.start <= day and not _over(enquiry, world, day):
                rows.append(
                    Row(child, day <= world.after(enquiry.start, "icpc.after_strategy", day), row["icpc_icpc_id"])
                )
        elif target:
            if target <= day:
                rows.append(Row(child, day <= target, row["icpc_icpc_id"]))
        elif day == world.as_at:
            rows.append(Row(child, None, row["icpc_icpc_id"]))
    for enquiry in enquiries(world):
        planned = any(True for _ in enquiry.conferences(world))
        if not enquiry.asks or planned or enquiry.start > day or world.dead(enquiry.person, day):
            continue
        if not _over(enquiry, world, day):
            rows.append(Row(enquiry.person, day <= world.after(enquiry.start, "icpc.after_strategy", day), enquiry.id))
    return rows


def _over(enquiry: Enquiry, world: World, day: date) -> bool:
    """Whether the enquiry ended needing nothing more."""
    return enquiry.needs_nothing and enquiry.ended(world, day)


def everybody_asked(world: World, day: date) -> list[Row]:
    """IC05: children on a plan, and whether every agency around the child was asked to the newest conference."""
    begins = earliest(row["invt_invited_date"] for row in world.rows("side_conference_invitation"))
    rows = []
    for plan in on_plan(world, day):
        newest = max(_conferences(world, plan.person, day), default=None)
        if newest is None or begins is None or newest[0] < begins:
            continue
        held, kind, conference = newest
        kinds = (None, ("initial", "review")[kind])
        asked = {
            _agency(row["invt_agency"])
            for row in world.by("side_conference_invitation", "invt_conference_id")[conference]
            if row["invt_person_id"] == plan.person and row["invt_conference_kind"] in kinds
        }
        around = {
            _agency(row["parc_agency"])
            for row in world.by("side_professional_around_child", "parc_person_id")[plan.person]
            if (row["parc_start_date"] or held) <= held <= (row["parc_end_date"] or held)
        } - {""}
        rows.append(Row(plan.person, around <= asked if around else None, conference))
    return rows


def _conferences(world: World, child: str, day: date) -> Iterator[tuple[date, int, str]]:
    """The conferences held about a child by the end of a day: when, whether first (0) or review (1), and which."""
    for row in world.by("ssd_initial_cp_conference", "icpc_person_id")[child]:
        if row["icpc_icpc_date"] and row["icpc_icpc_date"] <= day:
            yield row["icpc_icpc_date"], 0, row["icpc_icpc_id"]
    for row in world.by("ssd_cp_reviews", "cppr_person_id")[child]:
        if row["cppr_cp_review_date"] and row["cppr_cp_review_date"] <= day:
            yield row["cppr_cp_review_date"], 1, row["cppr_cp_review_id"]


def _agency(given: str | None) -> str:
    return (given or "").strip().lower()


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "IC01": in_time,
    "IC02": made_a_plan,
    "IC03": very_late,
    "IC04": still_to_hold,
    "IC05": everybody_asked,
}
