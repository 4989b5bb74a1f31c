"""SQL sees what it was given and nothing else, for as long as it was allowed."""

import time

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from lineofsight.errors import PlainError
from lineofsight.lake import engine

NUMBERS = pa.table({"number": [1, 2, 3]})
on_the_side = pa.table({"secret": ["a Python variable"]})

REACHING_OUT = [
    "select * from read_csv('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from '{folder}/there.parquet'",
    "select * from read_parquet('{folder}/there.parquet')",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/passwd')",
    "select * from read_json('/etc/passwd')",
    "select * from sniff_csv('/etc/passwd')",
    "select * from glob('/*')",
    "select * from query('select * from read_csv(''/etc/passwd'')')",
    "select * from on_the_side",
    "attach '{folder}/other.db'",
    "attach ':memory:' as other",
    "copy numbers to '{folder}/out.csv'",
    "copy (select 1) to '{folder}/out.csv'",
    "export database '{folder}/out'",
    "import database '{folder}'",
    "install httpfs",
    "load httpfs",
    "create secret kept (type s3)",
    "set enable_external_access = true",
    "set memory_limit = '64GB'",
    "set temp_directory = '{folder}'",
    "reset lock_configuration",
    "pragma enable_external_access = true",
    "pragma version",
    "/* a comment */ pragma version",
    "call pragma_version()",
    "create table kept as select 1",
    "insert into numbers values (4)",
    "drop view numbers",
    "delete from numbers",
    "select 1; drop view numbers",
    "checkpoint",
    "explain analyze select 1",
    "",
]


@pytest.mark.parametrize("sql", REACHING_OUT)
def test_a_measure_that_reaches_out_is_refused(tmp_path, sql):
    pq.write_table(NUMBERS, tmp_path / "there.parquet")
    con = engine.connect({"numbers": NUMBERS})
    with pytest.raises((PlainError, duckdb.Error)):
        engine.run(con, sql.format(folder=tmp_path))
    assert engine.run(con, "select number from numbers").num_rows == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.parquet"]


@pytest.mark.parametrize("sql", [sql for sql in REACHING_OUT if sql.startswith(("set", "reset", "attach '{f", "copy"))])
def test_not_even_our_own_code_can_open_a_locked_connection_again(tmp_path, sql):
    con = engine.connect({"numbers": NUMBERS})
    with pytest.raises(duckdb.Error):
        con.execute(sql.format(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "select number from numbers",
        "with kept as (select number from numbers) select number from kept",
        "-- what this counts\n/* and why */ select count(*) from numbers",
        "from numbers",
        "(select number from numbers) union all (select 4)",
    ],
)
def test_one_select_is_answered(sql):
    assert engine.run(engine.connect({"numbers": NUMBERS}), sql).num_rows > 0


def test_a_dataset_is_scanned_and_a_table_can_be_materialised(tmp_path):
    pq.write_table(NUMBERS, tmp_path / "there.parquet")
    scanned = engine.connect({"numbers": ds.dataset(tmp_path / "there.parquet")})
    copied = engine.connect({"numbers": ds.dataset(tmp_path / "there.parquet")}, materialise=True)
    (tmp_path / "there.parquet").unlink()
    assert engine.run(copied, "select sum(number) as n from numbers").to_pylist() == [{"n": 6}]
    with pytest.raises(duckdb.Error):
        engine.run(scanned, "select sum(number) as n from numbers")


def test_a_relation_may_have_any_name():
    con = engine.connect({'a "b" c': NUMBERS}, materialise=True)
    assert engine.run(con, 'select number from "a ""b"" c"').num_rows == 3


def test_a_runaway_query_is_stopped_and_the_connection_goes_on():
    con = engine.connect({"numbers": NUMBERS})
    began = time.monotonic()
    with pytest.raises(PlainError, match=r"longer than 0\.3 seconds"):
        engine.run(con, "select count(*) from range(10000000) a, range(10000000) b where a.range % 7 = 1", seconds=0.3)
    assert time.monotonic() - began < 10
    assert engine.run(con, "select count(*) as n from numbers").to_pylist() == [{"n": 3}]


def test_what_does_not_fit_in_memory_is_an_error_and_never_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    con = engine.connect({"numbers": NUMBERS}, memory_limit="20MB")
    with pytest.raises(duckdb.OutOfMemoryException):
        engine.run(con, "select range, md5(range::varchar) as words from range(3000000) order by words")
    assert list(tmp_path.iterdir()) == []
