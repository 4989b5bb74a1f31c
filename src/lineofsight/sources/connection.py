"""The database an extract is read from: where it is, how it is opened so that nothing can be written, what it refused.

The password is in no sentence, log, manifest or list of processes: it is read from the environment or from a file that
only its owner can read, handed to the driver, and never shown.
"""

import os
import re
import stat
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.sources.refusals import refusal

ADDRESS, ADDRESS_SCHEMA, ADDRESS_FILE = "LINEOFSIGHT_SOURCE", "LINEOFSIGHT_SOURCE_SCHEMA", "LINEOFSIGHT_SOURCE_FILE"
ENVIRONMENT = (ADDRESS, ADDRESS_SCHEMA, ADDRESS_FILE)
FILE = "source.toml"
CONNECT_SECONDS = 10
# One statement, or one batch of rows, may take so long; a file may say otherwise.
STATEMENT_SECONDS = 15 * 60
_KEYS = {"url", "password", "schema", "statement_seconds"}
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg", "mssql": "mssql+pyodbc"}
_LARGEST_FILE = 8 * 1024
# Nothing else stands in an honest address; where a password's @ or / was not written as in an address, something does.
_PLAIN = re.compile(r"[\w.:\-\[\] $]*")
_PLAIN_PATH = re.compile(r"[^@?#\x00-\x1f]*")
_LOCAL = ("", "localhost", "127.0.0.1", "::1")
_IN_ODBC = re.compile(r"(?:^|;)\s*database\s*=\s*\{?([^;}]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """A database and how to reach it. What is shown of it is `name`, never its address."""

    url: URL = field(repr=False)
    schema: str | None = None
    statement_seconds: int = STATEMENT_SECONDS

    @property
    def kind(self) -> str:
        """'postgresql', 'sqlite' or 'mssql'."""
        return self.url.get_backend_name()

    @property
    def name(self) -> str:
        """What the database is called: its own name, or its file's. Holds no password."""
        odbc = self.url.query.get("odbc_connect")
        if isinstance(odbc, str):
            found = _IN_ODBC.search(odbc)
            told = found[1].strip() if found else ""
            return told if _PLAIN.fullmatch(told) and told else "the database"
        called = Path(self.url.database or "").name if self.kind == "sqlite" else self.url.database
        return called or self.url.username or "the database"


def source_of(home: Home | None) -> Source | None:
    """The database a home is fed from, from the environment or the home's file; None where none is named.

    Raises PlainError where it is named in a way that cannot be used, or in a file that others can read.
    """
    address = os.environ.get(ADDRESS)
    if address:
        return source_at(address, schema=os.environ.get(ADDRESS_SCHEMA) or None, where=ADDRESS)
    named = os.environ.get(ADDRESS_FILE)
    if named:
        return _from_file(Path(named))
    own = home.path / FILE if home else None
    return _from_file(own) if own and own.exists() else None


def source_at(
    address: str,
    *,
    password: str | None = None,
    schema: str | None = None,
    statement_seconds: int = STATEMENT_SECONDS,
    where: str = "The address",
) -> Source:
    """The database at an address such as `postgresql://reader:secret@host/name`. Raises PlainError, one sentence."""
    try:
        url = make_url(address)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError, NoSuchModuleError):
        raise PlainError(f"{where} is not the address of a database, such as postgresql://role@host/name.") from None
    if backend not in ("postgresql", "postgres", "sqlite", "mssql"):
        raise PlainError(f"{where} names a kind of database that is not read: PostgreSQL, SQL Server and SQLite are.")
    if url.drivername in _DRIVERS:
        url = url.set(drivername=_DRIVERS[url.drivername])
    if password is not None:
        url = url.set(password=password)
    plain = [url.host, url.username] + ([] if backend == "sqlite" else [url.database])
    # Of two @, the first may stand in the password: what follows it would be shown as a host or a database.
    two = backend != "sqlite" and address.count("@") > 1
    if two or not all(_PLAIN.fullmatch(part or "") for part in plain) or not _PLAIN_PATH.fullmatch(url.database or ""):
        raise PlainError(f"{where} cannot be read: write a password's @ as %40, its / as %2F and its # as %23.")
    return Source(url, schema, statement_seconds)


