"""What was sent and is not read yet: sealed from the first byte, read anywhere, gone when its key is."""

import io
import zipfile
from random import Random

import pytest

from lineofsight import sources
from lineofsight.errors import PlainError
from lineofsight.keys import KEY_BYTES, open_keys
from lineofsight.lake import changing, staging
from lineofsight.lake.staging import PIECE

CANARY = b"Zebedee Quillfeather"


def sent(home, *files):
    sending = staging.begin(home, open_keys(home))
    for number, data in enumerate(files):
        writer = sending.writer(number)
        for at in range(0, len(data), 70_001):
            writer.write(data[at : at + 70_001])
        writer.close()
    return sending


def opened(home, sending):
    return staging.opened(home, open_keys(home), sending.id)


def bytes_under(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17])
def test_what_was_written_is_read_back_whole(home, size):
    data = Random(size).randbytes(size)
    content = opened(home, sent(home, data)).content(0, "one.csv")
    assert content.size == size
    with content.start() as stream:
        assert stream.read() == data


def test_any_place_in_a_file_can_be_sought_and_read(home):
    random = Random(4)
    data = random.randbytes(2 * PIECE + 500)
    with opened(home, sent(home, data)).content(0, "one.csv").start() as stream:
        for _ in range(40):
            at, size = random.randrange(len(data)), random.randrange(PIECE + 2000)
            assert stream.seek(at) == at
            assert stream.read(size) == data[at : at + size]
        assert stream.seek(-5, io.SEEK_END) == len(data) - 5
        assert stream.read() == data[-5:]
        assert stream.seek(-2, io.SEEK_CUR) == len(data) - 2
        assert stream.seek(10, io.SEEK_END) == len(data) + 10
        assert stream.read() == b""
        with pytest.raises(OSError):
            stream.seek(-1)


def test_no_word_of_a_file_is_on_the_disk_while_it_is_written_or_after(home):
    sending = staging.begin(home, open_keys(home))
    writer = sending.writer(0)
    for _ in range(20):
        writer.write(CANARY * 5_000)
        assert CANARY not in bytes_under(home.lake)
    writer.close()
    assert CANARY not in bytes_under(home.lake)
    assert all(path.stat().st_mode & 0o077 == 0 for path in sending.folder.rglob("*"))


@pytest.mark.parametrize("spoil", ["a byte", "the end", "a piece", "everything", "two changed about", "another file"])
def test_a_file_that_was_altered_moved_or_cut_short_is_refused(home, spoil):
    sending = sent(home, Random(1).randbytes(2 * PIECE + 9), Random(2).randbytes(2 * PIECE + 9))
    path, sealed = sending.folder / "0000.sealed", staging._SEALED
    data = path.read_bytes()
    path.write_bytes(
        {
            "a byte": data[:40] + bytes([data[40] ^ 1]) + data[41:],
            "the end": data[:-1],
            "a piece": data[: 2 * sealed],
            "everything": b"",
            "two changed about": data[sealed : 2 * sealed] + data[:sealed] + data[2 * sealed :],
            "another file": (sending.folder / "0001.sealed").read_bytes(),
        }[spoil]
    )
    with pytest.raises(PlainError, match="altered or cut short"), opened(home, sending).content(0, "x").start() as it:
        it.read()


def test_what_is_erased_is_gone_and_a_name_that_is_not_ours_reaches_no_folder(home):
    sending = sent(home, CANARY)
    assert staging.names(home) == [sending.id]
    assert staging.erase(home, sending.id)
    assert not staging.erase(home, sending.id)
    assert staging.names(home) == []
    for name in (sending.id, "../snapshots", "", "A" * 32, "." * 32):
        assert not staging.erase(home, name)
        with pytest.raises(PlainError, match="no longer here"):
            staging.opened(home, open_keys(home), name)


def test_a_sending_cut_short_while_it_is_erased_cannot_be_opened_and_is_erased_again(home):
    sending = sent(home, CANARY)
    (sending.folder / staging.KEY).unlink()
    with pytest.raises(PlainError):
        opened(home, sending)
    assert staging.erase(home, sending.id)


def test_sources_read_a_zip_and_a_table_that_were_staged(home, tmp_path):
    table = b"pers_person_id,pers_forename,pers_surname\nP1,A,B\nP2,C,D\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("extract.toml", 'as_at = "2026-10-31"\nsynthetic = true\n')
        archive.writestr("ssd_person.csv", table)
    sending = opened(home, sent(home, packed.getvalue()))
    read = sources.read([sending.content(0, "october.zip")])
    assert read.tables["ssd_person"].table.num_rows == 2
    assert read.tables["ssd_person"].file == "october.zip/ssd_person.csv"
    on_disk = tmp_path / "october.zip"
    on_disk.write_bytes(packed.getvalue())
    assert read.sha256 == sources.read([on_disk]).sha256


def test_a_changed_master_key_opens_what_was_sent_before(home):
    sending = sent(home, CANARY)
    before = (sending.folder / staging.KEY).read_text()
    changing.change_master_key(home)
    open_keys.__globals__["_open_keys"].cache_clear()
    assert (sending.folder / staging.KEY).read_text() != before
    again = opened(home, sending)
    assert len(again.key) == KEY_BYTES
    with again.content(0, "x").start() as stream:
        assert stream.read() == CANARY
