"""Who works here: who is a named person, a manager or a desk, who is registered, in which post, away or there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.world import OPEN, Record, World, add_months, is_open, is_working, same_word, working_between

NAMED, MANAGER, ON_DUTY, DESK, NOBODY, UNLISTED = "named", "manager", "on duty", "desk", "nobody", "unlisted"
DESKS = ("duty", "team", "desk", "vacan", "unallocated", "pool", "agency")
NO_NAME = {"", "-", "n/a", "#n/a", "na", "none", "null", "unknown", "tbc", "tba", "not known"}
REGISTERED, LAPSED, RECORDED_NOT = "registered", "lapsed", "recorded as not registered"
NO_SOCIAL_WORKERS = ("assistant", "student", "support", "trainee", "apprentice")
NO_NUMBER = {"none", "not registered", "unregistered", "no", "n/a"}
DAY = timedelta(days=1)


def worker(world: World, worker_id: str | None) -> Record | None:
    """The worker's row in the list of workers."""
    rows = world.by("ssd_professionals", "prof_professional_id")[worker_id]
    return rows[0] if rows else None


def low(given: str | None) -> str:
    return (given or "").strip().lower()


def name_is(name: str | None) -> str:
    """Whether a name is somebody's, a desk's or nobody's."""
    said = low(name)
    if said in NO_NAME:
        return NOBODY
    return DESK if any(mark in said for mark in DESKS) else NAMED


def who(world: World, worker_id: str | None) -> str:
    """What stands behind a worker's id: a named person, a manager or one on duty, a desk, nobody, or one not listed."""
    if name_is(worker_id) == NOBODY:
        return NOBODY
    row = worker(world, worker_id)
    if row is None:
        return UNLISTED
    found, title = name_is(row["prof_professional_name"]), low(row["prof_professional_job_title"])
    if found != NAMED:
        return found
    if "duty" in title:
        return ON_DUTY
    return MANAGER if manages(title) else NAMED


def manages(title: str) -> bool:
    """Whether a title is a manager's, a director's or a head of service's; a case manager's is a worker's."""
    said = title.replace("case manager", "").replace("care manager", "")
    return any(mark in said for mark in ("manager", "director", "head of service"))


def somebody(world: World, worker_id: str | None) -> bool:
    return who(world, worker_id) in (NAMED, MANAGER, ON_DUTY)


def registration(world: World, worker_id: str | None, day: date) -> str | None:
    """Whether the worker is registered on a day: by the newest row that has begun, else by the number."""
    rows = [
        row
        for row in world.by("side_registration", "regi_worker_id")[worker_id]
        if (row["regi_valid_from"] or date.min) <= day
    ]
    if rows:
        newest = max(rows, key=lambda row: (row["regi_valid_from"] or date.min, row["regi_registration_id"]))
        return _by_row(newest, day)
    row = worker(world, worker_id)
    number = low(row["prof_social_worker_registration_no"]) if row else ""
    return None if not number else RECORDED_NOT if number in NO_NUMBER else REGISTERED


def _by_row(row: Record, day: date) -> str | None:
    word, until = (row["regi_registered"] or "").strip().upper(), row["regi_valid_until"]
    if word == "N":
        return RECORDED_NOT
    if until is not None and until < day:
        return LAPSED
    if word == "U":
        return None
    return REGISTERED if word == "Y" or low(row["regi_number"]) or until is not None else None


def involvements(world: World, person: str, day: date) -> list[Record]:
    """Whoever is involved with the child at the end of the day."""
    return [
        row
        for row in world.by("ssd_involvements", "invo_person_id")[person]
        if is_open(row["invo_involvement_start_date"], row["invo_involvement_end_date"], day)
    ]


@dataclass(frozen=True)
class Holding:
    """How a child is held: by which named workers in which role, by a stand-in, or by one nobody can tell of."""

    allocated: tuple[str, ...]
    leads: tuple[str, ...]
    stand_in: bool
    untold: bool


def holding(world: World, person: str, day: date) -> Holding:
    """Who holds the child at the end of the day."""
    named: dict[str, list[str]] = {"allocated_worker": [], "family_help_lead": []}
    stand_in = untold = False
    for row in involvements(world, person, day):
        word = row["invo_professional_role_id"]
        role, holder = world.role(word), who(world, row["invo_professional_id"])
        if role in named:
            if holder == NAMED:
                named[role].append(row["invo_professional_id"])
            elif holder == UNLISTED:
                untold = True
            elif holder != NOBODY or row["invo_professional_team"]:
                stand_in = True
        elif role in ("manager", "duty") or (role is None and holder in (ON_DUTY, DESK)):
            stand_in = True
        elif role is None:
            untold = True
    return Holding(tuple(named["allocated_worker"]), tuple(named["family_help_lead"]), stand_in, untold)


def children_of(world: World, role: str, kinds: Iterable[str], day: date) -> dict[str, set[str]]:
    """The children each worker of these kinds has in a role at the end of the day; the dead are not counted."""
    found: dict[str, set[str]] = {}
    wanted = set(kinds)
    for row in world.rows("ssd_involvements"):
        person = row["invo_person_id"]
        if (
            person
            and world.role(row["invo_professional_role_id"]) == role
            and is_open(row["invo_involvement_start_date"], row["invo_involvement_end_date"], day)
            and who(world, row["invo_professional_id"]) in wanted
            and not world.dead(person, day)
        ):
            found.setdefault(row["invo_professional_id"], set()).add(person)
    return found


