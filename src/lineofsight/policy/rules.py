"""Timescales and thresholds: what is shipped, and what a home puts in its place (DESIGN 7.14)."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pyarrow as pa

from lineofsight.errors import PlainError
from lineofsight.home import Home

OPEN = date(9999, 12, 31)
FILE = "policy.toml"
TIMESCALE_UNITS = ("working days", "days", "weeks", "months")
RULE_KINDS = ("regulation", "statutory guidance", "best practice", "regional procedure", "local")
_FIELDS = {"key", "number", "unit", "kind", "source", "from", "until"}

_SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("number", pa.float64()),
        ("unit", pa.string()),
        ("kind", pa.string()),
        ("source", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),
    ]
)


@dataclass(frozen=True)
class Rule:
    """One number the rules give, with its source and the days on which it holds (both ends included).

    `timescale` tells a length of time from a threshold. `own` is true where the home's file gave it.
    """

    key: str
    number: float
    unit: str
    kind: str
    source: str
    valid_from: date
    valid_until: date
    timescale: bool
    own: bool = False

    @property
    def local(self) -> bool:
        """Whether this is the authority's choice, so that a page must mark it local."""
        return self.kind == "local" or self.own

    def words(self) -> str:
        """The number and its unit as people say them: '10 working days', '1 week'."""
        number = f"{self.number:g}"
        unit = self.unit
        if number == "1":
            unit = "child" if unit == "children" else unit.removesuffix("s")
        return f"{number} {unit}"


@dataclass(frozen=True)
class Policy:
    """Every rule in force, shipped ones and a home's own, in the order of their keys and dates."""

    rules: tuple[Rule, ...]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over every rule: another policy has another hash, in whatever order it was written."""
        told = json.dumps([asdict(rule) for rule in self.rules], sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()

    def rule(self, key: str, on: date) -> Rule:
        """The rule of `key` that holds on the day `on`. Raises PlainError where there is none."""
        for rule in self.rules:
            if rule.key == key and rule.valid_from <= on <= rule.valid_until:
                return rule
        raise PlainError(f"The policy has no rule '{key}' on {on:%-d %B %Y}.")

    def number(self, key: str, on: date) -> float:
        """The number of `key` on the day `on`, in the rule's unit. Raises PlainError where there is none."""
        return self.rule(key, on).number

    def keys(self) -> frozenset[str]:
        """Every key that some rule has."""
        return frozenset(rule.key for rule in self.rules)

    def table(self) -> pa.Table:
        """A row a rule: `key, number, unit, kind, source, valid_from, valid_until` (9999-12-31 if open)."""
        names = _SCHEMA.names
        return pa.Table.from_pylist([{name: getattr(rule, name) for name in names} for rule in self.rules], _SCHEMA)

    def with_rule(self, key: str, number: float, unit: str, source: str = "an override") -> "Policy":
        """This policy with one key's rules replaced by a single local one that always holds.

        For specs and for trying a rule out. Raises PlainError for a key that is not known.
        """
        known = next((rule for rule in self.rules if rule.key == key), None)
        if known is None:
            raise PlainError(f"The policy has no rule '{key}'.")
        one = replace(
            known,
            number=number,
            unit=unit,
            kind="local",
            source=source,
            valid_from=date(1900, 1, 1),
            valid_until=OPEN,
            own=True,
        )
        return _policy([rule for rule in self.rules if rule.key != key] + [_checked(one, "the override")])


def load(home: Home | None = None) -> Policy:
    """The shipped policy, with the keys that `home/policy.toml` names replaced by its entries.

    Raises PlainError when the home's file is not right: unknown keys or fields, no source, overlapping dates.
    """
    own_file = home.path / FILE if home else None
    if own_file is None or not own_file.exists():
        return _shipped()
    return _own(own_file.read_text("utf-8"), str(own_file))


@lru_cache(maxsize=8)
def _own(text: str, where: str) -> Policy:
    """`read`, once for the same text: a page asks for the policy in many places."""
    return read(text, where)


