"""Reading an extract from a database: SQLite for real, and what SQL Server is asked. PostgreSQL has its own file."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.sources.connection import opened, source_at
from lineofsight.sources.database import read_database
from lineofsight.sources.standing import as_text

TABLES = """
create table ssd_person (pers_person_id integer, pers_forename text, pers_dob text, pers_send_flag integer);
insert into ssd_person values (2, 'Zoë', '2016-04-03', 1), (1, 'Ada', '2015-01-02 00:00:00', 0), (3, x'c328', '5', 1);
insert into ssd_person values (2, 'Again', '2016-04-03', 1), (null, 'Nobody', '2016-04-03', 1);
insert into ssd_person values (null, null, null, null);
create view SSD_CP_Plans as
select 'p1' as "CPPL CP Plan ID", 1.0 as cppl_person_id, '01/06/2026' as cppl_cp_plan_start_date;
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "cases and plans.db"
    with sqlite3.connect(made) as link:
        link.executescript(TABLES)
    link.close()
    return made


@pytest.fixture
def source(path):
    return source_at(f"sqlite:///{path}")


def test_a_sqlite_file_is_read_like_any_extract(source):
    extract = read_database(source)
    people = extract.tables["ssd_person"]
    told = [
        (row["pers_person_id"], row["pers_forename"], row["pers_dob"], row["pers_send_flag"])
        for row in people.table.to_pylist()
    ]
    assert told == [
        ("1", "Ada", date(2015, 1, 2), "N"),
        ("2", "Again", date(2016, 4, 3), "Y"),
        ("3", "\ufffd(", None, "Y"),
    ]
    assert extract.tables["ssd_cp_plans"].table["cppl_cp_plan_start_date"].to_pylist() == [date(2026, 6, 1)]
    assert (people.file, people.sheet, extract.as_at) == ("cases and plans.db", None, clock.today())
    assert people.rows_read == 5 == people.table.num_rows + sum(people.passed_over.values())


def test_rows_that_are_not_kept_are_issues_at_their_place(source):
    told = [
        (one.row, one.column, one.value)
        for one in read_database(source).issues
        if one.table == "ssd_person" and one.row
    ]
    assert (3, "pers_person_id", "2") in told  # the second of two, in order of the key and then of the rest
    assert (4, "pers_dob", "5") in told
    assert (5, "pers_person_id", None) in told


def test_a_column_that_a_measure_needs_and_the_database_lacks_is_told_with_what_is_not_measured(source):
    told = {(one.table, one.column): one.why for one in read_database(source).issues if one.row is None}
    assert "what needs it is not measured" in told[("ssd_cp_plans", "cppl_cp_plan_end_date")]
    assert told[("ssd_person", None)].startswith("columns that no measure needs yet are lacking too: ")


def test_a_table_without_its_key_is_told_by_name_and_the_others_are_read(path):
    with sqlite3.connect(path) as link:
        link.execute("create table ssd_cin_plans (cinp_cin_plan_start_date text, cinp_person text)")
    link.close()
    extract = read_database(source_at(f"sqlite:///{path}"))
    assert "ssd_person" in extract.tables
    assert [(one.table, one.rows) for one in extract.not_read] == [("ssd_cin_plans", 0)]
    assert "cinp_cin_plan_id is not in the table" in extract.not_read[0].why


def test_nothing_can_be_written_to_a_sqlite_file(source, path):
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    for statement in (
        "insert into ssd_person values (9, 'x', null, 1)",
        "create table made (a)",
        "pragma user_version=5",
    ):
        with (
            pytest.raises(PlainError, match="was asked to write, which this connection cannot"),
            opened(source) as link,
        ):
            link.execute(sa.text(statement))
    read_database(source)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, stamp)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_all_tables_of_a_sqlite_file_are_of_one_moment(source, path):
    link = sqlite3.connect(path)
    link.execute("pragma journal_mode=wal")
    link.close()

    def meanwhile(step: str, done: int, total: int) -> None:
        if step == "Reading ssd_person":
            with sqlite3.connect(path) as writer:
                writer.execute("insert into ssd_person values (77, 'Late', null, 1)")
            writer.close()

    assert (
        "77" not in read_database(source, progress=meanwhile).tables["ssd_person"].table["pers_person_id"].to_pylist()
    )
    assert "77" in read_database(source).tables["ssd_person"].table["pers_person_id"].to_pylist()


def test_a_question_to_a_sqlite_file_that_takes_too_long_is_stopped(path):
    with sqlite3.connect(path) as link:
        link.execute(
            "create view ssd_disability as with recursive n(i) as (select 1 union all select i + 1 from n) "
            "select i as disa_table_id, i as disa_person_id from n where i < 0"
        )
    link.close()
    with pytest.raises(PlainError, match="took too long over one question and was stopped"):
        read_database(source_at(f"sqlite:///{path}", statement_seconds=1))


