"""The master key is changed and nothing else is: killed at any step, the old key or the new one opens everything."""

import base64
import secrets
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from lineofsight import clock, keys
from lineofsight.errors import PlainError
from lineofsight.home import open_home
from lineofsight.lake import Lake, changing
from lineofsight.lake.verify import verify_snapshot

AUTHORITY = "306"


@pytest.fixture
def full(lake_home, empty_lake, made_extract, two_children):
    """A home with two snapshots."""
    keys._open_keys.cache_clear()
    for day in (30, 31):
        empty_lake.publish(made_extract(two_children, as_at=date(2026, 10, day)))
    yield lake_home
    keys._open_keys.cache_clear()


def _seen(home):
    """What another process makes of the home: its secrets, and what it reads of every snapshot."""
    keys._open_keys.cache_clear()
    ring = keys.open_keys(home)
    lake = Lake(home, ring)
    known = {one.id: sorted(lake.persons(one)["person_id"].to_pylist()) for one in lake.snapshots()}
    assert [verify_snapshot(lake, one) for one in lake.snapshots()] == [[], []]
    return {name: ring.secret(name) for name in keys.SECRETS}, ring.child_key(AUTHORITY, "1"), known


def _master(home):
    return base64.b64decode((home.keys / "master.key").read_text())


def test_every_key_is_wrapped_again_and_no_secret_no_id_and_no_byte_of_data_changes(full):
    before, former = _seen(full), _master(full)
    data = {path: path.read_bytes() for path in full.lake.rglob("*.parquet")}
    wrapped = {path: path.read_bytes() for path in full.lake.rglob("manifest.json")}
    with clock.frozen_at(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        assert changing.change_master_key(full) == 2
    assert _master(full) != former and _seen(full) == before
    assert data == {path: path.read_bytes() for path in full.lake.rglob("*.parquet")} and len(data) > 4
    assert all(path.read_bytes() != held for path, held in wrapped.items())
    assert keys.open_keys(full).since == date(2026, 12, 1)
    assert {path.name for path in full.keys.iterdir()} == {"master.key", "keyring.json"}


def test_the_old_key_opens_nothing_any_more(full):
    former = _master(full)
    changing.change_master_key(full)
    new = _master(full)
    (full.keys / "master.key").write_bytes(base64.b64encode(former))
    with pytest.raises(PlainError, match="does not open this home's keys"):
        _seen(full)
    alone = keys.Keyring(former, {})
    for snapshot in Lake(full, keys.Keyring(new, keys._ring_told(full))).snapshots():
        with pytest.raises(PlainError):
            alone.unwrap(snapshot.wrapped_key, f"snapshot/{snapshot.id}")


DIES = """
import os, signal, sys
from pathlib import Path
from lineofsight import keys
from lineofsight.home import open_home
from lineofsight.lake import changing, folders

left = int(sys.argv[2])

def dying(function):
    def counted(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return counted

changing.write_whole, keys.write_whole = dying(changing.write_whole), dying(keys.write_whole)
folders.flush_folder, folders.write_flushed = dying(folders.flush_folder), dying(folders.write_flushed)
Path.replace = dying(Path.replace)
changing.change_master_key(open_home(Path(sys.argv[1])))
print("changed")
"""


@pytest.mark.full
def test_killed_at_any_step_everything_opens_and_the_next_run_goes_on_from_there(full, counted):
    before = _seen(full)
    step = 0
    while True:
        step += 1
        former = _master(full)
        done = subprocess.run(
            [sys.executable, "-c", DIES, str(full.path), str(step)], capture_output=True, text=True, timeout=60
        )
        assert _seen(full) == before, step
        if done.stdout.strip() == "changed":
            break
        assert done.returncode == -9, done.stderr
        assert changing.change_master_key(full) == 2
        assert _seen(full) == before, step
        assert not keys.open_keys(full).being_changed and _master(full) != former
        assert {path.name for path in full.keys.iterdir()} == {"master.key", "keyring.json"}, step
    counted("kills while the master key is changed", step - 1)
    assert step > 12


def test_a_key_in_the_environment_takes_its_successor_from_there_and_says_what_is_lacking(full, monkeypatch):
    before, former = _seen(full), (full.keys / "master.key").read_text()
    new = base64.b64encode(secrets.token_bytes(32)).decode()
    (full.keys / "master.key").unlink()
    monkeypatch.setenv(keys.ENVIRONMENT, former)
    with pytest.raises(PlainError, match=keys.NEXT_ENVIRONMENT):
        changing.change_master_key(full)
    for wrong, why in ((former, "in force"), ("short", "32 bytes")):
        monkeypatch.setenv(keys.NEXT_ENVIRONMENT, wrong)
        with pytest.raises(PlainError, match=why):
            changing.change_master_key(full)
    monkeypatch.setenv(keys.NEXT_ENVIRONMENT, new)
    assert changing.change_master_key(full) == 2
    assert _seen(full) == before, "with both in the environment"
    assert not (full.keys / "master.key").exists() and not (full.keys / "master.key.next").exists()
    monkeypatch.delenv(keys.NEXT_ENVIRONMENT)
    with pytest.raises(PlainError):
        _seen(full)
    monkeypatch.setenv(keys.ENVIRONMENT, new)
    assert _seen(full) == before


def test_a_home_without_a_snapshot_changes_its_key_too(lake_home):
    secret = keys.opened(lake_home)[1].secret("child")
    assert changing.change_master_key(lake_home) == 0
    assert keys.opened(lake_home)[1].secret("child") == secret


def test_a_manifest_that_was_altered_stops_the_change_and_the_old_key_stays_with_it(full):
    path = next(full.lake.rglob("manifest.json"))
    written = path.read_bytes()
    path.write_bytes(written.replace(b'"issues": 0', b'"issues": 1'))
    with pytest.raises(PlainError, match="was altered"):
        changing.change_master_key(full)
    keys._open_keys.cache_clear()
    assert keys.open_keys(full).being_changed
    path.write_bytes(written)
    assert changing.change_master_key(full) == 2
    assert not keys.opened(open_home(full.path))[1].being_changed
