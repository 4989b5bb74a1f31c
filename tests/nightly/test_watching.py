"""A folder that something else writes into."""

import os

import pytest

from lineofsight.errors import PlainError
from lineofsight.nightly.watching import look_at


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "people.csv").write_text("pers_person_id\n1\n")
    return tmp_path / "in"


def test_a_folder_that_nobody_touched_looks_the_same(folder):
    assert look_at(folder) == look_at(folder)
    assert look_at(folder).unfinished is None and look_at(folder).extract == folder


@pytest.mark.parametrize("change", ["grown", "another", "gone", "renamed", "rewritten", "deeper"])
def test_any_change_makes_it_look_otherwise(folder, change):
    before, people = look_at(folder).seen, folder / "people.csv"
    if change == "grown":
        people.write_text("pers_person_id\n1\n2\n")
    elif change == "another":
        (folder / "plans.csv").write_text("")
    elif change == "gone":
        people.unlink()
    elif change == "renamed":
        people.rename(folder / "persons.csv")
    elif change == "deeper":
        (folder / "more").mkdir()
        (folder / "more" / "plans.csv").write_text("a")
    else:  # the same length, a moment later
        os.utime(people, ns=(1, 1))
    assert look_at(folder).seen != before


@pytest.mark.parametrize(
    "name",
    [
        "plans.csv.part",
        "plans.csv.PARTIAL",
        "plans.filepart",
        "x.crdownload",
        "x.tmp",
        "~$people.xlsx",
        ".~lock.people.ods#",
    ],
)
def test_a_file_that_is_not_finished_is_named(folder, name):
    (folder / name).write_text("")
    assert look_at(folder).unfinished == name


def test_the_newest_dated_extract_is_looked_at_though_it_is_still_empty(folder):
    (folder / "people.csv").unlink()
    for day in ("2026-09-30", "2026-10-31", "2026-08-31"):
        (folder / day).mkdir()
    (folder / "2026-09-30" / "people.csv").write_text("x")
    assert look_at(folder).extract == folder / "2026-10-31"
    assert look_at(folder).unfinished == "no file is there yet"


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(PlainError, match="There is no file or folder"):
        look_at(tmp_path / "gone")
    (tmp_path / "file").write_text("x")
    with pytest.raises(PlainError, match="is not a folder"):
        look_at(tmp_path / "file")
