"""Exceptions: one identity over many loads, cleared only by what was measured."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.extracts import extract_of

from lineofsight import policy
from lineofsight.cases import exceptions
from lineofsight.cases.exceptions import CLEARED, NOT_MEASURED_AGAIN, OPEN, Found
from lineofsight.home import create_home
from lineofsight.keys import Keyring, create_keys, open_keys
from lineofsight.lake import Lake
from lineofsight.measures import computing
from lineofsight.measures.contract import ROWS_SCHEMA

AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 30), date(2026, 11, 30)
PLAN = "cp-plan 2026-06-01"
FAR = date(9999, 12, 31)

OFFICES = {
    "t1": ("North", "s1", "Team manager, North", "m1"),
    "t2": ("South", "s1", "Team manager, South", "m2"),
    "s1": ("Safeguarding", "s1", "Head of service, Safeguarding", "h1"),
}
WORKERS = {"w1": "t1", "w2": "t2"}

Ledger = pa.Table
CarryOn = Callable[..., Ledger]


def row(**about: Any) -> dict[str, Any]:
    """A row of CP08 that is owed, unless told otherwise."""
    ordinary = {
        "measure": "CP08",
        "child_key": "ada",
        "person_id": "1",
        "anchor": PLAN,
        "event_id": "plan-1",
        "team_id": "t1",
        "service_id": "s1",
        "worker_id": "w1",
        "due_on": date(2026, 8, 14),
        "met": False,
        "reason": "not seen",
    }
    return {**ordinary, **about}


def found_at(
    as_at: date,
    rows: Sequence[Mapping[str, Any]],
    *,
    measured: Sequence[str] = ("CP06", "CP08", "CP10", "WF10"),
    endings: Mapping[tuple[str, str], date] | None = None,
    offices: Mapping[str, tuple[str, str, str, str | None]] = OFFICES,
    snapshot: str | None = None,
) -> Found:
    """What a snapshot shows: `rows`, and plans known to the extract (Ada's is open unless `endings` says otherwise)."""
    known = {("1", PLAN): FAR} if endings is None else endings
    return Found(
        snapshot=snapshot or f"{as_at}-aaaa",
        as_at=as_at,
        rows=pa.Table.from_pylist([{"as_at": as_at, **one} for one in rows], ROWS_SCHEMA),
        measured=measured,
        endings=pa.table(
            {
                "person_id": pa.array([person for person, _ in known], pa.string()),
                "anchor": pa.array([anchor for _, anchor in known], pa.string()),
                "open_until": pa.array(list(known.values()), pa.date32()),
            }
        ),
        offices=pa.table(
            {
                "team_id": pa.array(list(offices), pa.string()),
                "team_name": pa.array([one[0] for one in offices.values()], pa.string()),
                "service_id": pa.array([one[1] for one in offices.values()], pa.string()),
                "owner": pa.array([one[2] for one in offices.values()], pa.string()),
                "owner_id": pa.array([one[3] for one in offices.values()], pa.string()),
            }
        ),
        workers=pa.table({"worker_id": list(WORKERS), "team_id": list(WORKERS.values())}),
    )


@pytest.fixture(scope="module")
def ledger_keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    home = create_home(tmp_path_factory.mktemp("ledger") / "home", authority="306", authority_name="Northmere")
    create_keys(home)
    return open_keys(home)


@pytest.fixture
def after(ledger_keys: Keyring) -> CarryOn:
    """The ledger after each of several snapshots, in order."""

    def carry(*every: Found, start: Ledger | None = None) -> Ledger:
        ledger = start
        for one in every:
            ledger = exceptions.carry_on(one, ledger, ledger_keys)
        return ledger

    return carry


def only(ledger: Ledger) -> dict[str, Any]:
    (one,) = ledger.to_pylist()
    return one


def said(one: Mapping[str, Any]) -> list[tuple[date, str]]:
    return [(step["as_at"], step["what"]) for step in one["history"]]


def test_two_loads_make_one_exception_with_a_history_not_two(after):
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [row()])))
    assert (one["state"], one["first_seen"], one["last_seen"]) == (OPEN, AUGUST, SEPTEMBER)
    assert one["occurrence"] == 1
    assert said(one) == [(AUGUST, "first seen"), (SEPTEMBER, "still owed")]


