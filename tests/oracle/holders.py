"""Who holds a child: each involvement, and what all those of one day come to."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.world import OPEN, Record, World, is_open

# What a name says that is no person's, and what a job title says of whoever manages.
NOBODY = re.compile(r"\b(duty|team|desk|vacan\w*|post|unallocated|pool|tray|service)\b", re.IGNORECASE)
DUTY = re.compile(r"\bduty\b", re.IGNORECASE)
MANAGER = re.compile(r"(?<!case )(?<!care )\bmanager\b|\b(director|head of service)\b", re.IGNORECASE)
NOT_REGISTERED = {"none", "not registered", "unregistered", "no"}
ONE_DAY = timedelta(days=1)
BESIDE = ("reviewing_officer", "personal_adviser", "other")


@dataclass(frozen=True)
class Hold:
    """One involvement that may hold a child. `kind`: social worker, family help lead, manager, duty, or unknown."""

    worker: str | None
    kind: str
    start: date
    end: date | None


def holds(world: World) -> dict[str, list[Hold]]:
    """By child, every involvement but those of people beside the child."""
    if "holds" not in world.kept:
        found: dict[str, list[Hold]] = {}
        for one in world.rows("ssd_involvements"):
            child, start = one["invo_person_id"], one["invo_involvement_start_date"]
            kind = _kind(world, one)
            if child and start and kind not in BESIDE:
                hold = Hold(one["invo_professional_id"], kind, start, one["invo_involvement_end_date"])
                found.setdefault(child, []).append(hold)
        world.kept["holds"] = found
    return world.kept["holds"]


def _kind(world: World, involvement: Record) -> str:
    """What an involvement is. A duty name or title is duty under whatever role word, a team without a worker too.

    An entry without a name is nobody, whatever its title.
    """
    role, worker = world.role(involvement["invo_professional_role_id"]), involvement["invo_professional_id"]
    if role in (*BESIDE, "manager", "duty"):
        return role
    listed = world.by("ssd_professionals", "prof_professional_id")[worker] if worker else []
    name = listed[0]["prof_professional_name"] if listed else None
    title = (listed[0]["prof_professional_job_title"] or "") if listed else ""
    if name and (NOBODY.search(name) or DUTY.search(title)):
        return "duty"
    if role is None or (worker and not listed):
        return "unknown"
    if MANAGER.search(title):
        return "manager"
    if not name:
        return "duty" if involvement["invo_professional_team"] else "nobody"
    return role


def gone_from(world: World, worker: str | None, day: date) -> date | None:
    """The day from which a worker is known not to be registered, as it is known at the end of `day`; None: is not."""
    begun = [
        row
        for row in world.by("side_registration", "regi_worker_id")[worker]
        if row["regi_valid_from"] is None or row["regi_valid_from"] <= day
    ]
    if not begun:
        return date.min if _number(world, worker) is False else None
    newest = max(begun, key=lambda row: (row["regi_valid_from"] or date.min, row["regi_registration_id"]))
    if newest["regi_registered"] == "N":
        return newest["regi_valid_from"] or date.min
    until = newest["regi_valid_until"]
    return until + ONE_DAY if until is not None and until < day else None


def registered(world: World, worker: str | None, day: date) -> bool | None:
    """Whether a worker is a registered social worker at the end of the day; None where nobody has said."""
    if gone_from(world, worker, day) is not None:
        return False
    begun = [
        row
        for row in world.by("side_registration", "regi_worker_id")[worker]
        if row["regi_valid_from"] is None or row["regi_valid_from"] <= day
    ]
    if not begun:
        return _number(world, worker)
    newest = max(begun, key=lambda row: (row["regi_valid_from"] or date.min, row["regi_registration_id"]))
    if newest["regi_registered"] == "Y":
        return True
    said = newest["regi_number"] or newest["regi_valid_until"]
    return True if newest["regi_registered"] is None and said else None


def _number(world: World, worker: str | None) -> bool | None:
    """What the registration number in the list of workers says; a blank says nothing."""
    listed = world.by("ssd_professionals", "prof_professional_id")[worker]
    number = listed[0]["prof_social_worker_registration_no"] if listed else None
    if not number or not number.strip():
        return None
    return number.strip().lower() not in NOT_REGISTERED


def open_holds(world: World, child: str, day: date) -> list[Hold]:
    """Those that hold the child at the end of the day."""
    return [one for one in holds(world).get(child, []) if is_open(one.start, one.end, day)]


def named(world: World, child: str, day: date) -> list[Hold]:
    """The named people who hold the child in an allocated worker's role at the end of the day."""
    return [one for one in open_holds(world, child, day) if one.kind == "allocated_worker"]


def standing(world: World, child: str, day: date, *, in_need: bool = False) -> bool | None:
    """Whether the child is allocated; None where it cannot be told.

    A child on a plan needs a social worker who is not known to be unregistered; a child `in_need` any named worker
    or family help lead.
    """
    held = open_holds(world, child, day)
    kinds = {one.kind for one in held}
    if in_need and kinds & {"allocated_worker", "family_help_lead"}:
        return True
    workers = [one for one in held if one.kind == "allocated_worker"]
    if any(gone_from(world, one.worker, day) is None for one in workers):
        return True
    # Whoever is known to hold the child is told before what cannot be told.
    return None if "unknown" in kinds and not kinds - {"unknown", "nobody"} else False


def waiting_since(world: World, child: str, start: date, day: date) -> date:
    """The first day of waiting for a social worker: the start, or the end of the last social worker's hold."""
    ends = [
        end
        for one in holds(world).get(child, [])
        if one.kind == "allocated_worker"
        for _, end in as_social_worker(world, one, day)
    ]
    return max([start, *ends])


def as_social_worker(world: World, hold: Hold, day: date) -> list[tuple[date, date]]:
    """The days up to `day` on which a worker held the child and was not known to be unregistered.

    As pairs of the first day and the day after the last, so a hold that lasts goes to the day after `day`.
    """
    stop = min(hold.end or OPEN, day + ONE_DAY)
    turns = {hold.start, stop}
    for row in world.by("side_registration", "regi_worker_id")[hold.worker]:
        turns |= {row["regi_valid_from"] or hold.start, (row["regi_valid_until"] or hold.start) + ONE_DAY}
    days = sorted(one for one in turns if hold.start <= one <= stop)
    return [
        (first, after)
        for first, after in zip(days, days[1:], strict=False)
        if gone_from(world, hold.worker, first) is None
    ]