def read(text: str, where: str = FILE) -> Policy:
    """The shipped policy, with the keys that a text in TOML names replaced by its entries.

    A rule that says what a shipped one says, but perhaps for how long, is no choice of the authority's. Raises
    PlainError, naming `where`, when the text is not right.
    """
    shipped = _shipped()
    said = {_without_end(rule) for rule in shipped.rules}
    own = [replace(rule, own=_without_end(rule) not in said) for rule in _read_own(text, where)]
    replaced = {rule.key for rule in own}
    for key in sorted(replaced - shipped.keys()):
        raise PlainError(f"{where}: no measure uses a rule called '{key}'.")
    return _policy([rule for rule in shipped.rules if rule.key not in replaced] + own)


def _without_end(rule: Rule) -> Rule:
    return replace(rule, valid_until=OPEN, own=False)


@cache
def _shipped() -> Policy:
    text = (files(__package__) / FILE).read_text("utf-8")
    return _policy(_rules(tomllib.loads(text), FILE, own=False))


def _read_own(text: str, where: str) -> list[Rule]:
    try:
        return _rules(tomllib.loads(text), where, own=True)
    except tomllib.TOMLDecodeError as error:
        raise PlainError(f"{where} is not a TOML file: {error}.") from None


def _rules(document: Mapping[str, Any], where: str, *, own: bool) -> list[Rule]:
    strange = set(document) - {"timescale", "threshold"}
    if strange:
        raise PlainError(f"{where} has parts that mean nothing here: {', '.join(sorted(strange))}.")
    return [
        _rule(entry, where, timescale=part == "timescale", own=own)
        for part in ("timescale", "threshold")
        for entry in document.get(part, [])
    ]


def _rule(entry: Mapping[str, Any], where: str, *, timescale: bool, own: bool) -> Rule:
    key = str(entry.get("key", "without a key"))
    missing = sorted(_FIELDS - {"until"} - set(entry))
    strange = sorted(set(entry) - _FIELDS)
    if missing or strange:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has unknown fields: {', '.join(strange)}"
        raise PlainError(f"{where}: the rule '{key}' {wrong}.")
    try:
        rule = Rule(
            key=key,
            number=float(entry["number"]),
            unit=str(entry["unit"]),
            kind=str(entry["kind"]),
            source=str(entry["source"]).strip(),
            valid_from=_day(entry["from"]),
            valid_until=_day(entry.get("until", OPEN)),
            timescale=timescale,
            own=own,
        )
    except (TypeError, ValueError):
        raise PlainError(f"{where}: the rule '{key}' needs a number, and dates like 2026-04-01.") from None
    return _checked(rule, where)


def _day(value: object) -> date:
    if type(value) is not date:
        raise TypeError
    return value


def _checked(rule: Rule, where: str) -> Rule:
    wrong = None
    if rule.kind not in RULE_KINDS:
        wrong = f"is of no known kind: {rule.kind}"
    elif rule.timescale and rule.unit not in TIMESCALE_UNITS:
        wrong = f"has no known unit: {rule.unit}"
    elif not 0 <= rule.number < 10_000 or rule.number != int(rule.number):
        wrong = "needs a whole number, 0 or more"
    elif not rule.source:
        wrong = "has no source"
    elif rule.valid_until < rule.valid_from:
        wrong = "ends before it begins"
    if wrong:
        raise PlainError(f"{where}: the rule '{rule.key}' {wrong}.")
    return rule


def _policy(rules: Iterable[Rule]) -> Policy:
    ordered = sorted(rules, key=lambda rule: (rule.key, rule.valid_from))
    for earlier, later in pairwise(ordered):
        if earlier.key == later.key and later.valid_from <= earlier.valid_until:
            raise PlainError(f"Two rules called '{later.key}' hold on {later.valid_from:%-d %B %Y}.")
        if earlier.key == later.key and earlier.unit != later.unit:
            raise PlainError(f"The rules called '{later.key}' are in different units.")
    return Policy(tuple(ordered))
