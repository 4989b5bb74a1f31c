"""Zip files, honest and hostile."""

import stat
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.sources.conftest import FACTS, PEOPLE, PLANS

from lineofsight.errors import PlainError
from lineofsight.sources import read
from lineofsight.sources.zips import MOST_ENTRIES

AS_AT = date(2026, 8, 31)
Fill = Callable[[zipfile.ZipFile], None]


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[[Fill], Path]:
    """Makes upload.zip, filled by the function given."""

    def make(fill: Fill) -> Path:
        path = tmp_path / "upload.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            fill(archive)
        return path

    return make


def honest(archive: zipfile.ZipFile) -> None:
    archive.writestr("2026-08-31/extract.toml", FACTS)
    archive.writestr("2026-08-31/ssd/people.csv", PEOPLE)
    archive.writestr("2026-08-31/ssd/plans.csv", PLANS)


def test_a_zip_reads_as_its_folder_does(make_zip: Callable[[Fill], Path], small_extract: Path) -> None:
    zipped, folder = read([make_zip(honest)]), read([small_extract])
    assert zipped.sha256 == folder.sha256
    assert (zipped.as_at, zipped.authority, zipped.population) == (AS_AT, "330", 50000)
    assert {name: table.table for name, table in zipped.tables.items()} == {
        name: table.table for name, table in folder.tables.items()
    }
    assert zipped.tables["ssd_cp_plans"].file == "upload.zip/2026-08-31/ssd/plans.csv"


def test_nothing_of_a_zip_is_left_on_disk(
    make_zip: Callable[[Fill], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.chdir(scratch)
    path = make_zip(honest)
    before = sorted(tmp_path.rglob("*"))
    read([path])
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "name", ["../people.csv", "/etc/people.csv", "a/../../people.csv", "..\\people.csv", "C:\\people.csv"]
)
def test_a_member_that_would_land_outside_the_folder_is_refused(make_zip: Callable[[Fill], Path], name: str) -> None:
    with pytest.raises(PlainError, match="outside its own folder"):
        read([make_zip(lambda archive: archive.writestr(name, PEOPLE))], as_at=AS_AT)


def test_a_link_is_refused(make_zip: Callable[[Fill], Path]) -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        link = zipfile.ZipInfo("people.csv")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(PlainError, match="a link to another file"):
        read([make_zip(fill)], as_at=AS_AT)


def test_too_many_members_are_refused_by_their_number(make_zip: Callable[[Fill], Path]) -> None:
    def fill(archive: zipfile.ZipFile) -> None:
        for place in range(MOST_ENTRIES + 1):
            archive.writestr(f"{place}.csv", PEOPLE)

    with pytest.raises(PlainError, match=f"holds {MOST_ENTRIES + 1} files; at most {MOST_ENTRIES} are read"):
        read([make_zip(fill)], as_at=AS_AT)


def test_a_member_that_unpacks_to_far_more_than_its_size_is_refused(make_zip: Callable[[Fill], Path]) -> None:
    with pytest.raises(PlainError, match="more than 200 times its size"):
        read([make_zip(lambda archive: archive.writestr("people.csv", "\n" * 5_000_000))], as_at=AS_AT)


def test_a_zip_that_unpacks_to_more_than_four_gibibytes_is_refused(
    make_zip: Callable[[Fill], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_zip(honest)
    listed = zipfile.ZipFile.infolist

    def enormous(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        entries = listed(archive)
        for entry in entries:
            entry.file_size = 2 * 1024**3
        return entries

    monkeypatch.setattr(zipfile.ZipFile, "infolist", enormous)
    with pytest.raises(PlainError, match=r"would unpack to 6\.0 GiB; at most 4 GiB are read"):
        read([path])


def test_a_member_that_lies_about_its_size_is_damaged_not_unpacked(make_zip: Callable[[Fill], Path]) -> None:
    path = make_zip(lambda archive: archive.writestr("people.csv", PEOPLE + "c3,Bo,\n" * 5000))
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (len(PEOPLE)).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    with pytest.raises(PlainError, match="damaged"):
        read([path], as_at=AS_AT)


@pytest.mark.parametrize("name", ["more.zip", "more.ZIP", "more.7z", "more.tar"])
def test_an_archive_inside_the_zip_is_refused(make_zip: Callable[[Fill], Path], name: str) -> None:
    with pytest.raises(PlainError, match="holds another archive"):
        read([make_zip(lambda archive: archive.writestr(name, PEOPLE))], as_at=AS_AT)


def test_an_archive_under_another_name_is_refused(make_zip: Callable[[Fill], Path], tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("people.csv", PEOPLE)
    with pytest.raises(PlainError, match="zip inside the extract"):
        read([make_zip(lambda archive: archive.write(inner, "people.csv"))], as_at=AS_AT)


def test_a_members_name_that_cannot_be_printed_is_told_without_it(make_zip: Callable[[Fill], Path]) -> None:
    with pytest.raises(PlainError) as refused:
        read([make_zip(lambda archive: archive.writestr("\x1b[31m\n.csv", ""))], as_at=AS_AT)
    assert str(refused.value) == "upload.zip/?[31m?.csv is empty."


def test_a_zip_with_a_password_is_refused(make_zip: Callable[[Fill], Path]) -> None:
    path = make_zip(honest)
    data = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(signature, place + 4)
    path.write_bytes(bytes(data))
    with pytest.raises(PlainError, match="has a password"):
        read([path])


@pytest.mark.parametrize("kept", [10, 100, 300, -30, -1])
def test_a_zip_cut_short_is_one_plain_sentence(make_zip: Callable[[Fill], Path], kept: int) -> None:
    path = make_zip(honest)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(PlainError, match="damaged or cut short"):
        read([path])


def test_a_zip_with_a_spoiled_member_is_one_plain_sentence(make_zip: Callable[[Fill], Path]) -> None:
    path = make_zip(honest)
    data = bytearray(path.read_bytes())
    place = data.find(b"plans.csv") + len(b"plans.csv") + 20
    data[place] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(PlainError, match="damaged"):
        read([path])
