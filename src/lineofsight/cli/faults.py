"""What the machine refused, in one plain sentence: no space, no right to write, a damaged or absent database.

Nothing is half done when one of these is met: what was being made is taken back, what was there before stands.
"""

import errno
import sqlite3
from collections.abc import Iterator

FULL = "The disk is full. Nothing was changed: make space and do it again."
READ_ONLY = "This home cannot be written to: it is read-only, or belongs to somebody else. Nothing was changed."
BROKEN = "The disk gave an error. Nothing was changed: have the disk looked at before you do it again."
DAMAGED = "The database is damaged: put it back from a backup. 'lineofsight verify' tells of everything else."
ABSENT = "The database does not answer. Nothing was changed: start it and do it again."
BUSY = "The database was busy for too long. Nothing was changed: do it again."
UNLOGGED = "The audit chain could not be written, so nothing was shown or done."

_BY_NUMBER = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EIO: BROKEN,
}
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: READ_ONLY,
    sqlite3.SQLITE_IOERR: BROKEN,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
}
# The class of a PostgreSQL error is the first two characters of its state (its manual, appendix A).
_BY_POSTGRES = {"53100": FULL, "25006": READ_ONLY, "08": ABSENT, "57": ABSENT, "58": BROKEN, "XX": DAMAGED}


def sentence(error: BaseException) -> str | None:
    """The sentence for what lies at the root of `error`; None where the machine refused nothing we know."""
    chain = list(_causes(error))
    for one in reversed(chain):
        said = _said(one)
        if said is not None:
            return said
    return UNLOGGED if any(type(one).__name__ == "LogUnavailable" for one in chain) else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from, the root last."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _said(error: BaseException) -> str | None:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return None if code is None else _BY_SQLITE.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return _BY_POSTGRES.get(state) or _BY_POSTGRES.get(state[:2])
    if type(error).__module__.startswith("psycopg") and type(error).__name__ == "OperationalError":
        return ABSENT
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        said = _BY_NUMBER[error.errno]
        return said.replace("This home", str(error.filename)) if error.filename else said
    # DuckDB and Arrow tell in words only.
    return FULL if "No space left on device" in str(error) else None
