"""A workbook with forty things wrong gives forty located issues, and still gives everything in it that is right."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from lineofsight.schema import tables
from lineofsight.schema.cells import UNSEEN
from lineofsight.schema.conforming import HEADER_AGAIN, NO_KEY, SAME_KEY
from lineofsight.sources import Extract, read
from lineofsight.sources.workbook_cells import NO_RESULT
from lineofsight.sources.workbooks import MERGED

FILE, AS_AT = "everything.xlsx", date(2026, 8, 31)
LAST = 20  # the last row of each sheet; those of which nothing is said below are right
HEADER = object()  # the whole row is the headings again
UNWORKED = "=today()"

PEOPLE = [column.name for column in tables()["ssd_person"].columns]
PLANS = [column.name for column in tables()["ssd_cp_plans"].columns]
VISITS = [column.name for column in tables()["ssd_cp_visits"].columns]
STAFF = [column.name for column in tables()["ssd_professionals"].columns]
# By sheet: its table, the row of its headings, and the headings, some of them wrong already.
SHEETS = {
    "People": ("ssd_person", 1, [*PEOPLE, "Shoe size"]),
    "Plans": (
        "ssd_cp_plans",
        1,
        [*(name.replace("_start_date", "_start") for name in PLANS), "CPPL CP Plan End Date"],
    ),
    "Visits": ("ssd_cp_visits", 1, [name for name in VISITS if name != "cppv_cp_visit_seen"]),
    "Staff": ("ssd_professionals", 3, STAFF),
}


class Wrong(NamedTuple):
    """One thing wrong: what is put into which cell, and what is said of it. No row: it is about the column or sheet.

    `shown` is how the cell is told where that is not as it was put.
    """

    sheet: str
    row: int | None
    column: str | None
    value: Any
    why: str
    shown: str | None = None


ERROR = "is a spreadsheet's error, not a value"
NO_SUCH_DATE, NOT_A_DATE, NO_FLAG = "there is no such date", "is not a date", "is neither yes nor no"
ALONE, START = "cppv_cp_visit_seen_alone", "cppl_cp_plan_start_date"
FULL_TIME, CASELOAD = "prof_full_time_equivalency", "prof_professional_caseload"
NOT_IN_LIST = "is not in the list of {} codes; kept as it is"
NO_SUCH_COLUMN = "there is no such column; what needs it is not measured"

FORTY = [
    Wrong("People", 3, "pers_dob", "31/02/2015", NO_SUCH_DATE),
    Wrong("People", 4, "pers_dob", "soon", NOT_A_DATE),
    Wrong("People", 5, "pers_dob", "1/2/15", "the year has two digits, so the century is not known"),
    Wrong("People", 6, "pers_dob", datetime(2126, 6, 5), "the year cannot be right", "2126-06-05"),
    Wrong("People", 7, "pers_dob", 42005, NOT_A_DATE, "42005"),
    Wrong("People", 8, "pers_dob", "#REF!", ERROR),
    Wrong("People", 9, "pers_sex", "X", NOT_IN_LIST.format("sex")),
    Wrong("People", 10, "pers_ethnicity", "MARTIAN", NOT_IN_LIST.format("ethnicity")),
    Wrong("People", 11, "pers_send_flag", "perhaps", NO_FLAG),
    Wrong("People", 12, "pers_person_id", None, NO_KEY, ""),
    Wrong("People", 13, "pers_person_id", "c2", "the same key as row 2; the first is kept"),
    Wrong("People", 14, "pers_person_id", HEADER, HEADER_AGAIN, "pers_person_id"),
    Wrong("People", 15, "pers_forename", "Ada\u202e", UNSEEN, "Ada\\u202e"),
    Wrong("People", 16, "pers_forename", "#N/A", ERROR),
    Wrong("People", 17, "column R", "a note", "stands under no heading, so nothing in this column was read"),
    Wrong("People", None, "Shoe size", None, "not a column of this table; ignored"),
    Wrong("Plans", None, "cppl_cp_plan_start", None, f"not a column of this table; ignored; is it {START}?"),
    Wrong("Plans", None, START, None, f"{NO_SUCH_COLUMN}; is it the column headed cppl_cp_plan_start?"),
    Wrong("Plans", None, "CPPL CP Plan End Date", None, "this column stands more than once; the first is read"),
    Wrong("Plans", 3, "cppl_person_id", "c99", "there is no such person in this extract"),
    Wrong("Plans", 4, "cppl_person_id", None, "must not be blank"),
    Wrong("Plans", 5, "cppl_cp_plan_end_date", "2026-13-01", NO_SUCH_DATE),
    Wrong("Plans", 6, "cppl_cp_plan_initial_category", "ZZZ", NOT_IN_LIST.format("cp category")),
    Wrong("Plans", 7, "cppl_cp_plan_ola", 2, NO_FLAG, "2"),
    Wrong("Plans", 8, "cppl_cp_plan_id", "p2", "the same key as row 2; the first is kept"),
    Wrong("Plans", 10, "cppl_referral_id", "r10", f"the cells B10:B11 {MERGED}"),
    Wrong("Visits", None, None, None, "the sheet is hidden; it was read all the same"),
    Wrong("Visits", None, "cppv_cp_visit_seen", None, NO_SUCH_COLUMN),
    Wrong("Visits", 3, "cppv_cp_visit_date", "29/02/2026", NO_SUCH_DATE),
    Wrong("Visits", 4, "cppv_person_id", "nobody", "there is no such person in this extract"),
    Wrong("Visits", 5, ALONE, "sometimes", NO_FLAG),
    Wrong("Visits", 6, "cppv_cp_visit_id", HEADER, HEADER_AGAIN, "cppv_cp_visit_id"),
    Wrong("Visits", 7, "cppv_cp_visit_date", UNWORKED, NO_RESULT),
    Wrong("Staff", 5, CASELOAD, "twelve", "is not a whole number"),
    Wrong("Staff", 6, CASELOAD, 12.5, "is not a whole number", "12.5"),
    Wrong("Staff", 7, FULL_TIME, "full", "is not a number"),
    Wrong("Staff", 8, FULL_TIME, "#DIV/0!", ERROR),
    Wrong("Staff", 9, "prof_agency_worker_flag", "?", NO_FLAG),
    Wrong("Staff", 10, "prof_professional_id", " ", NO_KEY),
    Wrong("Notes", None, None, None, "the sheet holds no table this version knows; not read"),
]  # fmt: skip
NOT_SHOWN = (UNWORKED, "r10")  # what is said of these is about the cell, not about what it holds
GOOD = {"date": datetime(2026, 1, 5), "flag": "Y", "integer": 12, "real": 0.6}
CODES = {"sex": "F", "gender": "01", "ethnicity": "WBRI", "upn_unknown": "UN1", "cp_category": "NEG"}


def good(table: str, name: str, row: int) -> Any:
    """What stands in a cell that is right."""
    column = next((one for one in tables()[table].columns if one.name == name), None)
    if column is None:
        return None
    if column.codes:
        return CODES[column.codes]
    if column.name.endswith("_person_id"):
        return f"c{row if table == 'ssd_person' else 2}"
    if column.name in tables()[table].key:
        return f"{name[0]}{row}" if table != "ssd_cp_plans" else f"p{row}"
    return GOOD.get(column.kind, f"{name} {row}")


def put(page: Any, headings: Sequence[str], wrong: Wrong) -> None:
    if wrong.row is None:
        return
    if wrong.value is HEADER:
        for column, name in enumerate(headings, 1):
            page.cell(wrong.row, column).value = name
        return
    column = 18 if wrong.column == "column R" else list(headings).index(wrong.column or "") + 1
    cell = page.cell(wrong.row, column)
    cell.value = wrong.value
    if isinstance(wrong.value, int):
        cell.number_format = "General"


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Made by the performance team"])
    for title, (table, top, headings) in SHEETS.items():
        page = book.create_sheet(title)
        for column, name in enumerate(headings, 1):
            page.cell(top, column).value = name
            for row in range(top + 1, LAST + 1):
                page.cell(row, column).value = good(table, name, row)
        for wrong in FORTY:
            if wrong.sheet == title:
                put(page, headings, wrong)
    book["Staff"]["A1"] = "Social work staff"
    book["Plans"].merge_cells("B10:B11")
    book["Visits"].sheet_state = "hidden"
    book["People"].cell(18, PEOPLE.index("pers_death_date") + 1).value = datetime(1900, 1, 1)
    path: Path = tmp_path_factory.mktemp("forty") / FILE
    book.save(path)
    return read([path], as_at=AS_AT)


def test_there_are_forty_things_wrong_and_no_two_are_the_same() -> None:
    assert len({wrong[:3] + wrong[4:] for wrong in FORTY}) == len(FORTY) == 40


@pytest.mark.parametrize("wrong", FORTY, ids=lambda wrong: f"{wrong.sheet} {wrong.row} {wrong.column}")
def test_what_is_wrong_is_told_at_its_very_sheet_row_column_and_value(extract: Extract, wrong: Wrong) -> None:
    value = None if wrong.value in NOT_SHOWN else wrong.value if wrong.shown is None else wrong.shown
    table = SHEETS[wrong.sheet][0] if wrong.sheet in SHEETS else None
    told = [
        (issue.file, issue.sheet, issue.table, issue.row, issue.column, issue.value, issue.why)
        for issue in extract.issues
    ]
    assert told.count((FILE, wrong.sheet, table, wrong.row, wrong.column, value, wrong.why)) == 1


def test_nothing_else_is_told(extract: Extract) -> None:
    known = {(wrong.sheet, wrong.row, wrong.column) for wrong in FORTY}
    assert [issue for issue in extract.issues if (issue.sheet, issue.row, issue.column) not in known] == []
    assert len(extract.issues) == len(FORTY)


def test_every_row_that_is_right_is_in_its_table_and_the_others_are_counted(extract: Extract) -> None:
    gone = {"People": {12: NO_KEY, 13: SAME_KEY, 14: HEADER_AGAIN}, "Plans": {8: SAME_KEY}, "Visits": {6: HEADER_AGAIN},
            "Staff": {10: NO_KEY}}  # fmt: skip
    for title, (table, top, _) in SHEETS.items():
        source = extract.tables[table]
        key = tables()[table].key[0]
        right = [row for row in range(top + 1, LAST + 1) if row not in gone[title]]
        assert source.table[key].to_pylist() == [good(table, key, row) for row in right]
        assert source.passed_over == dict.fromkeys(gone[title].values(), 1)
        assert source.rows_read == LAST - top
        assert source.sheet == title


def test_every_cell_that_is_right_holds_what_was_put_there(extract: Extract) -> None:
    looked_at = 0
    for title, (table, top, headings) in SHEETS.items():
        wrong = {(one.row, one.column) for one in FORTY if one.sheet == title}
        wrong |= {(11, "cppl_referral_id")} if title == "Plans" else {(18, "pers_death_date")}
        for row, typed in zip(kept_rows(title, top), extract.tables[table].table.to_pylist(), strict=True):
            for name in [name for name in headings if name in typed and (row, name) not in wrong]:
                put_there = good(table, name, row)
                held = put_there.date() if isinstance(put_there, datetime) else put_there
                assert typed[name] == held, (title, row, name)
                looked_at += 1
    assert looked_at > 500


def kept_rows(title: str, top: int) -> list[int]:
    gone = {
        wrong.row for wrong in FORTY if wrong.sheet == title and ("not read" in wrong.why or "same key" in wrong.why)
    }
    return [row for row in range(top + 1, LAST + 1) if row not in gone]


def test_what_is_wrong_is_blank_or_kept_as_its_reason_says(extract: Extract) -> None:
    people = {row["pers_person_id"]: row for row in extract.tables["ssd_person"].table.to_pylist()}
    assert [people[f"c{row}"]["pers_dob"] for row in range(3, 9)] == [None] * 6
    assert (people["c9"]["pers_sex"], people["c10"]["pers_ethnicity"]) == ("X", "MARTIAN")
    assert (people["c15"]["pers_forename"], people["c16"]["pers_forename"]) == ("Ada", None)
    assert people["c18"]["pers_death_date"] is None
    assert extract.tables["ssd_person"].sentinels == {"pers_death_date": 1}
    plans = extract.tables["ssd_cp_plans"].table.to_pylist()
    assert {row[START] for row in plans} == {None}
    assert [row["cppl_referral_id"] for row in plans if row["cppl_cp_plan_id"] in ("p10", "p11")] == ["r10", None]
