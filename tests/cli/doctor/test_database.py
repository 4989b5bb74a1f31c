"""The relational database: answering, up to date, safe, whole. On a real PostgreSQL: ../test_database_roles.py."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from lineofsight.cli.doctor import database as checks

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "check",
    [checks.database, checks.migrations, checks.safe_writes, checks.integrity, checks.database_role],
    ids=lambda check: check.__name__,
)
def test_nothing_is_wrong_with_the_database_of_the_tests(found, check):
    assert found(check).state == "ok"


def test_a_database_that_does_not_answer_is_wrong_without_its_address(found, monkeypatch):
    def refuse():
        raise OperationalError("postgresql://los:secret-word@db/los does not answer")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    told = found(checks.database)
    assert told.state == "wrong" and "secret-word" not in told.says


def test_a_database_behind_the_code_is_wrong(found):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("access")
    MigrationRecorder(connection).record_unapplied(*newest)
    told = found(checks.migrations)
    assert told.state == "wrong" and "1 step behind" in told.says


@pytest.mark.django_db(transaction=True)
def test_a_database_that_may_lose_what_was_confirmed_is_wrong(found):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        told = found(checks.safe_writes)
    finally:
        connection.close()
    assert told.state == "wrong" and "synchronous is 1" in told.says


@pytest.mark.parametrize("deep", [False, True])
def test_a_damaged_database_is_wrong(found, monkeypatch, tmp_path, deep):
    import sqlite3

    path = tmp_path / "damaged.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("create table t (a text)")
        made.execute("create index i on t (a)")
        made.executemany("insert into t values (?)", [(str(number) * 50,) for number in range(500)])
    content = bytearray(path.read_bytes())
    content[-4096 * 3 : -4096 * 2] = b"\x00" * 4096
    path.write_bytes(content)

    def ask(sql):
        with sqlite3.connect(path) as damaged:
            return damaged.execute(sql).fetchone()[0]

    monkeypatch.setattr(checks, "_ask", ask)
    assert found(checks.integrity, deep=deep).state == "wrong"


class _PostgreSQL:
    """What the checks ask of a connection, answered as a PostgreSQL that was set up badly would."""

    vendor = "postgresql"

    def ensure_connection(self):
        pass

    def get_database_version(self):
        return (13, 4)


@pytest.fixture
def badly_set_up(monkeypatch):
    import django.db

    settings = {"fsync": "on", "synchronous_commit": "off", "full_page_writes": "on", "data_checksums": "off"}
    told = {f"SHOW {name}": value for name, value in settings.items()}
    monkeypatch.setattr(django.db, "connection", _PostgreSQL())
    monkeypatch.setattr(checks, "_ask", told.__getitem__)


def test_a_postgresql_that_is_no_longer_supported_is_wrong(found, badly_set_up):
    assert "PostgreSQL 13" in found(checks.database).says


def test_a_postgresql_that_may_lose_what_was_confirmed_is_wrong(found, badly_set_up):
    told = found(checks.safe_writes)
    assert told.state == "wrong" and told.says == "synchronous_commit is off."


def test_a_postgresql_without_checksums_is_to_be_looked_at(found, badly_set_up):
    assert found(checks.integrity).state == "look"
