"""The same mistake twice: which earlier findings say much the same, and in which words.

Two findings are alike where they share words that tell something: no common word, and the rarer among the findings
the more it counts. One theme, confirmed for both, makes fewer shared words enough. It says why in words, offers a few,
and a person decides.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lineofsight.web.improvement.stems import spoken, stem

S = TypeVar("S", bound=Hashable)  # what stands for a word: its stem, or a digest of that

SHARED, SHARED_IN_THEME = 3, 2  # words that two findings must have in common; where both are about one theme
NEAR, NEAR_IN_THEME = 0.35, 0.25  # how much of what they say that must be
MOST = 3
NAMED = 5  # shared words named in the reason

# Words that say nothing of what went wrong: of the language, then of every report about children's services.
_COMMON = """
a about above across after again against all almost along already also although always am among an and another any are
around as at away back be became because become been before began being below beside best better between both but by
came can cannot come could day did do does doing done down during each either else enough etc even ever every few first
five for found four from full further gave get give given go goes going good got great had has have having he her here
hers him his how however i if in into is it its itself just keep kept know known last least less let like little long
made main make many may me might more most much must my near need needed new next no nor not nothing now of off often on
once one only onto or other others our out over own part per perhaps put quite rather really said same saw say see seem
seen set several she should since six so some soon still such take taken ten than that the their them themselves then
there these they thing this those though three through thus to together too took toward two under until up upon us use
used usually very via was way we week well went were what when where whether which while who whole whom whose why will
with within without would yes yet you your month year number too small large lot few every time always never
child children young people person family families social work worker care service services council authority local
ensure improve improvement improving inspection inspector inspectors finding findings audit recommendation action plan
practice quality issue concern need needs area team teams staff report reported review reviewed case cases file files
identified include including consistent consistently inconsistent sufficient insufficient sufficiently clear clearly
effective effectively robust appropriate appropriately poor weak strong high low some most
"""
COMMON = frozenset(stem(word) for word in _COMMON.split())


@dataclass(frozen=True)
class Told(Generic[S]):
    """One finding as it is compared: its key, its confirmed theme (blank for none), and what its words stand for."""

    key: str
    theme: str
    says: frozenset[S]


@dataclass(frozen=True)
class Likeness(Generic[S]):
    """How much another finding says the same: its key, a strength to order by, and what both say, the rarest first."""

    key: str
    strength: float
    one_theme: bool
    shared: tuple[S, ...]


def telling(text: str) -> dict[str, str]:
    """The words of a text that tell something: each stem with the word as it stands there first."""
    found: dict[str, str] = {}
    for said in dict.fromkeys(spoken(text)):
        if (told := tells(said)) is not None:
            found.setdefault(told, said)
    return found


def tells(said: str) -> str | None:
    """The stem of a word that tells something, None for a common word, a number or a letter or two."""
    if len(said) < 3 or said.isdigit():
        return None
    found = stem(said)
    return None if found in COMMON else found


def rarity(findings: Iterable[Told[S]]) -> dict[S, float]:
    """What each word counts: the more, the fewer of these findings say it."""
    said = [one.says for one in findings]
    times: Counter[S] = Counter()
    for words in said:
        times.update(words)
    return {word: math.log(2 + len(said) / count) for word, count in times.items()}


def alike(
    one: Told[S], other: Told[S], counts: Mapping[S, float], called: Callable[[S], str] = str
) -> Likeness[S] | None:
    """How much `other` says the same as `one`; None where that is too little, or they are the same finding.

    The other way round it gives the same strength and the same words. Words that count the same stand in the order of
    what they are `called`.
    """
    shared = one.says & other.says
    theme = bool(one.theme) and one.theme == other.theme
    if one.key == other.key or len(shared) < (SHARED_IN_THEME if theme else SHARED):
        return None
    strength = _sum(shared, counts) / math.sqrt(_sum(one.says, counts) * _sum(other.says, counts))
    if strength < (NEAR_IN_THEME if theme else NEAR):
        return None
    ordered = sorted(shared, key=lambda word: (-counts[word], called(word)))
    return Likeness(other.key, strength + NEAR * theme, theme, tuple(ordered))


def likely(one: Told[S], earlier: Sequence[Told[S]], called: Callable[[S], str] = str) -> tuple[Likeness[S], ...]:
    """The earlier findings that `one` most likely repeats, the likeliest first, three at most."""
    others = [other for other in earlier if other.key != one.key]
    counts = rarity([one, *others])
    found = [like for other in others if (like := alike(one, other, counts, called)) is not None]
    return tuple(sorted(found, key=lambda like: (-like.strength, like.key))[:MOST])


def reason(like: Likeness[S], theme: str, said: Mapping[S, str]) -> str:
    """'Both are about supervision; both say: recorded, late, reflective.' `said` gives each word as it stands in the
    finding."""
    named = ", ".join(said[word] for word in like.shared[:NAMED])
    about = f"Both are about {theme[:1].lower()}{theme[1:]}; both say" if like.one_theme and theme else "Both say"
    return f"{about}: {named}."


def _sum(said: Collection[S], counts: Mapping[S, float]) -> float:
    return math.fsum(counts[word] for word in said)
