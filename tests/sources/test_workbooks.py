"""Workbooks: each sheet is known by what is in it, and read as its CSV file would be."""

import datetime as dt
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.hostile import workbooks as by_hand
from tests.sources.conftest import PEOPLE, PLANS, Writer, told

from lineofsight.errors import PlainError
from lineofsight.schema import side
from lineofsight.sources import Extract, read

AS_AT = date(2026, 8, 31)
PLAN_HEADINGS = [
    "cppl_cp_plan_id",
    "cppl_person_id",
    "cppl_cp_plan_start_date",
    "cppl_cp_plan_end_date",
    "cppl_cp_plan_latest_category",
]
PERSON_HEADINGS = ["pers_person_id", "pers_forename", "pers_dob"]
Sheets = dict[str, Sequence[Sequence[Any]]]
Made = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Made:
    """Writes a workbook of those sheets, changed by `also` before it is saved."""

    def made(sheets: Sheets, name: str = "book.xlsx", also: Callable[[openpyxl.Workbook], None] | None = None) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            page = book.create_sheet(title)
            for row in rows:
                page.append(list(row))
        if also:
            also(book)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
        return path

    return made


def of(path: Path) -> Extract:
    return read([path], as_at=AS_AT)


def column(extract: Extract, name: str, table: str = "ssd_cp_plans") -> list[Any]:
    return extract.tables[table].table[name].to_pylist()


def plan(start: Any = None, end: Any = None, *, key: Any = "p1", person: Any = "c1") -> list[Any]:
    return [key, person, start, end, None]


def whys(extract: Extract) -> list[tuple[str | None, int | None, str | None, str | None, str]]:
    return [(issue.sheet, issue.row, issue.column, issue.value, issue.why) for issue in told(extract)]


def test_each_sheet_is_a_table_known_by_its_headings_not_by_its_name(make: Made) -> None:
    people = [PERSON_HEADINGS, ["c1", "Ada", dt.date(2015, 1, 2)]]
    extract = of(make({"Sheet1": [PLAN_HEADINGS, plan(dt.date(2026, 1, 5))], "ssd_cla_visits": people}))
    assert list(extract.tables) == ["ssd_cp_plans", "ssd_person"]
    plans, person = extract.tables.values()
    assert (plans.file, plans.sheet, person.sheet) == ("book.xlsx", "Sheet1", "ssd_cla_visits")
    assert (plans.rows_read, plans.table.num_rows, plans.passed_over) == (1, 1, {})
    assert plans.recognised == "all 5 of its headings are columns of ssd_cp_plans"
    assert plans.sha256 == person.sha256
    assert told(extract) == ()
    assert extract.not_read == ()


def test_a_workbook_says_what_its_csv_file_says(make: Made, write_source: Writer) -> None:
    text = [line.split(",") for line in PLANS.splitlines()]
    from_book, from_text = of(make({"Plans": text})), of(write_source("plans.csv", PLANS))
    assert from_book.tables["ssd_cp_plans"].table == from_text.tables["ssd_cp_plans"].table
    assert [issue.why for issue in from_book.issues] == [issue.why for issue in from_text.issues]


@pytest.mark.parametrize(
    "before", [[], [[]], [["Child protection plans"]], [["Plans"], ["as at August"]], [[], [], []]]
)
def test_headings_stand_on_the_first_rows_and_rows_are_told_as_a_person_sees_them(make: Made, before: Any) -> None:
    rows = [*before, PLAN_HEADINGS, plan(dt.date(2026, 1, 5)), [], plan("31/02/2026", key="p2")]
    at = len(before) + 4
    extract = of(make({"Plans": rows}))
    assert whys(extract) == [("Plans", at, "cppl_cp_plan_start_date", "31/02/2026", "there is no such date")]
    assert extract.tables["ssd_cp_plans"].rows_read == 2


