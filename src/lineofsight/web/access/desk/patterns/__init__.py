"""Patterns in the log that are worth a look: a file each (what is counted, why it is shown), and one way to run them.

A pattern is a reason to ask somebody, never an accusation, and says so. What a pattern finds is a `Sighting`; it goes
from the list when information governance has looked into it, and comes back only where the log goes on past that.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from django.db import connection

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Pattern:
    """One pattern as its files tell it: `numbers` are its thresholds, `sql` counts events of the chain's tables."""

    slug: str
    order: int
    title: str
    why: str
    may_be: str
    numbers: Mapping[str, float]
    sql: str

    def run(self, **values: Any) -> Rows:
        """The rows its SQL gives, as dictionaries by column."""
        return self._run(self.sql, values)

    def run_over(self, keys: Sequence[str], **values: Any) -> Rows:
        """The same for SQL that asks about these keys, each given as a value of its own."""
        named = {f"key{at}": key for at, key in enumerate(keys)}
        sql = self.sql.replace("{keys}", ", ".join(f"%({name})s" for name in named))
        return self._run(sql, {**values, **named})

    def _run(self, sql: str, values: Mapping[str, Any]) -> Rows:
        with connection.cursor() as cursor:
            cursor.execute(sql, {**self.numbers, **values})
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Sighting:
    """What a pattern found: who, what it is about (a day, a child's key, a kind of file), why in a sentence.

    `last` is the newest event that belongs to it. Where it is about a child, `what` is the child's key.
    """

    pattern: str
    actor: str
    what: str
    reason: str
    last: int
    child: bool = False

    @property
    def about(self) -> str:
        """What tells it from every other sighting of its pattern."""
        return f"{self.actor}|{self.what}"


@cache
def patterns() -> Mapping[str, Pattern]:
    """Every pattern by its slug, in the order they are shown."""
    folder = resources.files(__package__)
    told = [
        _pattern(entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text(encoding="utf-8")))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    ]
    return {one.slug: one for one in sorted(told, key=lambda one: one.order)}


def newest_first(found: Iterable[Sighting]) -> list[Sighting]:
    """Sightings, the one whose last event is the newest first."""
    return sorted(found, key=lambda one: (-one.last, one.about))


def _pattern(slug: str, told: dict[str, Any]) -> Pattern:
    sql = resources.files(__package__).joinpath(f"{slug}.sql").read_text(encoding="utf-8")
    return Pattern(slug=slug, sql=sql, **{name: _one_line(value) for name, value in told.items()})


def _one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value
