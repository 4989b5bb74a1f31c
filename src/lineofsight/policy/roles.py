"""What the role words of a case system mean: the role map, for codes are each system's own."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import pyarrow as pa

from lineofsight.errors import PlainError
from lineofsight.home import Home

FILE = "roles.toml"
KINDS = (
    "allocated_worker",
    "family_help_lead",
    "reviewing_officer",
    "personal_adviser",
    "duty",
    "manager",
    "other",
)


def normal(word: str) -> str:
    """A role word as it is compared: upper case, no spaces at the ends."""
    return word.strip().upper()


@dataclass(frozen=True)
class RoleMap:
    """Each known role word (as `normal` writes it) with its kind, one of KINDS."""

    kinds: Mapping[str, str]

    @cached_property
    def hash(self) -> str:
        """SHA-256 over every word and its kind."""
        return hashlib.sha256(json.dumps(dict(self.kinds), sort_keys=True).encode()).hexdigest()

    def kind(self, word: str | None) -> str | None:
        """The kind of a role word, None where it is blank or nobody has said what it means."""
        return self.kinds.get(normal(word)) if word else None

    def unmapped(self, words: Iterable[str | None]) -> list[str]:
        """Those of `words` that nobody has said the meaning of, once each, in alphabetical order."""
        return sorted({word.strip() for word in words if word and word.strip() and self.kind(word) is None})

    def table(self) -> pa.Table:
        """One row a word: `role_word` (upper case, trimmed), `role_kind`."""
        words = sorted(self.kinds)
        return pa.table(
            {
                "role_word": pa.array(words, pa.string()),
                "role_kind": pa.array([self.kinds[word] for word in words], pa.string()),
            }
        )


def roles(home: Home | None = None) -> RoleMap:
    """The shipped role map, with the words of `home/roles.toml` added to it or moved in it.

    Raises PlainError when the home's file names an unknown kind, or one word twice.
    """
    own_file = home.path / FILE if home else None
    if own_file is None or not own_file.exists():
        return RoleMap(_shipped())
    return read(own_file.read_text("utf-8"), str(own_file))


def read(text: str, where: str = FILE) -> RoleMap:
    """The shipped role map with the words of a text in TOML. Raises PlainError, naming `where`, when it is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlainError(f"{where} is not a TOML file: {error}.") from None
    return RoleMap({**_shipped(), **_words(document, where)})


@cache
def _shipped() -> Mapping[str, str]:
    return _words(tomllib.loads((files(__package__) / FILE).read_text("utf-8")), FILE)


def _words(document: Mapping[str, Any], where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, words in document.items():
        if kind not in KINDS:
            raise PlainError(f"{where}: there is no kind of role called '{kind}'. The kinds are {', '.join(KINDS)}.")
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise PlainError(f"{where}: '{kind}' needs a list of role words.")
        for word in words:
            if found.setdefault(normal(word), kind) != kind:
                raise PlainError(f"{where}: the role word '{word}' stands under two kinds.")
    return found
