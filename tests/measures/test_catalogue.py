"""The catalogue as a whole: what its SQL, its facts and its shared views must keep to, beyond each measure's spec."""

import re
import string
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from lineofsight import policy, schema
from lineofsight.measures import definitions, engine, values
from lineofsight.schema import published

CATALOGUE = definitions.load()
# the measures of what is owed and not done, an area a line
EXCEPTIONS = set().union(
    {"AD04"},
    {"CL07", "CL08", "CL09"},
    {"AS02", "FD06"},
    {"CL10", "CN03", "CN04", "CN05"},
    {"IC04", "IC05", "SJ03", "SJ05"},
    {"CP06", "CP07", "CP08", "CP10", "CP11", "CP12"},
    {"FH01"},
    {"LA08", "LA10", "LA13", "LA25", "LA27", "LA37"},
    {"WF08", "WF10", "WF11", "WF12", "WF14", "WF15"},
)
SENTENCE_FIELDS = {"numerator", "denominator", "value", "as_at", "longest"}


def code(sql: str) -> str:
    """SQL without its comments."""
    return re.sub(r"--[^\n]*", "", sql)


EVERY_SQL = {
    **{one.id: code(one.sql) for one in CATALOGUE.values()},
    **{k: code(v) for k, v in CATALOGUE.views.items()},
}


@pytest.mark.parametrize("name", EVERY_SQL)
def test_no_sql_tests_an_open_end_for_null_in_a_join(name):
    """An `or end is null` in a join takes seconds where a coalesced end takes milliseconds (DESIGN 5 L)."""
    ends = r"\n\)|\b(?:inner|left|asof|cross|where|group|order|union|qualify|select)\b|\Z"
    joins = re.findall(rf"\bjoin\s+\w+(?:\s+as\s+\w+)?\s+on\b(.*?)(?={ends})", EVERY_SQL[name], re.S)
    assert len(joins) == len(re.findall(r"\bjoin\b", EVERY_SQL[name])) - len(
        re.findall(r"\bcross join\b", EVERY_SQL[name])
    )
    assert not [one for one in joins if re.search(r"\bor\b", one)]


@pytest.mark.parametrize("name", EVERY_SQL)
def test_sql_is_lower_case_and_names_its_columns(name):
    words = re.sub(r"'[^']*'", "", EVERY_SQL[name])
    assert words == words.lower()
    assert "select *" not in words
    assert ".*" not in words


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_measure_names_every_timescale_its_sql_uses_and_no_other(one):
    known = policy.load().keys()
    assert {key for key in known if f"'{key}'" in code(one.sql)} == set(one.timescales)


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_no_number_of_days_or_months_is_written_into_a_measure(one):
    """Timescales come from policy; the age of 18 is the law's word for a child, and no timescale."""
    found = re.findall(r"interval\s+'?(\d+)", code(one.sql)) + re.findall(
        r"to_(?:months|days|weeks)\((\d+)", code(one.sql)
    )
    assert set(found) <= {"18"}


@pytest.mark.parametrize("one", CATALOGUE.values(), ids=list(CATALOGUE))
def test_a_sentence_uses_only_what_a_page_can_fill(one):
    fields = {name for _, name, _, _ in string.Formatter().parse(one.sentence) if name}
    assert fields <= SENTENCE_FIELDS
    assert "{numerator}" in one.sentence


def test_the_measures_that_ask_for_action_are_exceptions_and_no_others():
    assert {one.id for one in CATALOGUE.values() if one.exception} == EXCEPTIONS
    of_workers = {one.id for one in CATALOGUE.values() if one.exception and one.exception_kind == "worker"}
    assert of_workers == {"WF08", "WF10", "WF12"}


def test_a_lait_code_is_one_that_the_shipped_data_has():
    from importlib.resources import files

    known = set(pq.read_table(str(files(published) / "lait_measures.parquet"))["measure"].to_pylist())
    named = {one.lait for one in CATALOGUE.values() if one.lait}
    assert len(named) >= 9
    assert named <= known


def plan(person: str, start: str, **more: str) -> dict[str, str]:
    return {"cppl_cp_plan_id": f"p-{person}", "cppl_person_id": person, "cppl_cp_plan_start_date": start, **more}


