"""Who the teams and workers are, dated: names that change, ids that are the same one, teams that merge (DESIGN 5 C).

Without a file in the home the registry is empty, and every id stands for itself.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.errors import PlainError
from lineofsight.home import Home

FILE = "registry.toml"
Kind = Literal["team", "worker"]
ALWAYS = date(1900, 1, 1)
FOREVER = date(9999, 12, 31)

_FIELDS = {"team": {"id", "names", "also", "merged_into", "merged_on"}, "worker": {"id", "names", "also"}}


@dataclass(frozen=True)
class Name:
    """What a team or worker is called from a day on."""

    name: str
    since: date


@dataclass(frozen=True)
class Entry:
    """One team or worker. `also` holds its other ids, oldest first; `merged_into` is another team's id, from a day."""

    id: str
    names: tuple[Name, ...] = ()
    also: tuple[str, ...] = ()
    merged_into: str | None = None
    merged_on: date | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id it is known by, its own first."""
        return (self.id, *self.also)

    def name_on(self, day: date) -> str | None:
        """The name in force on a day; None where no name is known for it."""
        return next((one.name for one in reversed(self.names) if one.since <= day), None)

    def formerly(self, day: date) -> tuple[str, ...]:
        """The names it had before the one in force on a day, the newest first."""
        past, now = [one.name for one in self.names if one.since <= day][:-1], self.name_on(day)
        return tuple(one for one in dict.fromkeys(reversed(past)) if one != now)


@dataclass(frozen=True)
class Registry:
    """Every team and worker somebody said something about, in the order of their ids."""

    teams: tuple[Entry, ...] = ()
    workers: tuple[Entry, ...] = ()

    @cached_property
    def hash(self) -> str:
        """SHA-256 over every entry; blank for the empty registry, as under which older computations were made."""
        if not self.teams and not self.workers:
            return ""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        """The teams, or the workers."""
        return self.teams if kind == "team" else self.workers

    def entry(self, kind: Kind, given: str) -> Entry | None:
        """The entry that an id belongs to, as its own or as one of its others."""
        return self._by_id[kind].get(given)

    def stands_for(self, kind: Kind, given: str) -> str:
        """The registry's id for an id of the extract: itself where the registry says nothing of it."""
        found = self.entry(kind, given)
        return found.id if found else given

    def team_on(self, given: str, day: date) -> str:
        """The team that an id belongs to on a day: merges count from their date."""
        at = self.stands_for("team", given)
        while (found := self.entry("team", at)) and found.merged_into and found.merged_on and found.merged_on <= day:
            at = self.stands_for("team", found.merged_into)
        return at

    def same(self, kind: Kind, ids: Iterable[str]) -> frozenset[str]:
        """These ids and every other id of the same teams or workers."""
        given = frozenset(ids)
        return given | {one for at in given if (found := self.entry(kind, at)) for one in found.ids}

    def gathered(self, ids: Iterable[str], day: date) -> frozenset[str]:
        """Every id under which these teams' work stands on a day: their own, and those of what merged into them."""
        own = frozenset(self.stands_for("team", one) for one in ids)
        merged = (one.id for one in self.teams if one.merged_into and self.team_on(one.id, day) in own)
        return self.same("team", own | frozenset(merged))

    def name_on(self, kind: Kind, given: str, day: date) -> str | None:
        """The name in force on a day, where the registry gives one."""
        found = self.entry(kind, given)
        return found.name_on(day) if found else None

    def formerly(self, kind: Kind, given: str, day: date) -> tuple[str, ...]:
        """The earlier names, the newest first."""
        found = self.entry(kind, given)
        return found.formerly(day) if found else ()

    def ids_table(self, kind: Kind) -> pa.Table:
        """A row an id that the registry knows: `given`, `stands_for`, and `rank`, the higher the newer id."""
        rows = [(one, entry.id, rank) for entry in self.entries(kind) for rank, one in enumerate(entry.ids)]
        return pa.table(
            {
                "given": pa.array([row[0] for row in rows], pa.string()),
                "stands_for": pa.array([row[1] for row in rows], pa.string()),
                "rank": pa.array([row[2] for row in rows], pa.int64()),
            }
        )

    def merges_table(self) -> pa.Table:
        """A row a span in which a merged team's work is another's: `team_id, into_id, valid_from, valid_until`."""
        rows = [(entry.id, *span) for entry in self.teams for span in self._spans(entry)]
        return pa.table(
            {
                "team_id": pa.array([row[0] for row in rows], pa.string()),
                "into_id": pa.array([row[1] for row in rows], pa.string()),
                "valid_from": pa.array([row[2] for row in rows], pa.date32()),
                "valid_until": pa.array([row[3] for row in rows], pa.date32()),
            }
        )

    def names_table(self, kind: Kind) -> pa.Table:
        """A row a name: `id, name, valid_from, valid_until`."""
        rows = [
            (entry.id, one.name, one.since, until)
            for entry in self.entries(kind)
            for one, until in zip(entry.names, _untils(entry.names), strict=True)
        ]
        return pa.table(
            {
                "id": pa.array([row[0] for row in rows], pa.string()),
                "name": pa.array([row[1] for row in rows], pa.string()),
                "valid_from": pa.array([row[2] for row in rows], pa.date32()),
                "valid_until": pa.array([row[3] for row in rows], pa.date32()),
            }
        )

    @cached_property
    def _by_id(self) -> Mapping[Kind, Mapping[str, Entry]]:
        return {
            "team": {one: entry for entry in self.teams for one in entry.ids},
            "worker": {one: entry for entry in self.workers for one in entry.ids},
        }

    def _spans(self, entry: Entry) -> list[tuple[str, date, date]]:
        """Where a merged team's work is, from the day of its merge: each onward merge begins another span."""
        if not entry.merged_on:
            return []
        days = sorted({one.merged_on for one in self.teams if one.merged_on and one.merged_on >= entry.merged_on})
        ends = [day - timedelta(days=1) for day in days[1:]] + [FOREVER]
        return [(self.team_on(entry.id, day), day, end) for day, end in zip(days, ends, strict=True)]


