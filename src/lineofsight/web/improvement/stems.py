"""Words as they are compared: without their endings, so that “supervised” and “supervision” are one.

A small set of endings and no dictionary. Two words that it takes for one too many would only ever be offered to a
person, who sees them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Read of a text at most: what follows adds nothing that a person would look for.
READ = 6_000
_TAG = re.compile(r"<[^<>]*>")
_APOSTROPHES = "’‘`´ʼ"
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")

# What no ending tells: irregular, or another word once its ending is off.
_AS_IT_IS = {
    "children": "child",
    "analysis": "analy",
    "missing": "missing",  # not what was missed
    "meeting": "meeting",
    "setting": "setting",
    "policing": "polic",
}
# Each ending with what stands in its place and how many letters must be left of the word.
_ENDINGS: tuple[tuple[str, str, int], ...] = (
    ("iness", "y", 4),
    ("ness", "", 5),
    ("ation", "", 5),
    ("ating", "", 4),
    ("ated", "", 4),
    ("rral", "rr", 4),
    ("ment", "", 6),
    ("ion", "", 5),
    ("ive", "", 5),
    ("ing", "", 4),
    ("ied", "y", 3),
    ("ed", "", 4),
    ("ate", "", 4),
    ("ly", "", 5),
)
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
LONGEST = 40  # letters: what is longer is no word


@dataclass(frozen=True)
class Word:
    """One word of a text: its stem, and itself in small letters."""

    stem: str
    said: str


def words(text: str) -> Iterator[Word]:
    """The words and whole numbers of a text in their order, each with its stem."""
    known: dict[str, str] = {}
    for said in spoken(text):
        if said not in known:
            known[said] = stem(said)
        yield Word(known[said], said)


def spoken(text: str) -> list[str]:
    """The words and whole numbers of a text in small letters, markup and possessive endings left out."""
    plain = text[:READ]
    for sign in _APOSTROPHES:
        plain = plain.replace(sign, "'")
    plain = _TAG.sub(" ", unicodedata.normalize("NFKC", plain).casefold())
    return [word.removesuffix("'s") for word in _WORD.findall(plain)]


def stem(word: str) -> str:
    """A word in small letters without its endings; words that differ in their endings alone have one stem."""
    if len(word) > LONGEST:
        return word
    while (shorter := _once(word)) != word:
        word = shorter
    return word


def _once(word: str) -> str:
    """The word with its last ending off, or as it is."""
    if word in _AS_IT_IS:
        return _AS_IT_IS[word]
    for ending, instead, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= least:
            return _DOUBLED.sub(r"\1", word[: -len(ending)] + instead)
    if word.endswith("s"):
        return _singular(word)
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _singular(word: str) -> str:
    """'visits', 'families', 'searches' as one of them; 'focus' and 'process' as they are."""
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zes")) else word[:-1]
