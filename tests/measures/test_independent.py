"""The same questions asked a second way: plain Python over a synthetic authority's rows, one child at a time.

Written from the specs' words and not from the SQL. Where the two differ, one of them misreads the rule.
"""

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from lineofsight import policy, sources, synth
from lineofsight.calendar import is_working_day
from lineofsight.measures import definitions, engine
from lineofsight.measures.computing import month_ends

AS_AT = date(2026, 10, 31)
FAR = date(9999, 12, 31)
A_YEAR_AGO = date(2025, 11, 1)  # the first day of the twelve months that end with AS_AT
Row = Mapping[str, Any]


class Authority:
    """One extract as lists of rows, with what the questions below ask of it."""

    def __init__(self, extract: sources.Extract) -> None:
        self._rows = {name: found.table.to_pylist() for name, found in extract.tables.items()}
        self.kinds = {row["prof_professional_id"]: person_kind(row) for row in self.of("ssd_professionals")}
        self.people = {row["pers_person_id"]: row for row in self.of("ssd_person")}
        words = policy.roles()
        self.involved = defaultdict(list)
        for row in self.of("ssd_involvements"):
            kind = words.kind(row["invo_professional_role_id"])
            self.involved[row["invo_person_id"]].append({**row, "kind": kind})

    def of(self, table: str) -> list[Row]:
        return self._rows[table]

    def by_person(self, table: str, column: str) -> dict[str, list[Row]]:
        found = defaultdict(list)
        for row in self.of(table):
            found[row[column]].append(row)
        return found

    def alive(self, person: str, day: date) -> bool:
        died = self.people.get(person, {}).get("pers_death_date")
        return died is None or died > day


def person_kind(row: Row) -> str:
    name = (row["prof_professional_name"] or "").strip().lower()
    title = (row["prof_professional_job_title"] or "").lower()
    if not name or name == "#n/a" or "duty" in name.split() or "team" in name.split() or "duty" in title.split():
        return "desk"
    return "manager" if "manager" in title.split() or "head of service" in title else "person"


