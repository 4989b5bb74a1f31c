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
    """So many of what there is to try, or as many times that, drawn by the seed, in the order given.

    Each has its own lot by its `name`, so that one more to try moves few of the others.
    """
    every = list(what)
    lots = sorted(every, key=lambda one: random.Random(f"{seed()} {name(one)}").random())
    chosen = {name(one) for one in lots[: times(many)]}
    return [one for one in every if name(one) in chosen]


def seed() -> str:
    """What chance begins from."""
    return os.environ.get("LINEOFSIGHT_SEED", "1")
