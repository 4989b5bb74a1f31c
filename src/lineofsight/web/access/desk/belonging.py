"""What the lake tells the desk about children: whose team they are with, who shares a reader's surname. Never a name.

Read afresh each time and let go: no name of a child is kept, shown or logged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import clock
from lineofsight.web.access import scope
from lineofsight.web.access.house import lake_in_use
from lineofsight.web.access.models import Holding, Person

# A title before a name, and what is after a surname, are no part of it.
_NOT_NAMES = frozenset({"jr", "sr", "obe", "mbe", "cbe", "dbe", "kbe", "phd", "jp"})
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Reach:
    """What a reader's offices reach today: the ids of teams, services and workers."""

    teams: frozenset[str]
    services: frozenset[str]
    workers: frozenset[str]


def surname_parts(name: str, shortest: int) -> frozenset[str]:
    """The surname of a full name, without accents or case, its halves apart: 'Dr Ann Penn-Hallow' gives two."""
    words = [word for word in name.split() if fold(word) not in _NOT_NAMES]
    return _parts(words[-1], shortest) if len(words) > 1 else frozenset()


def fold(text: str) -> str:
    """A word without accents, case or marks."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if letter.isalpha()).casefold()


def same_surname(readers: Mapping[str, str], shortest: int) -> list[tuple[str, str]] | None:
    """Each reader (key to name) with each child of the same surname; None where nothing has been loaded.

    A double surname is the same as either of its halves.
    """
    lake = lake_in_use()
    snapshot = lake.latest()
    if snapshot is None:
        return None
    wanted: dict[str, list[str]] = {}
    for key, name in readers.items():
        for part in surname_parts(name, shortest):
            wanted.setdefault(part, []).append(key)
    people = lake.persons(snapshot, columns=["child_key", "surname"])
    surnames = people["surname"].combine_chunks().dictionary_encode()
    theirs = [
        {reader for part in _parts(surname or "", shortest) for reader in wanted.get(part, ())}
        for surname in surnames.dictionary.to_pylist()
    ]
    hits = pa.array([bool(some) for some in theirs], pa.bool_())
    found = pc.fill_null(pc.take(hits, surnames.indices), False)
    keys = pc.filter(people["child_key"].combine_chunks(), found).to_pylist()
    places = pc.filter(surnames.indices, found).to_pylist()
    return [(reader, key) for key, place in zip(keys, places, strict=True) for reader in sorted(theirs[place])]


def teams_of(child_keys: Collection[str]) -> Mapping[str, Reach] | None:
    """Whose each child is in the newest snapshot; None where nothing has been loaded."""
    lake = lake_in_use()
    snapshot = lake.latest()
    if snapshot is None:
        return None
    if not child_keys:
        return {}
    wanted = pc.field("child_key").isin(pa.array(sorted(child_keys), pa.string()))
    columns = ["child_key", "team_id", "service_id", "scope_teams", "scope_workers"]
    return {
        row["child_key"]: Reach(
            frozenset(filter(None, [row["team_id"], *(row["scope_teams"] or ())])),
            frozenset(filter(None, [row["service_id"]])),
            frozenset(row["scope_workers"] or ()),
        )
        for row in lake.persons(snapshot, columns=columns, where=wanted).to_pylist()
    }


def reaches(on: date | None = None) -> Mapping[str, Reach]:
    """What each person's offices reach on a day, by their key. The whole authority is nobody's team."""
    held: dict[str, dict[str, set[str]]] = {}
    for holding in Holding.objects.in_force(on or clock.today()).select_related("person"):
        mine = held.setdefault(holding.person.key, {"team": set(), "service": set(), "worker": set()})
        kind = holding.scope_kind or _usual_kind(holding.office)
        which = {"own": "worker", "assigned": "worker"}.get(kind, kind)
        if which in mine:
            mine[which] |= scope.gathered(kind, {str(one) for one in holding.scope_ids})
    return {
        key: Reach(frozenset(mine["team"]), frozenset(mine["service"]), frozenset(mine["worker"]))
        for key, mine in held.items()
    }


def within(reader: Reach | None, child: Reach | None) -> bool:
    """Whether a reader's offices reach the child as one of its team, service or workers."""
    if reader is None or child is None:
        return False
    pairs = (
        (reader.teams, child.teams),
        (reader.services, child.services),
        (reader.workers, child.workers),
    )
    return any(not mine.isdisjoint(theirs) for mine, theirs in pairs)


def names_of(readers: Collection[str]) -> dict[str, str]:
    """The names of these people by their keys."""
    return dict(Person.objects.filter(key__in=list(readers)).values_list("key", "name"))


def _parts(surname: str, shortest: int) -> frozenset[str]:
    halves = _WORD.findall(surname.replace("'", "").replace("’", ""))
    return frozenset(part for part in map(fold, halves) if len(part) >= shortest)


def _usual_kind(office: str) -> str:
    from lineofsight.web.access.offices import offices

    known = offices().get(office)
    return known.scope if known else ""
