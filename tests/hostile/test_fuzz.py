"""Whatever happens to a file on its way here, it ends in an extract that is sound or in one plain sentence."""

import resource
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.case import plain
from tests.hostile.mutations import CELL, PEOPLE, TARGETS
from tests.times import times

from lineofsight.errors import PlainError
from lineofsight.schema import Issue, arrow_schema, tables
from lineofsight.schema.cells import read_cells
from lineofsight.schema.conforming import IGNORED, TWICE
from lineofsight.sources import Extract, SourceTable, read

AS_AT = date(2026, 8, 31)
FEW, MANY = 150, times(500)
SECONDS, MEGABYTES = 2.0, 256
LENGTHS = [pytest.param(FEW, id="few"), pytest.param(MANY, id="many", marks=pytest.mark.full)]
HOUSE = {"suppress_health_check": list(HealthCheck), "deadline": None}
Counted = Callable[..., None]


@pytest.mark.parametrize("number", LENGTHS)
@pytest.mark.parametrize("target", TARGETS)
def test_a_mutation_ends_in_a_sound_extract_or_in_one_plain_sentence(
    target: str, number: int, tmp_path: Path, counted: Counted
) -> None:
    name, mutations = TARGETS[target]
    ends = {"read": 0, "refused": 0}
    before = peak_megabytes()

    @settings(max_examples=number, **HOUSE)
    @given(data=mutations)
    def one(data: bytes) -> None:
        (tmp_path / name).write_bytes(data)
        if target == "facts":
            (tmp_path / "people.csv").write_text(PEOPLE)
        ends[ends_well(tmp_path if target == "facts" else tmp_path / name)] += 1

    one()
    counted("spoiled files tried", sum(ends.values()), f"{target}: {ends['read']:,} read, {ends['refused']:,} refused")
    assert sum(ends.values()) >= number
    # A mutation that only ever refuses tests no more than the front door.
    assert target == "anything" or min(ends.values()) > 0
    assert peak_megabytes() - before <= MEGABYTES


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ends_well(path: Path) -> str:
    began = time.process_time()
    try:
        extract = read([path], as_at=AS_AT)
    except PlainError as refused:
        plain(str(refused))
        return "refused"
    finally:
        assert time.process_time() - began <= SECONDS
    sound(extract)
    return "read"


def sound(extract: Extract) -> None:
    """Hold an extract to what the schema and the other floors of the house count on."""
    assert extract.tables
    for name, source in extract.tables.items():
        source.table.validate(full=True)
        assert source.table.schema == arrow_schema(name)
        keyed(source)
        assert set(source.columns_present) <= set(source.table.column_names)
        lost = sum(source.passed_over.values())
        assert source.rows_read == source.table.num_rows + lost
        assert all(why and count > 0 for why, count in source.passed_over.items())
        told = [issue for issue in extract.issues if issue.table == name]
        assert told or not lost, "rows were lost in silence"
    for issue in extract.issues:
        located(issue)


def keyed(source: SourceTable) -> None:
    table = tables()[source.name]
    for column in table.columns:
        values = source.table[column.name]
        if column.name in table.key:
            assert values.null_count == 0
        if column.kind == "date" and values.null_count < len(values):
            found = pc.min_max(values).as_py()
            assert date(1900, 1, 2) <= found["min"] <= found["max"] <= date(2099, 12, 31)
    keys = source.table.select(table.key).to_pylist()
    assert len({tuple(key.values()) for key in keys}) == len(keys)


def located(issue: Issue) -> None:
    """A file, and a row and column where it is about one; a value fit for a page."""
    assert issue.file
    assert issue.why
    assert issue.row is None or issue.row >= 1
    for text in (issue.file, issue.column or "", issue.value or "", issue.why):
        assert text.isprintable()
        assert len(text) <= 1500
    if issue.value is not None:
        assert issue.row is not None
        assert issue.column is not None


KINDS = {column.kind: column for table in tables().values() for column in table.columns if column.codes is None}
DATES = st.builds(
    lambda day, month, year, mark, tail, swap: mark.join([year, month, day] if swap else [day, month, year]) + tail,
    st.integers(0, 32).map(str) | st.integers(0, 32).map("{:02}".format),
    st.integers(0, 14).map(str) | st.sampled_from(["02", "Feb", "february", "SEPT", "Foo", "may"]),
    st.integers(0, 10000).map(str) | st.integers(1895, 2105).map(str),
    st.sampled_from("-/. _"),
    st.sampled_from(["", " ", " 10:30", "T00:00:00Z", " 25:00", "T10:00:00+01:00", " x"]),
    st.booleans(),
)
NUMBERS = st.from_regex(r"[ +-]?\d{0,20}\.?\d{0,20}(e\d{1,3})?", fullmatch=True)


@pytest.mark.parametrize("number", LENGTHS)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_cell_of_anything_is_what_it_says_or_null_and_told(kind: str, number: int, counted: Counted) -> None:
    column = KINDS[kind]
    tried = 0

    @settings(max_examples=number, **HOUSE)
    @given(texts=st.lists(CELL | DATES | NUMBERS, min_size=1, max_size=8))
    def one(texts: list[str]) -> None:
        nonlocal tried
        tried += 1
        cells = read_cells(column, pa.array(texts, pa.string()))
        values, whys = cells.values.to_pylist(), cells.why.to_pylist()
        nulled = sum(value is None and why is None for value, why in zip(values, whys, strict=True))
        assert (
            nulled
            <= sum(not text.strip(" \t\r\n\u00a0\ufeff") or means_nothing(text) for text in texts) + cells.sentinels
        )
        for text, value, why in zip(texts, values, whys, strict=True):
            if value is not None and why is None:
                assert says(kind, text, value)

    one()
    counted("cells of anything tried", tried)


def means_nothing(text: str) -> bool:
    word = text.strip(" \t\r\n\u00a0\ufeff").lower()
    return word in {"", "null", "(null)", "\\n", "none", "nan", "nat", "n/a", "na", "not known", "unknown", "-", "u"}


def says(kind: str, text: str, value: object) -> bool:
    """Whether a cell's text says the value read from it: told another way than the reader does it."""
    bare = text.strip(" \t\r\n\u00a0\ufeff")
    if kind == "integer":
        return Decimal(bare) == value
    if kind == "real":
        return float(bare) == value
    if kind == "flag":
        return (value == "Y") == (bare.lower() in {"y", "yes", "1", "true", "t"})
    if kind == "date":
        assert isinstance(value, date)
        return str(value.year) in bare and f"{value.day}" in bare
    return value == bare


TABLE = tables()["ssd_cp_plans"]
COLUMNS = [column.name for column in TABLE.columns]
GOOD = {"text": "x1", "date": "2026-01-05", "flag": "Y"}


@st.composite
def columns_moved(draw: st.DrawFn) -> tuple[list[str], dict[str, str]]:
    """The columns of a table in any order, some dropped and some renamed. Returns (kept, renamed)."""
    order = draw(st.permutations(COLUMNS))
    dropped = draw(st.sets(st.sampled_from(COLUMNS), max_size=4))
    names = st.text("abcxyz_ ,;\"'\n", max_size=12) | st.sampled_from(COLUMNS)
    renamed = draw(st.dictionaries(st.sampled_from(COLUMNS), names, max_size=3))
    return [name for name in order if name not in dropped], renamed


@settings(max_examples=FEW, **HOUSE)
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
    passed_over = [issue for issue in extract.issues if issue.why.startswith((IGNORED, TWICE))]
    assert len(passed_over) == len(kept) - len(source.columns_present)
