"""Red, amber or green by a published rule: what is known of an action, and the first rule of rag.toml that it meets.

Pure: it asks nobody, and says the same of the same standing on the same day. There is a colour for every standing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Literal, get_args

from lineofsight.errors import PlainError

Colour = Literal["red", "amber", "green"]
COLOURS: tuple[Colour, ...] = get_args(Colour)


@dataclass(frozen=True)
class Proofs:
    """How many proofs an action calls for, how many held at their latest look, and how many did not."""

    asked: int = 0
    held: int = 0
    failed: int = 0

    @property
    def all_held(self) -> bool:
        """Whether proof was called for and none of it is missing."""
        return self.asked > 0 and self.held == self.asked

    @property
    def to_come(self) -> int:
        """How many nobody has looked at since they were called for, or since the action was reopened."""
        return self.asked - self.held - self.failed


@dataclass(frozen=True)
class Standing:
    """What is known of an action. `begun_on` is the day it came to be, from which silence is counted at first.

    `said` is what its newest update says, `heard_on` the day that update is of; both are empty before the first.
    """

    begun_on: date
    deadline_on: date | None = None
    closed_on: date | None = None
    said: str = ""
    heard_on: date | None = None
    proofs: Proofs = Proofs()

    def is_late(self, on: date) -> bool:
        """Whether its deadline has passed and it is not closed."""
        return self.closed_on is None and self.deadline_on is not None and self.deadline_on < on

    def is_silent(self, on: date, weeks: int) -> bool:
        """Whether nobody has said for more than so many weeks how it goes, and it is not closed."""
        return self.closed_on is None and (self.heard_on or self.begun_on) < on - timedelta(weeks=weeks)


@dataclass(frozen=True)
class Rule:
    """One rule: its colour, the plain sentence that says why, and the condition with its number of weeks."""

    slug: str
    colour: Colour
    words: str
    when: str
    weeks: int = 0


@dataclass(frozen=True)
class Rated:
    """The colour that the rule gives, by which rule of it, in words."""

    colour: Colour
    rule: str
    words: str


def _near_without_word(stand: Standing, on: date, weeks: int) -> bool:
    if stand.deadline_on is None:
        return False
    near = stand.deadline_on - timedelta(weeks=weeks)
    return near <= on and (stand.heard_on is None or stand.heard_on < near)


# What a rule may turn on. Each is asked with the day and the rule's number of weeks.
CONDITIONS: dict[str, Callable[[Standing, date, int], bool]] = {
    "a proof did not hold": lambda stand, on, weeks: stand.proofs.failed > 0,
    "past its deadline": lambda stand, on, weeks: stand.is_late(on),
    "closed": lambda stand, on, weeks: stand.closed_on is not None,
    "said off track": lambda stand, on, weeks: stand.said == "off-track",
    "said done without proof": lambda stand, on, weeks: stand.said == "done" and not stand.proofs.all_held,
    "no word": lambda stand, on, weeks: stand.is_silent(on, weeks),
    "no deadline": lambda stand, on, weeks: stand.deadline_on is None,
    "said at risk": lambda stand, on, weeks: stand.said == "at-risk",
    "deadline near, no word since": _near_without_word,
    "said on track without the proof it calls for": lambda stand, on, weeks: (
        stand.said == "on-track" and stand.proofs.asked > stand.proofs.held
    ),
    "said on track": lambda stand, on, weeks: stand.said in ("on-track", "done"),
    "always": lambda stand, on, weeks: True,
}


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in their order. Raises PlainError for a colour or a condition that is not known."""
    text = resources.files("lineofsight.web.improvement").joinpath("rag.toml").read_text(encoding="utf-8")
    return read(text)


def read(text: str) -> tuple[Rule, ...]:
    """The rules of a text in TOML. Raises PlainError, naming the rule, where they could not give every action a
    colour."""
    found = tuple(Rule(**entry) for entry in tomllib.loads(text)["rule"])
    for one in found:
        if one.colour not in COLOURS or one.when not in CONDITIONS:
            raise PlainError(f"The rule '{one.slug}' has a colour or a condition that is not known.")
    if not found or found[-1].when != "always":
        raise PlainError("The last rule has to hold always, or some action would have no colour.")
    if len({one.slug for one in found}) != len(found):
        raise PlainError("Two rules have the same name.")
    return found


@cache
def _in_order() -> tuple[tuple[Callable[[Standing, date, int], bool], int, Rated], ...]:
    """Each rule as it is asked: its condition and weeks, and what it gives."""
    return tuple((CONDITIONS[one.when], one.weeks, Rated(one.colour, one.slug, one.words)) for one in rules())


def weeks_of(slug: str) -> int:
    """The number of weeks of one rule."""
    return rule(slug).weeks


def rule(slug: str) -> Rule:
    """The rule of that name. Raises PlainError where there is none."""
    found = next((one for one in rules() if one.slug == slug), None)
    if found is None:
        raise PlainError(f"The rule has no part called '{slug}'.")
    return found


def rate(standing: Standing, on: date) -> Rated:
    """The colour of an action that stands like this, on a day, and the rule that decides."""
    for meets, weeks, rated in _in_order():
        if meets(standing, on, weeks):
            return rated
    raise AssertionError("the last rule holds always")  # pragma: no cover  read() saw to it
