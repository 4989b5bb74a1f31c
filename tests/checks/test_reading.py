"""What is no census to check is refused in one plain sentence, and what can be read is."""

import zipfile
from pathlib import Path

import pytest
from tests.checks.breaking import Census

from lineofsight.checks.cin import reading
from lineofsight.errors import PlainError

GOOD = Census().written()


def refusal(*paths: Path) -> str:
    with pytest.raises(PlainError) as refused:
        reading.read(paths)
    told = str(refused.value)
    assert told.count("\n") == 0
    assert told.endswith(".")
    return told


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"CHILD,DOB\n1,2\n", "is not XML"),
        (b"<EXPSSDA903></EXPSSDA903>", "looked-after children"),
        (b"<CSWW></CSWW>", "workforce"),
        (b"<Other></Other>", "not a children in need census"),
        (b"<Message><Header></Header><Children></Children></Message>", "without a single child"),
        (GOOD[:-40], "not whole"),
        (GOOD.replace(b"<Collection>CIN", b"<Collection>SLASC"), "of the collection SLASC"),
        (b'<!DOCTYPE Message [<!ENTITY a "b">]>' + GOOD.partition(b"?>")[2], "document type"),
    ],
)
def test_what_is_no_census_is_refused_in_a_sentence(tmp_path: Path, data: bytes, told: str) -> None:
    assert told in refusal(written(tmp_path / "it.xml", data))


def test_two_years_are_not_mixed(tmp_path: Path) -> None:
    one = written(tmp_path / "one.xml", GOOD)
    two = written(tmp_path / "two.xml", GOOD.replace(b"<Year>2026", b"<Year>2025"))
    assert "2024-25 and 2025-26" in refusal(one, two)


@pytest.mark.parametrize(("year", "day"), [(b"", b""), (b"0000", b"0001-01-01"), (b"26", b"31 March")])
def test_a_return_that_names_no_year_asks_for_it(tmp_path: Path, year: bytes, day: bytes) -> None:
    data = GOOD.replace(b"<Year>2026", b"<Year>" + year).replace(b"<ReferenceDate>2026-03-31", b"<ReferenceDate>" + day)
    read = reading.read([written(tmp_path / "one.xml", data)])
    with pytest.raises(PlainError, match="--year"):
        read.year()


def test_the_year_is_told_by_the_reference_date_where_no_year_stands(tmp_path: Path) -> None:
    data = GOOD.replace(b"<Year>2026</Year>", b"")
    assert reading.read([written(tmp_path / "one.xml", data)]).year().label == "2025-26"


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "nothing.xml")
    assert "There is no file" in refusal(tmp_path)


def test_a_return_in_several_files_is_one_return_with_its_files(tmp_path: Path) -> None:
    census = Census()
    half = dict(list(census.children.items())[:6])
    rest = {name: child for name, child in census.children.items() if name not in half}
    for name, children in (("a.xml", half), ("b.xml", rest)):
        census.children = children
        census.write(tmp_path / name)
    read = reading.read([tmp_path])
    assert (read.files, read.rows["ChildIdentifiers"].count) == (["a.xml", "b.xml"], 13)


def test_a_zip_is_read_and_what_lies_beside_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sent.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("census.xml", GOOD)
        archive.writestr("plans.csv", "a,b\n1,2\n")
    read = reading.read([path])
    assert read.rows["ChildIdentifiers"].count == 13
    assert any("plans.csv" in note for note in read.notes)


def test_how_far_it_is_can_be_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    reading.read([written(tmp_path / "one.xml", GOOD)], lambda step, done, total: told.append((step, done, total)))
    assert told[0][0] == "Reading one.xml"
    assert told[0][2] == len(GOOD)
