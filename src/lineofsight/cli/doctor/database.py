"""Checks of the relational database: there, up to date, safe against a power cut, whole, and not over-privileged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lineofsight.cli.doctor.findings import Finding, Installation, look, ok, wrong

# The oldest that Django 5.2 supports.
OLDEST_POSTGRESQL = 14
# Tables of the chain that an application's role needs only to add to; its payloads are erased by the worker's.
ADDED_TO_ONLY = "access_chainevent"


def database(at: Installation) -> Iterator[Finding]:
    """The database answers, and is one that is supported."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
        version = _version()
    except DatabaseError as error:
        yield wrong(
            "database",
            f"The database does not answer ({type(error).__name__}).",
            "See that it runs, and that LINEOFSIGHT_DATABASE_URL is the one the server uses.",
        )
        return
    if connection.vendor == "postgresql" and version[0] < OLDEST_POSTGRESQL:
        says = f"PostgreSQL {version[0]} is no longer supported here."
        yield wrong("database", says, f"Move to PostgreSQL {OLDEST_POSTGRESQL} or newer.")
        return
    name = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[connection.vendor]
    yield ok("database", f"{name} {'.'.join(map(str, version))} answers.")


def migrations(at: Installation) -> Iterator[Finding]:
    """Its tables are those this version of the code expects."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if behind:
        yield wrong(
            "migrations",
            f"The database is {len(behind)} {'step' if len(behind) == 1 else 'steps'} behind the code.",
            "Run lineofsight worker --once with the account that owns the tables; it brings the database up to date.",
        )
    else:
        yield ok("migrations", "The database is up to date with the code.")


def safe_writes(at: Installation) -> Iterator[Finding]:
    """A change that was confirmed survives a power cut."""
    from django.db import connection

    if connection.vendor == "sqlite":
        told = {name: _ask(f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")}
        right = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        advice = "Use a local disk that supports SQLite’s write-ahead log, not a network share."
    else:
        told = {name: _ask(f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")}
        right = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
        advice = "Set it back in postgresql.conf: with it off, a power cut can lose what was confirmed."
    amiss = [f"{name} is {told[name]}" for name, value in right.items() if told[name] != value]
    if amiss:
        yield wrong("safe writes", f"{', '.join(amiss)}.", advice)
    else:
        yield ok("safe writes", "What was confirmed survives a power cut.")


def integrity(at: Installation) -> Iterator[Finding]:
    """Its pages are whole: SQLite’s own check; PostgreSQL says whether it checks its pages."""
    from django.db import connection

    if connection.vendor == "sqlite":
        found = str(_ask("PRAGMA integrity_check(1)" if at.deep else "PRAGMA quick_check(1)"))
        if found != "ok":
            yield wrong("integrity", "SQLite finds damage in the database.", "Put the database back from a backup.")
        else:
            yield ok("integrity", f"SQLite finds no damage{'' if at.deep else '; --deep looks closer'}.")
    elif _ask("SHOW data_checksums") != "on":
        says = "PostgreSQL keeps no checksums of its pages, so damage to the disk is not noticed."
        yield look("integrity", says, "Stop PostgreSQL and run pg_checksums --enable.")
    else:
        yield ok("integrity", "PostgreSQL checks its pages as it reads them.")


def database_role(at: Installation) -> Iterator[Finding]:
    """On PostgreSQL: whether the account the application uses could change the audit chain."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield ok("database role", "SQLite has no accounts: whoever can write the file can write every table.")
        return
    if _ask("select rolsuper from pg_roles where rolname = current_user"):
        says = "The application connects as a superuser of PostgreSQL."
        yield wrong("database role", says, "Give it a role of its own: docs/how-to/deploy-with-postgresql.md.")
        return
    may = [name for name in ("update", "delete", "truncate") if _may(name)]
    if may:
        yield look(
            "database role",
            f"The application’s role may {' and '.join(may)} entries of the audit chain.",
            "Serve with a role that may only add to it: docs/how-to/deploy-with-postgresql.md.",
        )
    else:
        yield ok("database role", "The application’s role can add to the audit chain and not change it.")


def _may(privilege: str) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(current_user, %s, %s)", [ADDED_TO_ONLY, privilege])
        return bool(cursor.fetchone()[0])


def _ask(sql: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _version() -> tuple[int, ...]:
    from django.db import connection

    return tuple(connection.get_database_version())
