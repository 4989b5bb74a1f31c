"""Whatever happens to a file on its way here, it ends in an extract or in one plain sentence."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sources.conftest import FACTS, PEOPLE, PLANS

from lineofsight.errors import PlainError
from lineofsight.schema import tables
from lineofsight.schema.conforming import IGNORED, TWICE
from lineofsight.sources import Extract, read

AS_AT = date(2026, 8, 31)
CENSUS = (Path(__file__).parent.parent / "samples" / "cin_census_one_child.xml").read_bytes()
SHARED = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}
NORMAL = settings(max_examples=300, **SHARED)
LONG = settings(max_examples=5000, **SHARED)
TABLE = tables()["ssd_cp_plans"]
COLUMNS = [column.name for column in TABLE.columns]
TROUBLE = [b'"', b"\n", b"\r", b",", b";", b"\t", b"\0", b"<", b">", b"&", b"]]>", b"\xff", b"\xef\xbb\xbf"]
TROUBLE = [b'"', b"\n", b"\r", b",", b";", b"\t", b"\0", b"<", b">", b"&", b"]]>", b"\xff", b"\xef\xbb\xbf"]
GOOD = {"text": "x1", "date": "2026-01-05", "flag": "Y"}


@st.composite
def spoiled(draw: st.DrawFn, original: bytes) -> bytes:
    """The bytes with a few places overwritten, cut out, doubled or pushed in, perhaps cut short."""
    data = bytearray(original)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        span = draw(st.integers(1, 8))
        how = draw(st.sampled_from(["overwrite", "remove", "double", "insert", "cut"]))
        if how == "overwrite":
            data[place : place + span] = draw(st.binary(min_size=span, max_size=span))
        elif how == "remove":
            del data[place : place + span]
        elif how == "double":
            data[place:place] = data[place : place + span * 20]
        elif how == "insert":
            data[place:place] = draw(st.sampled_from(TROUBLE))
        elif draw(st.integers(0, 5)) == 0:
            del data[place:]
    return bytes(data)


def ends_well(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        extract = read([path], as_at=AS_AT)
    except PlainError as refused:
        sentence = str(refused)
        assert sentence.endswith(".")
        assert sentence.isprintable()
        return
    assert isinstance(extract, Extract)
    for table in extract.tables.values():
        assert table.rows_read >= table.table.num_rows


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("extract.toml", FACTS), ("people.csv", PEOPLE), ("plans.csv", PLANS)):
            member = zipfile.ZipInfo(name)  # without the time of day, so that a failure can be run again
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, text)
    return stream.getvalue()


@NORMAL
@given(data=spoiled(PLANS.encode()))
def test_a_spoiled_table_is_an_extract_or_one_plain_sentence(tmp_path: Path, data: bytes) -> None:
    ends_well(tmp_path / "plans.csv", data)


@NORMAL
@given(data=spoiled(CENSUS))
def test_a_spoiled_census_is_an_extract_or_one_plain_sentence(tmp_path: Path, data: bytes) -> None:
    ends_well(tmp_path / "census.xml", data)


@NORMAL
@given(data=spoiled(zipped()))
def test_a_spoiled_zip_is_an_extract_or_one_plain_sentence(tmp_path: Path, data: bytes) -> None:
    ends_well(tmp_path / "upload.zip", data)


@NORMAL
@given(data=spoiled(FACTS.encode()))
def test_spoiled_facts_are_an_extract_or_one_plain_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "extract.toml").write_bytes(data)
    (tmp_path / "people.csv").write_text(PEOPLE)
    try:
        read([tmp_path], as_at=AS_AT)
    except PlainError as refused:
        assert str(refused).endswith(".")


@NORMAL
@given(data=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.xml", "a.zip", "a.txt", "a"]))
def test_any_bytes_under_any_name_are_an_extract_or_one_plain_sentence(tmp_path: Path, data: bytes, name: str) -> None:
    ends_well(tmp_path / name, data)


@pytest.mark.full
@LONG
@given(data=spoiled(PLANS.encode("utf-16")) | spoiled(PLANS.replace(",", "\t").encode()))
def test_many_spoiled_tables_are_extracts_or_plain_sentences(tmp_path: Path, data: bytes) -> None:
    ends_well(tmp_path / "plans.csv", data)


@pytest.mark.full
@LONG
@given(data=spoiled(CENSUS))
def test_many_spoiled_censuses_are_extracts_or_plain_sentences(tmp_path: Path, data: bytes) -> None:
    ends_well(tmp_path / "census.xml", data)


@pytest.mark.full
@LONG
@given(data=spoiled(zipped()))
def test_many_spoiled_zips_are_extracts_or_plain_sentences(tmp_path: Path, data: bytes) -> None:
    ends_well(tmp_path / "upload.zip", data)


@st.composite
def columns_moved(draw: st.DrawFn) -> tuple[list[str], dict[str, str]]:
    """The columns of a table in any order, some dropped and some renamed. Returns (kept, renamed)."""
    order = draw(st.permutations(COLUMNS))
    dropped = draw(st.sets(st.sampled_from(COLUMNS), max_size=4))
    names = st.text("abcxyz_ ,;\"'\n", max_size=12) | st.sampled_from(COLUMNS)
    renamed = draw(st.dictionaries(st.sampled_from(COLUMNS), names, max_size=3))
    return [name for name in order if name not in dropped], renamed


@NORMAL
@given(moved=columns_moved())
def test_columns_moved_renamed_or_dropped_are_told_never_a_crash_and_never_a_silent_null(
    tmp_path: Path, moved: tuple[list[str], dict[str, str]]
) -> None:
    kept, renamed = moved
    header = [renamed.get(name, name) for name in kept]
    quoted = ",".join('"' + name.replace('"', '""') + '"' for name in header)
    values = ",".join(GOOD[TABLE.column(name).kind] for name in kept)
    path = tmp_path / "plans.csv"
    path.write_text(f"{quoted}\n{values}\n")
    try:
        extract = read([path], as_at=AS_AT)
    except PlainError as refused:
        assert "plans.csv" in str(refused)
        return
    source = extract.tables["ssd_cp_plans"]
    (row,) = source.table.to_pylist()
    told = {issue.column for issue in extract.issues if issue.row == 2}
    assert {name for name in COLUMNS if row[name] is not None} | told == set(source.columns_present) | told
    passed_over = [issue for issue in extract.issues if issue.why in (IGNORED, TWICE)]
    assert len(passed_over) == len(kept) - len(source.columns_present)
