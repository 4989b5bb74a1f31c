"""Every row of every file is in its table or passed over for a reason that is counted: nothing else becomes of it."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.mutations import CENSUS
from tests.sources.conftest import PEOPLE, PLANS, Writer
from tests.times import times

from lineofsight.schema.conforming import HEADER_AGAIN, NO_KEY, SAME_KEY
from lineofsight.sources import Extract, NotRead, SourceTable, read
from lineofsight.sources.cin_tables import IN_NO_CHILD
from lineofsight.sources.ssd import RAGGED

AS_AT = date(2026, 8, 31)
FEW, MANY = 150, times(1_000)
LENGTHS = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.full)]
HOUSE = {"suppress_health_check": list(HealthCheck), "deadline": None}
HEADER = ["cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "notes"]
KEY = HEADER[0]

KEYS = st.sampled_from(["p1", "p2", "p3", " p1 ", "", " ", "NULL", "#N/A", KEY, KEY.upper(), "\u202e", "p\u202e1"])
CELLS = st.sampled_from(["", " ", "c1", "2026-01-05", "31/02/2026", "#REF!", '"', "a,b", "=1+1"])


@st.composite
def rows_of(draw: st.DrawFn) -> list[list[str]]:
    """Rows of a table of plans: whole, blank, ragged, without a key, with one seen before, the header again."""
    row = st.tuples(KEYS, *[CELLS] * 4).map(list)
    blank = st.sampled_from([[""] * 5, [" "] * 5])
    ragged = st.lists(CELLS, min_size=1, max_size=8)
    return draw(st.lists(row | row | blank | ragged, min_size=1, max_size=12))


def expected(rows: list[list[str]], *, ragged: bool) -> Counter[str]:
    """What must become of the rows, worked out one by one: the reasons, and 'kept'."""
    out: Counter[str] = Counter()
    seen: set[str] = set()
    for cells in rows:
        if ragged and len(cells) != len(HEADER):
            out[RAGGED] += any(cell.strip() for cell in cells)
            continue
        known = cells[:4]
        key = known[0].strip().replace("\u202e", "")
        if not any(cell.strip() for cell in known):
            continue
        if key in ("", "NULL") or key.startswith("#"):
            out[NO_KEY] += 1
        elif key.lower() == KEY:
            out[HEADER_AGAIN] += 1
        elif key in seen:
            out[SAME_KEY] += 1
        else:
            seen.add(key)
            out["kept"] += 1
    return +out


def as_text(rows: list[list[str]], path: Path) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADER, *rows])
    path.write_text(stream.getvalue())


def as_workbook(rows: list[list[str]], path: Path) -> None:
    book = openpyxl.Workbook()
    for number, cells in enumerate([HEADER, *rows], 1):
        for column, text in enumerate(cells, 1):
            if text:
                book.active.cell(number, column, text).data_type = "e" if text.startswith("#") else "s"
    book.save(path)


FORMS = {"plans.csv": as_text, "plans.xlsx": as_workbook}


@pytest.mark.parametrize("number", LENGTHS)
@pytest.mark.parametrize("form", FORMS)
def test_the_rows_of_a_file_are_those_kept_and_those_passed_over_by_reason(
    form: str, number: int, tmp_path: Path, counted: Callable[..., None]
) -> None:
    reasons: Counter[str] = Counter()

    @settings(max_examples=number, **HOUSE)
    @given(rows=rows_of())
    def one(rows: list[list[str]]) -> None:
        path = tmp_path / form
        FORMS[form](rows, path)
        source = read([path], as_at=AS_AT).tables["ssd_cp_plans"]
        must = expected(rows, ragged=form.endswith(".csv"))
        assert source.table.num_rows == must["kept"]
        assert Counter(source.passed_over) == must - Counter(kept=must["kept"])
        assert source.rows_read == must.total()
        reasons.update(must)

    one()
    assert {NO_KEY, HEADER_AGAIN, SAME_KEY, "kept"} <= set(reasons)
    counted("rows accounted for", reasons.total(), f"{form}: {dict(reasons)}")


def test_rows_are_counted_by_the_reason_they_were_passed_over(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/ssd/plans.csv", PLANS + f"p3,c1\n\np1,c2,,\n,c1,,\n{PLANS.splitlines()[0]}\n")
    plans = read([small_extract]).tables["ssd_cp_plans"]
    assert plans.passed_over == {NO_KEY: 1, HEADER_AGAIN: 1, SAME_KEY: 1, RAGGED: 1}
    assert (plans.rows_read, plans.table.num_rows) == (6, 2)


def test_a_file_without_its_key_is_counted_row_by_row_and_said_not_to_be_read(
    small_extract: Path, write_source: Writer
) -> None:
    write_source("extract/ssd/plans.csv", PLANS.replace("cppl_cp_plan_id", "cp_plan_ids") + "\np9,c1\n,,,\n")
    why = (
        "the column cppl_cp_plan_id is not in the file, so nothing in it was read; is it the column headed cp_plan_ids?"
    )
    assert read([small_extract]).not_read == (NotRead("ssd/plans.csv", None, "ssd_cp_plans", 3, why),)


def test_a_file_nobody_knows_is_among_those_not_read(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/ssd/minutes.txt", "Present: the Director\n")
    assert read([small_extract]).not_read == (
        NotRead("ssd/minutes.txt", None, None, 0, "not a file this version knows; not read"),
    )


def test_each_table_says_in_a_sentence_why_it_was_taken_for_what_it_is(
    small_extract: Path, write_source: Writer
) -> None:
    write_source("extract/ssd/people.csv", PEOPLE.replace("pers_forename", "pet"))
    tables = read([small_extract]).tables
    assert tables["ssd_person"].recognised == "2 of its 3 headings are columns of ssd_person"
    assert tables["ssd_cp_plans"].recognised == "all 4 of its headings are columns of ssd_cp_plans"
    assert tables["ssd_cp_plans"].sheet is None


def census(write_source: Writer, change: Callable[[str], str]) -> Extract:
    return read([write_source("census.xml", change(CENSUS.decode()))])


def adds_up(source: SourceTable) -> bool:
    return source.rows_read == source.table.num_rows + sum(source.passed_over.values())


def test_a_child_of_a_census_without_an_id_is_counted_with_all_that_stands_in_it(write_source: Writer) -> None:
    whole = census(write_source, lambda text: text)
    child = CENSUS.decode().partition("<Children>")[2].partition("</Children>")[0]
    nobody = child.replace("<LAchildID>", "<LAchildID/><!--").replace("</LAchildID>", "-->")
    both = census(write_source, lambda text: text.replace("</Children>", nobody + "</Children>"))
    for name, source in both.tables.items():
        was = whole.tables[name]
        assert adds_up(source)
        assert source.table.num_rows == was.table.num_rows
        assert source.recognised == "it is a children in need census, which has elements for this table"
        lost = source.passed_over.get(IN_NO_CHILD, 0)
        assert lost == (0 if name == "ssd_initial_cp_conference" else was.rows_read)


def test_a_child_that_stands_twice_in_a_census_is_counted_once_as_a_row_passed_over(write_source: Writer) -> None:
    child = CENSUS.decode().partition("<Children>")[2].partition("</Children>")[0]
    person = census(write_source, lambda text: text.replace("</Children>", child + "</Children>")).tables["ssd_person"]
    assert (person.rows_read, person.table.num_rows, person.passed_over) == (2, 1, {SAME_KEY: 1})
