"""Files and folders on disk: ordinary ones only, and told when they change."""

from pathlib import Path

import pytest
from tests.sources.conftest import PEOPLE, Writer

from lineofsight.errors import PlainError
from lineofsight.sources.disk import MOST_FILES, files_under, kind_of, on_disk


def test_a_file_is_read_as_often_as_it_is_asked_for_while_it_stays_the_same(write_source: Writer) -> None:
    content = on_disk(write_source("people.csv", PEOPLE), "people.csv")
    assert content.size == len(PEOPLE.encode())
    for _ in range(2):
        with content.start() as stream:
            assert stream.read() == PEOPLE.encode()
            assert stream.read() == b""


def rewritten(path: Path) -> None:
    path.write_text(PEOPLE.replace("Ada", "Bob"))


def longer(path: Path) -> None:
    path.write_text(PEOPLE + "c3,,\n")


def shorter(path: Path) -> None:
    path.write_text(PEOPLE[:-1])


def replaced(path: Path) -> None:
    path.rename(path.with_name("old.csv"))
    path.write_text(PEOPLE)


@pytest.mark.parametrize("change", [rewritten, longer, shorter, replaced], ids=lambda change: change.__name__)
def test_a_file_that_changed_since_it_was_looked_at_is_not_read(write_source: Writer, change) -> None:
    path = write_source("people.csv", PEOPLE)
    content = on_disk(path, "people.csv")
    change(path)
    with pytest.raises(PlainError, match=r"^people\.csv changed while it was read"), content.start() as stream:
        stream.read()


@pytest.mark.parametrize("change", [longer, shorter], ids=lambda change: change.__name__)
def test_a_file_that_changes_between_two_pieces_is_not_read(write_source: Writer, change) -> None:
    path = write_source("people.csv", PEOPLE)
    stream = on_disk(path, "people.csv").start()
    assert stream.read(10) == PEOPLE[:10].encode()
    change(path)
    with pytest.raises(PlainError, match="changed while it was read"):
        while stream.read(4096):
            pass


def test_the_files_of_a_folder_come_by_name_with_their_place_in_it(write_source: Writer, tmp_path: Path) -> None:
    for name in ("b.csv", "a/c.csv", "a/b/d.csv"):
        write_source(name, "x")
    assert [name for _, name in files_under(tmp_path)] == ["a/b/d.csv", "a/c.csv", "b.csv"]


def test_as_many_files_as_an_extract_may_have_are_listed_and_one_more_is_not(
    write_source: Writer, tmp_path: Path
) -> None:
    for place in range(MOST_FILES):
        write_source(f"{place}.csv", "x")
    assert len(list(files_under(tmp_path))) == MOST_FILES
    write_source("more.csv", "x")
    with pytest.raises(PlainError, match=f"more than {MOST_FILES} files"):
        list(files_under(tmp_path))


def test_what_stands_at_a_path_is_told_apart(write_source: Writer, tmp_path: Path) -> None:
    assert kind_of(write_source("people.csv", PEOPLE)) == "file"
    assert kind_of(tmp_path) == "folder"
    assert kind_of(Path("/dev/null")) == "other"
    with pytest.raises(PlainError, match="There is no file or folder"):
        kind_of(tmp_path / "people.csv" / "inside")
