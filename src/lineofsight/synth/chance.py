"""Chance that is the same every time and wanders little: the counts come out near what was asked.

Plain random draws would make a small authority's rates miss the published ones by more than the 15% allowed.
So choices that decide a rate are dealt out (`Quota`) and durations are spread evenly over their distribution
(`Spread`), while everything else is drawn from an ordinary seeded generator.
"""

from collections.abc import Callable, Sequence
from math import sqrt
from random import Random

# Square roots of primes step through a range evenly, and two of them never fall into step with each other.
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61)


def generator(seed: int, name: str) -> Random:
    """A generator of its own for one purpose: adding draws in one place does not shift another's."""
    return Random(f"lineofsight/{seed}/{name}")


class Spread:
    """Numbers from 0 to 1 that cover the range evenly, in an order that looks like chance."""

    def __init__(self, seed: int, name: str, kind: int) -> None:
        self._at = generator(seed, f"spread/{name}").random()
        self._step = sqrt(_PRIMES[kind % len(_PRIMES)]) % 1

    def next(self) -> float:
        """The next number, 0 <= number < 1."""
        self._at = (self._at + self._step) % 1
        return self._at


class Quota:
    """Says yes for a fixed share of what it is asked about, in an uneven order, never far off the share."""

    def __init__(self, share: float, seed: int, name: str) -> None:
        self.share = share
        self._random = generator(seed, f"quota/{name}")
        self._owed = self._random.random() * share

    def owes(self, count: int = 1) -> bool:
        """Add `count` to what was asked about; true where a yes for all of them is due."""
        self._owed += self.share * count
        return self._owed >= count * (0.15 + 0.7 * self._random.random())

    def take(self, count: int = 1) -> None:
        """Note that a yes was given for `count`."""
        self._owed -= count

    def says(self, count: int = 1) -> bool:
        """`owes`, and `take` where it does."""
        if self.owes(count):
            self._owed -= count
            return True
        return False

    def times(self, count: int, most: int) -> int:
        """How often, up to `most`, a yes for all of `count` is due; they count as given. A share may be above 1."""
        self._owed += self.share * count
        given = 0
        while given < most and self._owed >= count * (0.15 + 0.7 * self._random.random()):
            self._owed -= count
            given += 1
        return given


class Stays:
    """How long each of a stream of stays lasts, dealt so that the number open on one day is near its mean.

    `length(u)` gives days for u from 0 to 1, never falling. A stay that began `age` days before the day is open then
    with the chance that its length is more than `age`; that choice is dealt by a quota, the rest is spread evenly.
    """

    def __init__(self, length: Callable[[float], float], day: int, seed: int, name: str, kind: int) -> None:
        self._length = length
        self._day = day
        self._open = Quota(0.0, seed, f"open {name}")
        self._spread = Spread(seed, f"length {name}", kind)

    def draw(self, start: int, size: int) -> int:
        """The length in days of a stay of `size` children that begins on the day `start`."""
        u = self._spread.next()
        age = self._day - start
        if age > 0:
            over = self._share_up_to(age)
            self._open.share = 1 - over
            u = over + u * (1 - over) if self._open.says(size) else u * over
        return int(self._length(u))

    def _share_up_to(self, age: int) -> float:
        low, high = 0.0, 1.0
        for _ in range(24):
            middle = (low + high) / 2
            low, high = (middle, high) if int(self._length(middle)) <= age else (low, middle)
        return low


class Weighted:
    """Draws from a list by weight."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._items: Sequence[str] = tuple(weights)
        total, self._cumulative = 0.0, []
        for weight in weights.values():
            total += weight
            self._cumulative.append(total)

    def draw(self, random: Random) -> str:
        """One item."""
        return random.choices(self._items, cum_weights=self._cumulative)[0]