def visit(person: str, day: str) -> dict[str, str]:
    return {
        "cppv_cp_visit_id": f"v-{person}-{day}",
        "cppv_person_id": person,
        "cppv_cp_visit_date": day,
        "cppv_cp_visit_seen": "Y",
    }


def rows_of(inputs: engine.Inputs, *measures: str) -> list[dict[str, object]]:
    return engine.measure(inputs, CATALOGUE.only(list(measures))).rows.to_pylist()


def test_a_clock_runs_by_the_rule_in_force_on_the_day_it_began(inputs_of):
    """Ten working days until 14 October, fifteen from the 15th: a visit of the 14th has until the 28th, one of the
    15th until 5 November."""
    shipped = policy.load()
    ten = replace(shipped.rule("cp.visit", date(2026, 10, 1)), valid_until=date(2026, 10, 14))
    fifteen = replace(ten, number=15.0, valid_from=date(2026, 10, 15), valid_until=policy.OPEN)
    rules = policy.Policy((*(one for one in shipped.rules if one.key != "cp.visit"), ten, fifteen))
    inputs = inputs_of(
        {
            "ssd_cp_plans": [plan("Ada", "2026-06-01"), plan("Ben", "2026-06-01")],
            "ssd_cp_visits": [visit("Ada", "2026-10-14"), visit("Ben", "2026-10-15")],
        }
    )
    found = {row["person_id"]: row["due_on"] for row in rows_of(replace(inputs, policy=rules), "CP08")}
    assert found == {"Ada": date(2026, 10, 28), "Ben": date(2026, 11, 5)}


def test_the_oldest_rule_covers_the_time_before_it(inputs_of):
    """A rule recorded from 2026 still judges a plan of 2025: no child drops out of a measure for want of a rule."""
    shipped = policy.load()
    young = [replace(one, valid_from=date(2026, 6, 1)) if one.key == "cp.visit" else one for one in shipped.rules]
    inputs = replace(inputs_of({"ssd_cp_plans": [plan("Ada", "2025-06-02")]}), policy=policy.Policy(tuple(young)))
    assert [row["due_on"] for row in rows_of(inputs, "CP08")] == [date(2025, 6, 16)]


@pytest.mark.parametrize("measure", ["CP01", "CP06", "CP08", "CP10"])
def test_a_start_date_from_before_the_calendar_keeps_the_child_on_the_list(inputs_of, measure):
    inputs = inputs_of({"ssd_cp_plans": [plan("Ada", "1970-01-01")]}, population=1000)
    (row,) = rows_of(inputs, measure)
    assert (row["person_id"], row["anchor"]) == ("Ada", "cp-plan 1970-01-01")


@pytest.mark.parametrize(
    ("measure", "tables"),
    [
        (
            "AS01",
            {
                "ssd_cin_assessments": [
                    {
                        "cina_assessment_id": "a",
                        "cina_person_id": "Ada",
                        "cina_assessment_start_date": "1970-01-01",
                        "cina_assessment_auth_date": "2026-10-05",
                    }
                ]
            },
        ),
        (
            "IC01",
            {
                "ssd_s47_enquiry": [
                    {"s47e_s47_enquiry_id": "s", "s47e_person_id": "Ada", "s47e_s47_start_date": "1970-01-01"}
                ],
                "ssd_initial_cp_conference": [
                    {
                        "icpc_icpc_id": "c",
                        "icpc_person_id": "Ada",
                        "icpc_s47_enquiry_id": "s",
                        "icpc_icpc_date": "2026-10-05",
                    }
                ],
            },
        ),
    ],
)
def test_a_clock_from_before_the_calendar_is_late_and_not_lost(inputs_of, measure, tables):
    assert [row["met"] for row in rows_of(inputs_of(tables), measure)] == [False]


def involvement(number: int, person: str, **more: str) -> dict[str, str]:
    return {"invo_involvements_id": f"i{number}", "invo_person_id": person, "invo_professional_role_id": "CW", **more}


TEAMS = [
    {"dept_team_id": "s1", "dept_team_name": "Safeguarding"},
    {"dept_team_id": "t1", "dept_team_name": "North", "dept_team_parent_id": "s1"},
    {"dept_team_id": "t2", "dept_team_name": "Duty and Referral", "dept_team_parent_id": "s1"},
]
WORKERS = [
    {"prof_professional_id": "w1", "prof_professional_name": "Wanda Example"},
    {"prof_professional_id": "w2", "prof_professional_name": "Duty Desk"},
]


