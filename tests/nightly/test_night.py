"""One night's load: once, whole, and whatever goes wrong kept in one sentence."""

import json
import os
import shutil
import sqlite3
import stat
from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.nightly.conftest import FACTS, NIGHT, PEOPLE, SET_AT

from lineofsight import clock, loading, nightly
from lineofsight.errors import PlainError
from lineofsight.keys import open_keys
from lineofsight.lake import Lake
from lineofsight.nightly import night

pytestmark = pytest.mark.usefixtures("nightly")


@pytest.fixture
def snapshots(home):
    return lambda: Lake(home, open_keys(home)).snapshots()


@pytest.fixture
def last(home):
    """How the night stands at a moment."""

    def at(moment: datetime = NIGHT + timedelta(minutes=10)) -> nightly.LastNight:
        with clock.frozen_at(moment):
            return nightly.last_night(home)

    return at


@pytest.fixture
def breaks(monkeypatch):
    """Every load fails with an error; how often it was tried."""

    def with_error(error: Exception) -> list[int]:
        tried: list[int] = []

        def load(*_, **__):
            tried.append(1)
            raise error

        monkeypatch.setattr(loading, "load", load)
        return tried

    return with_error


def test_a_folder_is_loaded_at_its_hour_when_a_second_look_finds_it_unchanged_and_only_once(minutes, snapshots, last):
    before = NIGHT - timedelta(minutes=3)
    done = minutes(30, before)
    assert [one.how for one in done] == ["coming", "loaded"]
    assert done[0].last_tried == NIGHT and done[1].last_done == NIGHT + timedelta(minutes=1)
    assert [one.as_at for one in snapshots()] == [date(2026, 11, 2)]
    assert (last().state, last().says) == ("loaded", "The extract as at 2 November 2026 was loaded.")
    assert last().well and last().snapshot == snapshots()[0].id
    assert last().next_at == NIGHT + timedelta(days=1)


def test_a_home_with_no_nightly_load_does_nothing(home, minutes, last):
    nightly.forget(home)
    assert minutes(2) == []
    assert last().state == "off"


def test_nothing_is_loaded_before_the_first_hour_after_it_was_set(minutes, last):
    assert minutes(5, SET_AT) == []
    assert (last(SET_AT).state, last(SET_AT).says) == ("not yet", "The first load is due at 02:30.")


def test_a_worker_that_was_down_at_the_hour_loads_when_it_comes_back_the_same_day(minutes, snapshots, last):
    late = datetime(2026, 11, 3, 21, 0, tzinfo=UTC)
    assert last(late).state == "missed" and "the worker was not running" in last(late).says
    assert [one.how for one in minutes(5, late)] == ["coming", "loaded"]
    assert len(snapshots()) == 1 and last(late).state == "loaded"


def test_a_worker_that_comes_back_the_next_day_before_the_hour_waits_for_it(minutes, snapshots, last):
    assert minutes(5, datetime(2026, 11, 4, 1, 0, tzinfo=UTC)) == []
    assert last(datetime(2026, 11, 4, 1, 0, tzinfo=UTC)).state == "missed"
    assert snapshots() == []


def test_a_file_that_still_grows_is_not_loaded_until_it_stays_as_it_is(folder, minutes, snapshots):
    for minute in range(6):
        with (folder / "people.csv").open("a") as growing:
            growing.write(f"d{minute},Tom,2016-01-01\n")
        assert [one.how for one in minutes(1, NIGHT + timedelta(minutes=minute))] == ["coming"]
    assert snapshots() == []
    assert [one.how for one in minutes(3, NIGHT + timedelta(minutes=6))] == ["loaded"]
    assert snapshots()[0].tables["ssd_person"].rows == 66


def test_two_looks_within_the_same_moment_are_one(minutes, home):
    with clock.frozen_at(NIGHT):
        assert [nightly.load_if_due(home).how for _ in range(4)] == ["coming"] * 4


