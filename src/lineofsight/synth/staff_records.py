"""Departments, professionals, posts, absences and supervision, written as rows."""

from collections import Counter
from datetime import date

from lineofsight.synth.allocation import ASSESSMENT, CARE, DISABLED, LEAVING, REVIEWING, SAFEGUARDING, Leg
from lineofsight.synth.days import as_date, number, working_after, working_before
from lineofsight.synth.involvements import number_of
from lineofsight.synth.journeys import Journey
from lineofsight.synth.scene import Scene
from lineofsight.synth.workforce import OPEN_END, Team, Worker

_PUT_OFF = 9  # of so many sessions about a child, one that was put off to the next
_RENEWED = 1065  # days after which a DBS certificate is renewed, a month before three years are over
_SUPERVISED = (ASSESSMENT, SAFEGUARDING, DISABLED, CARE)
# Titles of those who need not be registered as social workers.
UNREGISTERED = ("Family Support Worker", "Family Help Practitioner", "Personal Adviser")


def write_staff(scene: Scene, legs: list[Leg], sick: list[tuple[Worker, int]]) -> None:
    """The registry of teams and workers as it stands in each extract; posts, absences, personal supervision."""
    staff, taken = scene.services.staff, scene.period.taken
    begins = min(scene.period.start - 4000, 0)
    for at, day in enumerate(taken):
        since = taken[at - 1] + 1 if at else begins
        _write_departments(scene, day, since)
        _write_professionals(scene, legs, day, since)
    _write_posts(scene)
    _write_registrations(scene)
    held = {hold.worker.id for leg in legs if leg.kind in _SUPERVISED for hold in leg.holds}
    absent = {worker.id: day for worker, day in sick}
    for worker in staff.workers:
        _write_absences(scene, worker, absent.get(worker.id))
        if worker.id in held:
            _write_personal_supervision(scene, worker, absent.get(worker.id))


def _name_on(team: Team, day: int) -> str:
    return team.former if team.former and day < team.renamed else team.name


def _write_departments(scene: Scene, day: int, since: int) -> None:
    for team in scene.services.staff.teams:
        parent = (team.parent.id, team.parent.name) if team.parent else (None, None)
        scene.book["ssd_department"].add(since, (team.id, _name_on(team, day), *parent), day + 1)


def _write_professionals(scene: Scene, legs: list[Leg], day: int, since: int) -> None:
    """Everyone who has started by `day`, with the children held on the last 30 September."""
    when = as_date(day)
    counted = number(date(when.year if (when.month, when.day) >= (9, 30) else when.year - 1, 9, 30))
    loads: Counter[str] = Counter()
    for leg in legs:
        if leg.kind in _SUPERVISED and leg.start <= counted < leg.end:
            worker = leg.worker_on(counted)
            if worker is not None:
                loads[worker.id] += leg.size
    for worker in scene.services.staff.workers:
        if worker.start <= day:
            team = _name_on(worker.team, day)
            row = (worker.id, "E" + worker.id[1:], worker.name, worker.registration or None, worker.title)
            load = loads[worker.id] if worker.start <= counted < worker.end else None
            agency = "Y" if worker.agency else "N"
            known = max(since, worker.start)
            scene.book["ssd_professionals"].add(known, (*row, load, team, worker.fte, agency), day + 1)


def _write_posts(scene: Scene) -> None:
    counts: Counter[str] = Counter()
    for spell in scene.services.staff.spells:
        counts[spell.post] += 1
        if spell.end < scene.period.start - 200 or spell.start > scene.period.last:
            continue
        worker = spell.worker
        asye = worker.asye if worker else None
        end = spell.end if spell.end != OPEN_END else None
        row = (f"{spell.post}-{counts[spell.post]}", spell.team.id, worker.id if worker else None, spell.start)
        rest = (spell.title, spell.fte, asye)
        end_known = end if end is not None and scene.ended(end) else None
        scene.book["side_post"].closing(spell.start, end_known, (*row, None, *rest), (*row, end, *rest))


def _write_registrations(scene: Scene) -> None:
    """Registration for the years to each 30 November, and the DBS certificate. A few nobody has looked up.

    A worker without a number may be registered or not: for half of them the file says so, for the others nothing.
    """
    random, period = scene.side, scene.period
    sheet = scene.book["side_registration"]
    first = as_date(period.start).year
    for worker in scene.services.staff.workers:
        begins = max(worker.start, period.start)
        if worker.end < period.start or begins > period.last:
            continue
        stale = random.random() < 0.05
        checked = begins - random.randrange(0, 900) - (1100 if stale else 0)
        dbs = None if random.random() < 0.04 else checked
        held: list[tuple[int, int | None]] = [(begins, dbs)]
        if dbs is not None and not stale:
            held += _renewals(begins, checked, min(worker.end, period.last))
        unlisted = "N" if worker.title in UNREGISTERED else None
        if unlisted is None and not worker.registration and random.random() < 0.5:
            unlisted = "U"
        if unlisted:
            for known, dbs in held:
                sheet.add(known, (scene.id("REG"), worker.id, unlisted, None, None, None, None, dbs))
            continue
        registered = worker.registration or f"SW{random.randrange(200_000, 299_999)}"
        for year in range(first - 1, as_date(period.last).year + 1):
            valid = number(date(year, 12, 1)), number(date(year + 1, 11, 30))
            known = max(valid[0], begins)
            if valid[1] >= begins and valid[0] <= min(worker.end, period.last):
                now = [pair for pair in held if pair[0] <= known][-1:] or held[:1]
                for day, dbs in [*now, *(pair for pair in held if known < pair[0] <= valid[1])]:
                    row = (scene.id("REG"), worker.id, "Y", registered, *valid, known, dbs)
                    sheet.add(max(known, day), row)