@cache
def working_after(day: date, number: int) -> date:
    """The day on which `number` working days after `day` are over."""
    for _ in range(number):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def months_after(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_open(start: date | None, end: date | None) -> bool:
    return start is not None and start <= AS_AT < (end or FAR)


def plans(of: Authority) -> dict[str, date]:
    """Children with an open plan of our own, and when it began."""
    found: dict[str, date] = {}
    for row in of.of("ssd_cp_plans"):
        person, start = row["cppl_person_id"], row["cppl_cp_plan_start_date"]
        if row["cppl_cp_plan_ola"] != "Y" and is_open(start, row["cppl_cp_plan_end_date"]) and of.alive(person, AS_AT):
            found[person] = min(start, found.get(person, start))
    return found


def holders(of: Authority, person: str, kinds: Iterable[str]) -> list[Row]:
    """Open involvements of a named person in a role of these kinds."""
    return [
        row
        for row in of.involved[person]
        if row["kind"] in kinds
        and is_open(row["invo_involvement_start_date"], row["invo_involvement_end_date"])
        and of.kinds.get(row["invo_professional_id"]) == "person"
    ]


def unallocated_on_a_plan(of: Authority) -> dict[str, bool]:
    return {person: bool(holders(of, person, ["allocated_worker"])) for person in plans(of)}


def unallocated_in_need(of: Authority) -> dict[str, bool]:
    found = {}
    for row in of.of("ssd_cin_episodes"):
        person = row["cine_person_id"]
        born = of.people[person]["pers_dob"]
        adult = born is not None and months_after(born, 216) <= AS_AT
        in_need = row["cine_referral_nfa"] != "Y" and is_open(row["cine_referral_date"], row["cine_close_date"])
        if in_need and not adult and of.alive(person, AS_AT):
            found[person] = bool(holders(of, person, ["allocated_worker", "family_help_lead"]))
    return found


def seen_on_a_plan(of: Authority) -> dict[str, tuple[bool, date]]:
    visits = of.by_person("ssd_cp_visits", "cppv_person_id")
    found = {}
    for person, start in plans(of).items():
        if working_after(start, 10) >= AS_AT:
            continue
        days = [row["cppv_cp_visit_date"] for row in visits[person] if row["cppv_cp_visit_seen"] == "Y"]
        due = working_after(max([start, *(day for day in days if start <= day <= AS_AT)]), 10)
        found[person] = (due >= AS_AT, due)
    return found


def reviewed_on_a_plan(of: Authority) -> dict[str, bool]:
    reviews = of.by_person("ssd_cp_reviews", "cppr_person_id")
    found = {}
    for person, start in plans(of).items():
        if months_after(start, 3) > AS_AT:
            continue
        held = sorted({row["cppr_cp_review_date"] for row in reviews[person] if row["cppr_cp_review_date"]})
        due, in_time = months_after(start, 3), True
        for day in (one for one in held if start < one <= AS_AT):
            in_time, due = in_time and day <= due, months_after(day, 6)
        found[person] = in_time and due >= AS_AT
    return found


def assessed(of: Authority) -> dict[str, bool]:
    referrals = {(row["cine_referral_id"], row["cine_person_id"]): row for row in of.of("ssd_cin_episodes")}
    first: dict[Any, Row] = {}
    for row in of.of("ssd_cin_assessments"):
        key = (row["cina_referral_id"], row["cina_person_id"])
        began = row["cina_assessment_start_date"] or row["cina_assessment_auth_date"] or FAR
        order = (began, row["cina_assessment_id"])
        if key not in first or order < first[key]["order"]:
            first[key] = {**row, "order": order}
    found = {}
    for row in of.of("ssd_cin_assessments"):
        done = row["cina_assessment_auth_date"]
        if done is None or (done.year, done.month) != (AS_AT.year, AS_AT.month) or done > AS_AT:
            continue
        key = (row["cina_referral_id"], row["cina_person_id"])
        start = row["cina_assessment_start_date"]
        if key in referrals and first[key]["cina_assessment_id"] == row["cina_assessment_id"]:
            start = referrals[key]["cine_referral_date"]
        found[row["cina_assessment_id"]] = done <= working_after(start, 45)
    return found


def referred_again(of: Authority) -> dict[str, bool]:
    referrals = of.by_person("ssd_cin_episodes", "cine_person_id")
    found = {}
    for rows in referrals.values():
        for row in rows:
            day = row["cine_referral_date"]
            if (day.year, day.month) == (AS_AT.year, AS_AT.month) and day <= AS_AT:
                earlier = [one["cine_referral_date"] for one in rows if one["cine_referral_date"] < day]
                found[row["cine_referral_id"]] = not any(day <= months_after(one, 12) for one in earlier)
    return found


def in_care(of: Authority) -> dict[str, date]:
    """Children looked after, short breaks left out, and when the period began."""
    found = {}
    statuses = of.by_person("ssd_legal_status", "lega_person_id")
    for person, episodes in of.by_person("ssd_cla_episodes", "clae_person_id").items():
        begun = until = None
        for row in sorted(episodes, key=lambda one: one["clae_cla_episode_start_date"]):
            start, end = row["clae_cla_episode_start_date"], row["clae_cla_episode_ceased_date"] or FAR
            if until is None or start > until:
                begun, until = start, end
            until = max(until, end)
        born, status = of.people[person]["pers_dob"], status_of(statuses[person])
        adult = born is not None and months_after(born, 216) <= AS_AT
        counted = not adult and of.alive(person, AS_AT) and status[0] not in ("V3", "V4")
        if begun is not None and is_open(begun, until) and counted:
            found[person] = begun
    return found


def reviewed_in_care(of: Authority) -> dict[str, bool]:
    """Whether no review is overdue, and none held since the first day of the last twelve months was late."""
    reviews = of.by_person("ssd_cla_reviews", "clar_cla_id")
    episodes = of.by_person("ssd_cla_episodes", "clae_person_id")
    found = {}
    for person, begun in in_care(of).items():
        due, in_time = working_after(begun, 20), True
        if due > AS_AT:
            continue
        rows = [row for care in {one["clae_cla_id"] for one in episodes[person]} for row in reviews[care]]
        held = {row["clar_cla_review_date"] for row in rows if row["clar_cla_review_cancelled"] != "Y"} - {None}
        for number, day in enumerate(sorted(one for one in held if begun < one <= AS_AT)):
            in_time = in_time and (day <= due or day < A_YEAR_AGO)
            due = months_after(day, 3 if number == 0 else 6)
        found[person] = in_time and due >= AS_AT
    return found


def assessed_in_care(of: Authority) -> dict[str, bool]:
    """Of children in care for a year: a health assessment in the last six months under five, in twelve from five on."""
    checks = of.by_person("ssd_cla_health", "clah_person_id")
    found = {}
    for person, begun in in_care(of).items():
        if begun > A_YEAR_AGO:
            continue
        done = [
            row["clah_health_check_date"]
            for row in checks[person]
            if "Health Assessment" in row["clah_health_check_type"]
            and row["clah_health_check_status"] == "Completed"
            and row["clah_health_check_date"] <= AS_AT
        ]
        under_five = months_after(of.people[person]["pers_dob"], 60) > AS_AT
        found[person] = bool(done) and months_after(max(done), 6 if under_five else 12) >= AS_AT
    return found


def status_of(rows: list[Row]) -> tuple[str | None, date | None]:
    held = [one for one in rows if is_open(one["lega_legal_status_start_date"], one["lega_legal_status_end_date"])]
    last = max(held, key=lambda one: (one["lega_legal_status_start_date"], one["lega_legal_status"]), default=None)
    return (last["lega_legal_status"], last["lega_legal_status_start_date"]) if last else (None, None)


def seen_in_care(of: Authority) -> dict[str, tuple[bool, date]]:
    visits = of.by_person("ssd_cla_visits", "clav_person_id")
    reviews = of.by_person("ssd_cla_reviews", "clar_cla_id")
    episodes = of.by_person("ssd_cla_episodes", "clae_person_id")
    placements = of.by_person("ssd_cla_placement", "clap_person_id")
    statuses = of.by_person("ssd_legal_status", "lega_person_id")
    approvals = of.by_person("side_placement_approval", "plap_placement_id")
    found = {}
    for person, begun in in_care(of).items():
        placed = sorted(placements[person], key=lambda one: one["clap_cla_placement_start_date"])
        here = [
            one for one in placed if is_open(one["clap_cla_placement_start_date"], one["clap_cla_placement_end_date"])
        ]
        if not here:
            continue
        stayed = [one for one in episodes[person] if one["clae_cla_episode_start_reason"] in "TU"]
        same = {one["clae_cla_episode_start_date"] for one in stayed}
        moved = [one["clap_cla_placement_start_date"] for one in placed]
        since = max([begun, *(day for day in moved if day not in same and day <= AS_AT)])
        held = [
            one["clar_cla_review_date"]
            for care in {e["clae_cla_id"] for e in episodes[person]}
            for one in reviews[care]
            if one["clar_cla_review_date"] and one["clar_cla_review_cancelled"] != "Y"
        ]
        seen = [row["clav_cla_visit_date"] for row in visits[person] if row["clav_cla_visit_seen"] == "Y"]
        approved = [
            one["plap_start_date"]
            for one in approvals[here[-1]["clap_cla_placement_id"]]
            if one["plap_temporary_approval"] == "Y"
            and one["plap_start_date"] <= AS_AT <= (one["plap_end_date"] or FAR)
        ]
        due = next_visit(here[-1]["clap_cla_placement_type"], status_of(statuses[person]), since, approved, held, seen)
        found[person] = (due >= AS_AT, due)
    return found


def next_visit(
    kind: str,
    status: tuple[str | None, date | None],
    since: date,
    approved: list[date],
    reviews: list[date],
    seen: list[date],
) -> date:
    """By when regulation 28 wants the child seen again."""
    week = timedelta(weeks=1)
    at_home = kind == "P1" and not approved
    if approved:
        since = max([since, *approved])
    elif at_home and status[0] in ("C1", "C2"):
        since = max(since, status[1])
    here = [day for day in seen if since <= day <= AS_AT]
    if not here:
        return since + week
    last = max(here)
    if at_home and status[0] == "C2":
        return last + 6 * week
    if approved or at_home:
        later = 4 if approved or status[0] == "C1" else 6
        first_review = min((day for day in reviews if since <= day <= AS_AT), default=FAR)
        return last + (later if first_review <= last + week else 1) * week
    if last + 6 * week < months_after(since, 12):
        return last + 6 * week
    return months_after(last, 3) if kind in ("U1", "U4") else last + 6 * week


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, dict[str, list[Row]]]:
    """A synthetic authority as plain rows, and what the measures say of it at the snapshot's date."""
    folder = tmp_path_factory.mktemp("synthetic")
    (made,) = synth.write(folder, children=1500, extracts=1, seed=11, until=AS_AT)
    extract = sources.read([made])
    inputs = engine.Inputs(
        as_at=AS_AT,
        loaded_on=AS_AT,
        months=month_ends(AS_AT, 2),
        tables={name: found.table for name, found in extract.tables.items()},
        columns_present={name: frozenset(found.columns_present) for name, found in extract.tables.items()},
        policy=policy.load(),
        roles=policy.roles(),
        population={AS_AT: 10_000},
    )
    asked = ["AS01", "CN05", "CP06", "CP08", "CP10", "LA01", "LA08", "LA10", "LA13", "RF02"]
    rows = engine.measure(inputs, definitions.load().only(asked)).rows.to_pylist()
    told = defaultdict(list)
    for row in rows:
        if row["as_at"] == AS_AT:
            told[row["measure"]].append(row)
    return Authority(extract), told


