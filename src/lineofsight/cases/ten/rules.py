"""The rules of the ten, as files: `rules/<slug>/{rule.toml, rule.sql, spec.md}`.

`rule.toml` holds these keys, and no others:

    version      raised when what the rule means changes
    theme        "harm" to the child, or a "service failure": the two are never added together
    order        where it stands among the rules of its theme, on every page
    weight       how much it counts against other rules of its theme when children are put in order: 1 to 5
    rule, why    the rule in plain words, and why it counts
    measure      the measure whose rows carry the fact; left out where the rule has a rule.sql of its own
    which        which of the measure's rows: "met", "not met" or "all" (with `measure`)
    at_least     the least `value` a row must have (optional, with `measure`)
    among        only children who are one of these that day: on_plan, looked_after, in_need (optional)
    says         the reason as a sentence, around the row's own {reason}
    timescales   keys of the policy that rule.sql uses; `needs`: the tables and columns it needs (with rule.sql)
    author, checker, reviewed, next_review

A rule.sql gives rows of the measures' own contract, so a rule is worked out and tested by the measures' engine.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lineofsight import policy, schema
from lineofsight.errors import PlainError
from lineofsight.measures import definitions

HARM = "harm"
SERVICE = "service failure"
THEMES = (HARM, SERVICE)
AMONG = ("on_plan", "looked_after", "in_need")
_WHICH = ("met", "not met", "all")
_HEAVIEST = 5
_KINDS: Mapping[str, type] = MappingProxyType(
    {
        "version": int,
        "theme": str,
        "order": int,
        "weight": int,
        "rule": str,
        "why": str,
        "says": str,
        "author": str,
        "checker": str,
        "reviewed": date,
        "next_review": date,
    }
)
_OF_A_MEASURE: Mapping[str, type] = MappingProxyType({"measure": str, "which": str})
_OPTIONAL: Mapping[str, type] = MappingProxyType({"at_least": int, "among": list, "timescales": list, "needs": dict})


@dataclass(frozen=True)
class Rule:
    """One rule as its folder gives it; field by field as the head of this module says."""

    slug: str
    version: int
    theme: str
    order: int
    weight: int
    rule: str
    why: str
    says: str
    measure: str | None
    which: str
    at_least: int | None
    among: tuple[str, ...]
    timescales: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    author: str
    checker: str
    reviewed: date
    next_review: date
    sql: str | None
    folder: Path

    @property
    def source(self) -> str:
        """What the rows it stands on are called: the measure's id, or the rule's own slug."""
        return self.measure or self.slug


def rules_folder() -> Path:
    """Where the shipped rules are."""
    return Path(str(files(__package__) / "rules"))


@lru_cache(maxsize=4)
def load(folder: Path | None = None) -> Mapping[str, Rule]:
    """Every rule by its slug: harm first, then service failure, each in its order. Raises PlainError."""
    found = [_read(path.parent) for path in sorted((folder or rules_folder()).glob("*/rule.toml"))]
    ordered = sorted(found, key=lambda one: (THEMES.index(one.theme), one.order))
    places = [(one.theme, one.order) for one in ordered]
    if len(set(places)) < len(places):
        raise PlainError("Two rules of one theme have the same order.")
    return MappingProxyType({one.slug: one for one in ordered})


def rules_hash(rules: Mapping[str, Rule] | None = None) -> str:
    """16 hex characters over every rule's facts and SQL: which rules a ten was worked out by."""
    total = hashlib.sha256()
    for one in (rules or load()).values():
        total.update(one.slug.encode() + (one.folder / "rule.toml").read_bytes() + (one.sql or "").encode())
    return total.hexdigest()[:16]


def _read(folder: Path) -> Rule:
    try:
        facts = tomllib.loads((folder / "rule.toml").read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PlainError(f"{folder.name}/rule.toml is not a TOML file: {error}.") from None
    path = folder / "rule.sql"
    sql = path.read_text("utf-8").strip().rstrip(";") if path.exists() else None
    if wrong := _wrong(facts, folder.name, sql is not None):
        raise PlainError(f"{folder.name}/rule.toml: {wrong}.")
    return Rule(
        **{name: facts[name] for name in _KINDS},
        slug=folder.name,
        measure=facts.get("measure"),
        which=facts.get("which", "all"),
        at_least=facts.get("at_least"),
        among=tuple(facts.get("among", ())),
        timescales=tuple(facts.get("timescales", ())),
        needs=MappingProxyType({table: tuple(columns) for table, columns in facts.get("needs", {}).items()}),
        sql=sql,
        folder=folder,
    )


def _wrong(facts: Mapping[str, Any], slug: str, has_sql: bool) -> str | None:
    """The first thing wrong with these facts, in words; None when all is well."""
    for check in (_wrong_shape, _wrong_words, _wrong_source):
        if wrong := check(facts, has_sql):
            return wrong
    return None if re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) else "its folder is not named in small letters"


def _wrong_shape(facts: Mapping[str, Any], has_sql: bool) -> str | None:
    wanted = dict(_KINDS) if has_sql else {**_KINDS, **_OF_A_MEASURE}
    known = {**wanted, **_OPTIONAL}
    if strange := sorted(set(facts) - set(known)):
        return f"unknown keys: {', '.join(strange)}"
    if missing := sorted(set(wanted) - set(facts)):
        return f"missing keys: {', '.join(missing)}"
    wrong = [name for name, value in facts.items() if type(value) is not known[name]]
    return f"'{wrong[0]}' is not a {known[wrong[0]].__name__}" if wrong else None


def _wrong_words(facts: Mapping[str, Any], has_sql: bool) -> str | None:
    if facts["theme"] not in THEMES:
        return f"its theme must be {' or '.join(THEMES)}"
    if not 1 <= facts["weight"] <= _HEAVIEST:
        return f"its weight is not from 1 to {_HEAVIEST}"
    if "{reason}" not in facts["says"]:
        return "what it says leaves out the {reason} of the row"
    if facts["author"].strip().casefold() == facts["checker"].strip().casefold():
        return "the author cannot be the checker"
    return "the next review is not after the last one" if facts["next_review"] <= facts["reviewed"] else None


def _wrong_source(facts: Mapping[str, Any], has_sql: bool) -> str | None:
    if set(facts.get("among", ())) - set(AMONG):
        return f"'among' may hold {', '.join(AMONG)}"
    if not has_sql:
        if facts["measure"] not in definitions.load():
            return f"no measure is called '{facts['measure']}'"
        return None if facts["which"] in _WHICH else f"'which' must be {', '.join(_WHICH)}"
    for table, columns in facts.get("needs", {}).items():
        known = schema.tables().get(table)
        if known is None or not set(columns) <= {one.name for one in known.columns}:
            return f"it needs what nobody knows: {table}"
    strange = sorted(set(facts.get("timescales", ())) - policy.load().keys())
    return f"no rule of the policy is called {', '.join(strange)}" if strange else None
