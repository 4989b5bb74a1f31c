"""Those who work with children (WF01 to WF15): how many they hold, in which post, supervised, registered, there."""

from collections.abc import Callable, Iterable
from datetime import date

from tests.oracle.plans import Span, in_need
from tests.oracle.workers import (
    DAY,
    MANAGER,
    NAMED,
    REGISTERED,
    agency,
    caseloads,
    children_of,
    holding,
    hours,
    hours_together,
    in_supported_year,
    listed_hours,
    long_away,
    low,
    next_working,
    post_on,
    posts_of,
    registration,
    social_work,
    social_work_post,
    social_workers,
    somebody,
    supported_year,
    who,
    worker,
)
from tests.oracle.world import OPEN, Record, Row, World, first_of_month, is_working, later


def for_each_hour(world: World, held: dict[str, set[str]], day: date) -> list[Row]:
    """Children and the full-time equivalent of each worker who has any."""
    found = []
    for who_holds, children in held.items():
        posts = posts_of(world, who_holds, day)
        known = [post["post_fte"] or None for post in posts]
        total = sum(one or 0 for one in known) if known and None not in known else listed_hours(world, who_holds)
        found.append(Row(who_holds, True, value=len(children) if total else None, weight=total))
    return found


def caseload_rate(world: World, day: date) -> list[Row]:
    """WF01: children held for each full-time social worker."""
    return for_each_hour(world, caseloads(world, day), day)


def officer_rate(world: World, day: date) -> list[Row]:
    """WF13: children for each full-time reviewing officer."""
    return for_each_hour(world, children_of(world, "reviewing_officer", (NAMED, MANAGER), day), day)


def vacant(world: World, day: date) -> list[Row]:
    """WF02: a post that is vacant, or that an agency worker covers, is not met."""
    found = []
    for post in world.rows("side_post"):
        if post_on(post, day) and social_work_post(world, post):
            holder = post["post_worker_id"] if somebody(world, post["post_worker_id"]) else None
            filled = holder is not None and agency(world, post["post_worker_id"]) != "Y"
            weight = hours(world, post)
            value = None if weight is None else 0 if filled else 100 * weight
            found.append(Row(holder, filled, post["post_post_id"], value, weight if weight else None))
    return found


def from_agency(world: World, day: date) -> list[Row]:
    """WF03: social workers in post who are from an agency are not met."""
    found = []
    for one, posts in social_workers(world, day).items():
        flag, weight = agency(world, one), hours_together(world, posts)
        if flag is None or weight is None:
            found.append(Row(one, None if flag is None else flag != "Y"))
        else:
            found.append(Row(one, flag != "Y", value=100 * weight if flag == "Y" else 0, weight=weight))
    return found


def turnover(world: World, day: date) -> list[Row]:
    """WF05: social workers who left in the past year are not met; those in post are what they are set against."""
    ends = [post["post_end_date"] for post in world.rows("side_post") if post["post_end_date"]]
    told = bool(ends) and later_by(world, min(ends), "workforce.turnover", day) <= day
    now = social_workers(world, day)
    found = []
    for one, posts in now.items():
        if agency(world, one) != "Y":
            weight = hours_together(world, posts)
            known = told and weight is not None
            found.append(Row(one, True if told else None, value=0 if known else None, weight=weight if known else None))
    ever: dict[str, list[Record]] = {}
    for post in world.rows("side_post"):
        if somebody(world, post["post_worker_id"]) and social_work_post(world, post):
            ever.setdefault(post["post_worker_id"], []).append(post)
    for one, posts in ever.items():
        last = max(post["post_end_date"] or OPEN for post in posts)
        if last >= day or agency(world, one) == "Y" or later_by(world, last, "workforce.turnover", day) < day:
            continue
        weight = hours_together(world, [post for post in posts if post["post_end_date"] == last])
        known = told and weight is not None
        value = 100 * weight if known and weight is not None else None
        found.append(Row(one, False if told else None, value=value, weight=0 if known else None))
    return found


def later_by(world: World, begin: date, key: str, day: date) -> date:
    number, unit = world.rule(key, day)
    return later(begin, int(number), unit)