@pytest.mark.parametrize(
    ("measure", "asked", "told"),
    [
        ("CP10", unallocated_on_a_plan, lambda row: (row["person_id"], row["met"])),
        ("CN05", unallocated_in_need, lambda row: (row["person_id"], row["met"])),
        ("CP08", seen_on_a_plan, lambda row: (row["person_id"], (row["met"], row["due_on"]))),
        ("CP06", reviewed_on_a_plan, lambda row: (row["person_id"], row["met"])),
        ("AS01", assessed, lambda row: (row["event_id"], row["met"])),
        ("RF02", referred_again, lambda row: (row["event_id"], row["met"])),
        ("LA10", reviewed_in_care, lambda row: (row["person_id"], row["met"])),
        ("LA13", assessed_in_care, lambda row: (row["person_id"], row["met"])),
        ("LA08", seen_in_care, lambda row: (row["person_id"], (row["met"], row["due_on"]))),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_measure_says_what_plain_python_says(
    both: tuple[Authority, dict[str, list[Row]]],
    measure: str,
    asked: Callable[[Authority], dict[str, Any]],
    told: Callable[[Row], tuple[str, Any]],
) -> None:
    authority, rows = both
    by_hand = asked(authority)
    answers = [one[0] if isinstance(one, tuple) else one for one in by_hand.values()]
    assert True in answers, "the authority has nobody of whom it is true: nothing was tested"
    assert dict(told(row) for row in rows[measure] if row["met"] is not None) == by_hand


def test_somebody_waits_and_somebody_was_not_seen_in_the_authority_that_was_tested(both):
    """A comparison in which nothing goes wrong would compare nothing."""
    authority, _ = both
    assert False in unallocated_on_a_plan(authority).values()
    assert False in (met for met, _ in seen_on_a_plan(authority).values())
    assert False in (met for met, _ in seen_in_care(authority).values())
    assert False in reviewed_in_care(authority).values()
    assert False in assessed(authority).values()
    assert False in referred_again(authority).values()
