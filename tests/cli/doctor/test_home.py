"""The home itself: each check passes on a good one, and says what is wrong with a spoiled one."""

import json
import os
from collections import namedtuple
from datetime import timedelta

import pytest

from lineofsight import clock
from lineofsight.cli.doctor import home as checks
from lineofsight.cli.doctor.findings import Installation, looked_at
from lineofsight.home import create_home
from lineofsight.keys import ENVIRONMENT, _open_keys, create_keys, opened, secrets_of, write_ring

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    "check",
    [
        checks.owner,
        checks.folders,
        checks.master_key,
        checks.key_age,
        checks.demonstration,
        checks.disk_space,
        checks.time,
    ],
    ids=lambda check: check.__name__,
)
def test_nothing_is_wrong_with_a_new_home(found, check):
    assert found(check).state == "ok"


def test_a_home_that_others_can_read_is_wrong(found, home):
    home.path.chmod(0o755)
    told = found(checks.owner)
    assert told.state == "wrong" and f"chmod 700 {home.path}" in told.do


def test_a_key_folder_that_others_can_read_is_wrong(found, home):
    home.keys.chmod(0o750)
    assert found(checks.owner).state == "wrong"


def test_somebody_else_s_home_is_wrong(found, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 65_533)
    told = found(checks.owner)
    assert told.state == "wrong" and "account 65533" in told.says


def test_a_missing_folder_is_wrong(found, home):
    home.exports.rmdir()
    assert "exports" in found(checks.folders).says


def _spoil(home):
    (home.keys / "master.key").write_text("bm90IGEga2V5")


def _open_to_others(home):
    (home.keys / "master.key").chmod(0o644)


def _lose(home):
    (home.keys / "master.key").unlink()


def _damage(home):
    (home.keys / "keyring.json").write_text("{")


@pytest.mark.parametrize("spoil", [_spoil, _open_to_others, _lose, _damage], ids=lambda one: one.__name__)
def test_a_key_that_does_not_open_the_home_is_wrong(home, spoil):
    secret = (home.keys / "master.key").read_text()
    spoil(home)
    told = list(looked_at(checks.master_key, Installation(home)))
    assert [one.state for one in told] == ["wrong"]
    assert secret not in told[0].says and told[0].check == "master key"


def test_a_keyring_without_one_of_its_secrets_is_wrong(found, home):
    path = home.keys / "keyring.json"
    ring = json.loads(path.read_text())
    del ring["text"]
    path.write_text(json.dumps(ring))
    assert found(checks.master_key).says == "The keyring lacks text."


def test_a_key_file_left_beside_the_key_of_the_environment_is_to_be_looked_at(found, home, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT, (home.keys / "master.key").read_text())
    assert found(checks.master_key).state == "look"
    (home.keys / "master.key").unlink()
    assert found(checks.master_key).state == "ok"


def test_a_demonstration_is_flagged(tmp_path):
    made = create_home(tmp_path / "demo", authority="306", authority_name="Northmere", demo=True)
    create_keys(made)
    assert [one.state for one in checks.demonstration(Installation(made))] == ["look"]


def test_a_full_disk_is_wrong_and_a_filling_one_is_to_be_looked_at(found, home, monkeypatch):
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: Usage(0, 0, checks.LEAST_FREE - 1))
    assert found(checks.disk_space).state == "wrong"
    folder = home.lake / "snapshots" / "2026-10-31-aaaaaaaa"
    folder.mkdir(parents=True)
    with (folder / "big.parquet").open("wb") as handle:
        handle.truncate(checks.LEAST_FREE)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: Usage(0, 0, 2 * checks.LEAST_FREE))
    assert found(checks.disk_space).state == "look"
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: Usage(0, 0, 4 * checks.LEAST_FREE))
    assert found(checks.disk_space).state == "ok"


def test_a_clock_behind_what_was_written_is_wrong(found, home):
    with clock.frozen_at(clock.now() - timedelta(days=3)):
        told = found(checks.time)
    assert told.state == "wrong" and "behind" in told.says


def test_a_clock_behind_the_newest_anchor_is_wrong(found, home):
    day = clock.today() + timedelta(days=2)
    (home.anchors / f"{day.isoformat()}.json").write_text("{}")
    assert found(checks.time).state == "wrong"


def test_a_master_key_of_more_than_two_years_or_of_no_known_day_is_to_be_looked_at(found, home):
    with clock.frozen_at(clock.now() + timedelta(days=729)):
        assert found(checks.key_age).state == "ok"
    with clock.frozen_at(clock.now() + timedelta(days=731)):
        told = found(checks.key_age)
        assert told.state == "look" and "731 days old" in told.says and "keys rotate" in told.do
    path = home.keys / "keyring.json"
    ring = json.loads(path.read_text())
    del ring["since"]
    path.write_text(json.dumps(ring))
    _open_keys.cache_clear()
    assert found(checks.key_age).state == "look"
    assert found(checks.master_key).state == "ok"


def test_a_change_of_the_master_key_that_was_cut_short_is_wrong(found, home):
    master, _ = opened(home)
    write_ring(home, master, secrets_of(home), since=clock.today(), former=b"f" * 32)
    _open_keys.cache_clear()
    told = found(checks.key_age)
    assert told.state == "wrong" and "cut short" in told.says
