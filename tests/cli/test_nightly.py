"""`lineofsight nightly` and `load --database`, as commands in a process of their own."""

import json
import os
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pyarrow.csv as pacsv
import pytest

from lineofsight.home import create_home
from lineofsight.keys import create_keys

SECRET = "Kestrel7Harbour"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A home with nothing in it."""
    made = create_home(tmp_path / "home", authority="306", authority_name="Northmere Council")
    create_keys(made)
    return made.path


@pytest.fixture(scope="module")
def database(extracts, tmp_path_factory) -> str:
    """The newest synthetic extract in a SQLite database, as a case system's reporting copy would hold it."""
    path = tmp_path_factory.mktemp("source") / "casesystem.db"
    newest = max(extracts.iterdir())
    with sqlite3.connect(path) as link:
        for file in newest.rglob("*.csv"):
            told = pacsv.read_csv(file)
            names = ", ".join(f'"{name}"' for name in told.column_names)
            link.execute(f"create table {file.stem} ({names})")
            rows = [[None if cell is None else str(cell) for cell in row.values()] for row in told.to_pylist()]
            link.executemany(f"insert into {file.stem} values ({','.join('?' * told.num_columns)})", rows)
    link.close()
    return f"sqlite:///{path}"


def _events(home: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(home / "lineofsight.sqlite3")) as link:
        return link.execute("select actor, action from access_chainevent order by sequence").fetchall()


@pytest.mark.full
def test_a_database_is_loaded_by_command_and_the_same_contents_are_one_snapshot(run, tmp_path, database):
    home = tmp_path / "new"
    load = ("load", "--database", "--home", home, "--format", "json")
    load = ("load", "--database", "--home", home, "--format", "json")
    first = run(*load, "--authority", "306", LINEOFSIGHT_SOURCE=database)
    assert first.returncode in (0, 1), first.stderr
    told = json.loads(first.stdout)
    assert {"ssd_person", "ssd_cp_plans", "ssd_involvements"} <= {one["table"] for one in told["tables"]}
    assert {one["file"] for one in told["tables"]} == {"casesystem.db"}
    again = json.loads(run(*load, LINEOFSIGHT_SOURCE=database).stdout)
    assert (again["snapshot"], again["new"]) == (told["snapshot"], False)
    older = run(*load, "--as-at", "2026-01-31", LINEOFSIGHT_SOURCE=database)
    assert json.loads(older.stdout)["as_at"] == "2026-01-31"
    assert any(action == "data.loaded" and actor.startswith("console:") for actor, action in _events(home))


def test_files_and_a_database_at_once_or_neither_are_refused_in_one_sentence(run, bare, extracts):
    for named in (["load"], ["load", extracts, "--database"]):
        refused = run(*named, "--home", bare)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr == "Name a folder, a zip or files to load; or --database, and no file.\n"


def test_where_no_database_is_named_the_command_says_how(run, bare, tmp_path):
    for home in (bare, tmp_path / "none"):
        refused = run("load", "--database", "--home", home)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "No database is named: set LINEOFSIGHT_SOURCE" in refused.stderr


@pytest.mark.full
def test_a_nightly_load_is_set_shown_done_now_told_in_the_chain_and_unset(run, bare, extracts):
    assert run("nightly", "--home", bare).stdout == "No nightly load is set.\n"
    set_it = run("nightly", "--set", "02:30", "--folder", extracts, "--home", bare)
    assert set_it.returncode == 0, set_it.stderr
    assert set_it.stdout.startswith(f"Every night at 02:30 from the folder {extracts}.\n")
    assert stat.S_IMODE((bare / "nightly.toml").stat().st_mode) == 0o600
    done = run("nightly", "--now", "--home", bare)
    newest = max(path.name for path in extracts.iterdir())
    assert done.returncode == 0 and "was loaded" in done.stderr
    shown = json.loads(run("nightly", "--show", "--format", "json", "--home", bare).stdout)
    assert (shown["state"], shown["at"]) == ("loaded", "02:30:00") and shown["snapshot"].startswith(newest)
    assert ("data.loaded") in [action for _, action in _events(bare)]
    assert run("nightly", "--off", "--home", bare).stdout == "No nightly load is set.\n"


@pytest.mark.parametrize(
    "said",
    [
        ["--set", "02:30"],
        ["--set", "02:30", "--folder", ".", "--database"],
        ["--set", "2:30", "--database"],
        ["--set", "02:30", "--folder", "/nowhere"],
        ["--folder", "."],
        ["--off", "--now"],
        ["--now"],
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(run, bare, said):
    refused = run("nightly", *said, "--home", bare)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1 and "Traceback" not in refused.stderr


@pytest.mark.full
def test_the_worker_loads_what_is_due_and_the_chain_says_it_was_the_worker(run, bare, database):
    (bare / "nightly.toml").write_text('at = "00:00"\nfrom = "database"\n')
    done = run("worker", "--once", "--home", bare, LINEOFSIGHT_SOURCE=database)
    assert done.returncode == 0, done.stderr
    assert ("worker", "data.loaded") in _events(bare) and ("worker", "data.computed") in _events(bare)
    assert json.loads((bare / "nightly.json").read_text())["how"] == "loaded"


def test_the_worker_goes_on_where_the_database_does_not_answer_and_the_doctor_says_so_without_the_password(run, bare):
    (bare / "nightly.toml").write_text('at = "00:00"\nfrom = "database"\n')
    (bare / "source.toml").write_text(f'url = "postgresql://reader@127.0.0.1:1/cases"\npassword = "{SECRET}"\n')
    (bare / "source.toml").chmod(0o600)
    worked = run("worker", "--once", "--home", bare)
    assert worked.returncode == 0, worked.stderr
    told = run("doctor", "--home", bare)
    says = "The database cases at 127.0.0.1:1 does not answer."
    assert f"wrong nightly load: {says}" in told.stdout and f"wrong source database: {says}" in told.stdout
    shown = run("nightly", "--home", bare)
    assert shown.returncode == 1 and says in shown.stdout
    kept = b"".join(path.read_bytes() for path in bare.rglob("*") if path.is_file() and path.name != "source.toml")
    written = "".join(one.stdout + one.stderr for one in (worked, told, shown))
    assert SECRET not in written and SECRET.encode() not in kept


def test_the_password_is_in_no_list_of_processes_while_the_database_is_asked(bare):
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(1)
    port = listening.getsockname()[1]
    (bare / "source.toml").write_text(f'url = "postgresql://reader:{SECRET}@127.0.0.1:{port}/cases"\n')
    (bare / "source.toml").chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINEOFSIGHT_")}
    command = [sys.executable, "-m", "lineofsight.cli", "load", "--database", "--home", str(bare)]
    running = subprocess.Popen(command, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        listening.settimeout(60)
        listening.accept()
        process = Path(f"/proc/{running.pid}")
        listed = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        assert b"--database" in listed and SECRET.encode() not in listed
        began = time.monotonic()
        said = running.communicate(timeout=60)[0].decode()
        assert time.monotonic() - began < 30 and running.returncode == 2
        assert said == f"The database cases at 127.0.0.1:{port} does not answer.\n"
    finally:
        running.kill()
        listening.close()