EMPTY = Registry()


def registry(home: Home | None = None) -> Registry:
    """The registry that the home's `registry.toml` holds; the empty one where there is no such file.

    Raises PlainError when the file is not right.
    """
    path = home.path / FILE if home else None
    try:
        about = path.stat() if path else None
    except FileNotFoundError:
        about = None
    return _kept(path, about.st_mtime_ns, about.st_size, about.st_ino) if path and about else EMPTY


@lru_cache(maxsize=8)
def _kept(path: Path, *mark: int) -> Registry:
    """Every request of the web asks: read again only when the file is another."""
    return read(path.read_text("utf-8"), str(path))


def read(text: str, where: str = FILE) -> Registry:
    """The registry that a text in TOML tells. Raises PlainError, naming `where`, when it is not right."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlainError(f"{where} is not a TOML file: {error}.") from None
    strange = set(document) - set(_FIELDS)
    if strange:
        raise PlainError(f"{where} has parts that mean nothing here: {', '.join(sorted(strange))}.")
    made = Registry(
        tuple(sorted((_entry(one, "team", where) for one in document.get("team", [])), key=lambda one: one.id)),
        tuple(sorted((_entry(one, "worker", where) for one in document.get("worker", [])), key=lambda one: one.id)),
    )
    _check_ids(made, where)
    _check_merges(made, where)
    return made


def in_force(table: pa.Table, on: date) -> pa.Table:
    """The rows of a table with `valid_from` and `valid_until` that hold on a day, without the two."""
    day = pa.scalar(on, pa.date32())
    holds = pc.and_(pc.less_equal(table["valid_from"], day), pc.greater_equal(table["valid_until"], day))
    return table.filter(holds).drop_columns(["valid_from", "valid_until"])


def _entry(told: Mapping[str, Any], kind: Kind, where: str) -> Entry:
    given = str(told.get("id", "")).strip()
    strange = sorted(set(told) - _FIELDS[kind])
    if not given or strange:
        wrong = f"has unknown fields: {', '.join(strange)}" if strange else "lacks an id"
        raise PlainError(f"{where}: the {kind} '{given}' {wrong}.")
    also, into, day = told.get("also", []), told.get("merged_into"), told.get("merged_on")
    if not isinstance(also, list) or not all(isinstance(one, str) and one.strip() for one in also):
        raise PlainError(f"{where}: the {kind} '{given}' needs a list of ids as its 'also'.")
    if (into is None) != (day is None) or (day is not None and type(day) is not date):
        raise PlainError(f"{where}: the {kind} '{given}' is merged into another on a day: say both, merged_into and "
                         "merged_on, the day like 2026-04-01.")  # fmt: skip
    names = _names(told.get("names", []), f"{where}: the {kind} '{given}'")
    return Entry(given, names, tuple(one.strip() for one in also), str(into).strip() if into else None, day)


def _names(told: Any, what: str) -> tuple[Name, ...]:
    try:
        names = [Name(str(one["name"]).strip(), one["from"]) for one in told]
    except (TypeError, KeyError):
        raise PlainError(f"{what} needs its names as a list of a name and the day it holds from.") from None
    if not all(one.name and type(one.since) is date for one in names):
        raise PlainError(f"{what} has a name that is blank, or holds from no day like 2026-04-01.")
    if len({one.since for one in names}) < len(names):
        raise PlainError(f"{what} has two names from the same day.")
    return tuple(sorted(names, key=lambda one: one.since))


def _check_ids(made: Registry, where: str) -> None:
    for kind, entries in (("team", made.teams), ("worker", made.workers)):
        seen: set[str] = set()
        for one in (one for entry in entries for one in entry.ids):
            if one in seen:
                raise PlainError(f"{where}: the id '{one}' belongs to two {kind}s, or stands there twice.")
            seen.add(one)


def _check_merges(made: Registry, where: str) -> None:
    for entry in made.teams:
        at, passed = entry, {entry.id}
        while at.merged_into:
            into = made.stands_for("team", at.merged_into)
            if into in passed:
                raise PlainError(f"{where}: the team '{entry.id}' is merged into itself, by way of others or directly.")
            passed.add(into)
            at = made.entry("team", into) or Entry(into)


def _untils(names: Sequence[Name]) -> list[date]:
    return [one.since - timedelta(days=1) for one in names[1:]] + [FOREVER] if names else []
