"""How often what is random is tried, and from which seed: numbers in the environment, so that no test is out of reach.

`LINEOFSIGHT_TIMES=10` tries ten times as many; `LINEOFSIGHT_SEED` says which, and tries the same ones again.
"""

import os


def times(number: int) -> int:
    """That many, or as many times that as the environment says."""
    return number * int(os.environ.get("LINEOFSIGHT_TIMES", "1"))


def seed() -> str:
    """What chance begins from."""
    return os.environ.get("LINEOFSIGHT_SEED", "1")
