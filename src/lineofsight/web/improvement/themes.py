"""What a finding can be about, and which theme its words point to. A suggestion says why; a person confirms it.

The themes that are shipped stand in themes.toml beside this module; an authority adds its own, or puts one in the
place of a shipped one, in a themes.toml of its home.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from lineofsight.errors import PlainError
from lineofsight.home import Home
from lineofsight.web.access.house import home_in_use
from lineofsight.web.improvement.stems import Word, words

FILE = "themes.toml"
NONE = "none"  # in an address: no theme confirmed
ENOUGH = 2  # a word that only counts beside others suggests nothing alone
MOST = 3  # suggestions; each at least a third as strong as the first
COUNTED = 3  # a word said more often than that says nothing more
_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FIELDS = {"slug", "title", "about", "words"}
_WEIGHTS = {"1": 1, "2": 2, "3": 3}

Phrase = tuple[str, ...]  # the stems of words that follow each other


@dataclass(frozen=True)
class Theme:
    """One theme. `phrases` gives the weight of each word, or words in a row, that points to it; `own` tells whether
    the authority's file gave it."""

    slug: str
    title: str
    about: str
    phrases: Mapping[Phrase, int]
    own: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A theme that a text may be about, and the very words of the text that led to it, the strongest first."""

    theme: Theme
    score: int
    because: tuple[str, ...]

    @property
    def why(self) -> str:
        """'because of: supervision, reflective'."""
        return "because of: " + ", ".join(self.because)


def themes(home: Home | None = None) -> tuple[Theme, ...]:
    """The themes in force in a home (the one in use): the shipped ones, then its own.

    Raises PlainError, naming the file, when the home's own is not right.
    """
    try:
        text = ((home or home_in_use()).path / FILE).read_text("utf-8")
    except FileNotFoundError:
        return _shipped()
    except (OSError, UnicodeDecodeError):
        raise PlainError(f"The authority’s {FILE} cannot be read as text.") from None
    return read(text)


@lru_cache(maxsize=4)
def read(text: str) -> tuple[Theme, ...]:
    """The shipped themes with those of a text in TOML, each added or put in the place of the one with its slug.

    Raises PlainError when the text is not right: no TOML, unknown fields or weights, no words, one title twice.
    """
    where = f"The authority’s {FILE}"
    try:
        own = _themes(tomllib.loads(text), where, own=True)
    except tomllib.TOMLDecodeError as error:
        raise PlainError(f"{where} is not a TOML file: {error}.") from None
    by_slug = {one.slug: one for one in (*_shipped(), *own)}
    _check_once([one.title.casefold() for one in by_slug.values()], where, "title")
    return tuple(by_slug.values())


def theme(slug: str) -> Theme:
    """The theme in force with that slug. Raises PlainError where there is none."""
    found = next((one for one in themes() if one.slug == slug), None)
    if found is None:
        raise PlainError("There is no theme of that name.")
    return found


def titles() -> dict[str, str]:
    """The title of each theme in force, by its slug."""
    return {one.slug: one.title for one in themes()}


def title_of(slug: str, known: Mapping[str, str] | None = None) -> str:
    """A theme's title; of one that is no longer in the authority's file, its slug in words; blank for none."""
    return (titles() if known is None else known).get(slug) or slug.replace("-", " ").capitalize()


def suggest(text: str, of: Sequence[Theme] | None = None) -> tuple[Suggestion, ...]:
    """What a text may be about, the best first; nothing where nothing fits.

    A theme scores the weight of each of its words in the text, as often as it stands there, up to three times. It is
    offered from a score of 2, and only where it has a third of the best one's.
    """
    said = list(words(text))
    scored = [one for theme in (themes() if of is None else of) if (one := _score(theme, said)).score >= ENOUGH]
    scored.sort(key=lambda one: (-one.score, -len(one.because)))
    return tuple(one for one in scored[:MOST] if one.score * 3 >= scored[0].score)


def _score(theme: Theme, said: Sequence[Word]) -> Suggestion:
    """How strongly a text points to one theme. Of phrases that overlap the longest counts."""
    begins: dict[str, list[Phrase]] = {}
    for phrase in theme.phrases:
        begins.setdefault(phrase[0], []).append(phrase)
    times: dict[Phrase, int] = {}
    written: dict[Phrase, str] = {}
    at = 0
    while at < len(said):
        fits = [one for one in begins.get(said[at].stem, ()) if _stands(one, said, at)]
        longest = max(fits, key=len, default=None)
        if longest:
            times[longest] = times.get(longest, 0) + 1
            written.setdefault(longest, " ".join(word.said for word in said[at : at + len(longest)]))
        at += len(longest) if longest else 1
    strongest = sorted(times, key=lambda phrase: -theme.phrases[phrase])
    score = sum(theme.phrases[phrase] * min(count, COUNTED) for phrase, count in times.items())
    return Suggestion(theme, score, tuple(dict.fromkeys(written[phrase] for phrase in strongest)))


def _stands(phrase: Phrase, said: Sequence[Word], at: int) -> bool:
    return tuple(word.stem for word in said[at : at + len(phrase)]) == phrase


@cache
def _shipped() -> tuple[Theme, ...]:
    return _themes(tomllib.loads((files(__package__) / FILE).read_text("utf-8")), FILE, own=False)


def _themes(document: Mapping[str, Any], where: str, *, own: bool) -> tuple[Theme, ...]:
    strange = sorted(set(document) - {"theme"})
    entries = document.get("theme", [])
    if strange or not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise PlainError(f"{where} holds [[theme]] entries and nothing else.")
    made = tuple(_theme(entry, where, own=own) for entry in entries)
    _check_once([one.slug for one in made], where, "slug")
    return made


def _theme(entry: Mapping[str, Any], where: str, *, own: bool) -> Theme:
    slug, title, about = (str(entry.get(name, "")).strip() for name in ("slug", "title", "about"))
    called = slug or title or "without a slug"
    if strange := sorted(set(entry) - _FIELDS):
        raise PlainError(f"{where}: the theme '{called}' has unknown fields: {', '.join(strange)}.")
    if not _SLUG.fullmatch(slug) or len(slug) > 60 or slug == NONE:
        raise PlainError(f"{where}: the slug '{slug}' needs small letters, digits and hyphens, 60 at most.")
    if not title or len(title) > 80:
        raise PlainError(f"{where}: the theme '{called}' needs a title of 80 letters at most.")
    return Theme(slug, title, about, _phrases(entry.get("words"), f"{where}: the theme '{called}'"), own)


def _phrases(given: object, whose: str) -> dict[Phrase, int]:
    if not isinstance(given, dict) or not given:
        raise PlainError(f"{whose} needs the words that point to it, by their weight: 3, 2 or 1.")
    found: dict[Phrase, int] = {}
    for weight, entries in given.items():
        if weight not in _WEIGHTS or not isinstance(entries, list):
            raise PlainError(f"{whose} needs lists of words under the weights 3, 2 and 1.")
        for entry in entries:
            phrase = tuple(word.stem for word in words(entry)) if isinstance(entry, str) else ()
            if not phrase:
                raise PlainError(f"{whose} has an entry without a word under the weight {weight}.")
            found[phrase] = max(found.get(phrase, 0), _WEIGHTS[weight])
    return found


def _check_once(given: Sequence[str], where: str, what: str) -> None:
    twice = next((one for at, one in enumerate(given) if one in given[:at]), None)
    if twice is not None:
        raise PlainError(f"{where} gives the {what} '{twice}' twice.")
