"""The relational database: SQLite in the home by default, PostgreSQL where an address is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from lineofsight.errors import PlainError

KEEP_OPEN_SECONDS = 60
# Eight people writing at once wait their turn for well under a second; twenty is patience, not a plan.
WAIT_SECONDS = 20

PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"


def sqlite(path: Path | str) -> dict[str, Any]:
    """Settings for SQLite at `path`: write-ahead log, every commit on the disk, writers in turn."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": KEEP_OPEN_SECONDS,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": WAIT_SECONDS, "init_command": PRAGMAS},
    }


def postgresql(address: str) -> dict[str, Any]:
    """Settings for `postgresql://user:password@host:port/name?sslmode=...`. Raises PlainError for others."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise PlainError("LINEOFSIGHT_DATABASE_URL must begin with postgresql://.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "lineofsight",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder here is a Unix socket.
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEEP_OPEN_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
    }