@pytest.mark.parametrize(
    ("case", "involvements", "team", "worker"),
    [
        (
            "the allocated worker's team, before a later duty involvement",
            [
                {
                    "invo_professional_id": "w1",
                    "invo_professional_team": "t1",
                    "invo_involvement_start_date": "2026-06-01",
                },
                {
                    "invo_professional_id": "w2",
                    "invo_professional_team": "t2",
                    "invo_involvement_start_date": "2026-10-01",
                },
            ],
            "t1",
            "w1",
        ),
        (
            "a duty desk's team, and nobody as worker",
            [
                {
                    "invo_professional_id": "w2",
                    "invo_professional_team": "t2",
                    "invo_involvement_start_date": "2026-10-01",
                }
            ],
            "t2",
            None,
        ),
        (
            "the last team, once it has let go",
            [
                {
                    "invo_professional_id": "w1",
                    "invo_professional_team": "t1",
                    "invo_involvement_start_date": "2026-06-01",
                    "invo_involvement_end_date": "2026-10-05",
                }
            ],
            "t1",
            None,
        ),
        ("the duty team, where no team ever held the child", [], "t2", None),
    ],
)
def test_a_child_belongs_to(inputs_of, case, involvements, team, worker):
    inputs = inputs_of(
        {
            "ssd_person": [{"pers_person_id": "Ada", "pers_dob": "2018-01-01"}],
            "ssd_department": TEAMS,
            "ssd_professionals": WORKERS,
            "ssd_cp_plans": [plan("Ada", "2026-06-01")],
            "ssd_involvements": [involvement(n, "Ada", **one) for n, one in enumerate(involvements)],
        },
        population=1000,
    )
    (row,) = rows_of(inputs, "CP01")
    assert (row["team_id"], row["service_id"], row["worker_id"]) == (team, "s1", worker), case


def test_before_a_transfer_a_child_belongs_to_the_team_of_the_time(inputs_of):
    moved = [
        {
            "invo_professional_id": "w1",
            "invo_professional_team": "t1",
            "invo_involvement_start_date": "2026-06-01",
            "invo_involvement_end_date": "2026-10-05",
        },
        {"invo_professional_id": "w1", "invo_professional_team": "t2", "invo_involvement_start_date": "2026-10-05"},
    ]
    inputs = inputs_of(
        {
            "ssd_person": [{"pers_person_id": "Ada", "pers_dob": "2018-01-01"}],
            "ssd_department": TEAMS,
            "ssd_professionals": WORKERS,
            "ssd_cp_plans": [plan("Ada", "2026-06-01")],
            "ssd_involvements": [involvement(n, "Ada", **one) for n, one in enumerate(moved)],
        },
        months=2,
        population=1000,
    )
    assert [row["team_id"] for row in rows_of(inputs, "CP01")] == ["t1", "t2"]


def test_every_measure_runs_on_an_extract_in_which_every_table_is_empty(inputs_of):
    measured = engine.measure(inputs_of(months=30, population=1000), CATALOGUE)
    assert measured.rows.num_rows == 0
    told = {
        (row["measure"], row["as_at"]): row["status"]
        for row in measured.values.to_pylist()
        if row["breakdown"] == values.AUTHORITY
    }
    present = {one.id for one in CATALOGUE.values() if not one.history}
    assert {day for (key, day), status in told.items() if status == "measured" and key in present} <= {
        date(2026, 10, 31)
    }
    assert {key for (key, _), status in told.items() if status != "measured"} <= present


def test_every_measure_says_what_it_lacks_of_an_extract_that_holds_people_alone(inputs_of):
    others = [name for name in schema.tables() if name != "ssd_person"]
    measured = engine.measure(inputs_of(absent=others, population=1000), CATALOGUE)
    assert measured.rows.num_rows == 0
    assert set(measured.values["status"].to_pylist()) == {"not measured"}
    assert pc.min(pc.list_value_length(measured.values["missing"])).as_py() >= 1
    assert isinstance(measured.values, pa.Table)


def test_twenty_five_measures_are_shown_first_and_every_area_has_one():
    first = [one for one in CATALOGUE.values() if one.headline]
    assert len(first) == 25
    assert {one.area for one in first} == {one.area for one in CATALOGUE.values()}
