"""An encrypted file opens under its own name, key and bytes, or not at all."""

import random
import secrets

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lineofsight.errors import PlainError
from lineofsight.lake import sealed

KEY = secrets.token_bytes(32)
ROWS = 20_000
TABLE = pa.table(
    {
        "child_key": [f"{number // 10:032x}" for number in range(ROWS)],
        "number": pa.array(range(ROWS), pa.int64()),
        "title": [f"Child protection visit: seen {number % 7}" for number in range(ROWS)],
    }
)


def _sealed_in_memory(path, tables):
    with sealed.Sealing(TABLE.schema, key=KEY, name="s/e") as made:
        for table in tables:
            made.add(table)
    made.write(path)
    return made.rows


def _written(path, tables):
    return sealed.write(path, tables, TABLE.schema, key=KEY, name="s/e")


@pytest.fixture(params=[_written, _sealed_in_memory], ids=["written", "sealed in memory"])
def sealed_path(request, tmp_path):
    path = tmp_path / "events.parquet"
    assert request.param(path, [TABLE.slice(0, 12_345), TABLE.slice(0, 0), TABLE.slice(12_345)]) == ROWS
    return path


def opened(path, *, key=KEY, name="s/e"):
    return sealed.SealedFile(path, key=key, name=name)


def test_what_was_written_is_read_back(sealed_path):
    assert opened(sealed_path).read().equals(TABLE)
    assert opened(sealed_path).count() == ROWS


def test_a_file_tells_nothing_without_its_key(sealed_path):
    raw = sealed_path.read_bytes()
    assert b"child_key" not in raw
    assert b"Child protection" not in raw
    assert sealed_path.stat().st_mode & 0o777 == 0o600


def test_columns_and_rows_can_be_chosen(sealed_path):
    read = opened(sealed_path).read(columns=["number"], where=pc.field("number") < 3)
    assert read.to_pydict() == {"number": [0, 1, 2]}
    with pytest.raises(ValueError, match="has no column surname"):
        opened(sealed_path).read(columns=["surname"])


@pytest.mark.parametrize("number", [0, 8_191, 8_192, 12_344, 12_345, ROWS - 1])
def test_a_lookup_gives_the_same_rows_as_a_filter(sealed_path, number):
    child = TABLE["child_key"][number].as_py()
    found = opened(sealed_path).lookup("child_key", child)
    assert found.equals(TABLE.filter(pc.equal(TABLE["child_key"], child)))
    assert found.num_rows == 10


@pytest.mark.parametrize("nobody", ["", "0" * 31, "f" * 32, f"{5:032x}x"])
def test_a_lookup_of_nobody_is_empty(sealed_path, nobody):
    found = opened(sealed_path).lookup("child_key", nobody)
    assert (found.num_rows, found.schema.names) == (0, TABLE.schema.names)


@pytest.mark.parametrize("make", [_written, _sealed_in_memory])
@pytest.mark.parametrize("tables", [[], [TABLE.slice(0, 0)]], ids=["nothing", "an empty table"])
def test_a_file_of_no_rows_is_read_and_looked_up(tmp_path, make, tables):
    make(tmp_path / "none", tables)
    assert opened(tmp_path / "none").read().num_rows == 0
    assert opened(tmp_path / "none").lookup("child_key", "0" * 32).num_rows == 0


def test_a_table_of_other_columns_stops_the_sealing(tmp_path):
    with pytest.raises(ValueError, match="schema"), sealed.Sealing(TABLE.schema, key=KEY, name="s/e") as made:
        made.add(TABLE.select(["number"]))
        made.add(TABLE)
    assert not list(tmp_path.iterdir())


def test_the_cipher_alone_never_lets_a_flipped_bit_become_a_number(sealed_path):
    raw = sealed_path.read_bytes()
    chance = random.Random(2026)
    places = [(chance.randrange(len(raw)), chance.randrange(8)) for _ in range(250)]
    places += [(len(raw) - 1 - back, bit) for back in range(40) for bit in (0, 7)]
    refused = 0
    for byte, bit in places:
        flipped = bytearray(raw)
        flipped[byte] ^= 1 << bit
        sealed_path.write_bytes(flipped)
        try:
            read = opened(sealed_path).read()
        except PlainError as error:
            assert str(sealed_path) in str(error)
            refused += 1
        else:
            # the four letters before the first page are in no page; the file's hash covers them
            assert byte < 4
            assert read.equals(TABLE)
    assert refused >= len(places) - 8


def test_a_bit_flipped_after_the_file_was_opened_is_an_error_too(sealed_path):
    raw = sealed_path.read_bytes()
    file = opened(sealed_path)
    chance = random.Random(7)
    for _ in range(60):
        flipped = bytearray(raw)
        flipped[chance.randrange(4, len(raw) // 2)] ^= 1 << chance.randrange(8)
        sealed_path.write_bytes(flipped)
        with pytest.raises(PlainError, match="altered"):
            file.read()


@pytest.mark.parametrize("keep", [0, 3, 100, 0.5, 0.99])
def test_a_file_cut_short_is_an_error(sealed_path, keep):
    raw = sealed_path.read_bytes()
    sealed_path.write_bytes(raw[: int(keep * len(raw)) if isinstance(keep, float) else keep])
    with pytest.raises(PlainError, match="altered or is damaged"):
        opened(sealed_path)


def test_a_file_under_another_name_is_refused(sealed_path):
    for name in ("s/f", "t/e", "s/e2", ""):
        with pytest.raises(PlainError, match="altered or is damaged"):
            opened(sealed_path, name=name).read()


def test_a_file_under_another_key_is_refused(sealed_path):
    with pytest.raises(PlainError, match="altered or is damaged"):
        opened(sealed_path, key=secrets.token_bytes(32)).read()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PlainError, match="nowhere"):
        opened(tmp_path / "nowhere")
    with pytest.raises(PlainError, match="nowhere"):
        sealed.hash_file(tmp_path / "nowhere")
