"""Whether the database still holds what was written: a bit that changed by itself is found, and where is said.

What is typed is sealed, the audit chain is hashed, packs and records carry their digest. Everything else in the
database is plain columns. PostgreSQL keeps a checksum of every page. SQLite keeps none, so each of its tables has a
second copy of its plain columns in an index of ours, and `PRAGMA integrity_check` compares the two, row by row.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import DatabaseError, connection, models
from django.db.migrations.executor import MigrationExecutor

from lineofsight.errors import PlainError
from lineofsight.web.access.fields import EncryptedTextField
from lineofsight.web.reports import verification
from lineofsight.web.reports.verification import Verdict

PREFIX = "second_copy_of_"
# What changes with every request, or is hashed row by row and long: the chain's own verifier reads it.
NOT_COPIED = {"django_session", "access_chainevent", "access_chainchild", "access_chainshown"}
MOST_PROBLEMS = 100
# The second: SQLite quotes the damaged name it complains of, and Python cannot read the complaint.
DAMAGED = (DatabaseError, UnicodeDecodeError)
_ABOUT_PAGES = ("malformed", "not a database", "invalid page", "could not read block", "disk I/O error")


def pending() -> bool:
    """Whether the database is behind the code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def forget_second_copies() -> None:
    """Drop the second copies, so that a migration may change what they are copies of."""
    for name in _second_copies():
        _do(f'DROP INDEX "{name}"')


def keep_second_copies() -> None:
    """Make the second copy of each table that has none. Does nothing on PostgreSQL."""
    if connection.vendor != "sqlite":
        return
    standing = _second_copies()
    for table, columns in _tables():
        if PREFIX + table not in standing:
            named = ", ".join(f'"{column}"' for column in columns)
            _do(f'CREATE INDEX "{PREFIX}{table}" ON "{table}" ({named})')


def problems() -> Iterator[str]:
    """What is wrong with the database, in sentences, up to a hundred; none where it is sound."""
    try:
        told = list(_sqlite() if connection.vendor == "sqlite" else _postgresql())
        yield from told or _texts()
    except DAMAGED as damaged:
        yield f"The database is damaged and cannot be read whole: {_words_of(damaged)}."


def verdict() -> Verdict:
    """The database as `verify` tells of it."""
    wrong = tuple(problems())
    if wrong:
        more = f" {len(wrong) - 1} more like it." if len(wrong) > 1 else ""
        return Verdict(False, wrong[0] + more, wrong, "altered")
    unseen = "" if has_checksums() else " This PostgreSQL keeps no checksums, so a changed bit may not have been found."
    return Verdict(True, f"The database is sound.{unseen}")


def everything() -> list[Verdict]:
    """The database's own verdict, then every other one, which a damaged database may stop."""
    own = verdict()
    try:
        return [own, *verification.everything()]
    except DAMAGED:
        stopped = Verdict(False, "The rest cannot be verified: the database cannot be read whole.", state="altered")
        return [stopped] if own.ok else [own, stopped]


def has_checksums() -> bool:
    """Whether a changed bit would be found: always on SQLite here, on PostgreSQL where it keeps checksums."""
    if connection.vendor == "sqlite":
        return True
    return _rows("SHOW data_checksums")[0][0] == "on"


def _sqlite() -> Iterator[str]:
    """Its own check, which compares every index with its table; then that what is named exists."""
    for (said,) in _rows(f"PRAGMA integrity_check({MOST_PROBLEMS})"):
        if said != "ok":
            yield f"The database is damaged: {said}."
    for table, row, *_ in _rows("PRAGMA foreign_key_check"):
        yield f"The database is damaged: row {row} of {table} names something that is not there."


def _postgresql() -> Iterator[str]:
    """Read every row of every table: PostgreSQL compares each page it reads with its checksum."""
    for table, _ in _tables(every=True):
        try:
            _rows(f'SELECT count(t::text) FROM "{table}" t')  # noqa: S608 (our own tables)
        except DatabaseError as damaged:
            yield f"The database is damaged in {table}: {_words_of(damaged)}."


def _texts() -> Iterator[str]:
    """Every sealed text that no longer opens."""
    for model in apps.get_models():
        fields = [field.name for field in model._meta.fields if isinstance(field, EncryptedTextField)]
        if fields:
            yield from _texts_of(model, fields)


def _texts_of(model: type[models.Model], fields: list[str]) -> Iterator[str]:
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    for key in keys.iterator(chunk_size=2_000):
        try:
            model._base_manager.values_list(*fields).get(pk=key)
        except (PlainError, ValueError):
            yield f"A text of {model._meta.verbose_name} {key} no longer opens: it was altered or is damaged."


def _tables(*, every: bool = False) -> Iterator[tuple[str, list[str]]]:
    """Each table with its plain columns: those that no seal of their own protects."""
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if every or table not in NOT_COPIED:
            plain = [one for one in model._meta.local_concrete_fields if not isinstance(one, EncryptedTextField)]
            yield table, [one.column for one in plain if one.column is not None]


def _second_copies() -> set[str]:
    if connection.vendor != "sqlite":
        return set()
    found = _rows("SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE %s", [f"{PREFIX}%"])
    return {name for (name,) in found}


def _rows(statement: str, given: list[str] | None = None) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _do(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _words_of(error: Exception) -> str:
    """What the database said, where that is about its pages; a message about a value may hold somebody's words."""
    if isinstance(error, UnicodeDecodeError):
        return "a name in it is malformed"
    said = str(error).strip().partition("\n")[0].rstrip(".")
    return said if any(known in said for known in _ABOUT_PAGES) else type(error).__name__
