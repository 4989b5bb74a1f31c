"""What a database refused, in one plain sentence. Its own words are never shown: they may hold anything at all."""

import re
from collections.abc import Iterable

from sqlalchemy.exc import DBAPIError

# PostgreSQL's states (its manual, appendix A) and SQL Server's (ODBC); a state may be given by its first two letters.
_BY_STATE = {
    "28P01": "does not take the password",
    "28": "does not let this role in",
    "3D": "is not there",
    "42501": "does not let this role read what it must",
    "25006": "was asked to write, which this connection cannot",
    "57014": "took too long over one question and was stopped",
    "55P03": "has a table locked by somebody else",
    "57": "is shutting down or starting",
    "53300": "has no connection free",
    "53": "has no room left to answer",
    "40": "changed while it was read: try again",
    "08": "does not answer",
    "HYT": "does not answer in time",
}
# A refused connection has no state: libpq tells in words only. Of several that fit, the first.
_BY_WORDS = (
    ("unsupported startup parameter", "pooler"),
    ("password authentication failed", "28P01"),
    ("no password supplied", "28P01"),
    ("login failed", "28P01"),
    ("no pg_hba.conf entry", "28"),
    ("is not permitted to log in", "28"),
    ("snapshot isolation", "snapshot"),
    ("permission was denied", "42501"),
    ("too many connections", "53300"),
    ("too many clients", "53300"),
    ("server does not support ssl", "ssl"),
    ("certificate", "ssl"),
    ("starting up", "57"),
    ("shutting down", "57"),
    ("interrupted", "57014"),
    ("timeout expired", "HYT"),
    ("timed out", "HYT"),
    ("resolve host", "host"),
    ("could not translate host", "host"),
    ("connection refused", "08"),
    ("no such file or directory", "08"),
    ("fatal:", "28"),  # a server that answers, and lets nobody in for a reason of its own
    ("server closed the connection", "08"),
    ("connection failed", "08"),
    ("unable to open database file", "08"),
    ("attempt to write a readonly", "25006"),
    ("file is not a database", "damaged"),
    ("malformed", "damaged"),
)
_MISSING = re.compile(r"(database|role) \"[^\"]*\" does not exist")
_MORE = {
    "ssl": "does not offer an encrypted connection that can be trusted",
    "host": "is on a host whose name is not known here",
    "pooler": "is behind a pooler that does not pass on how a session is set: name the server itself",
    "snapshot": "does not allow snapshot isolation, so that its tables would be of different moments",
    "damaged": "is damaged, or is none",
}


def refusal(error: DBAPIError, name: str, where: str) -> str:
    """The sentence for what `name`, a database at `where`, refused."""
    told = _told(error)
    said = next((_said(one) for one in told if _said(one)), f"could not be read ({type(error.orig).__name__})")
    return f"The database {name}{f' at {where}' if where else ''} {said}."


def denied(error: DBAPIError) -> bool:
    """Whether what was refused is a right to read."""
    return any(one.startswith("42501") for one in _told(error))


def _told(error: DBAPIError) -> Iterable[str]:
    """The states that an error carries or means, the surest first."""
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(state, str):
        yield state
    words = str(error.orig).lower()
    if missing := _MISSING.search(words):
        yield "3D" if missing[1] == "database" else "28"
    for part, meant in _BY_WORDS:
        if part in words:
            yield meant


def _said(state: str) -> str | None:
    return _MORE.get(state) or _BY_STATE.get(state) or _BY_STATE.get(state[:3]) or _BY_STATE.get(state[:2])