def test_a_file_that_is_no_database_or_not_there_is_one_sentence(tmp_path):
    (tmp_path / "not.db").write_text("pers_person_id\n1\n" * 500)
    with pytest.raises(PlainError, match=r"The database not\.db is damaged, or is none\."):
        read_database(source_at(f"sqlite:///{tmp_path}/not.db"))
    with pytest.raises(PlainError, match=r"There is no database file gone\.db"):
        read_database(source_at(f"sqlite:///{tmp_path}/gone.db"))
    assert not (tmp_path / "gone.db").exists()
    with pytest.raises(PlainError, match="There is no database file"):
        read_database(source_at("sqlite://"))


def test_a_database_with_none_of_our_tables_says_so(tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as link:
        link.execute("create table orders (a)")
    link.close()
    with pytest.raises(PlainError, match=r"The database other\.db has no table that this version knows\."):
        read_database(source_at(f"sqlite:///{tmp_path}/other.db"))


def test_a_table_without_its_key_alone_in_a_database_says_which_column_it_lacks(tmp_path):
    with sqlite3.connect(tmp_path / "other.db") as link:
        link.execute("create table ssd_person (pers_forename text)")
    link.close()
    with pytest.raises(PlainError, match="ssd_person: the column pers_person_id is not in the table"):
        read_database(source_at(f"sqlite:///{tmp_path}/other.db"))


def test_of_hundreds_of_strange_tables_twenty_are_told_and_the_rest_counted(path, source):
    with sqlite3.connect(path) as link:
        link.executescript("".join(f"create table t{number} (a);" for number in range(300)))
    link.close()
    told = [one.why for one in read_database(source).issues if one.table is None]
    assert len(told) == 21 and told[-1] == "and 280 more tables that are not known; not read"


def test_more_text_than_can_be_read_at_once_is_refused_before_it_is_all_here(source, monkeypatch):
    monkeypatch.setattr("lineofsight.sources.database._MOST_TEXT", 10)
    with pytest.raises(PlainError, match="holds more text than can be read at once"):
        read_database(source)


def test_reading_that_takes_hours_is_given_up(source, monkeypatch):
    monkeypatch.setattr("lineofsight.sources.database.MOST_SECONDS", -1)
    with pytest.raises(PlainError, match="took more than"):
        read_database(source)


def test_a_name_that_means_something_in_sql_is_only_a_name(tmp_path):
    with sqlite3.connect(tmp_path / "odd.db") as link:
        link.execute("""create table "SSD-Person""" + '""' + """" ("pers person'_id" int, "pers_dob" text)""")
        link.execute("""insert into "SSD-Person""" + '""' + """" values (1, '2015-01-02')""")
    link.close()
    extract = read_database(source_at(f"sqlite:///{tmp_path}/odd.db"))
    assert extract.tables["ssd_person"].table["pers_person_id"].to_pylist() == ["1"]


def test_a_column_that_stands_twice_is_read_once_and_told(tmp_path):
    with sqlite3.connect(tmp_path / "twice.db") as link:
        link.execute('create table ssd_person (pers_person_id int, "pers forename" text, "PERS-FORENAME" text)')
        link.execute("insert into ssd_person values (1, 'first', 'second')")
    link.close()
    extract = read_database(source_at(f"sqlite:///{tmp_path}/twice.db"))
    assert extract.tables["ssd_person"].table["pers_forename"].to_pylist() == ["first"]
    assert "PERS-FORENAME" in [one.column for one in extract.issues]


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (mssql.DATETIME2(), "convert(nvarchar(40), [Seen On], 121)"),
        (mssql.DATE(), "convert(nvarchar(40), [Seen On], 121)"),
        (mssql.DATETIMEOFFSET(), "convert(nvarchar(40), [Seen On] AT TIME ZONE 'GMT Standard Time', 121)"),
        (mssql.FLOAT(), "CAST(CAST([Seen On] AS NUMERIC(38, 10)) AS NVARCHAR(max))"),
        (mssql.BIT(), "CAST([Seen On] AS NVARCHAR(max))"),
        (mssql.UNIQUEIDENTIFIER(), "CAST([Seen On] AS NVARCHAR(max))"),
    ],
)
def test_sql_server_is_asked_to_write_days_as_year_month_day_and_numbers_in_full(kind, asked):
    column = sa.column(sa.sql.quoted_name("Seen On", True), kind)
    assert str(as_text(column, "mssql").compile(dialect=mssql.dialect())) == asked
