"""The side tables for whoever fills them: words, examples that load, queries that run, templates that come back."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pytest

from lineofsight import schema, sources
from lineofsight.errors import PlainError
from lineofsight.schema import side

NAMES = [table.name for table in schema.tables().values() if table.side]
CASE_SYSTEM = (Path(__file__).parent / "case_system.sql").read_text()


def columns(name: str) -> list[str]:
    return [column.name for column in schema.tables()[name].columns]


def people_of(tables: dict[str, pa.Table]) -> list[str]:
    """Everybody whom some row is about."""
    named = [(name, schema.tables()[name].person_column) for name in tables]
    ids = {person for name, column in named if column for person in tables[name][column].to_pylist()}
    return sorted(ids - {None})


def with_people(folder: Path, ids: list[str]) -> Path:
    """Puts a file of people beside the others, with every column: here nobody asks about that file."""
    headings = columns("ssd_person")
    lines = [",".join([one, *[""] * (len(headings) - 1)]) for one in ids]
    (folder / "ssd_person.csv").write_text("\n".join([",".join(headings), *lines]) + "\n")
    return folder


def test_every_side_table_has_its_words_and_no_other_table_has() -> None:
    assert set(side.words()) == set(NAMES)
    for told in side.words().values():
        assert all(text.endswith(".") and len(text) > 20 for text in (told.for_what, told.why, told.stands_in))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_every_column_in_order_and_reads_without_an_issue(name: str) -> None:
    heading, *lines = side.example(name).splitlines()
    assert heading.split(",") == columns(name)
    assert 2 <= len(lines) <= 5
    raw = pa.table({column: [line.split(",")[at] for line in lines] for at, column in enumerate(columns(name))})
    typed, issues = schema.conform(name, raw, file=f"{name}.csv")
    assert (typed.num_rows, issues) == (len(lines), [])
    assert sum(typed[column].null_count < typed.num_rows for column in columns(name)) >= len(columns(name)) - 1


def test_the_examples_load_together_as_one_extract_without_an_issue(tmp_path: Path) -> None:
    tables = {}
    for name in NAMES:
        (tmp_path / f"{name}.csv").write_text(side.example(name))
        lines = [line.split(",") for line in side.example(name).splitlines()]
        tables[name] = pa.table(
            {column: [line[at] or None for line in lines[1:]] for at, column in enumerate(lines[0])}
        )
    extract = sources.read([with_people(tmp_path, people_of(tables))], as_at=date(2026, 10, 31))
    assert [issue.why for issue in extract.issues] == []
    assert set(extract.tables) == {*NAMES, "ssd_person"}
    assert {name: extract.tables[name].table.num_rows for name in NAMES} == {
        name: table.num_rows for name, table in tables.items()
    }


@pytest.fixture(scope="module")
def case_system() -> Iterator[duckdb.DuckDBPyConnection]:
    """A made-up case system, as the queries' comments have it."""
    with duckdb.connect() as connection:
        connection.execute(CASE_SYSTEM)
        yield connection


def csv_of(connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> Path:
    """The query's result as the file that an analyst would save."""
    found = connection.execute(side.export_query(name)).to_arrow_table()
    assert found.column_names == columns(name)
    path = folder / f"{name}.csv"
    connection.register("found", found)
    connection.execute(f"copy found to '{path}' (header true)")
    connection.unregister("found")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_an_export_query_runs_and_gives_the_tables_columns(
    case_system: duckdb.DuckDBPyConnection, name: str, tmp_path: Path
) -> None:
    path = csv_of(case_system, name, tmp_path)
    assert len(path.read_text().splitlines()) > 1
    assert side.export_query(name).count("-- ") >= 3


def test_what_the_export_queries_give_loads_without_an_issue(
    case_system: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for name in NAMES:
        csv_of(case_system, name, tmp_path)
    ids = [f"10000{number}" for number in range(1, 10)]
    extract = sources.read([with_people(tmp_path, ids)], as_at=date(2026, 10, 31))
    assert [issue.why for issue in extract.issues] == []
    assert all(extract.tables[name].table.num_rows for name in NAMES)


def test_a_query_leaves_out_what_did_not_happen_and_says_unknown_where_nothing_is_known(
    case_system: duckdb.DuckDBPyConnection,
) -> None:
    def found(name: str, column: str) -> list[object]:
        return case_system.execute(side.export_query(name)).to_arrow_table()[column].to_pylist()

    assert found("side_supervision", "supv_supervision_id") == ["S1", "S2"]
    assert found("side_absence", "abse_worker_id") == ["W101", "W102"]
    assert found("side_registration", "regi_registered") == ["Y", "U", "N"]
    assert found("side_oversight", "over_kind") == ["allocation", "oversight"]
    assert found("side_core_group", "cgrp_core_group_id") == ["1-100001", "1-100002"]
    assert found("side_case_transfer", "tran_kind") == ["in", "within"]


@pytest.mark.parametrize("name", NAMES)
def test_a_csv_template_is_the_headings_and_nothing_else(name: str) -> None:
    text = side.template(name, "csv").decode("utf-8")
    assert text == "\ufeff" + ",".join(columns(name)) + "\r\n"
    assert schema.recognise([schema.heading(cell) for cell in text.strip().split(",")]) == name


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_template_says_on_its_second_sheet_what_each_column_is(name: str) -> None:
    rows, about = openpyxl.load_workbook(io.BytesIO(side.template(name, "xlsx"))).worksheets
    assert [[cell.value for cell in line] for line in rows.iter_rows()] == [columns(name)]
    told = [[cell.value for cell in line] for line in about.iter_rows()]
    assert told[0] == ["Column", "What it is", "How it is written", "Needed"]
    for column, line in zip(schema.tables()[name].columns, told[1:], strict=True):
        assert line == [column.name, column.description, side.written_as(column), line[3]]
        assert line[3].startswith("always") == column.required
        if column.codes:
            assert all(f"{code} = " in line[2] for code in schema.codes(column.codes))


def test_a_workbook_template_that_was_filled_in_loads(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(side.template("side_absence", "xlsx")))
    book.worksheets[0].append(["A1", "W0101", "05/10/2026", None, "sickness", "W0102"])
    book.save(tmp_path / "absences.xlsx")
    extract = sources.read([with_people(tmp_path, ["100001"])], as_at=date(2026, 10, 31))
    (row,) = extract.tables["side_absence"].table.to_pylist()
    assert (row["abse_worker_id"], row["abse_start_date"]) == ("W0101", date(2026, 10, 5))
    assert [issue for issue in extract.issues if issue.table == "side_absence"] == []


def test_a_table_or_a_form_there_is_not_is_told_in_one_sentence() -> None:
    for ask in (side.example, side.export_query, lambda name: side.template(name, "csv")):
        with pytest.raises(PlainError, match="no side table called 'ssd_person'"):
            ask("ssd_person")
    with pytest.raises(PlainError, match="a csv or an xlsx file"):
        side.template("side_post", "pdf")  # type: ignore[arg-type]
