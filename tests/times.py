"""How often what is random is tried, and from which seed: numbers in the environment, so that no test is out of reach.

`LINEOFSIGHT_TIMES=10` tries ten times as many; `LINEOFSIGHT_SEED` says which, and tries the same ones again.
"""

import os
import random
from collections.abc import Callable, Iterable
from typing import TypeVar

One = TypeVar("One")


def times(number: int) -> int:
    """That many, or as many times that as the environment says."""
    return number * int(os.environ.get("LINEOFSIGHT_TIMES", "1"))


def drawn(what: Iterable[One], many: int, name: Callable[[One], str] = str) -> list[One]:
    """So many of what there is to try, or as many times that, drawn by the seed, in the order given."""
    every = list(what)
    chosen = {name(one) for one in by_lot(every, seed(), name)[: times(many)]}
    return [one for one in every if name(one) in chosen]


def by_lot(what: Iterable[One], begun_from: str, name: Callable[[One], str] = str) -> list[One]:
    """All of it, in an order by lot. Each has its own lot by its `name`, so that one more moves few of the others."""
    return sorted(what, key=lambda one: random.Random(f"{begun_from} {name(one)}").random())


def seed() -> str:
    """What chance begins from."""
    return os.environ.get("LINEOFSIGHT_SEED", "1")
