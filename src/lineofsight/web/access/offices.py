"""The offices of an authority, read from offices.toml: roles are data with a plain description."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

from lineofsight.errors import PlainError
from lineofsight.web.access.permissions import IN_PERSON, Capability

Level = Literal["identified", "pseudonymised", "published", "none"]
ScopeKind = Literal["authority", "service", "team", "own", "assigned", "agency", "none"]

LEVELS: tuple[Level, ...] = get_args(Level)
SCOPE_KINDS: tuple[ScopeKind, ...] = get_args(ScopeKind)

# Said to administrators and on the page a person sees about their own office.
LEVEL_WORDS: dict[Level, str] = {
    "identified": "Children are shown by name.",
    "pseudonymised": "Counts are exact, small groups are hidden, and no child can be recognised.",
    "published": "Only figures fit for publication: small counts hidden, the rest rounded.",
    "none": "No figures about children.",
}
SCOPE_WORDS: dict[str, str] = {
    "authority": "The whole authority",
    "service": "The teams of one service",
    "team": "One or more teams",
    "own": "The children they work with",
    "assigned": "The children assigned to them",
    "agency": "Their own agency",
    "none": "No children",
}


@dataclass(frozen=True)
class Office:
    """One office: its name, what it is for, whose children it reaches, how plainly, and what it may do.

    `acts_for` is the office whose holder signs what this one prepares; blank for an office in its own right.
    `second_factor` is whether its holders must give a second factor in every session.
    """

    slug: str
    title: str
    group: str
    description: str
    scope: ScopeKind
    level: Level
    capabilities: frozenset[Capability]
    acts_for: str = ""
    second_factor: bool = True

    @property
    def has_delegates(self) -> bool:
        """Whether somebody may prepare for its holder: only where there is something the holder alone does."""
        return not self.acts_for and not IN_PERSON.isdisjoint(self.capabilities)


@cache
def offices() -> dict[str, Office]:
    """Every office by slug, in the order of offices.toml. Raises PlainError for a word it does not know."""
    text = resources.files("lineofsight.web.access").joinpath("offices.toml").read_text(encoding="utf-8")
    return {office.slug: office for office in map(_office, tomllib.loads(text)["office"])}


def office(slug: str) -> Office:
    """The office called `slug`. Raises PlainError where there is none."""
    try:
        return offices()[slug]
    except KeyError:
        raise PlainError(f"There is no office called {slug!r}.") from None


def held_by(capability: Capability) -> tuple[str, ...]:
    """The titles of the offices that hold `capability`, in the order of offices.toml."""
    return tuple(office.title for office in offices().values() if capability in office.capabilities)


def _office(entry: dict[str, object]) -> Office:
    slug, scope, level = str(entry["slug"]), str(entry["scope"]), str(entry["level"])
    if scope not in SCOPE_KINDS or level not in LEVELS:
        raise PlainError(f"The office {slug} has a scope or a level that is not known.")
    second_factor = entry.get("second_factor")
    if not isinstance(second_factor, bool):
        raise PlainError(f"The office {slug} must say whether it needs a second factor: true or false.")
    named = entry["capabilities"]
    if not isinstance(named, list):
        raise PlainError(f"The office {slug} must list its capabilities.")
    try:
        capabilities = frozenset(Capability(str(name)) for name in named)
    except ValueError as wrong:
        raise PlainError(f"The office {slug} lists a capability that is not known: {wrong}.") from None
    return Office(
        slug=slug,
        title=str(entry["title"]),
        group=str(entry["group"]),
        description=" ".join(str(entry["description"]).split()),
        scope=scope,
        level=level,
        capabilities=capabilities,
        acts_for=str(entry.get("acts_for", "")),
        second_factor=second_factor,
    )
