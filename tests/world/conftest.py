"""The world, made and lived through once for all tests of a size."""

from __future__ import annotations

import pytest
from tests.world import living, making
from tests.world.living import Life

SMALL, LARGE = 500, 5_000
# The small one has every kind of history; of the large one twenty children were checked by hand.
SEEDS = {SMALL: 7, LARGE: 2711}


def lived(people: int, place) -> Life:
    """The world of so many people, from its seed."""
    return living.live(making.make(place / "extracts", people_known=people, seed=SEEDS[people]), place / "home")


@pytest.fixture(scope="session", params=[SMALL, pytest.param(LARGE, marks=pytest.mark.full)], ids="{} people".format)
def life(request, tmp_path_factory) -> Life:
    return lived(request.param, tmp_path_factory.mktemp("world"))
