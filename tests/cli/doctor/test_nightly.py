"""The nightly load, and the database it reads."""

import sqlite3
from datetime import time, timedelta

import pytest

from lineofsight import clock, nightly
from lineofsight.cli.doctor import nightly as checks
from lineofsight.nightly import kept


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    monkeypatch.delenv("LINEOFSIGHT_SOURCE", raising=False)
    monkeypatch.delenv("LINEOFSIGHT_SOURCE_FILE", raising=False)


def test_a_home_without_a_nightly_load_or_database_has_nothing_to_do(found):
    assert found(checks.nightly_load).state == "ok"
    assert found(checks.source_database).state == "ok"


@pytest.mark.parametrize(
    ("how", "state"),
    [("loaded", "ok"), ("nothing new", "look"), ("coming", "look"), ("failed", "wrong"), ("waiting", "ok")],
)
def test_how_the_last_night_went_is_told_with_what_to_do(found, home, tmp_path, how, state):
    """A load that waits for a yes is `look` while it waits; this one, which does not wait any more, is done."""
    nightly.keep(home, time(2, 30), tmp_path)
    today = clock.today()
    kept.write(home, kept.Kept(night=today, how=how, says="So it went.", last_tried=clock.now(), snapshot="gone"))
    told = found(checks.nightly_load)
    assert told.state == state
    assert how == "waiting" or told.says == "So it went."


def test_a_night_on_which_no_worker_ran_is_wrong(found, home, tmp_path):
    with clock.frozen_at(clock.now() - timedelta(days=3)):
        nightly.keep(home, time(0, 0), tmp_path)
    with clock.frozen_at(clock.now().replace(hour=12)):
        told = found(checks.nightly_load)
    assert told.state == "wrong" and "the worker was not running" in told.says


def test_a_database_that_answers_is_read_only(found, tmp_path, monkeypatch):
    sqlite3.connect(tmp_path / "cases.db").close()
    (tmp_path / "cases.db").touch()
    monkeypatch.setenv("LINEOFSIGHT_SOURCE", f"sqlite:///{tmp_path}/cases.db")
    told = found(checks.source_database)
    assert (told.state, told.says) == ("ok", "The database cases.db answers, read only.")


def test_a_database_that_does_not_answer_is_wrong_and_its_password_is_not_shown(found, monkeypatch):
    monkeypatch.setenv("LINEOFSIGHT_SOURCE", "postgresql://reader:Kestrel7@127.0.0.1:1/cases")
    told = found(checks.source_database)
    assert told.state == "wrong" and "does not answer" in told.says and "Kestrel7" not in told.says + told.do
