"""The purposes for which a child outside one's scope may be opened, read from purposes.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources

from lineofsight import clock, policy
from lineofsight.errors import PlainError
from lineofsight.web.access.house import home_in_use


@dataclass(frozen=True)
class Purpose:
    """One purpose in the words people choose it by. `hours` is the policy's key for how long it opens a child."""

    slug: str
    words: str
    hint: str
    hours: str

    @property
    def hours_open(self) -> int:
        """The hours a child is open for this purpose, by the policy of today."""
        return number(self.hours)

    def lasts(self) -> timedelta:
        """For how long a child is open for this purpose, by the policy of today."""
        return timedelta(hours=self.hours_open)


@cache
def purposes() -> dict[str, Purpose]:
    """Every purpose by its slug, in the order of purposes.toml."""
    text = resources.files("lineofsight.web.access.need").joinpath("purposes.toml").read_text(encoding="utf-8")
    return {entry["slug"]: Purpose(**entry) for entry in tomllib.loads(text)["purpose"]}


def purpose(slug: str) -> Purpose:
    """The purpose called `slug`. Raises PlainError where there is none."""
    found = purposes().get(slug)
    if found is None:
        raise PlainError("Choose why you need to open this child.")
    return found


def words_of(slug: str) -> str:
    """A purpose in words, also one that is no longer offered."""
    found = purposes().get(slug)
    return found.words if found else slug.replace("-", " ")


def number(key: str) -> int:
    """A number of the policy in force today, the home's own where it gives one."""
    return int(policy.load(home_in_use()).number(key, clock.today()))
