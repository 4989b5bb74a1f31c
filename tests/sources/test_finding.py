"""From the paths a person names to the files to read."""

from pathlib import Path

import pytest
from tests.sources.conftest import FACTS, PEOPLE, Writer

from lineofsight.errors import PlainError
from lineofsight.sources import find_extracts, read


def test_a_folder_of_dated_folders_holds_one_extract_in_each_oldest_first(write_source: Writer, tmp_path: Path) -> None:
    for day in ("2026-10-31", "2026-08-31", "2026-09-30"):
        write_source(f"all/{day}/extract.toml", FACTS.replace("2026-08-31", day))
        write_source(f"all/{day}/ssd/people.csv", PEOPLE)
    write_source("all/notes/readme.md", "not an extract")
    found = find_extracts(tmp_path / "all")
    assert [path.name for path in found] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert [str(read([path]).as_at) for path in found] == ["2026-08-31", "2026-09-30", "2026-10-31"]


def test_an_extract_or_a_file_is_itself_the_one_extract(small_extract: Path) -> None:
    assert find_extracts(small_extract) == [small_extract]
    file = small_extract / "ssd" / "plans.csv"
    assert find_extracts(file) == [file]


def test_a_folder_with_a_date_that_is_none_holds_no_extracts(write_source: Writer, tmp_path: Path) -> None:
    write_source("all/2026-02-31/people.csv", PEOPLE)
    write_source("all/20260228/people.csv", PEOPLE)
    assert find_extracts(tmp_path / "all") == [tmp_path / "all"]


def test_reading_several_extracts_at_once_names_them(write_source: Writer, tmp_path: Path) -> None:
    for day in ("2026-08-31", "2026-09-30"):
        write_source(f"all/{day}/people.csv", PEOPLE)
    with pytest.raises(PlainError, match=r"all holds 2 extracts \(2026-08-31, 2026-09-30\)"):
        read([tmp_path / "all"])


def test_two_extract_tomls_are_two_extracts(small_extract: Path, write_source: Writer) -> None:
    write_source("extract/again/extract.toml", FACTS)
    with pytest.raises(PlainError, match=r"more than one extract\.toml"):
        read([small_extract])


def test_a_path_where_nothing_is_is_one_plain_sentence(tmp_path: Path) -> None:
    for look in (lambda: find_extracts(tmp_path / "no"), lambda: read([tmp_path / "no"])):
        with pytest.raises(PlainError, match="There is no file or folder"):
            look()


def test_no_path_at_all_is_one_plain_sentence() -> None:
    with pytest.raises(PlainError, match="Name a folder, a zip or the files"):
        read([])


def test_an_empty_folder_is_one_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(PlainError, match="no file to read"):
        read([tmp_path])
