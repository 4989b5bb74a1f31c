"""Late recording: what two extracts that follow one another tell of when an event was entered, and what they cannot."""

from datetime import date, timedelta

import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.extracts import extract_of

from lineofsight import calendar, schema
from lineofsight.cases import late
from lineofsight.home import create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake
from lineofsight.policy.registry import read

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)
PEOPLE = [{"pers_person_id": one} for one in ("1", "2", "3")]
TEAMS = [
    {"dept_team_id": "T1", "dept_team_name": "North", "dept_team_parent_id": "S1", "dept_team_parent_name": "Service"},
    {"dept_team_id": "T2", "dept_team_name": "South", "dept_team_parent_id": "S1", "dept_team_parent_name": "Service"},
    {"dept_team_id": "S1", "dept_team_name": "Service"},
]
INVOLVED = [
    {"invo_involvements_id": f"i{one}", "invo_person_id": one, "invo_professional_id": f"w{one}",
     "invo_professional_team": team, "invo_involvement_start_date": date(2026, 1, 1)}
    for one, team in (("1", "T1"), ("2", "T2"), ("3", "T1"))
]  # fmt: skip


@pytest.fixture
def lake(tmp_path):
    home = create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    create_keys(home)
    return Lake(home, open_keys(home))


def visit(person, day, event="v"):
    """A child protection visit."""
    return {"cppv_cp_visit_id": event, "cppv_person_id": person, "cppv_cp_visit_date": day}


def publish(lake, as_at, visits=(), people=PEOPLE, **tables):
    rows = {"ssd_person": people, "ssd_department": TEAMS, "ssd_involvements": INVOLVED, **tables}
    if visits is not None:
        rows["ssd_cp_visits"] = list(visits)
    return lake.publish(extract_of(rows, as_at=as_at))


def told(lake, before, now, carried=None):
    """What is told of `now` against `before`: the late ones, and how many there are of each state."""
    files = late.derive(lake, now, before, carried)
    counts = files["late_counts"].filter(pc.equal(files["late_counts"]["as_at"], now.as_at))
    counts = counts.filter(pc.not_equal(counts["state"], late.NOT_MEASURED))
    tally = counts.group_by("state").aggregate([("count", "sum")]).to_pylist()
    return files["late"].to_pylist(), {one["state"]: one["count_sum"] for one in tally}


def why(lake, before, now, kind="protection-visit"):
    """Why a kind was not measured."""
    rows = late.derive(lake, now, before, None)["late_counts"].to_pylist()
    return next((one["why"] for one in rows if one["kind"] == kind and one["state"] == late.NOT_MEASURED), "")


def test_a_visit_of_before_the_last_extract_that_stands_first_in_this_one_was_entered_late(lake):
    before = publish(lake, SEPTEMBER, [visit("1", date(2026, 9, 1), "a")])
    now = publish(lake, OCTOBER, [visit("1", date(2026, 9, 1), "a"), visit("1", date(2026, 9, 24), "b")])
    (row,), tally = told(lake, before, now)
    assert (row["kind"], row["day"], row["team_id"], row["service_id"]) == (
        "protection-visit", date(2026, 9, 24), "T1", "S1"
    )  # fmt: skip
    assert (row["least_days"], row["most_days"]) == (7, 37)
    assert tally == {late.LATE: 1}


def test_what_is_dated_since_the_last_extract_is_not_known_to_be_late(lake):
    before = publish(lake, SEPTEMBER)
    now = publish(lake, OCTOBER, [visit("1", date(2026, 10, 1), "a"), visit("2", date(2026, 10, 31), "b")])
    assert told(lake, before, now) == ([], {late.ENTERED: 2})


def test_days_are_counted_as_working_days_too(lake):
    before = publish(lake, date(2026, 10, 2))  # a Friday
    now = publish(lake, date(2026, 10, 5), [visit("1", date(2026, 10, 2), "a")])
    (row,), _ = told(lake, before, now)
    assert (row["least_days"], row["least_working"], row["most_working"]) == (1, 0, 1)