def sickness(world: World, day: date) -> list[Row]:
    """WF06: working days of the month lost to sickness, of those in the worker's social work posts."""
    begun = min((row["abse_start_date"] for row in world.rows("side_absence") if row["abse_start_date"]), default=None)
    posts: dict[str, list[Record]] = {}
    for post in world.rows("side_post"):
        holder = post["post_worker_id"]
        if somebody(world, holder) and agency(world, holder) != "Y" and social_work_post(world, post):
            posts.setdefault(holder, []).append(post)
    found = []
    for one, own in posts.items():
        days = {post["post_post_id"]: _working_days(post, day) for post in own}
        held = [post for post in own if days[post["post_post_id"]]]
        if not held:
            continue
        lost, untold = _away_days(world, one, day)
        in_post = {when for post in held for when in _days(post, day)}
        weight = hours_together(world, held)
        if begun is None or day < begun or untold & in_post or weight is None:
            found.append(Row(one, None))
            continue
        each = [(post, hours(world, post) or 0) for post in held]
        value = sum(rate * len(set(days[post["post_post_id"]]) & lost) for post, rate in each)
        weight = sum(rate * len(days[post["post_post_id"]]) for post, rate in each)
        found.append(Row(one, value == 0, value=100 * value, weight=weight))
    return found


def _days(post: Record, day: date) -> list[date]:
    """The days of the month on which a post is one."""
    first = first_of_month(day)
    return [first + number * DAY for number in range((day - first).days + 1) if post_on(post, first + number * DAY)]


def _working_days(post: Record, day: date) -> list[date]:
    return [one for one in _days(post, day) if is_working(one)]


def _away_days(world: World, worker_id: str, day: date) -> tuple[set[date], set[date]]:
    """The days of the month on which the worker was sick, and those away for a reason nobody recorded."""
    sick: set[date] = set()
    untold: set[date] = set()
    for row in world.by("side_absence", "abse_worker_id")[worker_id]:
        start, end, kind = row["abse_start_date"], row["abse_end_date"] or OPEN, low(row["abse_kind"])
        if start is None or kind not in ("", "sickness"):
            continue
        at = max(start, first_of_month(day))
        while at <= min(end, day):
            (untold if kind == "" else sick).add(at)
            at += DAY
    return sick, untold


def holds_children(world: World, day: date) -> list[Row]:
    """WF07: social workers in post who hold a child."""
    return [Row(one, bool(caseloads(world, day).get(one))) for one in social_workers(world, day)]


def over_the_limit(world: World, day: date) -> list[Row]:
    """WF08: holding more children than the limit is not met."""
    found = []
    for one, children in caseloads(world, day).items():
        key = "caseload.asye_limit" if in_supported_year(world, one, day) else "caseload.limit"
        found.append(Row(one, len(children) <= world.number(key, day)))
    return found


def newly_qualified(world: World, day: date) -> list[Row]:
    """WF09: in the assessed and supported year, of those who hold children."""
    return [
        Row(one, in_supported_year(world, one, day) if posts_of(world, one, day) else None)
        for one in caseloads(world, day)
    ]


def supervised(world: World, day: date) -> list[Row]:
    """WF10: the interval since the last own supervision has not run out."""
    own = [
        row
        for row in world.rows("side_supervision")
        if row["supv_date"] and row["supv_worker_id"] and low(row["supv_kind"]) != "case"
    ]
    first = min((row["supv_date"] for row in own), default=None)
    young = first is None or day < later_by(world, first, "supervision.practitioner", day)
    return [Row(one, None if young else _supervised(world, one, day)) for one in caseloads(world, day)]


def _supervised(world: World, worker_id: str, day: date) -> bool | None:
    held = [
        row["supv_date"]
        for row in world.by("side_supervision", "supv_worker_id")[worker_id]
        if row["supv_date"] and row["supv_date"] <= day and low(row["supv_kind"]) != "case"
    ]
    begun = [
        row["invo_involvement_start_date"]
        for row in world.by("ssd_involvements", "invo_professional_id")[worker_id]
        if row["invo_involvement_start_date"]
        and row["invo_involvement_start_date"] <= day
        and row["invo_person_id"]
        and world.role(row["invo_professional_role_id"]) == "allocated_worker"
    ]
    due: date | None = _supervision_due(world, worker_id, max(held) if held else min(begun), day)
    while due is not None and due < day and (back := _back(world, worker_id, due)) is not None:
        due = None if back >= day else next_working(back)
    return None if due is None else due >= day


