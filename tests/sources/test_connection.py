"""Where the database is told of, and that its password is shown nowhere, however the address is written."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lineofsight.errors import PlainError
from lineofsight.sources.connection import opened, source_at, source_of
from lineofsight.sources.database import read_database

URL = "postgresql://reader@db.example/casesystem"


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    for name in [name for name in os.environ if name.startswith("LINEOFSIGHT_SOURCE")]:
        monkeypatch.delenv(name)


@pytest.fixture
def write(home):
    def written(text: str, mode: int = 0o600, path: Path | None = None) -> Path:
        where = path or home.path / "source.toml"
        where.write_text(text)
        where.chmod(mode)
        return where

    return written


def test_nothing_is_named_where_neither_the_environment_nor_a_file_does(home):
    assert source_of(home) is None
    assert source_of(None) is None


def test_the_environment_comes_before_the_file_it_names_and_that_before_the_home_s(home, write, monkeypatch, tmp_path):
    write('url = "postgresql://h/own"\nschema = "ssd"')
    assert (source_of(home).name, source_of(home).schema) == ("own", "ssd")
    monkeypatch.setenv(
        "LINEOFSIGHT_SOURCE_FILE", str(write('url = "postgresql://h/named"', path=tmp_path / "elsewhere"))
    )
    assert source_of(home).name == source_of(None).name == "named"
    monkeypatch.setenv("LINEOFSIGHT_SOURCE", "postgresql://h/told")
    monkeypatch.setenv("LINEOFSIGHT_SOURCE_SCHEMA", "ssd_live")
    assert (source_of(home).name, source_of(home).schema) == ("told", "ssd_live")


def test_a_password_may_stand_by_itself_in_the_file_and_needs_no_escaping(home, write):
    write(f'url = "{URL}"\npassword = "a/b@c#%41"\nstatement_seconds = 60')
    source = source_of(home)
    assert (source.url.password, source.statement_seconds) == ("a/b@c#%41", 60)
    assert source.url.drivername == "postgresql+psycopg"
    assert "a/b" not in repr(source)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o620])
def test_a_file_that_others_can_read_is_refused(home, write, mode):
    write(f'url = "{URL}"', mode)
    with pytest.raises(PlainError, match="can be read by others: make it yours alone with chmod 600"):
        source_of(home)


def test_a_pipe_in_the_file_s_place_is_refused_and_not_waited_for(home):
    os.mkfifo(home.path / "source.toml", 0o600)
    with pytest.raises(PlainError, match="can be read by others"):
        source_of(home)


def test_a_named_file_that_is_not_there_is_said(home, monkeypatch):
    monkeypatch.setenv("LINEOFSIGHT_SOURCE_FILE", "/nowhere/source.toml")
    with pytest.raises(PlainError, match="cannot be opened: no such file"):
        source_of(home)


@pytest.mark.parametrize(
    "text",
    [
        "",
        'password = "secret-thing"',
        f'url = "{URL}"\nsecret-thing = 1',
        f'url = "{URL}"\npassword = 5',
        f'url = "{URL}"\nstatement_seconds = 0',
        f'url = "{URL}"\nstatement_seconds = true',
        f'url = "{URL}"\nstatement_seconds = "secret-thing"',
        'url = "secret-thing',
        'url = "secret-thing"',
        'url = "mysql://reader:secret-thing@h/db"',
        'url = "postgresql://reader:x@secret-thing@h/db"',
        'url = "postgresql://reader:x@h:secret-thing/db"',
        'url = "' + "secret-thing" * 1000 + '"',
    ],
)
def test_a_file_that_is_not_right_is_one_sentence_that_repeats_nothing_of_it(home, write, text):
    write(text)
    with pytest.raises(PlainError) as raised:
        source_of(home)
    assert "source.toml" in str(raised.value) and "secret-thing" not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(
    "kind", ["mysql://h/d", "oracle://h/d", "duckdb:///x", "nothing at all", "postgresql+asyncpg2://h/d"]
)
def test_a_database_of_another_kind_is_refused_in_a_sentence(kind):
    with pytest.raises(PlainError), opened(source_at(kind)):
        pass


SECRET = "Zq7"


LETTERS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("@/?#:=&%[] "), max_size=12)


@given(LETTERS, LETTERS)
@example("", "?x")
@example("", "/y?x=1")
@example("/", ":5432/y")
@example("%", "#")
def test_a_password_that_was_not_written_as_in_an_address_is_still_never_shown(before, after):
    """Whatever stands in it may shift where the address is cut: no part of it is a host's name or a database's."""
    address = f"postgresql://reader:{SECRET}{before}@{SECRET}{after}@127.0.0.1:1/casesystem"
    with pytest.raises(PlainError) as raised:
        read_database(source_at(address))
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("postgresql://r:s@h/cases", "cases"),
        ("postgresql://r:s@h", "r"),
        ("postgresql:///", "the database"),
        ("sqlite:////srv/data/cases.db", "cases.db"),
        ("mssql://r:s@h/Cases?driver=ODBC+Driver+18", "Cases"),
        ("mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BDatabase%3D%7BCase+Data%7D%3BPWD%3Dhush", "Case Data"),
        ("mssql+pyodbc:///?odbc_connect=DSN%3Dx%3BPWD%3Dhush", "the database"),
    ],
)
def test_a_database_is_called_by_its_own_name(address, name):
    assert source_at(address).name == name


def test_children_s_records_do_not_cross_a_network_in_the_clear():
    from lineofsight.sources.connection import _postgresql

    assert _postgresql(source_at("postgresql://r@db.example/d"))["sslmode"] == "require"
    assert _postgresql(source_at("postgresql://r@/d?host=db.example"))["sslmode"] == "require"
    for unmoved in ("r@localhost/d", "r@/d?host=/run/postgresql", "r@db.example/d?sslmode=verify-full"):
        assert _postgresql(source_at(f"postgresql://{unmoved}")).get("sslmode") in (None, "verify-full")


def test_where_the_driver_for_sql_server_is_not_installed_a_sentence_names_it():
    pytest.importorskip("sqlalchemy")
    try:
        import pyodbc  # noqa: F401
    except ImportError:
        with pytest.raises(PlainError, match=re.escape("the driver pyodbc is needed: install it beside this")):
            read_database(source_at("mssql://reader:hush@h/cases?driver=ODBC+Driver+18+for+SQL+Server"))
    else:
        pytest.skip("pyodbc is installed on this machine")