def test_an_exception_tells_when_it_was_truly_owed_beside_when_it_was_known(after):
    """A plan recorded late: owed since June, and nobody could know before the load of September."""
    one = only(after(found_at(AUGUST, []), found_at(SEPTEMBER, [row(due_on=date(2026, 6, 15))])))
    assert (one["owed_since"], one["first_seen"]) == (date(2026, 6, 15), SEPTEMBER)


def test_days_over_are_working_days(after):
    """From Thursday 27 August to Friday 4 September, less the bank holiday of the 31st: five."""
    one = only(after(found_at(date(2026, 9, 4), [row(due_on=date(2026, 8, 27))])))
    assert one["days_over"] == 5


def test_an_exception_without_a_due_day_has_no_days_over(after):
    one = only(after(found_at(AUGUST, [row(due_on=None)])))
    assert one["days_over"] is None
    assert one["owed_since"] is None


def test_a_visit_recorded_late_clears_the_exception_on_the_day_it_was_known(after):
    done = row(met=True, due_on=date(2026, 10, 9))
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [done])))
    assert (one["state"], one["cleared_on"], one["last_seen"]) == (CLEARED, SEPTEMBER, AUGUST)
    assert said(one)[-1] == (SEPTEMBER, "found done")


def test_a_cleared_exception_stays_as_it_is_in_every_later_ledger(after):
    cleared = after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [row(met=True)]))
    assert after(found_at(OCTOBER, [row(met=True)]), start=cleared).equals(cleared)


def test_missing_data_is_not_re_measured_and_never_cleared(after):
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [], measured=["CP10"])))
    assert (one["state"], one["cleared_on"], one["last_seen"]) == (NOT_MEASURED_AGAIN, None, AUGUST)
    assert said(one)[-1] == (SEPTEMBER, "not measured this time")


def test_what_cannot_be_told_is_not_re_measured(after):
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [row(met=None)])))
    assert (one["state"], said(one)[-1][1]) == (NOT_MEASURED_AGAIN, "could not be told this time")


def test_a_row_that_cannot_be_told_begins_no_exception(after):
    assert after(found_at(AUGUST, [row(met=None)])).num_rows == 0


def test_measured_again_after_a_gap_it_is_the_same_exception(after):
    first = after(found_at(AUGUST, [row()]))
    one = only(after(found_at(SEPTEMBER, [], measured=[]), found_at(OCTOBER, [row()]), start=first))
    assert one["exception_id"] == first["exception_id"][0].as_py()
    assert (one["state"], one["first_seen"]) == (OPEN, AUGUST)
    assert [what for _, what in said(one)] == ["first seen", "not measured this time", "still owed"]


def test_met_then_owed_again_is_a_new_exception(after):
    both = after(
        found_at(AUGUST, [row()]), found_at(SEPTEMBER, [row(met=True)]), found_at(OCTOBER, [row()])
    ).to_pylist()
    assert [(one["occurrence"], one["state"], one["first_seen"]) for one in both] == [
        (1, CLEARED, AUGUST),
        (2, OPEN, OCTOBER),
    ]
    assert both[0]["exception_id"] != both[1]["exception_id"]


def test_a_new_team_is_the_same_exception_with_a_new_owner(after):
    first = after(found_at(AUGUST, [row()]))
    one = only(after(found_at(SEPTEMBER, [row(team_id="t2", worker_id="w2")]), start=first))
    assert one["exception_id"] == first["exception_id"][0].as_py()
    assert (first["owner"][0].as_py(), one["owner"], one["owner_id"]) == (
        "Team manager, North",
        "Team manager, South",
        "m2",
    )
    assert (one["team_id"], one["worker_id"]) == ("t2", "w2")
    assert said(one)[-1] == (SEPTEMBER, "still owed; moved to South")


def test_ids_that_a_case_system_gives_anew_each_month_change_nothing(after):
    one = only(after(found_at(AUGUST, [row(event_id="a-1")]), found_at(SEPTEMBER, [row(event_id="b-77")])))
    assert one["first_seen"] == AUGUST


def test_a_due_day_that_moves_changes_nothing_but_itself(after):
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [row(due_on=date(2026, 9, 11))])))
    assert (one["first_seen"], one["owed_since"]) == (AUGUST, date(2026, 9, 11))