def _renewals(begins: int, first: int, last: int) -> list[tuple[int, int]]:
    """The days after `begins` on which a DBS certificate is renewed, each with the day the new one is of: the same."""
    return [(day, day) for day in range(first + _RENEWED, last + 1, _RENEWED) if day > begins]


def _write_absences(scene: Scene, worker: Worker, sick_since: int | None) -> None:
    """Sickness, leave and training; long sickness with a colleague named as cover, or with nobody."""
    random, period = scene.random, scene.period
    day = max(worker.start, period.start) + int(random.expovariate(1 / 70.0))
    stop = min(worker.end, period.last if sick_since is None else sick_since - 1)
    colleagues = [other for other in worker.team.workers if other is not worker and other.end == OPEN_END]
    while day < stop:
        start = working_after(day, 0)
        kind = random.choices(("sickness", "leave", "training"), (0.4, 0.42, 0.18))[0]
        long = kind == "sickness" and random.random() < 0.07
        length = random.randrange(32, 90) if long else {"sickness": random.choice((1, 2, 3, 4, 8))}.get(kind, 0)
        length = random.choice((4, 7, 11)) if kind == "leave" else max(length, 0)
        end = min(working_before(start + length), worker.end)
        covered = colleagues and random.random() < (0.7 if long else 0.45) and not worker.team.troubled
        there = [other for other in colleagues if other.start <= start]
        cover = random.choice(there).id if covered and there else None
        if end >= start:
            _write_absence(scene, worker, (start, end), kind, cover)
        day = max(end, start) + 5 + int(random.expovariate(1 / 85.0))
    if sick_since is not None:
        _write_absence(scene, worker, (sick_since, OPEN_END), "sickness", None)


def _write_absence(scene: Scene, worker: Worker, span: tuple[int, int], kind: str, cover: str | None) -> None:
    start, end = span
    known = scene.late.prompt(start)
    end_known = scene.late.prompt(end) if scene.ended(end) else None
    row = (scene.id("ABS"), worker.id, start)
    end_known = None if end_known is None else max(end_known, known)
    scene.book["side_absence"].closing(known, end_known, (*row, None, kind, cover), (*row, end, kind, cover))


def supervisor_of(worker: Worker) -> Worker | None:
    """Who a worker answers to: the team's manager, for whom it is the head of the service."""
    manager = worker.team.manager
    if manager is worker or manager is None:
        parent = worker.team.parent
        return parent.manager if parent else None
    return manager


def _write_personal_supervision(scene: Scene, worker: Worker, sick_since: int | None) -> None:
    """Every four weeks; weekly, then fortnightly, in the first half year of an assessed and supported year."""
    random, period = scene.random, scene.period
    supervisor = supervisor_of(worker)
    day = max(worker.start + 7, period.start - 28) + random.randrange(0, 12)
    stop = min(worker.end, period.last, sick_since or OPEN_END)
    while day <= stop:
        held = working_before(day)
        who = supervisor.id if supervisor else None
        row = (scene.id("SUP"), worker.id, who, held, "personal", None)
        scene.book["side_supervision"].add(max(scene.late.visit(held), worker.start), row)
        months = (held - worker.asye) / 30.4 if worker.asye is not None else 99.0
        troubled = worker.team.troubled and held > period.trouble + 20
        if random.random() < (0.6 if troubled else 0.11):
            day = held + random.randrange(33, 66 if troubled else 50)
        elif months < 1.4:
            day = held + 7
        elif months < 6:
            day = held + 14
        else:
            day = held + random.choice((21, 24, 26, 27, 28, 28))


def write_case_supervision(scene: Scene, journey: Journey) -> None:
    """Supervision about a family, by the manager of whoever holds it."""
    random, period = scene.random, scene.period
    for leg in journey.legs:
        if leg.kind in (REVIEWING, LEAVING):
            continue
        for hold in leg.holds:
            day = max(hold.start, period.start - 30) + random.randrange(4, 28)
            supervisor = supervisor_of(hold.worker)
            stop = min(hold.end, period.last)
            while day < stop:
                held = working_before(day)
                known = max(scene.late.visit(held), journey.known)
                who = (hold.worker.id, supervisor.id if supervisor else None, held, "case")
                for child in journey.children:
                    if (held + number_of(child.id)) % _PUT_OFF:
                        scene.book["side_supervision"].add(max(known, child.known), (scene.id("SUP"), *who, child.id))
                troubled = hold.worker.team.troubled and held > period.trouble
                day = held + random.randrange(45, 110) if troubled else held + random.randrange(21, 39)
