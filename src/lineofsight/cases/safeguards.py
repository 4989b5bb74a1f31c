"""What is owed to a child on a plan while no social worker is allocated: safeguards.toml, and how each one stands."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from lineofsight.cases.intervals import due_on
from lineofsight.policy import Policy

UNALLOCATED = "CP10"  # the measure whose exceptions are the children who wait

State = Literal["done", "due", "overdue"]


@dataclass(frozen=True)
class Safeguard:
    """One safeguard; field by field as the head of safeguards.toml says."""

    key: str
    title: str
    column: str
    asks: str
    who: str
    within: str
    duty: str
    every: str = ""
    to: str = ""
    letter: str = ""
    seen_in_data: bool = False


@dataclass(frozen=True)
class Letter:
    """A draft in our own words, with places to be filled in."""

    key: str
    title: str
    opening: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Stands:
    """How one safeguard stands: `due` is the day it is next owed by, None where nothing more is owed of it."""

    state: State
    done: date | None
    due: date | None


def safeguards() -> dict[str, Safeguard]:
    """Every safeguard by key, in the file's order."""
    return {one["key"]: Safeguard(**one) for one in _file()["safeguard"]}


def letters() -> dict[str, Letter]:
    """The drafts by key."""
    return {
        key: Letter(key, one["title"], one["opening"], tuple(one["paragraphs"]))
        for key, one in _file()["letter"].items()
    }


def alert() -> tuple[str, str]:
    """The title and the draft of the alert to the partnership."""
    return str(_file()["alert"]["title"]), str(_file()["alert"]["text"]).strip()


def how_it_stands(one: Safeguard, *, since: date, done: Sequence[date], on: date, policy: Policy) -> Stands:
    """Done, due or overdue on the day `on`, for a child who has waited since `since`.

    What was done before the wait began was done for something else, and does not count. One that is owed again is
    done until it falls due anew.
    """
    last = max((day for day in done if since <= day <= on), default=None)
    if last is None:
        due = due_on(policy.rule(one.within, since), since)
        return Stands("overdue" if due < on else "due", None, due)
    if not one.every:
        return Stands("done", last, None)
    again = due_on(policy.rule(one.every, last), last)
    return Stands("overdue" if again < on else "done", last, again)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "safeguards.toml").read_text("utf-8"))