def test_a_plan_that_ended_clears_it(after):
    ended = {("1", PLAN): date(2026, 9, 18)}
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [], endings=ended)))
    assert (one["state"], said(one)[-1][1]) == (CLEARED, "ended 18 September 2026")


def test_a_plan_that_ends_tomorrow_has_not_ended(after):
    tomorrow = {("1", PLAN): SEPTEMBER + timedelta(days=1)}
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [], endings=tomorrow)))
    assert said(one)[-1][1] == "no longer counted"


def test_a_plan_that_vanished_from_the_extract_is_not_cleared(after):
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [], endings={})))
    assert (one["state"], said(one)[-1][1]) == (NOT_MEASURED_AGAIN, "no longer in the extract")


def test_a_child_the_measure_no_longer_counts_is_cleared_in_words(after):
    """The plan is there and open: the child turned 18, say."""
    one = only(after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [])))
    assert (one["state"], said(one)[-1][1]) == (CLEARED, "no longer counted")


def test_a_second_plan_is_a_second_exception(after):
    again = "cp-plan 2026-09-01"
    endings = {("1", PLAN): date(2026, 8, 31), ("1", again): FAR}
    both = after(found_at(AUGUST, [row()]), found_at(SEPTEMBER, [row(anchor=again)], endings=endings)).to_pylist()
    assert {one["anchor"]: one["state"] for one in both} == {PLAN: CLEARED, again: OPEN}
    assert [one["occurrence"] for one in both] == [1, 1]


def test_a_review_held_late_is_owed_no_more(after):
    overdue = row(measure="CP06")
    held = row(measure="CP06", done_on=date(2026, 9, 8))
    one = only(after(found_at(AUGUST, [overdue]), found_at(SEPTEMBER, [held])))
    assert (one["state"], said(one)[-1][1]) == (CLEARED, "done late, 8 September 2026")


def test_a_review_already_held_late_begins_no_exception(after):
    assert after(found_at(AUGUST, [row(measure="CP06", done_on=date(2026, 8, 20))])).num_rows == 0


def test_brothers_and_sisters_each_have_their_own(after):
    ledger = after(found_at(AUGUST, [row(), row(child_key="bea", person_id="2")]))
    assert len(set(ledger["exception_id"].to_pylist())) == 2


def test_two_measures_owed_for_one_plan_are_two_exceptions(after):
    ledger = after(found_at(AUGUST, [row(), row(measure="CP10")]))
    assert len(set(ledger["exception_id"].to_pylist())) == 2


def test_a_corrected_extract_of_the_same_day_brings_back_what_the_wrong_one_cleared(after):
    wrong = found_at(SEPTEMBER, [row(met=True)], snapshot="2026-09-30-wrong")
    right = found_at(SEPTEMBER, [row()], snapshot="2026-09-30-right")
    one = only(after(found_at(AUGUST, [row()]), wrong, right))
    assert (one["state"], one["cleared_on"], one["occurrence"], one["first_seen"]) == (OPEN, None, 1, AUGUST)
    assert said(one)[-1] == (SEPTEMBER, "found to be owed after all")
    assert one["history"][-1]["snapshot"] == "2026-09-30-right"


def test_a_corrected_extract_that_still_says_done_leaves_it_cleared(after):
    done = found_at(SEPTEMBER, [row(met=True)])
    once = after(found_at(AUGUST, [row()]), done)
    assert after(done, start=once).equals(once)


def test_a_corrected_extract_of_the_same_day_takes_out_what_only_the_wrong_one_began(after):
    """Else September would have had an exception that was begun and cleared, and the next would be the second."""
    wrong, right = found_at(SEPTEMBER, [row()]), found_at(SEPTEMBER, [row(met=True)])
    assert after(found_at(AUGUST, []), wrong, right).num_rows == 0
    one = only(after(found_at(AUGUST, []), wrong, right, found_at(OCTOBER, [row()])))
    assert (one["occurrence"], one["first_seen"]) == (1, OCTOBER)


@pytest.mark.parametrize(
    "right",
    [
        found_at(SEPTEMBER, [], measured=[]),
        found_at(SEPTEMBER, [row(met=None)]),
        found_at(SEPTEMBER, [], endings={}),
    ],
    ids=["not measured", "cannot be told", "gone from the extract"],
)
def test_a_corrected_extract_that_cannot_tell_takes_nothing_out(after, right):
    one = only(after(found_at(SEPTEMBER, [row()]), right))
    assert (one["state"], one["first_seen"]) == (NOT_MEASURED_AGAIN, SEPTEMBER)


