"""The world, made and lived through once for all tests of a size."""

from __future__ import annotations

import os
from contextlib import nullcontext

import pytest
from tests import few_measures
from tests.world import living, making
from tests.world.living import Life

from lineofsight.measures import definitions

SMALL, LARGE = 500, 5_000
# The seed of each size that has every kind of history; of the large world twenty children were checked by hand.
SEEDS = {SMALL: 7, LARGE: 7}
WORLDS = [
    (SMALL, SEEDS[SMALL]),
    pytest.param((LARGE, SEEDS[LARGE]), marks=pytest.mark.full),
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where the large world is lived through, the small one need not be: nothing happens in it alone."""
    if "not full" in config.getoption("markexpr") or "LINEOFSIGHT_SEED" not in os.environ:
        return
    small = [one for one in items if f"[{called((SMALL, SEEDS[SMALL]))}]" in one.nodeid]
    items[:] = [one for one in items if one not in small]
    config.hook.pytest_deselected(items=small)


def lived(people: int, seed: int, place) -> Life:
    """The world of so many people, from its seed. In the small one nothing is measured that no exception comes of."""
    world = making.make(place / "extracts", people_known=people, seed=seed)
    owed = [one.id for one in definitions.load().values() if one.exception]
    with few_measures.in_place_of_all({*owed, *few_measures.MEASURES}) if people == SMALL else nullcontext():
        return living.live(world, place / "home")


def called(world: tuple[int, int]) -> str:
    """How a test names a world."""
    return "{} people, seed {}".format(*world)


@pytest.fixture(scope="session", params=WORLDS, ids=called)
def life(request, tmp_path_factory) -> Life:
    return lived(*request.param, tmp_path_factory.mktemp("world"))
