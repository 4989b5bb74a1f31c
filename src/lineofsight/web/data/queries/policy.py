"""The timescales and thresholds in force: what each is, where it comes from, and whether it is this authority's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import Http404

from lineofsight import clock, policy
from lineofsight.measures import definitions
from lineofsight.policy import OPEN, Rule
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.data.queries.changes import law_of, laxer
from lineofsight.web.data.wanted import is_guarded

ORDER = ("regulation", "statutory guidance", "best practice", "regional procedure", "local")


@dataclass(frozen=True)
class Dated:
    """One number of a rule and the days on which it holds. `until` is None while it has no end.

    `local`: no law gives it; `own`: this authority set it itself.
    """

    words: str
    kind: str
    source: str
    since: date
    until: date | None
    local: bool
    own: bool
    now: bool


@dataclass(frozen=True)
class Listed:
    """One rule: what holds now (None where nothing does), every number it had or will have, and what uses it."""

    key: str
    unit: str
    timescale: bool
    now: Dated | None
    every: Sequence[Dated]
    measures: Sequence[tuple[str, str]]
    warning: str
    law: str

    @property
    def changeable(self) -> bool:
        """Whether it is no limit on those who use this system."""
        return not is_guarded(self.key)

    @property
    def others(self) -> list[Dated]:
        """The numbers of other days."""
        return [one for one in self.every if not one.now]


@dataclass(frozen=True)
class Group:
    """The rules whose number now is of one kind."""

    kind: str
    rules: Sequence[Listed]


def listed(viewer: Viewer) -> list[Group]:
    """Every rule, by the kind of what holds now, law first. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    found = sorted(_every(), key=lambda one: (ORDER.index(_kind(one)), one.key))
    return [Group(kind, list(some)) for kind, some in groupby(found, key=_kind)]


def one(viewer: Viewer, key: str) -> Listed:
    """One rule. Raises Refused, Http404 for a key that nothing uses."""
    check(viewer, Capability.SEE_DATA)
    for rule in _every():
        if rule.key == key:
            return rule
    raise Http404


def _every() -> list[Listed]:
    rules = policy.load(home_in_use()).rules
    return [_listed(key, list(some)) for key, some in groupby(rules, key=lambda rule: rule.key)]


def _listed(key: str, rules: Sequence[Rule]) -> Listed:
    today = clock.today()
    every = [_dated(rule, today) for rule in rules]
    now = next((rule for rule in rules if rule.valid_from <= today <= rule.valid_until), None)
    law = law_of(key, today)
    return Listed(
        key=key,
        unit=rules[0].unit,
        timescale=rules[0].timescale,
        now=next((told for told in every if told.now), None),
        every=every,
        measures=[(one.id, one.title) for one in definitions.load().values() if key in one.timescales],
        warning=laxer(key, now.number, today) if now else "",
        law=f"{law.words()} ({law.kind})" if law and now and law.words() != now.words() else "",
    )


def _dated(rule: Rule, today: date) -> Dated:
    return Dated(
        words=rule.words(),
        kind=rule.kind,
        source=rule.source,
        since=rule.valid_from,
        until=rule.valid_until if rule.valid_until < OPEN else None,
        local=rule.local,
        own=rule.own,
        now=rule.valid_from <= today <= rule.valid_until,
    )


def _kind(rule: Listed) -> str:
    return rule.now.kind if rule.now else rule.every[-1].kind
