"""The command whole: a line a check, JSON for a script, the code it ends with, and nothing changed."""

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest

from lineofsight.cli import doctor
from lineofsight.cli.doctor.findings import Installation, State, looked_at, worst


def _marks(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    # A reader of SQLite's write-ahead log keeps its notes in these two; they hold nothing of ours.
    kept = [path for path in files if not path.name.endswith(("-shm", "-wal"))]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


@pytest.fixture(scope="module")
def quiet(loaded, run):
    """The loaded home, with its database made and its worker's word in it."""
    run("worker", "--once", "--home", loaded)
    return loaded


def test_every_check_gives_a_line_with_its_state(quiet, run):
    done = run("doctor", "--home", quiet)
    lines = done.stdout.splitlines()
    assert len(lines) == len(doctor.CHECKS)
    assert {line.split()[0] for line in lines} <= set(State)
    assert done.returncode == 1 and "to look at" in done.stderr


def test_json_has_the_same_checks_and_the_worst_state(quiet, run):
    told = json.loads(run("doctor", "--home", quiet, "--format", "json").stdout)
    assert len(told["checks"]) == len(doctor.CHECKS)
    assert told["state"] == worst_of(told) and told["home"] == str(quiet)
    assert all(one.keys() == {"state", "check", "says", "do"} for one in told["checks"])


def worst_of(told):
    return max((one["state"] for one in told["checks"]), key=["ok", "look", "wrong"].index)


def test_looking_changes_nothing_in_the_home(quiet, run):
    before = _marks(quiet)
    run("doctor", "--home", quiet, "--deep")
    assert _marks(quiet) == before


def test_no_secret_and_no_child_is_printed(quiet, run):
    from lineofsight.home import open_home
    from lineofsight.keys import SECRETS, open_keys
    from lineofsight.lake import Lake

    done = run("doctor", "--home", quiet, "--deep", LINEOFSIGHT_OIDC_ISSUER="", LINEOFSIGHT_EMAIL_PASSWORD="pass-word")
    told = done.stdout + done.stderr
    home = open_home(quiet)
    keys = open_keys(home)
    secrets = [base64.b64encode(keys.secret(name)).decode() for name in SECRETS]
    assert not [secret for secret in [*secrets, (home.keys / "master.key").read_text(), "pass-word"] if secret in told]
    lake = Lake(home, keys)
    people = lake.persons(lake.latest())
    names = {name for column in people.column_names if "name" in column for name in people.column(column).to_pylist()}
    assert len(names) > 50
    assert not [name for name in names if isinstance(name, str) and len(name) > 3 and f" {name} " in told]


def test_no_home_is_told_in_one_sentence(run, tmp_path):
    done = run("doctor", "--home", tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_home_whose_keys_are_gone_still_gets_every_check_that_needs_none(loaded, run, tmp_path):
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(loaded, broken)
    broken.chmod(0o700)
    (broken / "keys" / "keyring.json").unlink()
    done = run("doctor", "--home", broken, "--format", "json")
    told = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert done.returncode == 1
    assert told["master key"]["state"] == "wrong" and told["python"]["state"] == "ok"
    assert told["web application"]["state"] == "wrong" and "audit chain" not in told
    assert "Traceback" not in done.stderr


def test_with_a_database_that_does_not_answer_the_rest_is_left_out(loaded, run):
    done = run("doctor", "--home", loaded, LINEOFSIGHT_DATABASE_URL="postgresql://los:hush@127.0.0.1:1/los")
    assert "wrong database" in " ".join(done.stdout.split())
    assert "hush" not in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("wrong the rest")


def test_somebody_else_s_home_is_not_touched(home, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 65_533)
    found = list(doctor.examined(Installation(home)))
    assert [one.check for one in found] == ["owner", "the rest"]


def test_a_check_that_fails_itself_does_not_stop_the_others(home):
    def a_broken_check(at):
        raise ValueError("a name nobody should read")

    (found,) = looked_at(a_broken_check, Installation(home))
    assert (found.check, found.state) == ("a broken check", "wrong")
    assert "nobody should read" not in found.says


def test_the_worst_state_is_the_worst():
    from lineofsight.cli.doctor.findings import look, ok, wrong

    assert worst([]) is State.OK
    assert worst([ok("a", "b")]) is State.OK
    assert worst([ok("a", "b"), look("a", "b", "c")]) is State.LOOK
    assert worst([look("a", "b", "c"), wrong("a", "b", "c"), ok("a", "b")]) is State.WRONG