def test_a_file_marked_as_unfinished_keeps_the_folder_waiting_and_is_named(folder, minutes, snapshots, last):
    (folder / "plans.csv.part").write_text("")
    done = minutes(10)
    assert [one.how for one in done] == ["coming"] * 10 and done[-1].tries == 0
    assert "(plans.csv.part)" in last().says and snapshots() == []
    (folder / "plans.csv.part").unlink()
    assert minutes(3, NIGHT + timedelta(minutes=20))[-1].how == "loaded"


def test_the_newest_dated_extract_of_a_folder_is_loaded_and_no_older_one_in_its_place(folder, minutes, snapshots):
    for name in ("extract.toml", "people.csv"):
        (folder / name).unlink()
    for day in ("2026-10-31", "2026-11-01"):
        (folder / day).mkdir()
        (folder / day / "extract.toml").write_text(FACTS.replace("2026-11-02", day))
        (folder / day / "people.csv").write_text(PEOPLE)
    (folder / "2026-11-02").mkdir()
    assert [one.how for one in minutes(3)] == ["coming"] * 3
    (folder / "2026-11-02" / "people.csv").write_text(PEOPLE)
    (folder / "2026-11-02" / "extract.toml").write_text(FACTS)
    minutes(5, NIGHT + timedelta(minutes=5))
    assert [one.as_at for one in snapshots()] == [date(2026, 11, 2)]


def test_the_same_files_the_next_night_make_no_snapshot_and_are_told_as_nothing_new(folder, minutes, snapshots, last):
    minutes(5)
    tomorrow = NIGHT + timedelta(days=1)
    assert [one.how for one in minutes(3, tomorrow)] == ["nothing new"] * 3
    assert (
        "Nothing new has come into the folder" in last(tomorrow).says and "since 3 November 2026" in last(tomorrow).says
    )
    assert not last(tomorrow).well
    people = folder / "people.csv"  # the same bytes, written again
    people.write_bytes(people.read_bytes())
    os.utime(people, ns=(10**18, 10**18))
    assert [one.how for one in minutes(4, tomorrow + timedelta(minutes=5))] == ["coming", "nothing new"]
    assert len(snapshots()) == 1


def test_an_export_that_comes_hours_late_is_loaded_when_it_comes(folder, minutes, snapshots):
    minutes(5)
    tomorrow = NIGHT + timedelta(days=1)
    minutes(2, tomorrow)
    (folder / "extract.toml").write_text(FACTS.replace("11-02", "11-03"))
    assert [one.how for one in minutes(4, tomorrow + timedelta(hours=5))] == ["coming", "loaded"]
    assert [one.as_at for one in snapshots()] == [date(2026, 11, 2), date(2026, 11, 3)]


def test_a_failure_is_kept_in_one_sentence_and_tried_five_times_and_then_the_next_night(folder, minutes, last, home):
    (folder / "people.csv").write_bytes(b"PK\x03\x04 not a table")
    done = minutes(30)
    assert [one.how for one in done] == ["coming"] + ["failed"] * 5
    assert [one.tries for one in done[1:]] == [1, 2, 3, 4, 5]
    assert last().state == "failed" and "people.csv" in last().says and last().says.endswith(".")
    assert last().last_done is None and last().last_tried == done[-1].last_tried
    (folder / "people.csv").write_text(PEOPLE)
    assert minutes(3, NIGHT + timedelta(hours=1)) == []
    assert minutes(3, NIGHT + timedelta(days=1))[-1].how == "loaded"


def test_a_folder_that_is_not_there_is_a_failure_and_told(folder, minutes, last):
    shutil.rmtree(folder)
    assert [one.how for one in minutes(9)] == ["failed"] * 5
    assert last().says.startswith("There is no file or folder")


def test_another_authority_s_extract_is_refused_in_the_load_s_own_words(folder, minutes, last):
    (folder / "extract.toml").write_text(FACTS.replace("306", "330"))
    minutes(2)
    assert "This extract is of authority 330" in last().says


