"""A dozen measures in place of all: what becomes of a load or a process is the same, at a fifth of the time.

Among them are those that the rules of the ten name, and CP01, whose shape their own rules take.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from lineofsight.measures import definitions

MEASURES = ["CP01", "CP07", "CP08", "CP10", "CP11", "CP19", "LA08", "LA25", "LA26", "LA37", "WF11", "WF15"]
_whole = definitions.load


@lru_cache(maxsize=1)
def _few() -> definitions.Catalogue:
    return _whole().only(MEASURES)


def load(folder: Path | None = None, views: Path | None = None) -> definitions.Catalogue:
    """What stands in place of `definitions.load`."""
    return _whole(folder, views) if folder or views else _few()


@pytest.fixture(autouse=True, scope="module")
def few_measures() -> Iterator[None]:
    """The same for each module of a folder whose conftest imports this; put back after it."""
    definitions.load = load  # type: ignore[assignment]
    yield
    definitions.load = _whole
