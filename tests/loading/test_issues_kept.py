"""What was wrong in the files is kept with the snapshot, and only what is new stands out the next time."""

import io
from dataclasses import replace

import openpyxl
from tests.loading.conftest import OCTOBER, SEPTEMBER, children, extract

from lineofsight.loading import issue_book, telling
from lineofsight.schema import Issue
from lineofsight.schema.conforming import NO_SUCH_PERSON


def issue(value, *, row=2, why="is not a date", column="cppv_cp_visit_date", file="visits.csv"):
    return Issue(file, None, "ssd_cp_visits", row, column, value, why)


def with_issues(as_at, *found, people=3):
    given = extract(as_at, ssd_person=children(people))
    return replace(given, issues=tuple(found), sha256=f"{given.sha256}{len(found)}")


def told(lake, snapshot):
    return [(row["value"], row["new"]) for row in lake.issues(snapshot).to_pylist()]


def test_every_issue_of_the_first_load_is_new_and_kept_with_its_place(load, lake):
    done = load(with_issues(SEPTEMBER, issue("31/02/2026", row=17)))
    row = lake.issues(done.snapshot).to_pylist()[0]
    assert row["new"]
    assert (row["file"], row["row"], row["column"], row["value"]) == (
        "visits.csv",
        17,
        "cppv_cp_visit_date",
        "31/02/2026",
    )


def test_the_same_issue_on_another_row_of_a_file_of_another_name_is_not_new(load, lake):
    load(with_issues(SEPTEMBER, issue("31/02/2026", row=17)))
    done = load(with_issues(OCTOBER, issue("31/02/2026", row=40, file="october.csv"), issue("30/02/2026")))
    assert told(lake, done.snapshot) == [("31/02/2026", False), ("30/02/2026", True)]


def test_of_five_alike_where_there_were_three_two_are_new(load, lake):
    load(with_issues(SEPTEMBER, *[issue(None, row=row, why="must not be blank") for row in range(3)]))
    done = load(with_issues(OCTOBER, *[issue(None, row=row, why="must not be blank") for row in range(5)]))
    assert [new for _, new in told(lake, done.snapshot)] == [False, False, False, True, True]


def test_a_count_inside_a_reason_that_moved_does_not_make_it_new(load, lake):
    load(with_issues(SEPTEMBER, issue("X", why="not a code we know (in 12 rows, the first is 4)")))
    done = load(with_issues(OCTOBER, issue("X", why="not a code we know (in 1,300 rows, the first is 9)")))
    assert told(lake, done.snapshot) == [("X", False)]


def test_the_sentence_says_how_many_and_how_many_are_new(load, lake):
    first = load(with_issues(SEPTEMBER, issue("a"), issue("b")))
    second = load(with_issues(OCTOBER, issue("a"), issue("c")))
    third = load(with_issues(OCTOBER, people=4))
    assert telling.issues_sentence(lake.issues(first.snapshot)) == "2 cells or rows need a look."
    assert "2 cells or rows need a look, 1 of them new" in telling.issues_sentence(lake.issues(second.snapshot))
    assert telling.issues_sentence(lake.issues(third.snapshot)) == "Nothing in the files needs a look."


def test_the_workbook_of_issues_has_the_new_ones_first_and_no_cell_that_runs(load, lake):
    load(with_issues(SEPTEMBER, issue("old")))
    done = load(with_issues(OCTOBER, issue("old"), issue('=HYPERLINK("http://x")', row=3)))
    book = openpyxl.load_workbook(io.BytesIO(issue_book.issues_xlsx(lake.issues(done.snapshot), "October")))
    rows = [[cell.value for cell in row] for row in book["Issues"].iter_rows()]
    assert rows[0] == list(issue_book.COLUMNS)
    assert [row[0] for row in rows[1:]] == ["new", None]
    assert rows[1][6] == '=HYPERLINK("http://x")'
    assert book["Issues"]["G2"].data_type == "s"
    assert book["About"]["A1"].value == "October"


def test_the_csv_of_issues_has_no_cell_that_a_spreadsheet_would_run(load, lake):
    done = load(with_issues(SEPTEMBER, issue("=1+1")))
    assert "'=1+1" in issue_book.issues_csv(lake.issues(done.snapshot)).decode("utf-8-sig")


def test_rows_about_nobody_are_counted_those_not_told_one_by_one_too(load):
    found = [issue("x", why=NO_SUCH_PERSON, row=row) for row in range(3)]
    found.append(issue(None, why=f"{NO_SUCH_PERSON}: and 1,200 more rows", row=None))
    given = with_issues(SEPTEMBER, *found)
    visits = extract(SEPTEMBER, ssd_cp_visits=[]).tables["ssd_cp_visits"]
    done = load(replace(given, tables={**given.tables, "ssd_cp_visits": visits}))
    assert done.snapshot.account.tables["ssd_cp_visits"].nobody == 1203


def test_an_account_that_does_not_add_up_says_so_and_names_the_table(load):
    given = with_issues(SEPTEMBER)
    short = replace(given.tables["ssd_person"], rows_read=5)
    done = load(replace(given, tables={"ssd_person": short}))
    assert "do not add up for People" in telling.account_sentence(telling.steps(done.snapshot))


def test_an_account_that_adds_up_says_what_was_passed_over_and_what_was_copied_forward(load):
    given = with_issues(SEPTEMBER)
    two_lost = replace(given.tables["ssd_person"], rows_read=5, passed_over={"no key": 2})
    load(replace(given, tables={"ssd_person": two_lost}))
    part = load(extract(OCTOBER, ssd_cp_visits=[]))
    assert telling.account_sentence(telling.steps(part.snapshot)) == (
        "0 rows were read: 0 are in. 3 rows were in 1 table copied forward. Every row is accounted for."
    )