def test_what_the_machine_refuses_is_told_plainly(minutes, breaks, last):
    tried = breaks(OSError(28, "No space left on device"))
    minutes(10)
    assert last().says == "The machine refused it: no space left on device." and len(tried) == 5


def test_what_nobody_foresaw_is_raised_and_its_words_which_may_name_a_child_are_not_kept(minutes, breaks, last, home):
    tried = breaks(ValueError("Ada Tern, born 2 January 2015"))
    minutes(1)
    for minute in range(1, 6):
        with pytest.raises(ValueError, match="Ada"):
            minutes(1, NIGHT + timedelta(minutes=minute))
    assert minutes(5, NIGHT + timedelta(minutes=6)) == [] and len(tried) == 5
    assert last().says == "Something went wrong inside Line of Sight (ValueError). Nothing was published in part."
    assert "Ada" not in (home.path / "nightly.json").read_text()


def test_a_load_that_takes_the_worker_with_it_is_not_tried_for_ever(minutes, monkeypatch, last):
    class Killed(BaseException):
        pass

    def load(*_, **__):
        raise Killed

    monkeypatch.setattr(loading, "load", load)
    minutes(1)
    for minute in range(1, 6):
        with pytest.raises(Killed):
            minutes(1, NIGHT + timedelta(minutes=minute))
    assert minutes(5, NIGHT + timedelta(minutes=6)) == []
    assert last().says == "The load was cut short."


def test_a_fall_in_rows_beyond_policy_is_not_published_and_waits_for_a_person(folder, minutes, snapshots, last, home):
    minutes(5)
    (folder / "people.csv").write_text("\n".join(PEOPLE.splitlines()[:6]) + "\n")
    (folder / "extract.toml").write_text(FACTS.replace("11-02", "11-03"))
    tomorrow = NIGHT + timedelta(days=1)
    assert [one.how for one in minutes(5, tomorrow)] == ["coming", "waiting"]
    assert len(snapshots()) == 1
    stands = last(tomorrow + timedelta(minutes=5))
    assert stands.state == "waiting" and "waits for a person to look at it" in stands.says and not stands.well
    assert "5 rows, 60 before" in stands.says
    assert f"/data/loads/{stands.snapshot}/" in stands.says and f"'lineofsight accept {stands.snapshot}'" in stands.says
    assert {one.how for one in minutes(3, tomorrow + timedelta(days=1))} == {"waiting"}
    loading.accept(home, stands.snapshot, by="console:ada")
    assert [one.as_at for one in snapshots()] == [date(2026, 11, 2), date(2026, 11, 3)]
    assert last(tomorrow + timedelta(days=1, minutes=5)).state == "loaded"


def test_a_settings_file_that_is_not_right_is_told_and_the_worker_goes_on(home, minutes, last):
    (home.path / "nightly.toml").write_text("at = 5")
    assert [one.how for one in minutes(2)] == ["failed", "failed"]
    assert last().state == "failed" and "must be an hour of the day" in last().says


def test_what_is_kept_is_for_its_owner_only_and_a_damaged_file_is_begun_anew(home, minutes):
    minutes(2)
    kept = home.path / "nightly.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text())["night"] == "2026-11-03"
    for damage in ("", "[]", '{"night": 5}', '{"strange": 1}'):
        kept.write_text(damage)
        assert minutes(3, NIGHT + timedelta(days=1))


@pytest.fixture
def database(home, tmp_path, monkeypatch):
    """The home is fed from a database instead; the file it is."""
    path = tmp_path / "cases.db"
    link = sqlite3.connect(path)
    link.executescript(
        "create table ssd_person (pers_person_id text, pers_dob text);"
        "insert into ssd_person values ('c1', '2015-01-02');"
    )
    link.close()
    monkeypatch.setenv("LINEOFSIGHT_SOURCE", f"sqlite:///{path}")
    with clock.frozen_at(SET_AT):
        nightly.keep(home, time(2, 30), None)
    return path


