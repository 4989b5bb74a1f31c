"""Some measures in place of all: what becomes of a load or a process is the same, at a fifth of the time.

Among the dozen are those that the rules of the ten name, and CP01, whose shape their own rules take.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pytest

from lineofsight.measures import definitions

MEASURES = ("CP01", "CP07", "CP08", "CP10", "CP11", "CP19", "LA08", "LA25", "LA26", "LA37", "WF11", "WF15")
_whole = definitions.load


@lru_cache
def _only(measures: tuple[str, ...]) -> definitions.Catalogue:
    return _whole().only(list(measures))


@contextmanager
def in_place_of_all(measures: Iterable[str] = MEASURES) -> Iterator[None]:
    """These measures and no others, until the end of the block."""
    chosen = tuple(sorted(measures))

    def some(folder: Path | None = None, views: Path | None = None) -> definitions.Catalogue:
        return _whole(folder, views) if folder or views else _only(chosen)

    definitions.load = some  # type: ignore[assignment]
    try:
        yield
    finally:
        definitions.load = _whole


@pytest.fixture(autouse=True, scope="module")
def few_measures() -> Iterator[None]:
    """The same for each module of a folder whose conftest imports this; put back after it."""
    with in_place_of_all():
        yield
