"""Which row of a plan's new table is which action of the plan: by its words and who answers for it.

The same action under two owners is two. One that was written anew is never taken for the old one by itself: where the
words are alike it is asked of a person. Pure: it sees texts and names, and keeps nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from lineofsight.errors import PlainError
from lineofsight.plans.table import PlanRow

LIKE = 0.5  # from how alike the words of two actions are it is asked whether they are the same
MANY = 200  # a word in more actions than that tells none of them from another
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Known:
    """An action of the plan: its number and words, who answers for it, and whether it is gone from the table."""

    number: int
    words: str
    owners: frozenset[str]
    gone: bool = False


@dataclass(frozen=True)
class Perhaps:
    """A row that may be an action written anew: how alike the words are, from nothing to one."""

    row: int
    number: int
    alike: float


@dataclass(frozen=True)
class Pairing:
    """Rows (from nought, in the table's order) by action number; rows that are new; actions no longer in the table."""

    pairs: Mapping[int, int]
    new: tuple[int, ...]
    gone: tuple[int, ...]
    perhaps: tuple[Perhaps, ...]


def told_apart(text: str) -> str:
    """A text as it is compared: its words alone, in small letters."""
    return " ".join(_WORD.findall(text.casefold()))


def owners_of(row: PlanRow) -> frozenset[str]:
    """Who answers for a row, as it is compared."""
    return names(one.name for one in row.owners) or names([row.responsible])


def names(given: Iterable[str]) -> frozenset[str]:
    """Names as they are compared."""
    return frozenset(filter(None, map(told_apart, given)))


def pair(rows: Sequence[PlanRow], known: Sequence[Known], same: Mapping[int, int]) -> Pairing:
    """Which row is which action. `same` is what a person said: the action's number, by row.

    Raises PlainError where what was said cannot be.
    """
    _check_said(rows, known, same)
    pairs = dict(same)
    texts = [told_apart(row.action) for row in rows]
    owners = [owners_of(row) for row in rows]
    theirs = {one.number: told_apart(one.words) for one in known}
    present, gone = ([one for one in known if one.gone == left] for left in (False, True))
    for some in (present, gone):
        by_both: dict[object, list[int]] = defaultdict(list)
        for one in _left(some, pairs):
            by_both[theirs[one.number], one.owners].append(one.number)
        _take(pairs, by_both, list(zip(texts, owners, strict=True)))
    _take_by_owner(pairs, texts, owners, present, theirs)
    _take_alone(pairs, texts, present, theirs)
    new = tuple(row for row in range(len(rows)) if row not in pairs)
    rest = _left(present, pairs)
    return Pairing(pairs, new, tuple(one.number for one in rest), _perhaps(new, texts, rest, theirs))


def _check_said(rows: Sequence[PlanRow], known: Sequence[Known], same: Mapping[int, int]) -> None:
    numbers = {one.number for one in known}
    if not set(same) <= set(range(len(rows))) or not set(same.values()) <= numbers:
        raise PlainError("It was said of an action or a row that is not there that they are the same.")
    if len(set(same.values())) != len(same):
        raise PlainError("Two rows cannot be the same action.")


def _left(known: Sequence[Known], pairs: Mapping[int, int]) -> list[Known]:
    taken = set(pairs.values())
    return [one for one in known if one.number not in taken]


def _take(pairs: dict[int, int], waiting: Mapping[object, list[int]], keys: Sequence[object]) -> None:
    """Each row takes the first action that waits under its key."""
    for row, key in enumerate(keys):
        if row not in pairs and waiting.get(key):
            pairs[row] = waiting[key].pop(0)


def _take_by_owner(
    pairs: dict[int, int],
    texts: Sequence[str],
    owners: Sequence[frozenset[str]],
    present: Sequence[Known],
    theirs: Mapping[int, str],
) -> None:
    """The same words, and an owner who stayed."""
    waiting: dict[str, list[Known]] = defaultdict(list)
    for one in _left(present, pairs):
        waiting[theirs[one.number]].append(one)
    for row, text in enumerate(texts):
        if row in pairs:
            continue
        stayed = next((one for one in waiting.get(text, ()) if one.owners & owners[row]), None)
        if stayed is not None:
            waiting[text].remove(stayed)
            pairs[row] = stayed.number


def _take_alone(
    pairs: dict[int, int], texts: Sequence[str], present: Sequence[Known], theirs: Mapping[int, str]
) -> None:
    """The same words, once on either side: another answers for it now."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for one in _left(present, pairs):
        waiting[theirs[one.number]].append(one.number)
    rows: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        if row not in pairs:
            rows[text].append(row)
    for text, some in rows.items():
        if len(some) == 1 and len(waiting.get(text, ())) == 1:
            pairs[some[0]] = waiting[text][0]


def _perhaps(
    new: Collection[int], texts: Sequence[str], rest: Sequence[Known], theirs: Mapping[int, str]
) -> tuple[Perhaps, ...]:
    """For each new row the action no longer there that is most like it, each action once, the most alike first."""
    there = {one.number: Counter(theirs[one.number].split()) for one in rest}
    holding: dict[str, list[int]] = defaultdict(list)
    for number, words in there.items():
        for word in words:
            holding[word].append(number)
    weights = {word: log(1 + len(there) / len(numbers)) for word, numbers in holding.items()}
    length = {number: _length(words, weights) for number, words in there.items()}
    found = []
    for row in new:
        words = Counter(texts[row].split())
        shared: dict[int, float] = defaultdict(float)
        for word, count in words.items():
            among = holding.get(word, ())
            for number in among if len(among) <= MANY else ():
                shared[number] += count * there[number][word] * weights[word] ** 2
        own = _length(words, weights)
        alike = [(sum_of / (own * length[number]), number) for number, sum_of in shared.items()]
        found += [Perhaps(row, number, share) for share, number in alike if share >= LIKE]
    kept: list[Perhaps] = []
    rows, numbers = set[int](), set[int]()
    for one in sorted(found, key=lambda one: (-one.alike, one.row, one.number)):
        if one.row not in rows and one.number not in numbers:
            rows.add(one.row)
            numbers.add(one.number)
            kept.append(one)
    return tuple(kept)


def _length(words: Mapping[str, int], weights: Mapping[str, float]) -> float:
    """How long a text is, as its rarer words count more. A word that no other has counts as the rarest."""
    rarest = max(weights.values(), default=1.0)
    return sqrt(sum((count * weights.get(word, rarest)) ** 2 for word, count in words.items())) or 1.0
