"""Files of children: what is shown, and nothing that runs."""

import csv
import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.web.practice import downloads

HOSTILE = ["=1+1", "+44 20", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "\uff1d1+1"]


def sheet_of(rows, columns=("Name", "Due")):
    return downloads.Sheet("children", "As at 31 October 2026.", columns, rows)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_that_could_run_in_a_spreadsheet_is_written_as_text(text):
    made = downloads.as_csv(sheet_of([(text, None)])).content.decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(made, newline="")))[1:]
    assert row[0] == "'" + text


@given(st.lists(st.text(alphabet=st.characters(blacklist_categories=["Cs"])), min_size=1, max_size=5))
def test_no_text_at_all_begins_a_csv_cell_as_a_formula(texts):
    made = downloads.as_csv(sheet_of([tuple(texts)], [f"c{n}" for n in range(len(texts))]))
    for row in list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"), newline="")))[1:]:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_a_workbook_holds_text_as_text_dates_as_dates_and_no_formula():
    rows = [(text, date(2026, 10, 26)) for text in HOSTILE]
    made = downloads.as_xlsx(sheet_of(rows))
    with zipfile.ZipFile(io.BytesIO(made.content)) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        shared = "".join(ElementTree.fromstring(book.read("xl/sharedStrings.xml")).itertext())  # noqa: S314
    assert "<f>" not in page
    assert "=cmd|' /C calc'!A0" in shared
    assert page.count("<v>46321</v>") == len(rows)  # 26 October 2026 as a workbook counts days


def test_both_files_hold_the_same_rows_and_are_never_kept_by_a_browser():
    rows = [("Ann", date(2026, 10, 26)), ("Ben", None)]
    for made in (downloads.as_csv(sheet_of(rows)), downloads.as_xlsx(sheet_of(rows))):
        assert made["Cache-Control"] == "no-store"
        assert made["Content-Disposition"].startswith("attachment")
    assert downloads.as_csv(sheet_of(rows)).content.decode("utf-8-sig").splitlines() == [
        "Name,Due",
        "Ann,2026-10-26",
        "Ben,",
    ]
