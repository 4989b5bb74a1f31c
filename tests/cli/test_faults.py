"""What the machine refuses is said in one plain sentence, found at the root of whatever it was wrapped in."""

import errno
import sqlite3

import pytest

from lineofsight.cli import faults


def of_sqlite(code: int) -> Exception:
    """As Django raises it: its own error, from SQLite's."""
    root = sqlite3.OperationalError("database or disk is full")
    root.sqlite_errorcode = code
    error = RuntimeError("wrapped")
    error.__cause__ = root
    return error


class OfPostgres(Exception):
    def __init__(self, state: str) -> None:
        super().__init__("could not extend file")
        self.sqlstate = state


class LogUnavailable(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), faults.FULL),
        (OSError(errno.EDQUOT, "Quota exceeded"), faults.FULL),
        (OSError("IOError: [Errno 28] Error writing bytes. Detail: No space left on device"), faults.FULL),
        (OSError(errno.EROFS, "Read-only file system"), faults.READ_ONLY),
        (OSError(errno.EIO, "Input/output error"), faults.BROKEN),
        (of_sqlite(sqlite3.SQLITE_FULL), faults.FULL),
        (of_sqlite(sqlite3.SQLITE_READONLY), faults.READ_ONLY),
        (of_sqlite(sqlite3.SQLITE_READONLY | (3 << 8)), faults.READ_ONLY),  # an extended code
        (of_sqlite(sqlite3.SQLITE_CORRUPT), faults.DAMAGED),
        (of_sqlite(sqlite3.SQLITE_BUSY), faults.BUSY),
        (OfPostgres("53100"), faults.FULL),
        (OfPostgres("25006"), faults.READ_ONLY),
        (OfPostgres("57P01"), faults.ABSENT),
        (OfPostgres("08006"), faults.ABSENT),
        (OfPostgres("XX001"), faults.DAMAGED),
        (LogUnavailable(), faults.UNLOGGED),
    ],
)
def test_each_refusal_has_its_sentence(error, said):
    assert faults.sentence(error) == said


def test_a_file_that_may_not_be_written_is_named():
    error = PermissionError(errno.EACCES, "Permission denied", "/srv/out/pack.pdf")
    assert faults.sentence(error).startswith("/srv/out/pack.pdf cannot be written to")


def test_the_root_is_told_and_not_what_it_was_wrapped_in():
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as root:
            raise LogUnavailable from root
    except LogUnavailable as wrapped:
        assert faults.sentence(wrapped) == faults.FULL


@pytest.mark.parametrize(
    "error", [ValueError("5 is not 6"), FileNotFoundError(errno.ENOENT, "none"), OfPostgres("23505")]
)
def test_what_is_no_refusal_of_the_machine_has_no_sentence(error):
    assert faults.sentence(error) is None


def test_no_sentence_repeats_what_an_error_says_of_somebody():
    error = of_sqlite(sqlite3.SQLITE_FULL)
    error.__cause__.args = ("near 'Ada Tern': disk full",)
    assert "Ada" not in faults.sentence(error)
