"""From raw text to a typed table."""

from datetime import date

import pyarrow as pa
import pytest

from lineofsight.schema import Issue, arrow_schema, conform, conform_located, without_person
from lineofsight.schema.conforming import HEADER_AGAIN, MOST_ISSUES_OF_A_KIND

FILE = "plans.csv"


def plans(**columns: list[str | None]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def whys(issues: list[Issue]) -> list[tuple[int | None, str | None, str | None, str]]:
    return [(issue.row, issue.column, issue.value, issue.why) for issue in issues]


def test_a_clean_table_is_typed_with_every_column_of_its_schema() -> None:
    table, issues = conform(
        "ssd_cp_plans",
        plans(
            cppl_cp_plan_id=["p1", "p2"],
            cppl_person_id=["c1", "c2"],
            cppl_cp_plan_start_date=["2026-01-02", "03/01/2026"],
            cppl_cp_plan_end_date=["", None],
            cppl_cp_plan_ola=["No", "1"],
        ),
        file=FILE,
    )
    assert issues == []
    assert table.schema == arrow_schema("ssd_cp_plans")
    assert table["cppl_cp_plan_start_date"].to_pylist() == [date(2026, 1, 2), date(2026, 1, 3)]
    assert table["cppl_cp_plan_end_date"].to_pylist() == [None, None]
    assert table["cppl_cp_plan_ola"].to_pylist() == ["N", "Y"]
    assert table["cppl_icpc_id"].null_count == 2


def test_a_bad_cell_is_null_and_located_by_the_row_a_spreadsheet_shows() -> None:
    table, issues = conform(
        "ssd_cp_plans",
        plans(
            cppl_cp_plan_id=["p1", "p2", "p3"],
            cppl_person_id=["c1", "c2", "c3"],
            cppl_cp_plan_start_date=["2026-01-02", "31/02/2026", "2026-01-04"],
        ),
        file=FILE,
    )
    assert table["cppl_cp_plan_start_date"].to_pylist() == [date(2026, 1, 2), None, date(2026, 1, 4)]
    assert issues == [
        Issue(FILE, None, "ssd_cp_plans", 3, "cppl_cp_plan_start_date", "31/02/2026", "there is no such date")
    ]


def test_a_row_without_a_key_is_dropped_and_told() -> None:
    table, issues = conform("ssd_cp_plans", plans(cppl_cp_plan_id=["p1", " "], cppl_person_id=["c1", "c2"]), file=FILE)
    assert table["cppl_cp_plan_id"].to_pylist() == ["p1"]
    assert whys(issues) == [(3, "cppl_cp_plan_id", " ", "the row has no key, so it was not read")]


def test_a_row_that_is_blank_throughout_is_passed_over_and_counted() -> None:
    raw = plans(cppl_cp_plan_id=["p1", "", ""], cppl_person_id=["c1", " ", None])
    done = conform_located("ssd_cp_plans", raw, file=FILE)
    assert (done.table.num_rows, done.issues, done.blank_rows) == (1, [], 2)


def test_the_first_of_two_rows_with_a_key_is_kept_and_the_other_told() -> None:
    table, issues = conform(
        "ssd_cp_plans",
        plans(cppl_cp_plan_id=["p1", "p2", "p1", "p1"], cppl_person_id=["c1", "c2", "c3", "c4"]),
        file=FILE,
    )
    assert table["cppl_person_id"].to_pylist() == ["c1", "c2"]
    assert whys(issues) == [
        (4, "cppl_cp_plan_id", "p1", "the same key as row 2; the first is kept"),
        (5, "cppl_cp_plan_id", "p1", "the same key as row 2; the first is kept"),
    ]


def test_a_row_without_its_person_is_kept_and_told() -> None:
    table, issues = conform(
        "ssd_cp_plans", plans(cppl_cp_plan_id=["p1", "p2"], cppl_person_id=["c1", "NULL"]), file=FILE
    )
    assert table.num_rows == 2
    assert whys(issues) == [(3, "cppl_person_id", None, "must not be blank")]


def test_a_column_nobody_knows_and_one_that_stands_twice_are_told_once_each() -> None:
    raw = pa.Table.from_arrays(
        [pa.array([text]) for text in ("p1", "c1", "tea", "c9")],
        names=["cppl_cp_plan_id", "cppl_person_id", "Drink", "CPPL person id"],
    )
    table, issues = conform("ssd_cp_plans", raw, file=FILE)
    assert table["cppl_person_id"].to_pylist() == ["c1"]
    assert whys(issues) == [
        (None, "Drink", None, "not a column of this table; ignored"),
        (None, "CPPL person id", None, "this column stands more than once; the first is read"),
    ]


def test_a_missing_column_is_known_by_its_absence_from_the_columns_present() -> None:
    raw = plans(cppl_person_id=["c1"], cppl_cp_plan_id=["p1"])
    assert conform_located("ssd_cp_plans", raw, file=FILE).columns_present == (
        "cppl_cp_plan_id",
        "cppl_person_id",
    )


def test_a_table_without_its_key_column_gives_no_row_and_says_so() -> None:
    table, issues = conform("ssd_cp_plans", plans(cppl_person_id=["c1"]), file=FILE)
    assert table.num_rows == 0
    assert [issue.why for issue in issues] == ["the key column is not in the file, so no row was read"]


def test_a_column_that_is_wrong_throughout_is_told_a_thousand_times_and_then_counted() -> None:
    count = MOST_ISSUES_OF_A_KIND + 234
    _, issues = conform(
        "ssd_cp_plans",
        plans(
            cppl_cp_plan_id=[f"p{place}" for place in range(count)],
            cppl_person_id=["c1"] * count,
            cppl_cp_plan_start_date=["soon"] * count,
        ),
        file=FILE,
    )
    assert len(issues) == MOST_ISSUES_OF_A_KIND + 1
    assert issues[-1].why == "is not a date: and 234 more rows"
    assert issues[MOST_ISSUES_OF_A_KIND - 1].row == MOST_ISSUES_OF_A_KIND + 1


def test_an_unknown_code_is_told_once_with_how_many_rows_hold_it() -> None:
    table, issues = conform(
        "ssd_cin_episodes",
        plans(
            cine_referral_id=["r1", "r2", "r3"],
            cine_person_id=["c1", "c2", "c3"],
            cine_close_reason=["RC7", "RC99", "RC99"],
        ),
        file=FILE,
    )
    assert table["cine_close_reason"].to_pylist() == ["RC7", "RC99", "RC99"]
    assert whys(issues) == [
        (
            3,
            "cine_close_reason",
            "RC99",
            "is not in the list of closure reason codes; kept as it is (in 2 rows, the first is 3)",
        )
    ]


def test_a_row_about_nobody_in_the_extract_is_told_and_kept() -> None:
    raw = plans(cppl_cp_plan_id=["p1", "p2", "p3"], cppl_person_id=["c1", "c9", None])
    done = conform_located("ssd_cp_plans", raw, file=FILE)
    issues = without_person("ssd_cp_plans", done, pa.array(["c1"]), file=FILE)
    assert whys(issues) == [(3, "cppl_person_id", "c9", "there is no such person in this extract")]
    assert done.table.num_rows == 3


def test_a_table_without_a_person_has_nobody_missing() -> None:
    done = conform_located("ssd_department", plans(dept_team_id=["t1"]), file=FILE)
    assert without_person("ssd_department", done, pa.array(["c1"]), file=FILE) == []


def test_an_empty_table_is_typed_and_silent() -> None:
    table, issues = conform("ssd_cp_plans", plans(cppl_cp_plan_id=[], cppl_person_id=[]), file=FILE)
    assert (table.num_rows, table.schema, issues) == (0, arrow_schema("ssd_cp_plans"), [])


def test_a_table_in_several_chunks_is_the_same_as_in_one() -> None:
    raw = plans(cppl_cp_plan_id=["p1", "p2"], cppl_person_id=["c1", "c2"])
    chunked = pa.concat_tables([raw.slice(0, 1), raw.slice(1)])
    assert conform("ssd_cp_plans", chunked, file=FILE) == conform("ssd_cp_plans", raw, file=FILE)


def test_conforming_to_a_table_nobody_knows_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        conform("ssd_unheard_of", plans(), file=FILE)


def test_a_header_that_stands_again_among_the_rows_is_told_and_not_read() -> None:
    table, issues = conform(
        "ssd_cp_plans",
        plans(
            cppl_cp_plan_id=["p1", "CPPL_CP_PLAN_ID", " cppl_cp_plan_id", "cppl cp plan id"],
            cppl_person_id=["c1", "CPPL_PERSON_ID", "cppl_person_id", "c2"],
        ),
        file=FILE,
    )
    assert table["cppl_cp_plan_id"].to_pylist() == ["p1", "cppl cp plan id"]
    assert [(row, why) for row, _, _, why in whys(issues)] == [(3, HEADER_AGAIN), (4, HEADER_AGAIN)]


def test_an_issue_shows_what_stands_there_in_a_length_and_letters_fit_for_a_page() -> None:
    _, issues = conform(
        "ssd_cp_plans",
        plans(cppl_cp_plan_id=["p1", "p2"], cppl_cp_plan_start_date=["x" * 5000, "soon\u202e\x07"]),
        file=FILE,
    )
    values = [value for _, column, value, _ in whys(issues) if column == "cppl_cp_plan_start_date"]
    assert values == ["x" * 200 + "…", "soon\\u202e\\u0007"]


def test_the_cells_of_a_heading_row_that_stands_again_are_not_told_one_by_one() -> None:
    raw = plans(
        cppl_cp_plan_id=["p1", "cppl_cp_plan_id"],
        cppl_person_id=["c1", "cppl_person_id"],
        cppl_cp_plan_start_date=["2026-01-05", "cppl_cp_plan_start_date"],
        cppl_cp_plan_initial_category=["NEG", "cppl_cp_plan_initial_category"],
    )
    done = conform_located("ssd_cp_plans", raw, file=FILE)
    assert whys(done.issues) == [(3, "cppl_cp_plan_id", "cppl_cp_plan_id", HEADER_AGAIN)]
    assert done.passed_over == {HEADER_AGAIN: 1}


def test_an_error_in_a_column_of_codes_is_told_in_every_row_because_nothing_of_it_is_kept() -> None:
    raw = plans(
        cppl_cp_plan_id=["p1", "p2"], cppl_person_id=["c1", "c2"], cppl_cp_plan_initial_category=["#N/A", "#N/A"]
    )
    done = conform_located("ssd_cp_plans", raw, file=FILE)
    assert [(issue.row, issue.value) for issue in done.issues] == [(2, "#N/A"), (3, "#N/A")]