def test_nightly_loads_move_the_last_line_of_the_history_and_do_not_fill_it(after):
    nights = [found_at(SEPTEMBER + timedelta(days=n), [row()]) for n in range(5)]
    assert said(only(after(found_at(AUGUST, [row()]), *nights))) == [
        (AUGUST, "first seen"),
        (SEPTEMBER + timedelta(days=4), "still owed"),
    ]


def test_a_worker_is_the_subject_of_a_workers_exception(after):
    about = {"measure": "WF10", "child_key": None, "person_id": None, "event_id": None, "anchor": "worker w1"}
    first = after(found_at(AUGUST, [row(**about)]))
    assert only(first)["owner"] == "Team manager, North"
    one = only(after(found_at(SEPTEMBER, []), start=first))
    assert (one["state"], said(one)[-1][1]) == (CLEARED, "holds no children now")


def test_an_unallocated_child_is_the_responsible_teams_managers(after):
    one = only(after(found_at(AUGUST, [row(measure="CP10", worker_id=None, team_id="t2")])))
    assert (one["owner"], one["owner_id"]) == ("Team manager, South", "m2")


def test_an_allocated_childs_exception_is_the_workers_own_managers(after):
    """The child's team is South, the worker who holds the child is in North."""
    one = only(after(found_at(AUGUST, [row(worker_id="w1", team_id="t2")])))
    assert (one["owner"], one["owner_id"]) == ("Team manager, North", "m1")


def test_with_no_team_known_the_head_of_service_owns_it_and_else_the_director(after):
    service = only(after(found_at(AUGUST, [row(worker_id=None, team_id="t9")])))
    nothing = only(after(found_at(AUGUST, [row(worker_id=None, team_id=None, service_id=None)])))
    assert (service["owner"], service["owner_id"]) == ("Head of service, Safeguarding", "h1")
    assert nothing["owner"] == "Director of Children's Services"


def test_an_id_tells_nothing_and_is_another_under_other_keys(after, ledger_keys, home):
    one = only(after(found_at(AUGUST, [row()])))
    assert len(one["exception_id"]) == 24
    assert one["exception_id"] == exceptions.exception_id(ledger_keys, "CP08", "ada", PLAN, 1)
    assert one["exception_id"] != exceptions.exception_id(open_keys(home), "CP08", "ada", PLAN, 1)


STANDINGS = st.sampled_from(["owed", "met", "unknown", "late", "absent", "ended", "gone", "not measured"])


@pytest.mark.full
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STANDINGS, min_size=1, max_size=7))
def test_whatever_follows_there_is_at_most_one_exception_not_cleared_of_one_thing(after, standings):
    ledger = None
    for number, standing in enumerate(standings):
        as_at = AUGUST + timedelta(days=number)
        rows = {
            "owed": [row()],
            "met": [row(met=True)],
            "unknown": [row(met=None)],
            "late": [row(done_on=as_at)],
        }.get(standing, [])
        endings = {"ended": {("1", PLAN): as_at}, "gone": {}}.get(standing)
        measured = [] if standing == "not measured" else ["CP08"]
        ledger = after(found_at(as_at, rows, measured=measured, endings=endings), start=ledger)
        every = ledger.to_pylist()
        standing_open = [one for one in every if one["state"] != CLEARED]
        assert len(standing_open) <= 1
        assert (standing == "owed") == any(one["state"] == OPEN for one in every)
        assert [one["occurrence"] for one in every] == list(range(1, len(every) + 1))
        assert len({one["exception_id"] for one in every}) == len(every)
        for one in every:
            assert (one["cleared_on"] is not None) == (one["state"] == CLEARED)
            assert one["first_seen"] <= one["last_seen"] <= as_at
            assert one["history"][0]["what"] == "first seen"


