"""The world, made and lived through once for all tests of a size."""

from __future__ import annotations

import pytest
from tests.world import living, making
from tests.world.living import Life

SMALL, LARGE = 500, 5_000
# The seed of each size that has every kind of history, and that of the world of which twenty children were checked.
SEEDS = {SMALL: 7, LARGE: 7}
CHECKED = 2711
WORLDS = [
    (SMALL, SEEDS[SMALL]),
    pytest.param((LARGE, SEEDS[LARGE]), marks=pytest.mark.full),
    pytest.param((LARGE, CHECKED), marks=pytest.mark.full),
]


def lived(people: int, seed: int, place) -> Life:
    """The world of so many people, from its seed."""
    return living.live(making.make(place / "extracts", people_known=people, seed=seed), place / "home")


def called(world: tuple[int, int]) -> str:
    """How a test names a world."""
    return "{} people, seed {}".format(*world)


@pytest.fixture(scope="session", params=WORLDS, ids=called)
def life(request, tmp_path_factory) -> Life:
    return lived(*request.param, tmp_path_factory.mktemp("world"))
