"""What an extract says of itself in `extract.toml`: whose it is and as at what day."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.sources.content import Content

FILE = "extract.toml"
# Long enough for every fact; a longer one can be written to take the TOML reader minutes.
_LARGEST = 4 * 1024
_LONGEST_WORDS = 100
_LARGEST_POPULATION = 20_000_000  # more than the children of the United Kingdom
# No extract is older: the first children in need census of its kind was of 2009, and dates reach back from there.
_FIRST_DAY = date(2000, 1, 1)
_AUTHORITY = re.compile(r"[0-9]{3}")


@dataclass(frozen=True)
class Facts:
    """The facts of `extract.toml`, all optional. `sha256` is the file's own hash, None without a file."""

    as_at: date | None = None
    authority: str | None = None
    authority_name: str | None = None
    population: int | None = None
    synthetic: bool = False
    sha256: str | None = None


def read_facts(content: Content) -> Facts:
    """Read an `extract.toml`. Raises PlainError where it is not TOML or a fact is not of its kind."""
    data = content.whole(_LARGEST)
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # not TOML, not UTF-8, a number of thousands of digits
        raise PlainError(f"{content.name} is not a TOML file that can be read.") from error
    return facts_of(content.name, found, hashlib.sha256(data).hexdigest())


def facts_of(name: str, found: Mapping[str, Any], sha256: str) -> Facts:
    """The facts among `found`, told as of `name`. Raises PlainError where one is not of its kind."""
    return Facts(
        as_at=_date(name, found.get("as_at")),
        authority=_authority(name, found.get("authority")),
        authority_name=_words(name, "authority_name", found.get("authority_name")),
        population=_population(name, found.get("population_0_17")),
        synthetic=_truth(name, found.get("synthetic")),
        sha256=sha256,
    )


def day_of(asked: date | None, said: date | None) -> date:
    """The day an extract is as at: what is asked for, else what it says. Raises PlainError where it can be none."""
    day = asked or said
    if day is None:
        raise PlainError("The extract does not say what day it is as at: name the day with --as-at.")
    if day > clock.today():
        raise PlainError(f"The extract is as at {day:%-d %B %Y}, which is still to come: name the day with --as-at.")
    if day < _FIRST_DAY:
        raise PlainError(f"The extract is as at {day:%-d %B %Y}, which is too long ago: name the day with --as-at.")
    return day


def _refuse(name: str, key: str, must: str) -> PlainError:
    return PlainError(f"In {name}, {key} must be {must}.")


def _date(name: str, value: Any) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _refuse(name, "as_at", "a date such as 2026-10-31") from error


def _authority(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not _AUTHORITY.fullmatch(str(value)):
        raise _refuse(name, "authority", "the three digits of the authority's DfE code")
    return str(value)


def _words(name: str, key: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST_WORDS:
        return value
    raise _refuse(name, key, f"words in quotation marks, at most {_LONGEST_WORDS} letters")


def _population(name: str, value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST_POPULATION:
        raise _refuse(name, "population_0_17", "a whole number of children")
    return value


def _truth(name: str, value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise _refuse(name, "synthetic", "true or false")