@pytest.mark.parametrize(
    ("cell", "look", "found"),
    [
        (dt.date(2026, 1, 5), None, date(2026, 1, 5)),
        (dt.datetime(2026, 1, 5, 14, 30), None, date(2026, 1, 5)),
        (46027, "dd/mm/yyyy", date(2026, 1, 5)),
        (46027.604, "[$-809]d mmm yyyy hh:mm", date(2026, 1, 5)),
        ("05/01/2026", None, date(2026, 1, 5)),
        (60, "dd/mm/yyyy", date(1900, 2, 28)),
        (0, "dd/mm/yyyy", None),
        ("", None, None),
    ],
)
def test_dates_are_dates_however_the_cell_holds_them(make: Made, cell: Any, look: str | None, found: Any) -> None:
    def also(book: openpyxl.Workbook) -> None:
        if look:
            book["Plans"]["C2"].number_format = look

    extract = of(make({"Plans": [PLAN_HEADINGS, plan(cell)]}, also=also))
    assert column(extract, "cppl_cp_plan_start_date") == [found]
    assert told(extract) == ()
    if cell == 0:
        assert extract.tables["ssd_cp_plans"].sentinels == {"cppl_cp_plan_start_date": 1}


@pytest.mark.parametrize(
    ("cell", "look", "value"),
    [
        (46027, "General", "46027"),
        (-5, "dd/mm/yyyy", "-5"),
        (9_999_999, "dd/mm/yyyy", "9999999"),
        (0.5, "hh:mm", "12:00:00"),
        (True, "General", "Y"),
    ],
)
def test_a_number_that_is_no_date_is_told_where_it_stands(make: Made, cell: Any, look: str, value: str) -> None:
    def also(book: openpyxl.Workbook) -> None:
        book["Plans"]["C2"].number_format = look

    (issue,) = told(of(make({"Plans": [PLAN_HEADINGS, plan(cell)]}, also=also)))
    assert (issue.sheet, issue.row, issue.column, issue.value, issue.why) == (
        "Plans", 2, "cppl_cp_plan_start_date", value, "is not a date",
    )  # fmt: skip