def caseloads(world: World, day: date) -> dict[str, set[str]]:
    """The children each named worker holds in an allocated worker's role."""
    kept = world.kept.setdefault("caseloads of workers", {})
    if day not in kept:
        kept[day] = children_of(world, "allocated_worker", (NAMED,), day)
    found: dict[str, set[str]] = kept[day]
    return found


def post_on(post: Record, day: date) -> bool:
    """Whether a post is one on a day; its last day counts."""
    return (post["post_start_date"] or date.min) <= day <= (post["post_end_date"] or OPEN)


def posts_of(world: World, worker_id: str, day: date) -> list[Record]:
    return [row for row in world.by("side_post", "post_worker_id")[worker_id] if post_on(row, day)]


def social_work(title: str | None) -> bool:
    """Whether a title is a social worker's, and not that of who assists one or learns to be one."""
    said = low(title)
    return "social worker" in said and not any(mark in said for mark in NO_SOCIAL_WORKERS)


def ever_registered(world: World, worker_id: str | None) -> bool:
    """Whether any registration of the worker is on record, ended or not."""
    rows = world.by("side_registration", "regi_worker_id")[worker_id]
    row = worker(world, worker_id)
    number = low(row["prof_social_worker_registration_no"]) if row else ""
    in_file = any(same_word(one["regi_registered"], "Y") or low(one["regi_number"]) for one in rows)
    return in_file or (number != "" and number not in NO_NUMBER)


def social_work_post(world: World, post: Record) -> bool:
    """Whether a post is a social worker's: by its title, or by title or registration of whoever holds it.

    A registration that has ended tells of a social worker; only one recorded as not registered now is none.
    """
    holder = post["post_worker_id"]
    row = worker(world, holder)
    if registration(world, holder, world.as_at) == RECORDED_NOT:
        return False
    titles = (post["post_title"], row["prof_professional_job_title"] if row else None)
    return ever_registered(world, holder) or any(social_work(one) for one in titles)


def social_workers(world: World, day: date) -> dict[str, list[Record]]:
    """Social workers in post at the end of the day, each with their social work posts."""
    found: dict[str, list[Record]] = {}
    for post in world.rows("side_post"):
        if post_on(post, day) and somebody(world, post["post_worker_id"]) and social_work_post(world, post):
            found.setdefault(post["post_worker_id"], []).append(post)
    return found


def listed_hours(world: World, worker_id: str | None) -> float | None:
    row = worker(world, worker_id)
    return (row["prof_full_time_equivalency"] or None) if row else None


def hours(world: World, post: Record) -> float | None:
    """The hours of a post, those of the list of workers where it has none; blank or nought is not known."""
    holder = post["post_worker_id"]
    return post["post_fte"] or (listed_hours(world, holder) if somebody(world, holder) else None)


def hours_together(world: World, posts: Iterable[Record]) -> float | None:
    """The hours of some posts; not known where those of one are not."""
    each = [hours(world, post) for post in posts]
    return None if None in each else sum(one for one in each if one is not None)


def agency(world: World, worker_id: str | None) -> str | None:
    row = worker(world, worker_id)
    return row["prof_agency_worker_flag"] if row else None


def supported_year(world: World, worker_id: str, day: date) -> date | None:
    """When the assessed and supported year of the worker's posts began; None where none has."""
    begun = [post["post_asye_start_date"] for post in posts_of(world, worker_id, day)]
    return max((one for one in begun if one is not None and one <= day), default=None)


def in_supported_year(world: World, worker_id: str, day: date) -> bool:
    began = supported_year(world, worker_id, day)
    return began is not None and day < add_months(began, int(world.number("caseload.asye_year", day)))


@dataclass(frozen=True)
class Absence:
    """Absences with no working day between them: from when until when, and who covers, by the newest."""

    start: date
    end: date
    cover: str | None


def absences(world: World, worker_id: str, day: date) -> Iterator[Absence]:
    """The worker's absences begun by the end of the day, those that follow on made one."""
    rows = [
        row
        for row in world.by("side_absence", "abse_worker_id")[worker_id]
        if row["abse_start_date"] is not None
        and row["abse_start_date"] <= day
        and row["abse_start_date"] <= (row["abse_end_date"] or OPEN)
    ]
    rows.sort(key=lambda row: (row["abse_start_date"], row["abse_end_date"] or OPEN, row["abse_absence_id"]))
    now: Absence | None = None
    for row in rows:
        start, end, cover = row["abse_start_date"], row["abse_end_date"] or OPEN, row["abse_covered_by_worker_id"]
        if now is not None and (now.end >= start or working_between(now.end, start - DAY) == 0):
            now = Absence(now.start, max(now.end, end), cover)
            continue
        if now is not None:
            yield now
        now = Absence(start, end, cover)
    if now is not None:
        yield now


def long_away(world: World, worker_id: str, day: date) -> Absence | None:
    """The worker's absence where it has lasted as long as nobody need cover, today among its days."""
    limit = world.number("absence.cover", day)
    for one in absences(world, worker_id, day):
        if one.start <= day <= one.end and working_between(one.start - DAY, day) >= limit:
            return one
    return None


def next_working(day: date) -> date:
    """The first working day after a day."""
    day += DAY
    while not is_working(day):
        day += DAY
    return day