def _from_file(path: Path) -> Source:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        why = (error.strerror or "the system does not say why").lower()
        raise PlainError(f"The file {path} that says where the database is cannot be opened: {why}.") from None
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o077 or found.st_uid not in (0, os.geteuid()):
            raise PlainError(f"The file {path} can be read by others: make it yours alone with chmod 600.")
        content = stream.read(_LARGEST_FILE + 1)
    wrong = PlainError(f"The file {path} needs url, and may have password, schema and statement_seconds.")
    try:
        told = tomllib.loads(content[:_LARGEST_FILE].decode())
    except ValueError:  # what is wrong in it might be the password: it is not told
        raise PlainError(f"The file {path} is not a TOML file that can be read.") from None
    words = {name: told.get(name) for name in ("url", "password", "schema")}
    seconds = told.get("statement_seconds", STATEMENT_SECONDS)
    if set(told) - _KEYS or not words["url"] or not all(isinstance(word, str | None) for word in words.values()):
        raise wrong
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 1 <= seconds <= 24 * 3600:
        raise wrong
    return source_at(
        str(words["url"]),
        password=words["password"],
        schema=words["schema"] or None,
        statement_seconds=seconds,
        where=f"The url in {path}",
    )


@contextmanager
def opened(source: Source) -> Iterator[Connection]:
    """One connection on which nothing can be written, all of it of one moment. Raises PlainError, one sentence.

    PostgreSQL and SQLite refuse every write themselves; on SQL Server it is the role's rights that do.
    """
    try:
        engine = _engine(source)
        with engine.connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise PlainError(refusal(error, source.name, _whose(source))) from None
    except UnicodeError:
        raise PlainError(f"The database {source.name} holds text that is not in the encoding it says.") from None
    except SQLAlchemyError as error:
        raise PlainError(f"The database {source.name} could not be read ({type(error).__name__}).") from None


def _whose(source: Source) -> str:
    """Where the database is, and as whom it is asked for, for a sentence."""
    if source.kind == "sqlite":
        return ""
    host = source.url.query.get("host") or source.url.host or "this machine"
    told = host if isinstance(host, str) and (_PLAIN.fullmatch(host) or host.startswith("/")) else "its host"
    return f"{told}:{source.url.port}" if source.url.port else told


def _engine(source: Source) -> sa.Engine:
    url, options = source.url, {"poolclass": NullPool, "hide_parameters": True}
    try:
        if source.kind == "postgresql":
            engine = sa.create_engine(url, connect_args=_postgresql(source), **options)
            return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        if source.kind == "sqlite":
            return _sqlite(source, options)
        # Without the snapshot, tables read one after the other would be of different moments.
        told = {"connect_args": {"timeout": CONNECT_SECONDS}, "isolation_level": "SNAPSHOT", **options}
        url = url.update_query_dict({"ApplicationIntent": "ReadOnly"}) if "odbc_connect" not in url.query else url
        return sa.create_engine(url, **told)
    except ImportError:
        driver = url.get_driver_name()
        raise PlainError(f"To read this database the driver {driver} is needed: install it beside this.") from None
    except (ArgumentError, NoSuchModuleError, TypeError):
        raise PlainError("The address of the database has parts that mean nothing to its driver.") from None


def _postgresql(source: Source) -> Mapping[str, Any]:
    """What each session is begun with. The last word of two is ours: an address cannot make it one that writes."""
    settings = {
        "default_transaction_read_only": "on",
        "statement_timeout": f"{source.statement_seconds}s",
        "lock_timeout": "30s",
        "TimeZone": "Europe/London",
        "DateStyle": "ISO,YMD",
        "bytea_output": "hex",
    }
    asked = source.url.query.get("options", "")
    options = " ".join([asked if isinstance(asked, str) else "", *(f"-c {name}={it}" for name, it in settings.items())])
    told: dict[str, Any] = {
        "options": options.strip(),
        "connect_timeout": CONNECT_SECONDS,
        "client_encoding": "utf8",
        "application_name": "lineofsight",
        # A network that went away is found out within two minutes.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 120_000,
    }
    socket = source.url.query.get("host", "")
    if source.url.host not in _LOCAL and source.url.host is not None and "sslmode" not in source.url.query:
        told["sslmode"] = "require"  # children's records do not cross a network in the clear
    elif isinstance(socket, str) and socket and not socket.startswith("/") and socket not in _LOCAL:
        told.setdefault("sslmode", source.url.query.get("sslmode", "require"))
    return told


def _sqlite(source: Source, options: Mapping[str, Any]) -> sa.Engine:
    """SQLite opened so that it cannot write, in one transaction, with an end to how long a statement may take."""
    import sqlite3

    path = Path(source.url.database or "")
    if not path.is_file():
        raise PlainError(f"There is no database file {path.name or 'named'}: look at its path in the address.")

    def connect() -> sqlite3.Connection:
        found = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=CONNECT_SECONDS)
        found.isolation_level = None  # this sqlite3 begins no transaction for a select: it is begun below
        found.execute("pragma query_only=on")
        found.text_factory = lambda written: written.decode("utf-8", "replace")
        ends = time.monotonic() + source.statement_seconds
        found.set_progress_handler(lambda: int(time.monotonic() > ends), 100_000)
        return found

    engine = sa.create_engine("sqlite://", creator=connect, **options)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("begin"))
    return engine
