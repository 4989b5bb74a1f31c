"""The front door, worked out a second time."""

from collections.abc import Callable, Iterator
from datetime import date

from tests.oracle.world import Record, Row, World, add_months, add_working, earliest, in_month
from tests.oracle.written import flagged


def contacts_of(world: World, day: date) -> Iterator[Record]:
    """The contacts of the month that have a child."""
    for row in world.rows("ssd_contacts"):
        if row["cont_person_id"] is not None and in_month(row["cont_contact_date"], day):
            yield row


def contacts(world: World, day: date) -> list[Row]:
    """FD01, FD04: every contact of the month, whatever came of it."""
    return [Row(row["cont_person_id"], None, row["cont_contact_id"]) for row in contacts_of(world, day)]


def decided(world: World, kind: str, subject: str, child: str, began: date, key: str) -> tuple[bool, bool | None]:
    """Whether a contact or referral can be judged by the file of decisions, and whether it was decided on in time."""
    begins = _file_begins(world, kind)
    if begins is None or began < begins:
        return False, None
    mine = [
        one
        for one in world.by("side_decision", "deci_subject_id")[subject]
        if one["deci_kind"] == kind and one["deci_person_id"] == child
    ]
    if not mine:
        return True, None
    came = earliest(one["deci_received_date"] for one in mine) or began
    done = earliest(one["deci_decided_date"] for one in mine)
    due = add_working(came, int(world.number(key, came)))
    if done is not None and done > world.as_at:
        done = None
    if came > world.as_at or (done is not None and done < came):
        return True, None
    if done is None:
        return due < world.as_at, False
    return True, done <= due


def _file_begins(world: World, kind: str) -> date | None:
    """The first day of which the file of decisions tells anything of this kind."""
    if ("decisions begin", kind) not in world.kept:
        file = [one for one in world.rows("side_decision") if one["deci_kind"] == kind]
        days = (one["deci_received_date"] or one["deci_decided_date"] for one in file)
        world.kept["decisions begin", kind] = earliest(days)
    begins: date | None = world.kept["decisions begin", kind]
    return begins


def contacts_decided(world: World, day: date) -> list[Row]:
    """FD02: of the month's contacts, those decided on within a working day of coming in."""
    rows = []
    for row in contacts_of(world, day):
        child, contact = row["cont_person_id"], row["cont_contact_id"]
        counts, met = decided(world, "contact", contact, child, row["cont_contact_date"], "contact.decision")
        if counts:
            rows.append(Row(child, met, contact))
    return rows


def contacts_referred(world: World, day: date) -> list[Row]:
    """FD03: of the month's contacts whose window is over, those that led to a referral."""
    rows = []
    for row in contacts_of(world, day):
        child, made = row["cont_person_id"], row["cont_contact_date"]
        last = add_working(made, int(world.number("contact.to_referral", made)))
        if last >= world.as_at:
            continue
        referred = [one["cine_referral_date"] for one in world.by("ssd_cin_episodes", "cine_person_id")[child]]
        led = any(one is not None and made <= one <= last for one in referred)
        rows.append(
            Row(child, led or flagged(row["cont_contact_outcome_json"], "NEW_REFERRAL_FLAG"), row["cont_contact_id"])
        )
    return rows


def contacted_again(world: World, day: date) -> list[Row]:
    """FD05: children contacted about on days enough in the year; not met where nobody was helping."""
    back, many = int(world.number("contact.look_back", day)), world.number("contact.repeated", day)

    def in_year(one: date | None) -> bool:
        return one is not None and one <= day < add_months(one, back)

    rows = []
    for child, made in world.by("ssd_contacts", "cont_person_id").items():
        days = {row["cont_contact_date"] for row in made if in_year(row["cont_contact_date"])}
        if child is None or len(days) < many or world.dead(child, day) or world.adult(child, day):
            continue
        episodes = world.by("ssd_cin_episodes", "cine_person_id")[child]
        referred = any(in_year(one["cine_referral_date"]) for one in episodes)
        helped = any(
            one["cine_referral_nfa"] != "Y"
            and one["cine_referral_date"] is not None
            and one["cine_referral_date"] <= day
            and (one["cine_close_date"] is None or one["cine_close_date"] > min(days))
            for one in episodes
        )
        rows.append(Row(child, referred or helped))
    return rows


def signed_off(world: World, day: date) -> list[Row]:
    """FD06: contacts signed off in the month, or before with a task still open."""
    told = any(row["deci_tasks_done_date"] is not None for row in world.rows("side_decision"))
    found: dict[tuple[str, str], list[Record]] = {}
    for row in world.rows("side_decision"):
        if row["deci_kind"] == "contact":
            found.setdefault((row["deci_person_id"], row["deci_subject_id"]), []).append(row)
    rows = []
    for (child, contact), decisions in found.items():
        signed = earliest(one["deci_decided_date"] for one in decisions)
        if signed is None:
            continue
        finished = all(one["deci_tasks_done_date"] and one["deci_tasks_done_date"] <= day for one in decisions)
        if in_month(signed, day):
            rows.append(Row(child, finished if told else None, contact))
        elif signed <= day and told and not finished:
            rows.append(Row(child, False, contact))
    return rows


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "FD01": contacts,
    "FD02": contacts_decided,
    "FD03": contacts_referred,
    "FD04": contacts,
    "FD05": contacted_again,
    "FD06": signed_off,
}