def test_the_days_of_a_workbook_from_an_old_macintosh_are_counted_from_1904(make: Made) -> None:
    def also(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book["Plans"]["C2"].number_format = "dd/mm/yyyy"

    extract = of(make({"Plans": [PLAN_HEADINGS, plan(44565)]}, also=also))
    assert column(extract, "cppl_cp_plan_start_date") == [date(2026, 1, 5)]


@pytest.mark.parametrize(
    ("cell", "found"),
    [(7, "7"), (7.0, "7"), (1.5, "1.5"), (1e20, "1e+20"), (123456789012345, "123456789012345"), (True, "Y"),
     (False, "N"),
     (" x ", "x"), ("=1+1 is text", None), (dt.timedelta(hours=30), "1 day, 6:00:00"), (dt.time(9, 30), "09:30:00"),
     (dt.datetime(2026, 1, 5, 9, 30), "2026-01-05 09:30:00"), ("a_x0041_b", "aAb")],
)  # fmt: skip
def test_text_columns_hold_what_the_cell_shows(make: Made, cell: Any, found: str | None) -> None:
    def also(book: openpyxl.Workbook) -> None:
        if isinstance(cell, str):
            book["People"]["B2"].data_type = "s"

    extract = of(make({"People": [PERSON_HEADINGS, ["c1", cell, None]]}, also=also))
    assert column(extract, "pers_forename", "ssd_person") == [found or cell]


def test_a_key_that_is_a_number_is_the_key_that_a_csv_file_has(make: Made, write_source: Writer) -> None:
    write_source("extract/people.csv", PEOPLE.replace("c1", "4021"))
    path = make({"Plans": [PLAN_HEADINGS, plan(person=4021.0, key=9)]}, "extract/plans.xlsx")
    extract = of(path.parent)
    assert column(extract, "cppl_person_id") == ["4021"]
    assert column(extract, "cppl_cp_plan_id") == ["9"]
    assert told(extract) == ()


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#SPILL!"])
@pytest.mark.parametrize("place", [1, 2])
def test_an_error_is_told_where_it_stands_and_never_a_silent_nothing(make: Made, error: str, place: int) -> None:
    def also(book: openpyxl.Workbook) -> None:
        book["Plans"].cell(2, place + 1).data_type = "e"

    row = plan(dt.date(2026, 1, 5))
    row[place] = error
    extract = of(make({"Plans": [PLAN_HEADINGS, row]}, also=also))
    wrong = ("Plans", 2, PLAN_HEADINGS[place], error, "is a spreadsheet's error, not a value")
    assert wrong in whys(extract)
    assert column(extract, PLAN_HEADINGS[place]) == [None]


def test_the_result_of_a_formula_is_read(write_source: Writer) -> None:
    cells = (
        '<c r="A2"><f>X1</f><v>7</v></c><c r="B2" t="str"><f>Y1</f><v>Ada</v></c>'
        '<c r="C2" s="1"><f>today()</f><v>42005</v></c>'
    )
    extract = of(write_source("people.xlsx", by_hand.cells(cells)))
    assert extract.tables["ssd_person"].table.select(PERSON_HEADINGS).to_pylist() == [
        {"pers_person_id": "7", "pers_forename": "Ada", "pers_dob": date(2015, 1, 1)}
    ]
    assert told(extract) == ()


def test_a_formula_that_was_never_worked_out_is_told_and_one_that_gives_nothing_is_not(write_source: Writer) -> None:
    cells = f'{by_hand.KEY}<c r="B2" t="str"><f>""</f><v></v></c><c r="C2"><f>today()</f><v></v></c>'
    (issue,) = told(of(write_source("people.xlsx", by_hand.cells(cells))))
    assert (issue.sheet, issue.row, issue.column) == ("S1", 2, "pers_dob")
    assert issue.why == "holds a formula whose result is not in the file, so it was read as blank"


def test_merged_cells_are_told_where_they_stand_because_only_the_first_holds_a_value(make: Made) -> None:
    rows = [["Plans", None, None, None], PLAN_HEADINGS, plan("2026-01-05"), plan(None, key="p2"), plan(None, key="p3")]
    merge = ("A1:D1", "C3:C5", "F3:G4", "A80:B90")
    extract = of(make({"Plans": rows}, also=lambda book: [book["Plans"].merge_cells(one) for one in merge]))
    (issue,) = told(extract)
    assert (issue.sheet, issue.row, issue.column) == ("Plans", 3, "cppl_cp_plan_start_date")
    assert issue.why.startswith("the cells C3:C5 are merged, so only the first of them holds a value")
    assert column(extract, "cppl_cp_plan_start_date") == [date(2026, 1, 5), None, None]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_and_told(make: Made, state: str) -> None:
    def also(book: openpyxl.Workbook) -> None:
        book["Plans"].sheet_state = state

    extract = of(make({"Read me": [], "Plans": [PLAN_HEADINGS, plan()]}, also=also))
    assert whys(extract) == [("Plans", None, None, None, "the sheet is hidden; it was read all the same")]
    assert extract.tables["ssd_cp_plans"].table.num_rows == 1


def test_a_sheet_that_holds_no_table_is_told_and_an_empty_one_is_nobodys_loss(make: Made) -> None:
    extract = of(make({"Notes": [["Made by", "Ada"]], "Empty": [], "Plans": [PLAN_HEADINGS, plan()]}))
    why = "the sheet holds no table this version knows; not read"
    assert whys(extract) == [("Notes", None, None, None, why)]
    assert [(one.file, one.sheet, one.table, one.rows, one.why) for one in extract.not_read] == [
        ("book.xlsx", "Notes", None, 0, why)
    ]


def test_our_own_template_filled_in_raises_no_issue_for_the_sheet_that_explains_it(tmp_path: Path, make: Made) -> None:
    path = tmp_path / "posts.xlsx"
    path.write_bytes(side.template("side_post", "xlsx"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[1] == "What each column is"
    book.save(path)
    extract = of(path)
    assert "side_post" in extract.tables
    assert not [one for one in extract.issues if one.sheet == "What each column is"]
    assert not extract.not_read


def test_a_sheet_without_its_key_is_told_counted_and_not_read(make: Made) -> None:
    plans = [["plan", *PLAN_HEADINGS[1:]], plan(), [], plan(key="p2")]
    extract = of(make({"Plans": plans, "People": [PERSON_HEADINGS, ["c1", "Ada", None]]}))
    assert list(extract.tables) == ["ssd_person"]
    (one,) = extract.not_read
    assert (one.sheet, one.table, one.rows) == ("Plans", "ssd_cp_plans", 2)
    assert one.why == "the column cppl_cp_plan_id is not in the file, so nothing in it was read"


def test_what_stands_under_no_heading_is_told_by_its_column(make: Made) -> None:
    extract = of(make({"Plans": [[*PLAN_HEADINGS[:2], None, *PLAN_HEADINGS[2:]],
                                 ["p1", "c1", "lost", "2026-01-05", None, None, "far"],
                                 ["p2", "c1", "also lost"]]}))  # fmt: skip
    assert whys(extract) == [
        (
            "Plans",
            2,
            "column C",
            "lost",
            "stands under no heading, so nothing in this column was read (in 2 rows, the first is 2)",
        ),
        ("Plans", 2, "column G", "far", "stands under no heading, so nothing in this column was read"),
    ]
    assert column(extract, "cppl_cp_plan_start_date") == [date(2026, 1, 5), None]


def test_a_workbook_and_csv_files_make_one_extract(make: Made, write_source: Writer) -> None:
    write_source("extract/people.csv", PEOPLE)
    path = make({"Plans": [PLAN_HEADINGS, plan(), plan(person="c9", key="p2")]}, "extract/plans.xlsx")
    extract = of(path.parent)
    assert list(extract.tables) == ["ssd_cp_plans", "ssd_person"]
    assert whys(extract) == [("Plans", 3, "cppl_person_id", "c9", "there is no such person in this extract")]


def test_two_sheets_or_a_sheet_and_a_file_with_the_same_table_are_refused(make: Made, write_source: Writer) -> None:
    rows = [PLAN_HEADINGS, plan()]
    with pytest.raises(PlainError) as refused:
        of(make({"One": rows, "Two": rows}))
    assert str(refused.value) == (
        "book.xlsx, sheet One and book.xlsx, sheet Two both hold ssd_cp_plans: leave one of them in the extract."
    )
    paths = [write_source("plans.csv", PLANS), make({"One": rows}, "plans.xlsx")]
    with pytest.raises(PlainError, match=r"plans\.csv and plans\.xlsx, sheet One both hold ssd_cp_plans"):
        read(paths, as_at=AS_AT)


def test_a_census_among_sheets_is_refused(make: Made, write_source: Writer) -> None:
    census = write_source("census.xml", "<Message/>")
    with pytest.raises(PlainError, match=r"census\.xml is a return and book\.xlsx, sheet Plans is a table"):
        read([make({"Plans": [PLAN_HEADINGS, plan()]}), census], as_at=AS_AT)


def test_the_hash_is_of_the_workbook_whatever_it_is_called(make: Made, tmp_path: Path) -> None:
    path = make({"Plans": [PLAN_HEADINGS, plan()]})
    before = of(path).sha256
    assert of(path.rename(tmp_path / "other.xlsx")).sha256 == before


def test_sheets_written_in_the_strict_form_are_read(write_source: Writer) -> None:
    strict = by_hand.MAIN.replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    parts = {name: data.replace(by_hand.MAIN, strict) for name, data in by_hand.parts_of(by_hand.sheet()).items()}
    extract = of(write_source("people.xlsx", by_hand.packed(parts)))
    assert column(extract, "pers_forename", "ssd_person") == [by_hand.NAME]


def test_reading_a_workbook_tells_how_far_it_is(make: Made) -> None:
    steps: list[tuple[str, int, int]] = []
    path = make({"Plans": [PLAN_HEADINGS, plan()], "People": [PERSON_HEADINGS, ["c1", "Ada", None]]})
    read([path], as_at=AS_AT, progress=lambda step, done, total: steps.append((step, done, total)))
    assert steps == [
        ("Reading book.xlsx", 0, 2),
        ("Reading book.xlsx", 1, 2),
        ("Reading book.xlsx, sheet Plans", 0, 2),
        ("Reading book.xlsx, sheet People", 1, 2),
        ("Checking who the rows are about", 2, 2),
    ]
