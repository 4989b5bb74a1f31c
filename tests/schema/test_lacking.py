"""Columns that a file has not got, told so that a person can find them again."""

from collections.abc import Sequence

import pytest

from lineofsight.measures import definitions
from lineofsight.schema import Issue, lacking_columns, tables
from lineofsight.schema.lacking import LACKING, NOT_USED, OTHERS_LACKING, likely, needed, other_name

PLANS = tables()["ssd_cp_plans"]
COLUMNS = [column.name for column in PLANS.columns]
START = "cppl_cp_plan_start_date"


def told(headings: Sequence[str]) -> list[Issue]:
    return lacking_columns("ssd_cp_plans", headings, file="plans.csv", sheet="Plans")


def without(*gone: str) -> list[str]:
    return [name for name in COLUMNS if name not in gone]


def test_what_measures_need_is_what_the_catalogue_says_they_need() -> None:
    said: dict[str, set[str]] = {}
    for measure in definitions.load().values():
        for table, columns in measure.needs.items():
            said.setdefault(table, set()).update(columns)
    assert {table: set(columns) for table, columns in needed().items()} == said, "run 'make docs'"


def test_a_file_with_every_column_lacks_nothing_whatever_their_order_and_case() -> None:
    assert told(COLUMNS) == []
    assert told([name.upper().replace("_", " ") for name in reversed(COLUMNS)]) == []


def test_a_column_that_a_measure_needs_is_told_by_itself() -> None:
    assert told(without(START)) == [Issue("plans.csv", "Plans", "ssd_cp_plans", None, START, None, LACKING)]


def test_columns_that_no_measure_needs_are_told_in_one_line() -> None:
    (issue,) = told(without("cppl_cp_plan_ola", "cppl_icpc_id"))
    assert (issue.column, issue.row, issue.value) == (None, None, None)
    assert issue.why == f"{OTHERS_LACKING}: cppl_icpc_id, cppl_cp_plan_ola"


@pytest.mark.parametrize(
    "written",
    ["cppl_cp_plan_start", "CPPL CP Plan Start Dt", "cp_plan_start_date", "plan start date", "x_cp_plan_start_date"],
)
def test_a_renamed_column_is_told_with_the_heading_that_is_most_like_it(written: str) -> None:
    (issue,) = told([*without(START), written])
    assert (issue.column, issue.why) == (START, f"{LACKING}; is it the column headed {written}?")


def test_a_renamed_column_that_no_measure_needs_is_told_by_itself_too() -> None:
    (issue,) = told([*without("cppl_cp_plan_ola"), "cppl_cp_plan_olas"])
    assert issue.why == f"{NOT_USED}; is it the column headed cppl_cp_plan_olas?"


def test_each_heading_stands_for_one_column_at_most() -> None:
    gone = (START, "cppl_cp_plan_end_date")
    found = likely(PLANS, [*without(*gone), "cppl_cp_plan_strt_date", "cppl_cp_plan_end_dat"])
    assert found == {"cppl_cp_plan_strt_date": START, "cppl_cp_plan_end_dat": "cppl_cp_plan_end_date"}
    assert len(likely(PLANS, [*without(START), "cppl_cp_plan_start_dat", "cppl_cp_plan_start_dte"])) == 1


@pytest.mark.parametrize("strange", ["", "Drink", "date", "x" * 100_000, "notes\n"])
def test_a_heading_like_no_column_is_not_offered_as_one(strange: str) -> None:
    assert likely(PLANS, [*without(START), strange]) == {}


def test_what_is_shown_of_a_heading_can_be_printed() -> None:
    (issue,) = told([*without(START), "cppl_cp_plan\u202e_start_date"])
    assert issue.why.isprintable()


def test_the_question_what_a_lacking_column_is_now_called_can_be_put_after_any_sentence() -> None:
    renamed = [*without(START), "cp_plan_start"]
    assert other_name("ssd_cp_plans", renamed, START) == "; is it the column headed cp_plan_start?"
    assert other_name("ssd_cp_plans", without(START), START) == ""