def authority(*, plan_id: str, involvements: bool = True, allocated: bool = False, team: str = "t1") -> dict[str, Any]:
    """A small authority: Ada on a plan, whose social worker left on 1 September."""
    rows: dict[str, Any] = {
        "ssd_person": [{"pers_person_id": "1", "pers_forename": "Ada", "pers_dob": date(2018, 4, 1)}],
        "ssd_department": [
            {"dept_team_id": "s1", "dept_team_name": "Safeguarding"},
            {"dept_team_id": "t1", "dept_team_name": "North", "dept_team_parent_id": "s1"},
            {"dept_team_id": "t2", "dept_team_name": "South", "dept_team_parent_id": "s1"},
        ],
        "ssd_professionals": [
            {
                "prof_professional_id": "w1",
                "prof_professional_name": "Wanda Example",
                "prof_professional_job_title": None,
            },
            {"prof_professional_id": "m1", "prof_professional_name": "Mo Example"},
        ],
        "ssd_cp_plans": [
            {
                "cppl_cp_plan_id": plan_id,
                "cppl_person_id": "1",
                "cppl_cp_plan_start_date": date(2026, 6, 1),
                "cppl_cp_plan_end_date": None,
            }
        ],
        "side_post": [
            {"post_post_id": "p1", "post_team_id": "t1", "post_worker_id": "m1", "post_title": "Team Manager"},
            {"post_post_id": "p2", "post_team_id": "t2", "post_worker_id": None, "post_title": "Team Manager"},
        ],
    }
    if involvements:
        ordinary = {"invo_professional_role_id": "CW", "invo_person_id": "1", "invo_professional_team": team}
        held = {
            "invo_involvements_id": f"i-{plan_id}",
            "invo_professional_id": "w1",
            "invo_involvement_start_date": date(2026, 6, 1),
            "invo_involvement_end_date": None if allocated else date(2026, 9, 1),
        }
        rows["ssd_involvements"] = [{**ordinary, **held}]
    return rows


def test_through_the_lake_one_child_waits_over_three_loads_and_is_not_cleared_by_a_missing_table(tmp_path):
    home = create_home(tmp_path / "home", authority="306", authority_name="Northmere", demo=True)
    create_keys(home)
    lake = Lake(home, open_keys(home))
    ledger = None
    loads = (
        (SEPTEMBER, authority(plan_id="a-1")),
        (OCTOBER, authority(plan_id="b-1", team="t2")),
        (NOVEMBER, authority(plan_id="c-1", involvements=False)),
    )
    told = []
    for as_at, rows in loads:
        snapshot = lake.publish(extract_of(rows, as_at=as_at))
        computation = computing.compute(lake, snapshot, policy.load(), policy.roles())
        ledger = exceptions.derive(lake, snapshot, computation, ledger)
        (one,) = [each for each in ledger.to_pylist() if each["measure"] == "CP10"]
        told.append((one["state"], one["days_over"], one["owner"], one["owner_id"]))
    assert ledger.schema == exceptions.SCHEMA
    assert told == [
        (OPEN, 21, "Team manager, North", "m1"),
        (OPEN, 43, "Head of service, Safeguarding", None),
        (NOT_MEASURED_AGAIN, 43, "Head of service, Safeguarding", None),
    ]
    assert (one["anchor"], one["owed_since"], one["first_seen"]) == (PLAN, date(2026, 9, 1), SEPTEMBER)


def test_through_the_lake_an_ended_plan_and_a_found_worker_clear(tmp_path):
    home = create_home(tmp_path / "home", authority="306", authority_name="Northmere", demo=True)
    create_keys(home)
    lake = Lake(home, open_keys(home))

    def loaded(as_at: date, rows: dict[str, Any], previous: pa.Table | None) -> pa.Table:
        snapshot = lake.publish(extract_of(rows, as_at=as_at))
        computation = computing.compute(lake, snapshot, policy.load(), policy.roles())
        return exceptions.derive(lake, snapshot, computation, previous)

    first = loaded(SEPTEMBER, authority(plan_id="a-1"), None)
    found = loaded(OCTOBER, authority(plan_id="a-1", allocated=True), first)
    ended = authority(plan_id="a-1")
    ended["ssd_cp_plans"][0]["cppl_cp_plan_end_date"] = date(2026, 10, 14)
    over = loaded(OCTOBER, ended, first)
    for ledger, what in ((found, "found done"), (over, "ended 14 October 2026")):
        (one,) = [each for each in ledger.to_pylist() if each["measure"] == "CP10"]
        assert (one["state"], one["cleared_on"], said(one)[-1][1]) == (CLEARED, OCTOBER, what)