def test_on_the_day_of_the_last_extract_itself_it_was_at_least_one_day_late(lake):
    before = publish(lake, SEPTEMBER)
    now = publish(lake, date(2026, 10, 1), [visit("1", SEPTEMBER, "a")])
    (row,), _ = told(lake, before, now)
    assert (row["least_days"], row["most_days"]) == (1, 1)


def test_a_vendor_that_changes_every_id_each_month_makes_nothing_late(lake):
    visits = [visit(person, SEPTEMBER - timedelta(days=n), f"a{n}{person}") for person in "12" for n in range(20)]
    renamed = [{**one, "cppv_cp_visit_id": f"z{n}"} for n, one in enumerate(visits)]
    before, now = publish(lake, SEPTEMBER, visits), publish(lake, OCTOBER, renamed)
    assert told(lake, before, now) == ([], {})


def test_a_day_that_was_corrected_is_no_late_event_where_the_id_stays(lake):
    kept = [visit("2", SEPTEMBER - timedelta(days=n), f"k{n}") for n in range(5)]
    before = publish(lake, SEPTEMBER, [*kept, visit("1", date(2026, 9, 1), "a")])
    now = publish(lake, OCTOBER, [*kept, visit("1", date(2026, 9, 8), "a")])
    assert told(lake, before, now) == ([], {late.MOVED: 1})


def test_where_ids_stay_a_deletion_and_a_late_event_are_told_apart(lake):
    kept = [visit("2", SEPTEMBER - timedelta(days=n), f"k{n}") for n in range(5)]
    before = publish(lake, SEPTEMBER, [*kept, visit("1", date(2026, 9, 1), "a")])
    now = publish(lake, OCTOBER, [*kept, visit("1", date(2026, 9, 8), "b")])
    rows, tally = told(lake, before, now)
    assert [one["day"] for one in rows] == [date(2026, 9, 8)]
    assert tally == {late.LATE: 1, late.TAKEN_AWAY: 1}


def test_where_every_id_changes_a_day_that_moved_a_little_is_taken_for_a_correction(lake):
    kept = [visit("2", SEPTEMBER - timedelta(days=n), f"k{n}") for n in range(5)]
    again = [{**one, "cppv_cp_visit_id": f"z{n}"} for n, one in enumerate(kept)]
    before = publish(lake, SEPTEMBER, [*kept, visit("1", date(2026, 9, 1), "a")])
    assert told(lake, before, publish(lake, OCTOBER, [*again, visit("1", date(2026, 9, 8), "zz")])) == (
        [], {late.MOVED: 1}
    )  # fmt: skip
    far = publish(lake, NOVEMBER, [*again, visit("1", date(2026, 7, 8), "zz")])
    rows, tally = told(lake, before, far)
    assert len(rows) == 1
    assert tally == {late.LATE: 1, late.TAKEN_AWAY: 1}


def test_a_deletion_alone_is_nobodys_lateness(lake):
    before = publish(lake, SEPTEMBER, [visit("1", date(2026, 9, 1), "a")])
    assert told(lake, before, publish(lake, OCTOBER, [])) == ([], {late.TAKEN_AWAY: 1})


def test_two_visits_of_one_child_on_one_day_are_two(lake):
    day = date(2026, 9, 1)
    before = publish(lake, SEPTEMBER, [visit("1", day, "a")])
    now = publish(lake, OCTOBER, [visit("1", day, "a"), visit("1", day, "b"), visit("1", day, "c")])
    rows, tally = told(lake, before, now)
    assert [one["times"] for one in rows] == [2]
    assert tally == {late.LATE: 2}


def test_the_first_extract_has_none_and_says_why(lake):
    now = publish(lake, SEPTEMBER, [visit("1", date(2026, 9, 1))])
    assert told(lake, None, now) == ([], {})
    assert why(lake, None, now) == late.FIRST


def test_a_table_missing_from_either_is_not_measured_and_named(lake):
    with_, without = publish(lake, SEPTEMBER, [visit("1", date(2026, 9, 1))]), publish(lake, OCTOBER, None)
    assert "'Child protection visits' is not in this extract" in why(lake, with_, without)
    assert told(lake, with_, without) == ([], {})
    later = publish(lake, NOVEMBER, [visit("1", date(2026, 9, 1))])
    assert "'Child protection visits' is not in the extract before" in why(lake, without, later)
    assert told(lake, without, later) == ([], {})


