"""What an extract says of itself in `extract.toml`: whose it is and as at what day."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lineofsight.errors import PlainError
from lineofsight.sources.content import Content

FILE = "extract.toml"
# Long enough for every fact; a longer one can be written to take the TOML reader minutes.
_LARGEST = 4 * 1024
_LONGEST_WORDS = 100
_LARGEST_POPULATION = 20_000_000  # more than the children of the United Kingdom
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
    return Facts(
        as_at=_date(content, found.get("as_at")),
        authority=_authority(content, found.get("authority")),
        authority_name=_words(content, "authority_name", found.get("authority_name")),
        population=_population(content, found.get("population_0_17")),
        synthetic=_truth(content, found.get("synthetic")),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _refuse(content: Content, key: str, must: str) -> PlainError:
    return PlainError(f"In {content.name}, {key} must be {must}.")


def _date(content: Content, value: Any) -> date | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _refuse(content, "as_at", "a date such as 2026-10-31") from error


def _authority(content: Content, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not _AUTHORITY.fullmatch(str(value)):
        raise _refuse(content, "authority", "the three digits of the authority's DfE code")
    return str(value)


def _words(content: Content, key: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST_WORDS:
        return value
    raise _refuse(content, key, f"words in quotation marks, at most {_LONGEST_WORDS} letters")


def _population(content: Content, value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST_POPULATION:
        raise _refuse(content, "population_0_17", "a whole number of children")
    return value


def _truth(content: Content, value: Any) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise _refuse(content, "synthetic", "true or false")
