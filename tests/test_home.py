"""A home is one folder, for one authority, that only its owner can read."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from tests import settings

from lineofsight import home
from lineofsight.errors import PlainError
from lineofsight.web.site import settings as product


def test_a_home_is_opened_as_it_was_made(tmp_path):
    made = home.create_home(tmp_path / "a home", authority="306", authority_name='Croydon "South"', demo=True)
    assert home.open_home(tmp_path / "a home") == made
    assert (made.authority, made.authority_name, made.demo) == ("306", 'Croydon "South"', True)


def test_a_home_is_not_a_demo_unless_it_was_made_so(tmp_path):
    home.create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    assert home.open_home(tmp_path / "home").demo is False


def test_nobody_but_the_owner_can_look_into_a_home(tmp_path):
    made = home.create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    for folder in (made.path, made.lake, made.keys, made.exports, made.anchors):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_a_folder_that_stood_open_is_closed_when_it_becomes_a_home(tmp_path):
    (tmp_path / "home").mkdir(mode=0o755)
    made = home.create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o700


def test_everything_of_a_home_lies_inside_it(tmp_path):
    made = home.create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    for place in (made.lake, made.keys, made.exports, made.anchors, made.database):
        assert made.path in place.parents


def test_a_home_is_never_made_over_another(tmp_path):
    made = home.create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    with pytest.raises(PlainError, match="already a Line of Sight home"):
        home.create_home(tmp_path / "home", authority="301", authority_name="Barking")
    assert home.open_home(tmp_path / "home") == made


def test_where_there_is_no_home_a_sentence_says_so(tmp_path):
    with pytest.raises(PlainError, match="no Line of Sight home"):
        home.open_home(tmp_path)


def test_the_environment_chooses_the_home(tmp_path, monkeypatch):
    made = home.create_home(tmp_path / "chosen", authority="306", authority_name="Croydon")
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(tmp_path / "chosen"))
    assert home.open_home() == made
    monkeypatch.delenv("LINEOFSIGHT_HOME")
    assert home.default_path().name == "lineofsight"
    assert home.default_path() != Path(tmp_path / "chosen")


def test_two_homes_have_nothing_in_common(tmp_path):
    one = home.create_home(tmp_path / "one", authority="306", authority_name="Croydon")
    two = home.create_home(tmp_path / "two", authority="301", authority_name="Barking")
    assert one != two
    assert {one.lake, one.keys, one.database}.isdisjoint({two.lake, two.keys, two.database})


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "told.json"
    home.write_whole(path, b"first")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"first", 0o600)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        home.write_whole(path, b"second, and longer")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_dead_writer_left_beside_a_file_is_taken_over(tmp_path):
    path = tmp_path / "told.json"
    (tmp_path / ".told.json.unfinished").write_bytes(b"half of something that was longer than what comes now")
    home.write_whole(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


def test_many_that_write_one_file_at_once_leave_one_whole(tmp_path):
    path = tmp_path / "told.json"
    told = [bytes([letter]) * 200_000 for letter in b"abcdefgh"]
    with ThreadPoolExecutor(max_workers=8) as several:
        list(several.map(lambda content: home.write_whole(path, content), told * 4))
    assert path.read_bytes() in told
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", ["", "authority = ", 'authority = "306"', "\x00"])
def test_a_damaged_marker_is_said_in_a_sentence(tmp_path, content):
    (tmp_path / home.MARKER).write_text(content)
    with pytest.raises(PlainError, match="is damaged"):
        home.open_home(tmp_path)


def test_no_test_opens_a_home_outside_a_temporary_folder(tmp_path, monkeypatch):
    made = home.create_home(tmp_path / "home", authority="306", authority_name="Croydon")
    monkeypatch.setattr(settings, "TEMPORARY", [tmp_path / "elsewhere"])
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(made.path))
    for path in (made.path, None):
        with pytest.raises(settings.NotOfATest, match="outside every temporary folder"):
            home.open_home(path)


def test_django_read_its_settings_where_there_is_no_home():
    assert django_settings.SETTINGS_MODULE == "tests.settings"
    assert not (settings.NOWHERE / home.MARKER).exists()
    assert product._HOME is None


def test_a_home_names_the_case_systems_address_of_a_person_or_none(tmp_path: Path) -> None:
    home.create_home(tmp_path, authority="999", authority_name="Northmere")
    assert home.open_home(tmp_path).case_system == ""
    marker = tmp_path / "home.toml"
    marker.write_text(marker.read_text() + 'case_system = "https://cases.example/person/{id}"\n')
    assert home.open_home(tmp_path).case_system == "https://cases.example/person/{id}"
