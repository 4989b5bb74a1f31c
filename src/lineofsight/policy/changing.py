"""Changing what a home says itself: role words, local rules, teams and workers. The only writer of those files.

Each change is a function from the text of a file to its next text, so that it can be tried out before it is kept.
What a person wrote beside it, comments too, stays. Keeping puts the new text in place by one rename, and the version
before it into the home's history.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, Table

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.home import Home, write_whole
from lineofsight.policy.registry import ALWAYS, Kind, Registry, registry
from lineofsight.policy.registry import FILE as REGISTRY_FILE
from lineofsight.policy.registry import read as read_registry
from lineofsight.policy.roles import FILE as ROLES_FILE
from lineofsight.policy.roles import RoleMap, normal, roles
from lineofsight.policy.roles import read as read_roles
from lineofsight.policy.rules import FILE as POLICY_FILE
from lineofsight.policy.rules import OPEN, Policy, Rule, load
from lineofsight.policy.rules import read as read_policy

ROLES, POLICY, REGISTRY = ROLES_FILE, POLICY_FILE, REGISTRY_FILE
HISTORY = "history"

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Rules:
    """Everything a computation stands on beside the extract and the definitions."""

    policy: Policy
    roles: RoleMap
    registry: Registry


def in_force(home: Home) -> Rules:
    """The rules in force in a home. Raises PlainError when one of its files is not right."""
    return Rules(load(home), roles(home), registry(home))


def with_text(home: Home, name: str, text: str) -> Rules:
    """The rules as they would be with another text of one file. Raises PlainError when the text is not right."""
    now = in_force(home)
    return Rules(
        read_policy(text) if name == POLICY else now.policy,
        read_roles(text) if name == ROLES else now.roles,
        read_registry(text) if name == REGISTRY else now.registry,
    )


def text_of(home: Home, name: str) -> str:
    """What a file of the home says now; nothing where there is none."""
    try:
        return (home.path / name).read_text("utf-8")
    except FileNotFoundError:
        return ""


def digest(text: str) -> str:
    """What tells whether a file is still the one that was looked at."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep(home: Home, name: str, text: str, *, base: str) -> Path | None:
    """Put `text` in the place of a file whose digest is `base`; returns where the version before it is kept.

    Raises PlainError when somebody changed the file since, or the text is not right.
    """
    before = text_of(home, name)
    if digest(before) != base:
        raise PlainError("Somebody changed this since you looked. Look at the effect again before you save it.")
    with_text(home, name, text)
    kept = _into_history(home, name, before) if before else None
    write_whole(home.path / name, text.encode())
    return kept


def map_word(word: str, kind: str) -> Edit:
    """A role word means `kind` from now on."""

    def edit(text: str) -> str:
        document = tomlkit.parse(text)
        same = normal(word)
        for words in document.values():
            for one in [one for one in words if normal(str(one)) == same]:
                words.remove(one)
        if kind not in document:
            document[kind] = tomlkit.array()
        document[kind].append(word.strip())
        return tomlkit.dumps(document)

    return edit


def set_rule(key: str, number: int, source: str, since: date) -> Edit:
    """A local number from a day on. What held before that day, by law or here, still holds for it.

    Raises PlainError, when it is tried, for a key that no measure uses.
    """

    def edit(text: str) -> str:
        held = [rule for rule in read_policy(text).rules if rule.key == key]
        if not held:
            raise PlainError(f"No measure uses a rule called '{key}'.")
        document = tomlkit.parse(text)
        part = "timescale" if held[0].timescale else "threshold"
        others = [one for one in document.get(part, []) if one["key"] != key]
        kept = [
            _entry(rule, min(rule.valid_until, since - timedelta(days=1))) for rule in held if rule.valid_from < since
        ]
        local = Rule(key, number, held[0].unit, "local", source, since, OPEN, held[0].timescale)
        _put(document, part, [*others, *kept, _entry(local, OPEN)])
        return tomlkit.dumps(document)

    return edit