def test_a_database_is_loaded_at_its_hour_as_of_that_day(database, minutes, snapshots, last):
    assert [one.how for one in minutes(5)] == ["loaded"]
    assert [one.as_at for one in snapshots()] == [date(2026, 11, 3)]
    assert last().where == "the database"


def test_a_database_in_which_nothing_changed_keeps_its_day_and_makes_no_snapshot(database, minutes, snapshots, last):
    minutes(2)
    tomorrow = NIGHT + timedelta(days=1)
    assert [one.how for one in minutes(5, tomorrow)] == ["nothing new"]
    assert [one.as_at for one in snapshots()] == [date(2026, 11, 3)]
    assert last(tomorrow).says == "It holds what was loaded before, as at 3 November 2026."
    link = sqlite3.connect(database)
    link.execute("insert into ssd_person values ('c2', '2016-01-01')")
    link.commit()
    link.close()
    minutes(2, NIGHT + timedelta(days=2))
    assert [one.as_at for one in snapshots()] == [date(2026, 11, 3), date(2026, 11, 5)]


def test_a_database_that_does_not_answer_is_a_failure_without_its_password(database, minutes, last, monkeypatch, home):
    monkeypatch.setenv("LINEOFSIGHT_SOURCE", "postgresql://reader:Kestrel7@127.0.0.1:1/cases")
    assert [one.how for one in minutes(9)] == ["failed"] * 5
    assert last().says == "The database cases at 127.0.0.1:1 does not answer."
    assert "Kestrel7" not in (home.path / "nightly.json").read_text()
    monkeypatch.delenv("LINEOFSIGHT_SOURCE")
    minutes(2, NIGHT + timedelta(days=1))
    assert "No database is named" in last(NIGHT + timedelta(days=1)).says


def test_a_person_s_word_loads_at_any_hour_and_counts_for_no_night(home, minutes, snapshots, monkeypatch):
    monkeypatch.setattr(night, "BETWEEN_LOOKS", timedelta(0))
    waited = []
    with clock.frozen_at(SET_AT):
        done = nightly.load_now(home, waited.append)
    assert (done.how, done.night, waited) == ("loaded", None, [0.0]) and len(snapshots()) == 1
    assert [one.how for one in minutes(2)] == ["nothing new"] * 2


def test_a_person_s_word_says_what_keeps_the_folder_from_being_loaded(home, folder, monkeypatch):
    monkeypatch.setattr(night, "BETWEEN_LOOKS", timedelta(0))
    (folder / "plans.tmp").write_text("")
    assert nightly.load_now(home, lambda seconds: None).how == "coming"
    shutil.rmtree(folder)
    assert nightly.load_now(home, lambda seconds: None).how == "failed"
    nightly.forget(home)
    with pytest.raises(PlainError, match="No nightly load is set"):
        nightly.load_now(home, lambda seconds: None)


def test_a_person_s_word_that_ends_badly_does_not_make_the_night_be_done_again(home, minutes, breaks, monkeypatch):
    monkeypatch.setattr(night, "BETWEEN_LOOKS", timedelta(0))
    minutes(3)
    tried = breaks(ValueError("no"))
    with clock.frozen_at(NIGHT + timedelta(hours=1)), pytest.raises(ValueError, match="no"):
        nightly.load_now(home, lambda seconds: None)
    assert len(tried) == 1 and minutes(5, NIGHT + timedelta(hours=2)) == [] and len(tried) == 1


def test_a_database_that_failed_before_is_tried_at_a_person_s_word(database, home, minutes, monkeypatch):
    address = f"sqlite:///{database}"
    monkeypatch.setenv("LINEOFSIGHT_SOURCE", "sqlite:////nowhere/cases.db")
    assert minutes(6)[-1].how == "failed"
    monkeypatch.setenv("LINEOFSIGHT_SOURCE", address)
    with clock.frozen_at(NIGHT + timedelta(hours=1)):
        assert nightly.load_now(home, lambda seconds: None).how == "loaded"