def test_a_column_that_is_missing_is_not_measured_and_named(lake):
    before = publish(lake, SEPTEMBER, [{"cppv_cp_visit_id": "a", "cppv_person_id": "1"}])
    now = publish(lake, OCTOBER, [visit("1", date(2026, 9, 1))])
    assert "cppv_cp_visit_date" in why(lake, before, now)


def test_a_table_copied_forward_is_not_measured(lake):
    before = publish(lake, SEPTEMBER, [visit("1", date(2026, 9, 1))])
    part = lake.publish(extract_of({"ssd_cin_visits": []}, as_at=OCTOBER))
    assert part.tables["ssd_cp_visits"].as_at == SEPTEMBER
    assert "copied forward" in why(lake, before, part)


def test_a_table_that_skipped_a_month_is_counted_from_its_own_dates(lake):
    before = publish(lake, SEPTEMBER, [visit("1", date(2026, 9, 1), "a")])
    visits = [visit("1", date(2026, 9, 1), "a"), visit("1", date(2026, 9, 30), "b")]
    part = lake.publish(extract_of({"ssd_cp_visits": visits}, as_at=NOVEMBER))
    (row,), _ = told(lake, before, part)
    assert (row["least_days"], row["most_days"]) == (1, 61)


def test_a_child_who_comes_back_with_an_old_record_is_nobodys_lateness(lake):
    old = [visit("3", date(2024, 5, 1), "x"), visit("3", date(2024, 6, 1), "y"), visit("3", date(2026, 10, 9), "n")]
    before = publish(lake, SEPTEMBER, [visit("1", date(2026, 9, 1), "a")], people=PEOPLE[:2])
    now = publish(lake, OCTOBER, [visit("1", date(2026, 9, 1), "a"), *old])
    assert told(lake, before, now) == ([], {late.RETURNED: 2, late.ENTERED: 1})


def test_a_child_new_to_the_extract_whose_first_visit_was_entered_late_counts(lake):
    before = publish(lake, SEPTEMBER, people=PEOPLE[:2])
    now = publish(lake, OCTOBER, [visit("3", date(2026, 9, 20), "x")])
    assert told(lake, before, now)[1] == {late.LATE: 1}


def test_a_plan_for_the_future_is_no_event_yet(lake):
    before = publish(lake, SEPTEMBER)
    now = publish(lake, OCTOBER, [visit("1", date(2026, 12, 24), "x")])
    assert told(lake, before, now) == ([], {})


def test_a_looked_after_review_is_its_childs_through_the_period_of_care(lake):
    episodes = [{"clae_cla_episode_id": "e", "clae_person_id": "2", "clae_cla_id": "p"}]
    review = [{"clar_cla_review_id": "r", "clar_cla_id": "p", "clar_cla_review_date": date(2026, 9, 3)}]
    none = [{"clar_cla_review_id": "q", "clar_cla_id": "p", "clar_cla_review_date": None}]
    before = publish(lake, SEPTEMBER, ssd_cla_episodes=episodes, ssd_cla_reviews=none)
    now = publish(lake, OCTOBER, ssd_cla_episodes=episodes, ssd_cla_reviews=review)
    (row,), _ = told(lake, before, now)
    assert (row["kind"], row["team_id"]) == ("care-review", "T2")
    assert row["child_key"] == lake.keys.child_key("306", "2")


def test_a_period_of_care_that_is_numbered_anew_makes_no_review_late(lake):
    def of(period):
        return {
            "ssd_cla_episodes": [{"clae_cla_episode_id": period, "clae_person_id": "2", "clae_cla_id": period}],
            "ssd_cla_reviews": [
                {"clar_cla_review_id": period, "clar_cla_id": period, "clar_cla_review_date": date(2026, 9, 3)}
            ],
        }

    assert told(lake, publish(lake, SEPTEMBER, **of("p")), publish(lake, OCTOBER, **of("q"))) == ([], {})


