"""Nothing that leaves runs in a spreadsheet: every way out, any text."""

import csv
import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight.checks import report
from lineofsight.checks.engine import FAILED, Issue, Outcome, Result
from lineofsight.checks.layout import load as checks_of
from lineofsight.checks.rules import load as rules_of
from lineofsight.checks.years import Year
from lineofsight.cli import console
from lineofsight.formulas import FORMULA_STARTS, neutral
from lineofsight.lake import issues
from lineofsight.loading import issue_book
from lineofsight.web.access import downloads as lists
from lineofsight.web.access.desk import files
from lineofsight.web.practice import downloads

SOURCE = Path(__file__).parent.parent.parent / "src" / "lineofsight"
# What writes CSV to be loaded, not to be looked at.
WRITES_EXTRACTS = {"synth/sheets.py", "synth/extracts.py"}
# What puts a cell's spaces right before it is written: tests/plans/test_writing.py asks it the same.
TIDIES_FIRST = {"plans/writing.py"}
# What OWASP names, and what stands first in an attack seen.
STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
Row = Sequence[object]

BODY = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12)
FORMULAS = st.builds(lambda start, rest: start + rest, st.sampled_from(STARTS), BODY)
TEXTS = st.lists(FORMULAS | BODY, min_size=1, max_size=5)


def a_list(row: Row) -> str:
    return lists.as_csv(lists.Sheet("list", "", columns(row), [row])).content.decode("utf-8-sig")


def the_desk(row: Row) -> str:
    return files.as_csv(columns(row), [row]).decode("utf-8-sig")


def the_command(row: Row) -> str:
    out = io.StringIO(newline="")
    with redirect_stdout(out):
        console.show([dict(zip(columns(row), row, strict=True))], console.Format.CSV)
    return out.getvalue()


def the_issues(row: Row) -> str:
    """The issues of a load: the row's cells as what their cells held."""
    cells = [{"number": number, "value": str(cell), "new": True} for number, cell in enumerate(row)]
    written = issue_book.issues_csv(pa.Table.from_pylist(cells, issues.SCHEMA)).decode("utf-8-sig")
    values = [line[issue_book.COLUMNS.index("Value")] for line in csv.reader(io.StringIO(written, newline=""))]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([columns(row), values[1:]])
    return out.getvalue()


def the_check(row: Row) -> str:
    """What a check found: the row's cells as ids of children."""
    layout = checks_of("cin")
    rule = next(one for one in rules_of(layout) if one.code == "8925")
    found = [Issue("8925", "ChildProtectionPlans", at, str(cell), {}, 1, 0, (at,)) for at, cell in enumerate(row)]
    result = Result(layout, Year(2026), 1, (Outcome(rule, FAILED, len(found)),), tuple(found), ())
    out = io.StringIO(newline="")
    report.write_csv(result, out, ["census.xml"])
    lines = csv.reader(io.StringIO(out.getvalue(), newline=""))
    told = [line[report.ISSUE_COLUMNS.index("Child")] for line in lines]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([columns(row), told[1:]])
    return out.getvalue()


def columns(row: Row) -> list[str]:
    return [f"column {place}" for place in range(len(row))]


WAYS: list[Callable[[Row], str]] = [a_list, the_desk, the_command, the_issues, the_check]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@settings(max_examples=100)
@given(row=TEXTS)
def test_no_cell_of_a_csv_begins_as_a_formula(way: Callable[[Row], str], row: list[str]) -> None:
    _, written = csv.reader(io.StringIO(way(row), newline=""))
    assert [
        cell.removeprefix("'") if was[:1] in STARTS else cell for was, cell in zip(row, written, strict=True)
    ] == row
    assert not any(cell.startswith(tuple(STARTS)) for cell in written)


@settings(max_examples=60)
@given(row=TEXTS)
def test_no_cell_of_a_workbook_is_a_formula_a_link_or_a_number(row: list[str]) -> None:
    response = downloads.as_xlsx(downloads.Sheet("list", "=note", columns(row), [row]))
    for page in openpyxl.load_workbook(io.BytesIO(response.content)):
        for cell in (cell for line in page.iter_rows() for cell in line):
            assert cell.value is None or cell.data_type == "s"
            assert cell.hyperlink is None


@pytest.mark.parametrize("start", STARTS)
def test_a_heading_is_written_as_carefully_as_a_cell(start: str) -> None:
    written = lists.as_csv(lists.Sheet("list", "", [f"{start}x"], [])).content.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(written, newline=""))) == [f"'{start}x"]


def test_a_number_stays_a_number_and_nothing_is_nothing() -> None:
    assert [neutral(cell) for cell in (-1, 2.5, None, "-1", "plain")] == ["-1", "2.5", "", "'-1", "plain"]
    assert set(STARTS) == set(FORMULA_STARTS)


def test_whatever_writes_csv_or_workbooks_writes_it_so() -> None:
    modules = {path.relative_to(SOURCE).as_posix(): path.read_text() for path in SOURCE.rglob("*.py")}
    writers = {name for name, text in modules.items() if "csv.writer(" in text or "DictWriter(" in text}
    assert len(writers - WRITES_EXTRACTS - TIDIES_FIRST) == len(WAYS)
    assert all("neutral(" in modules[name] for name in writers - WRITES_EXTRACTS)
    books = {name for name, text in modules.items() if "xlsxwriter.Workbook(" in text}
    assert books
    for name in books:
        assert '"strings_to_formulas": False, "strings_to_urls": False' in modules[name]
        assert ".write(" not in modules[name].replace("data.write(", "")