def test_through_the_lake_an_authorised_assessment_and_a_finished_task_clear(tmp_path):
    home = create_home(tmp_path / "home", authority="306", authority_name="Northmere", demo=True)
    create_keys(home)
    lake = Lake(home, open_keys(home))

    def loaded(as_at: date, done: date | None, previous: pa.Table | None) -> pa.Table:
        assessment = {
            "cina_assessment_id": "a-1",
            "cina_person_id": "1",
            "cina_assessment_start_date": date(2026, 6, 1),
            "cina_assessment_auth_date": done,
        }
        decision = {
            "deci_decision_id": "d-1",
            "deci_person_id": "1",
            "deci_kind": "contact",
            "deci_subject_id": "c-1",
            "deci_decided_date": date(2026, 8, 3),
            "deci_tasks_done_date": done,
        }
        # another contact's task, so that the file tells of tasks
        other = {**decision, "deci_decision_id": "d-2", "deci_subject_id": "c-2", "deci_person_id": "2"}
        other["deci_tasks_done_date"] = date(2026, 8, 3)
        person = {"pers_person_id": "1", "pers_dob": date(2018, 1, 1)}
        rows = {
            "ssd_person": [person, {**person, "pers_person_id": "2"}],
            "ssd_cin_assessments": [assessment],
            "side_decision": [decision, other],
        }
        snapshot = lake.publish(extract_of(rows, as_at=as_at))
        computation = computing.compute(lake, snapshot, policy.load(), policy.roles())
        return exceptions.derive(lake, snapshot, computation, previous)

    first = loaded(SEPTEMBER, None, None)
    over = loaded(OCTOBER, date(2026, 10, 14), first)
    owed = {each["measure"]: each for each in first.to_pylist()}
    cleared = {each["measure"]: each for each in over.to_pylist()}
    for measure, since in (("AS02", date(2026, 8, 3)), ("FD06", date(2026, 8, 3))):
        assert (owed[measure]["state"], owed[measure]["owed_since"]) == (OPEN, since)
        one = cleared[measure]
        assert (one["state"], one["cleared_on"], said(one)[-1][1]) == (CLEARED, OCTOBER, "ended 14 October 2026")


def test_through_the_lake_an_ended_enquiry_and_an_ended_child_in_need_plan_clear(tmp_path):
    home = create_home(tmp_path / "home", authority="306", authority_name="Northmere", demo=True)
    create_keys(home)
    lake = Lake(home, open_keys(home))

    def loaded(as_at: date, ended: date | None, previous: pa.Table | None) -> pa.Table:
        rows = {
            "ssd_person": [{"pers_person_id": "1", "pers_dob": date(2018, 1, 1)}],
            "ssd_s47_enquiry": [
                {
                    "s47e_s47_enquiry_id": "s-1",
                    "s47e_person_id": "1",
                    "s47e_s47_start_date": date(2026, 6, 1),
                    "s47e_s47_end_date": ended,
                }
            ],
            "ssd_initial_cp_conference": [
                {
                    "icpc_icpc_id": "c-9",
                    "icpc_person_id": "9",
                    "icpc_icpc_date": date(2026, 6, 15),
                    "icpc_s47_enquiry_id": "s-9",
                }
            ],
            "ssd_cp_plans": [
                {
                    "cppl_cp_plan_id": "k-9",
                    "cppl_person_id": "9",
                    "cppl_cp_plan_start_date": date(2026, 6, 15),
                    "cppl_cp_plan_end_date": None,
                }
            ],
            "ssd_cin_plans": [
                {
                    "cinp_cin_plan_id": "p-1",
                    "cinp_person_id": "1",
                    "cinp_cin_plan_start_date": date(2026, 6, 1),
                    "cinp_cin_plan_end_date": ended,
                }
            ],
            "ssd_cin_visits": [
                {
                    "cinv_cin_visit_id": "v-9",
                    "cinv_person_id": "9",
                    "cinv_cin_visit_date": date(2026, 6, 1),
                    "cinv_cin_visit_seen": "Y",
                }
            ],
        }
        snapshot = lake.publish(extract_of(rows, as_at=as_at))
        computation = computing.compute(lake, snapshot, policy.load(), policy.roles())
        return exceptions.derive(lake, snapshot, computation, previous)

    first = loaded(SEPTEMBER, None, None)
    over = loaded(OCTOBER, date(2026, 10, 14), first)
    owed = {each["measure"]: each for each in first.to_pylist()}
    cleared = {each["measure"]: each for each in over.to_pylist()}
    for measure, since in (("SJ03", date(2026, 6, 22)), ("CN03", date(2026, 6, 29))):
        assert (owed[measure]["state"], owed[measure]["owed_since"]) == (OPEN, since)
        one = cleared[measure]
        assert (one["state"], one["cleared_on"], said(one)[-1][1]) == (CLEARED, OCTOBER, "ended 14 October 2026")