def test_a_supervision_is_of_the_workers_team_and_of_no_child(lake):
    workers = [{"prof_professional_id": "w1", "prof_professional_name": "A Worker"}]
    held = {"supv_supervision_id": "s", "supv_worker_id": "w1", "supv_date": date(2026, 9, 3), "supv_kind": "personal"}
    before = publish(
        lake, SEPTEMBER, ssd_professionals=workers, side_supervision=[{**held, "supv_date": date(2026, 8, 3)}]
    )
    now = publish(
        lake, OCTOBER, ssd_professionals=workers,
        side_supervision=[{**held, "supv_date": date(2026, 8, 3)}, {**held, "supv_supervision_id": "t"}],
    )  # fmt: skip
    (row,), _ = told(lake, before, now)
    assert (row["kind"], row["child_key"], row["team_id"]) == ("supervision", None, "T1")
    assert "worker_id" not in late.SCHEMA.names + late.COUNTS_SCHEMA.names


def test_the_team_a_table_names_is_the_team_of_the_event(lake):
    assessed = {"cina_assessment_id": "a", "cina_person_id": "1", "cina_assessment_start_date": date(2026, 9, 3),
                "cina_assessment_auth_date": None, "cina_assessment_team": "T2"}  # fmt: skip
    before = publish(lake, SEPTEMBER, ssd_cin_assessments=[{**assessed, "cina_person_id": "2"}])
    now = publish(lake, OCTOBER, ssd_cin_assessments=[{**assessed, "cina_person_id": "2"}, assessed])
    (row,), _ = told(lake, before, now)
    assert (row["kind"], row["team_id"]) == ("assessment-begun", "T2")


def test_from_the_day_of_a_merge_an_event_is_the_other_teams_and_before_it_the_old_ones(lake):
    def assessed(one, day):
        return {"cina_assessment_id": one, "cina_person_id": "3", "cina_assessment_start_date": day,
                "cina_assessment_auth_date": None, "cina_assessment_team": "T2"}  # fmt: skip

    old = {**assessed("z", date(2026, 8, 3)), "cina_person_id": "2"}
    before = publish(lake, SEPTEMBER, ssd_cin_assessments=[old])
    held = [old, assessed("a", date(2026, 9, 9)), assessed("b", date(2026, 9, 10)), assessed("c", date(2026, 10, 6))]
    now = publish(lake, OCTOBER, ssd_cin_assessments=held)
    merged = read('[[team]]\nid = "T2"\nmerged_into = "T1"\nmerged_on = 2026-09-10\n')
    files = late.derive(lake, now, before, None, registry=merged)
    assert [(row["day"].day, row["team_id"]) for row in files["late"].to_pylist()] == [(9, "T2"), (10, "T1")]
    counts = files["late_counts"].filter(pc.equal(files["late_counts"]["state"], late.ENTERED)).to_pylist()
    assert [(row["team_id"], row["count"]) for row in counts] == [("T1", 1)]


def test_an_assessment_finished_late_is_told_apart_from_its_beginning(lake):
    begun = {"cina_assessment_id": "a", "cina_person_id": "1", "cina_assessment_start_date": date(2026, 8, 3),
             "cina_assessment_auth_date": None, "cina_assessment_team": None}  # fmt: skip
    before = publish(lake, SEPTEMBER, ssd_cin_assessments=[begun])
    now = publish(lake, OCTOBER, ssd_cin_assessments=[{**begun, "cina_assessment_auth_date": date(2026, 9, 2)}])
    (row,), _ = told(lake, before, now)
    assert (row["kind"], row["day"]) == ("assessment-finished", date(2026, 9, 2))


def test_counts_are_carried_on_and_a_correction_of_one_date_takes_the_place_of_the_first(lake):
    august = publish(lake, date(2026, 8, 31))
    september = publish(lake, SEPTEMBER, [visit("1", date(2026, 8, 3), "a")])
    first = late.derive(lake, september, august, late.derive(lake, august, None, None)["late_counts"])["late_counts"]
    october = publish(lake, OCTOBER, [visit("1", date(2026, 8, 3), "a"), visit("2", date(2026, 9, 3), "b")])
    second = late.derive(lake, october, september, first)["late_counts"]
    found = second.filter(pc.equal(second["state"], late.LATE)).to_pylist()
    assert [(one["as_at"], one["since"], one["count"]) for one in found] == [
        (SEPTEMBER, date(2026, 8, 31), 1), (OCTOBER, SEPTEMBER, 1)
    ]  # fmt: skip
    corrected = publish(lake, OCTOBER, [visit("1", date(2026, 8, 3), "a")])
    again = late.derive(lake, corrected, september, second)["late_counts"]
    kept = again.filter(pc.equal(again["state"], late.LATE)).to_pylist()
    assert [one["as_at"] for one in kept] == [SEPTEMBER]