def rename(kind: Kind, given: str, name: str, since: date, before: str = "") -> Edit:
    """A team or worker is called `name` from a day on, and was called `before` until then."""

    def change(entry: Table) -> None:
        names = [(str(one["name"]), one["from"]) for one in entry.get("names", [])]
        if not names and before:
            names = [(before, ALWAYS)]
        names = sorted([(one, day) for one, day in names if day != since] + [(name, since)], key=lambda one: one[1])
        told = tomlkit.array()
        told.multiline(True)
        for one, day in names:
            line = tomlkit.inline_table()
            line.update({"name": one, "from": day})
            told.append(line)
        entry["names"] = told

    return _of_entry(kind, given, change)


def same_as(kind: Kind, given: str, other: str) -> Edit:
    """Another id is the same team or worker. An entry that the other id had gives its ids and names to this one."""

    def edit(text: str) -> str:
        known = read_registry(text)
        if known.stands_for(kind, other) == known.stands_for(kind, given):
            raise PlainError("Those two ids are the same one already.")
        absorbed = known.entry(kind, other)
        if absorbed and absorbed.merged_into:
            raise PlainError("That team was merged into another: its work is there already.")
        document = tomlkit.parse(text)
        if absorbed:
            _put(document, kind, [one for one in document[kind] if one["id"] != absorbed.id])
        ids = absorbed.ids if absorbed else (other,)

        def change(entry: Table) -> None:
            _array_of(entry, "also").extend(ids)

        text = _of_entry(kind, given, change)(tomlkit.dumps(document))
        for name in absorbed.names if absorbed else ():
            text = rename(kind, given, name.name, name.since)(text)
        return text

    return edit


def merge(given: str, into: str, on: date) -> Edit:
    """A team's work belongs to another team from a day on."""

    def change(entry: Table) -> None:
        entry["merged_into"], entry["merged_on"] = into, on

    return _of_entry("team", given, change)


def _of_entry(kind: Kind, given: str, change: Callable[[Table], None]) -> Edit:
    """An edit of one entry of the registry, made where there is none."""

    def edit(text: str) -> str:
        document = tomlkit.parse(text)
        own = read_registry(text).stands_for(kind, given)
        entries = document.get(kind)
        if entries is None:
            document[kind] = entries = tomlkit.aot()
        entry = next((one for one in entries if one["id"] == own), None)
        if entry is None:
            entry = tomlkit.table()
            entry["id"] = own
            entries.append(entry)
            entry = entries[-1]
        change(entry)
        made = tomlkit.dumps(document)
        read_registry(made)
        return made

    return edit


def _array_of(entry: Table, name: str) -> Array:
    if name not in entry:
        entry[name] = tomlkit.array()
    found: Any = entry[name]
    return found  # type: ignore[no-any-return]


def _put(document: tomlkit.TOMLDocument, part: str, entries: list[Any]) -> None:
    """Put `entries` in the place of an array of tables."""
    made: AoT = tomlkit.aot()
    for one in entries:
        made.append(one)
    document.pop(part, None)
    document[part] = made


def _entry(rule: Rule, until: date) -> Table:
    told = tomlkit.table()
    number = int(rule.number)
    told.update({"key": rule.key, "number": number, "unit": rule.unit, "kind": rule.kind, "source": rule.source})
    told["from"] = rule.valid_from
    if until < OPEN:
        told["until"] = until
    return told


def _into_history(home: Home, name: str, text: str) -> Path:
    folder = home.path / HISTORY
    folder.mkdir(mode=0o700, exist_ok=True)
    stem, number = f"{clock.now():%Y-%m-%dT%H%M%SZ}", 0
    while (place := folder / f"{stem}{f'-{number}' if number else ''}-{name}").exists():
        number += 1
    write_whole(place, text.encode())
    return place
