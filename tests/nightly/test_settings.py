"""What a home says of its nightly load."""

import stat
from datetime import UTC, datetime, time

import pytest

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.nightly.settings import forget, keep, settings_of


def test_a_home_without_the_file_has_no_nightly_load(home):
    assert settings_of(home) is None
    forget(home)


def test_what_is_set_is_what_is_read_and_only_its_owner_can_read_it(home, tmp_path):
    with clock.frozen_at(datetime(2026, 6, 1, 9, 0, 0, 123, tzinfo=UTC)):
        made = keep(home, time(2, 30), tmp_path)
    assert settings_of(home) == made
    assert (made.at, made.origin, made.folder) == (time(2, 30), "folder", tmp_path)
    assert made.since == datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert stat.S_IMODE((home.path / "nightly.toml").stat().st_mode) == 0o600
    made = keep(home, time(23, 5), None)
    assert settings_of(home) == made and (made.origin, made.folder, made.where) == ("database", None, "the database")
    forget(home)
    assert settings_of(home) is None


def test_a_folder_is_kept_in_full_and_must_be_there(home, tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    assert keep(home, time(2, 30), Path("in")).folder == tmp_path / "in"
    with pytest.raises(PlainError, match="There is no folder"):
        keep(home, time(2, 30), Path("gone"))
    assert settings_of(home).folder == tmp_path / "in"


def test_a_file_written_by_hand_needs_no_moment_since_when(home):
    (home.path / "nightly.toml").write_text('at = "02:30"\nfrom = "database"')
    assert settings_of(home).since is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("at = 02:30:00", "must be an hour of the day"),
        ('at = "2:30"\nfrom = "database"', "must be an hour of the day"),
        ('at = "24:00"\nfrom = "database"', "must be an hour of the day"),
        ('at = "02:30:00"\nfrom = "database"', "must be an hour of the day"),
        ('from = "database"', "must be an hour of the day"),
        ('at = "02:30"', "from must be"),
        ('at = "02:30"\nfrom = "post"', "from must be"),
        ('at = "02:30"\nfrom = "folder"', "from must be"),
        ('at = "02:30"\nfrom = "database"\nfolder = "/x"', "from must be"),
        ('at = "02:30"\nfrom = "folder"\nfolder = "x"', "must be the path of a folder in full"),
        ('at = "02:30"\nfrom = "folder"\nfolder = 5', "must be the path of a folder in full"),
        ('at = "02:30"\nfrom = "database"\nwhen = 5', "parts that mean nothing here: when"),
        ('at = "02:30"\nfrom = "database"\nsince = 2026-10-31', "since must be a moment"),
        ('at = "02:30"\nfrom = "database"\nsince = 2026-10-31T09:00:00', "since must be a moment"),
        ("at = ", "is not a TOML file"),
        ('at = "\udcff"', "is not a TOML file"),
    ],
)
def test_a_file_that_is_not_right_is_said_in_one_sentence(home, text, says):
    (home.path / "nightly.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(PlainError, match=says):
        settings_of(home)