def test_every_kind_names_tables_and_columns_that_there_are():
    known = schema.tables()
    for kind in late.kinds().values():
        table = known[kind.table]
        for name in filter(None, (kind.date, kind.event, kind.person, kind.worker, kind.team, *kind.beside)):
            assert table.column(name)
        assert table.column(kind.date).kind == "date"
        assert bool(kind.person) + bool(kind.worker) + bool(kind.through) == 1
        if kind.through:
            assert table.column(kind.through.column)
            assert known[kind.through.table].column(kind.through.key)
            assert known[kind.through.table].column(kind.through.person)


day_of = st.integers(0, 60).map(lambda n: date(2026, 8, 10) + timedelta(days=n))
entered = st.lists(st.tuples(st.sampled_from("12"), day_of, st.integers(0, 40)), max_size=14)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=entered, renumber=st.booleans())
def test_whenever_a_visit_was_entered_the_bounds_hold_the_true_number_of_days(lake, events, renumber):
    """Nothing is corrected or deleted here: each visit is in every extract from the day on that it was entered."""

    def known_on(as_at):
        held = [
            visit(person, day, f"{as_at if renumber else ''}{n}")
            for n, (person, day, delay) in enumerate(events)
            if day + timedelta(days=delay) <= as_at
        ]
        return held or None

    august, october = known_on(date(2026, 8, 31)), known_on(date(2026, 9, 30))
    if august is None or october is None:
        return
    before = publish(lake, date(2026, 8, 31), august)
    now = publish(lake, date(2026, 9, 30), october)
    rows, tally = told(lake, before, now)
    new = [(p, d, n) for p, d, n in events if date(2026, 8, 31) < d + timedelta(days=n) <= date(2026, 9, 30)]
    truly = sorted((d, n) for _, d, n in new if d <= date(2026, 8, 31))
    assert sum(one["times"] for one in rows) == len(truly) == tally.get(late.LATE, 0)
    bounds = {one["day"]: (one["least_days"], one["most_days"]) for one in rows}
    assert all(bounds[day][0] <= delay <= bounds[day][1] for day, delay in truly)
    assert tally.get(late.ENTERED, 0) == len(new) - len(truly)


def test_working_days_are_those_of_the_calendar(lake):
    numbers = dict(
        zip(*(calendar.calendar_table()[name].to_pylist() for name in ("day", "working_number")), strict=True)
    )
    before = publish(lake, SEPTEMBER)
    now = publish(lake, OCTOBER, [visit("1", date(2026, 8, 28), "a")])
    (row,), _ = told(lake, before, now)
    assert row["least_working"] == numbers[date(2026, 10, 1)] - numbers[date(2026, 8, 28)]
    assert row["most_working"] == numbers[OCTOBER] - numbers[date(2026, 8, 28)]


def test_a_record_that_was_merged_into_another_brings_nothing_late(lake):
    merge = [{"merg_merge_id": "m", "merg_person_id": "1", "merg_gone_person_id": "2", "merg_date": date(2026, 10, 9)}]
    held = [visit("1", date(2026, 9, 1), "a"), visit("2", date(2026, 9, 2), "b")]
    before = publish(lake, SEPTEMBER, held)
    joined = [visit("1", date(2026, 9, 1), "a"), visit("1", date(2026, 9, 2), "b"), visit("1", date(2026, 9, 3), "c")]
    now = publish(lake, OCTOBER, joined, people=[PEOPLE[0], PEOPLE[2]], side_merged_record=merge)
    rows, tally = told(lake, before, now)
    assert [one["day"] for one in rows] == [date(2026, 9, 3)]
    assert tally == {late.LATE: 1}