def test_through_the_lake_a_home_left_early_help_ended_and_a_conference_held_clear(tmp_path):
    home = create_home(tmp_path / "home", authority="306", authority_name="Northmere", demo=True)
    create_keys(home)
    lake = Lake(home, open_keys(home))
    moved = date(2026, 10, 14)

    def loaded(as_at: date, ended: date | None, previous: pa.Table | None) -> pa.Table:
        began = date(2026, 6, 1)
        person = {"pers_person_id": "1", "pers_dob": date(2016, 1, 1)}
        here = {
            "clap_cla_placement_id": "h-1",
            "clap_person_id": "1",
            "clap_cla_placement_type": "Z1",
            "clap_cla_placement_start_date": began,
            "clap_cla_placement_end_date": ended,
            "clap_cla_placement_urn": "SC123456",
        }
        there = {
            "clap_cla_placement_id": "h-2",
            "clap_cla_placement_type": "U6",
            "clap_cla_placement_start_date": moved,
            "clap_cla_placement_end_date": None,
        }
        helped = {
            "earl_episode_id": "e-2",
            "earl_person_id": "2",
            "earl_episode_start_date": began,
            "earl_episode_end_date": ended,
        }
        held = {
            "invo_involvements_id": "i-3",
            "invo_person_id": "3",
            "invo_professional_id": "w1",
            "invo_professional_role_id": "CW",
            "invo_involvement_start_date": began,
            "invo_involvement_end_date": None,
        }
        rows = {
            "ssd_person": [person, {**person, "pers_person_id": "2"}, {**person, "pers_person_id": "3"}],
            "ssd_professionals": [
                {
                    "prof_professional_id": "w1",
                    "prof_professional_name": "Wanda Example",
                    "prof_professional_job_title": None,
                }
            ],
            "ssd_involvements": [held],
            "ssd_legal_status": [
                {
                    "lega_legal_status_id": "l-1",
                    "lega_person_id": "1",
                    "lega_legal_status": "V2",
                    "lega_legal_status_start_date": began,
                }
            ],
            "ssd_cla_episodes": [
                {
                    "clae_cla_episode_id": "c-1",
                    "clae_cla_id": "p-1",
                    "clae_person_id": "1",
                    "clae_cla_episode_start_date": began,
                    "clae_cla_episode_ceased_date": None,
                }
            ],
            "ssd_cla_placement": [here, {**here, **there}] if ended else [here],
            "ssd_early_help_episodes": [helped],
            "ssd_s47_enquiry": [
                {
                    "s47e_s47_enquiry_id": "s-9",
                    "s47e_person_id": "9",
                    "s47e_s47_start_date": began,
                    "s47e_s47_end_date": began,
                }
            ],
            "ssd_initial_cp_conference": [
                {
                    "icpc_icpc_id": f"c-{as_at.month}",
                    "icpc_person_id": "3",
                    "icpc_icpc_target_date": date(2026, 6, 15),
                    "icpc_icpc_date": ended,
                }
            ],
        }
        snapshot = lake.publish(extract_of(rows, as_at=as_at))
        computation = computing.compute(lake, snapshot, policy.load(), policy.roles())
        return exceptions.derive(lake, snapshot, computation, previous)

    first = loaded(SEPTEMBER, None, None)
    over = loaded(OCTOBER, moved, first)
    owed = {each["measure"]: each for each in first.to_pylist()}
    cleared = {each["measure"]: each for each in over.to_pylist() if each["first_seen"] == SEPTEMBER}
    for measure, anchor in (
        ("LA25", "placement 2026-06-01"),
        ("FH01", "early help 2026-06-01"),
        ("IC04", "initial conference"),
    ):
        assert (owed[measure]["state"], owed[measure]["anchor"]) == (OPEN, anchor)
        one = cleared[measure]
        assert (one["state"], one["cleared_on"], said(one)[-1][1]) == (CLEARED, OCTOBER, "ended 14 October 2026")