def _supervision_due(world: World, worker_id: str, begun: date, day: date) -> date:
    year = supported_year(world, worker_id, day)
    if year is not None:
        begun = max(begun, year)
        for key in ("supervision.asye_first", "supervision.asye_later"):
            due = later_by(world, begun, key, day)
            if due < later_by(world, year, f"{key}_length", day):
                return due
    return later_by(world, begun, "supervision.practitioner", day)


def _back(world: World, worker_id: str, due: date) -> date | None:
    """The last day of the sickness or leave that holds a day; None where none does."""
    ends = [
        row["abse_end_date"] or OPEN
        for row in world.by("side_absence", "abse_worker_id")[worker_id]
        if low(row["abse_kind"]) in ("sickness", "leave")
        and row["abse_start_date"]
        and row["abse_start_date"] <= due <= (row["abse_end_date"] or OPEN)
    ]
    return max(ends, default=None)


def minors_in_need(world: World, day: date) -> Iterable[Span]:
    return [span for span in in_need(world, day) if not world.adult(span.person, day)]


def talked_over(world: World, day: date) -> list[Row]:
    """WF11: the work with the child was talked over in supervision in time."""
    about = [
        row
        for row in world.rows("side_supervision")
        if row["supv_date"] and row["supv_person_id"] and low(row["supv_kind"]) != "personal"
    ]
    by_child: dict[str, list[date]] = {}
    for row in about:
        by_child.setdefault(row["supv_person_id"], []).append(row["supv_date"])
    first = min((row["supv_date"] for row in about), default=None)
    young = first is None or later_by(world, first, "supervision.case", day) > day
    found = []
    for span in minors_in_need(world, day):
        if later_by(world, span.start, "supervision.case", day) >= day:
            continue
        held = [one for one in by_child.get(span.person, []) if span.start <= one <= day]
        in_time = bool(held) and later_by(world, max(held), "supervision.case", day) >= day
        found.append(Row(span.person, True if in_time else None if young else False))
    return found


def lapsed(world: World, day: date) -> list[Row]:
    """WF12: a registration or a DBS certificate that has lapsed is not met."""
    posts: dict[str, list[Record]] = {}
    for post in world.rows("side_post"):
        if post_on(post, day) and somebody(world, post["post_worker_id"]):
            posts.setdefault(post["post_worker_id"], []).append(post)
    found = []
    for one, own in posts.items():
        dates = [row["regi_dbs_date"] for row in world.by("side_registration", "regi_worker_id")[one]]
        come = [when for when in dates if when is not None and when <= day]
        answers = [later_by(world, max(come), "workforce.dbs", day) >= day if come else None]
        row = worker(world, one)
        if any(social_work(post["post_title"]) for post in own) or (
            row and social_work(row["prof_professional_job_title"])
        ):
            known = registration(world, one, day)
            answers.append(None if known is None else known == REGISTERED)
        found.append(Row(one, False if False in answers else None if None in answers else True))
    return found


def held_by_stand_ins(world: World, day: date) -> list[Row]:
    """WF14: held by a manager, duty or a vacant post alone is not met."""
    found = []
    for span in minors_in_need(world, day):
        now = holding(world, span.person, day)
        if now.allocated or now.leads:
            found.append(Row(span.person, True))
        elif now.stand_in or now.untold:
            found.append(Row(span.person, False if now.stand_in else None))
    return found


def nobody_covers(world: World, day: date) -> list[Row]:
    """WF15: a worker long away and nobody who covers is not met."""
    found = []
    for span in minors_in_need(world, day):
        now = holding(world, span.person, day)
        workers = dict.fromkeys([*now.allocated, *now.leads])
        away = {one: absence for one in workers if (absence := long_away(world, one, day)) is not None}
        if away:
            covered = any(
                who(world, one.cover) == NAMED and long_away(world, one.cover or "", day) is None
                for one in away.values()
            )
            found.append(Row(span.person, len(away) < len(workers) or covered))
    return found


MEASURES: dict[str, Callable[[World, date], list[Row]]] = {
    "WF01": caseload_rate,
    "WF02": vacant,
    "WF03": from_agency,
    "WF05": turnover,
    "WF06": sickness,
    "WF07": holds_children,
    "WF08": over_the_limit,
    "WF09": newly_qualified,
    "WF10": supervised,
    "WF11": talked_over,
    "WF12": lapsed,
    "WF13": officer_rate,
    "WF14": held_by_stand_ins,
    "WF15": nobody_covers,
}
