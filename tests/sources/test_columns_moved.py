"""Columns renamed, moved, dropped or doubled, in any table, as text or as a workbook: nothing is lost in silence."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.times import times

from lineofsight.errors import PlainError
from lineofsight.schema import Column, Issue, Table, codes, heading, tables
from lineofsight.schema.issue import shown
from lineofsight.schema.lacking import OTHERS_LACKING
from lineofsight.sources import Extract, read

AS_AT = date(2026, 8, 31)
FEW, MANY = 5, times(20)
LENGTHS = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.full)]
HOUSE = {"suppress_health_check": list(HealthCheck), "deadline": None}
Counted = Callable[..., None]
Grid = list[list[str]]


@dataclass(frozen=True)
class File:
    """A file of a table: its headings as written and its rows, the first of which is row 2."""

    table: Table
    header: list[str]
    rows: Grid


def good(column: Column, row: int) -> str:
    """A value that a column takes, another in each row where it may be."""
    if column.codes:
        return sorted(codes(column.codes))[row % len(codes(column.codes))]
    return {
        "text": f"{column.name}-{row}",
        "date": f"2026-01-{row + 1:02}",
        "flag": "Y",
        "integer": str(row),
        "real": "1.5",
    }[column.kind]


def like(name: str) -> st.SearchStrategy[str]:
    """Headings that somebody might write for a column, and some that nobody would."""
    return st.sampled_from(
        [name[:-1], name + "s", name.partition("_")[2], name.replace("_", ""), name.upper()]
    ) | st.text("abcxyz_ ,;\"'", max_size=12)


@st.composite
def files(draw: st.DrawFn, table: Table) -> File:
    """A table with a few of its columns renamed, dropped, doubled and moved, a few cells spoiled and rows repeated."""
    names = [column.name for column in table.columns]
    dropped = draw(st.sets(st.sampled_from(names), max_size=3))
    kept = [name for name in draw(st.permutations(names)) if name not in dropped] or names[:1]
    kept += draw(st.lists(st.sampled_from(kept), max_size=2))
    renamed = {place: draw(like(kept[place])) for place in draw(st.sets(st.integers(0, len(kept) - 1), max_size=3))}
    header = [renamed.get(place, name) for place, name in enumerate(kept)]
    rows = [[good(table.column(name), row) for name in kept] for row in range(draw(st.integers(1, 4)))]
    for _ in range(draw(st.integers(0, 4))):
        row, place = draw(st.integers(0, len(rows) - 1)), draw(st.integers(0, len(kept) - 1))
        rows[row][place] = draw(
            st.sampled_from(["", "31/02/2026", "tea", "#N/A", "NULL", rows[0][place], header[place]])
        )
    return File(table, header, rows)


def as_text(file: File, path: Path) -> None:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([file.header, *file.rows])
    path.write_text(stream.getvalue())


def as_workbook(file: File, path: Path) -> None:
    book = openpyxl.Workbook()
    for number, row in enumerate([file.header, *file.rows], 1):
        for column, text in enumerate(row, 1):
            if text:
                book.active.cell(number, column, text).data_type = "e" if text.startswith("#") else "s"
    book.save(path)


FORMS = {"file.csv": as_text, "file.xlsx": as_workbook}


@pytest.mark.parametrize("number", LENGTHS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", tables().values(), ids=lambda table: table.name)
def test_nothing_of_a_table_is_lost_in_silence_whatever_becomes_of_its_columns(
    table: Table, form: str, number: int, tmp_path: Path, counted: Counted
) -> None:
    ends = {"read": 0, "not read": 0, "refused": 0}

    @settings(max_examples=number, **HOUSE)
    @given(file=files(table))
    def one(file: File) -> None:
        path = tmp_path / form
        FORMS[form](file, path)
        (tmp_path / "people.csv").write_text("pers_person_id,pers_forename\nc1,Ada\n")
        paths = [path] if table.name == "ssd_person" else [path, tmp_path / "people.csv"]
        try:
            extract = read(paths, as_at=AS_AT)
        except PlainError as refused:
            assert form in str(refused)
            ends["refused"] += 1
            return
        if table.name in extract.tables:
            explained(file, extract)
            ends["read"] += 1
        elif any(text.strip() for line in (file.header, *file.rows) for text in line):
            (one_not_read,) = extract.not_read
            assert one_not_read.table in (table.name, None)
            assert any(issue.why == one_not_read.why for issue in extract.issues)
            if one_not_read.table:
                assert one_not_read.rows == sum(any(text.strip() for text in row) for row in file.rows)
            ends["not read"] += 1

    one()
    counted("tables with their columns moved", sum(ends.values()), f"{table.name}, {form}: {ends}")


def explained(file: File, extract: Extract) -> None:
    """Every cell of the file is in the table, or an issue says where it is gone; every column lacking is told."""
    source = extract.tables[file.table.name]
    issues = [issue for issue in extract.issues if issue.table == file.table.name]
    places = columns_read(file)
    assert set(places.values()) == set(source.columns_present)
    for name in set(source.table.column_names) - set(source.columns_present):
        assert any(issue.column == name or lists(issue, name) for issue in issues), (
            f"{name} is lacking, and nobody says so"
        )
    keys = {tuple(key.values()): row for key, row in zip(
        source.table.select(file.table.key).to_pylist(), source.table.to_pylist(), strict=True
    )}  # fmt: skip
    at = {name: place for place, name in places.items()}
    for number, row in enumerate(file.rows, 2):
        typed = keys.get(tuple(row[at[name]].strip() for name in file.table.key))
        here = [issue for issue in issues if issue.row == number]
        if typed is None:
            blank = not any(row[place].strip() for place in places)
            assert blank or (here and source.passed_over), f"row {number} is gone"
            continue
        for place, text in enumerate(row):
            if text.strip():
                cell_explained(file, place, text, typed, here, issues)


def cell_explained(
    file: File, place: int, text: str, typed: dict[str, object], here: Sequence[Issue], issues: Sequence[Issue]
) -> None:
    name = columns_read(file).get(place)
    if name is None:
        written = shown(file.header[place])
        letter = openpyxl.utils.get_column_letter(place + 1)
        assert any(issue.column in (written, f"column {letter}") for issue in issues), f"{written}: {text} is gone"
    elif text != "NULL":
        again = any(issue.why.startswith("the same key") for issue in here)
        assert typed[name] is not None or again or any(issue.column == name for issue in here), (
            f"{name}: {text} is gone"
        )


def columns_read(file: File) -> dict[int, str]:
    """By place, the column that is read from there: the first heading of each."""
    known = {column.name for column in file.table.columns}
    found: dict[str, int] = {}
    for place, written in enumerate(file.header):
        if heading(written) in known:
            found.setdefault(heading(written), place)
    return {place: name for name, place in found.items()}


def lists(issue: Issue, name: str) -> bool:
    return issue.why.startswith(OTHERS_LACKING) and name in issue.why.partition(": ")[2].split(", ")
