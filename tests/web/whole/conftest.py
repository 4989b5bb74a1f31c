"""For the tests of the whole site: one canary authority, loaded once a run, and one world in it, made once a module."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.web.whole.canaries import planted
from tests.web.whole.world import NOW, World, made, undone

from lineofsight import clock, loading, sources, synth
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys
from lineofsight.web.practice.queries import figures, standing

CHILDREN, SEED = 500, 23


@pytest.fixture(scope="session")
def aviary(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose every child is a canary, with the extracts of September and October."""
    folder = tmp_path_factory.mktemp("aviary")
    extracts = synth.write(folder / "extracts", children=CHILDREN, extracts=2, seed=SEED, until=date(2026, 10, 31))
    created = create_home(folder / "home", authority="999", authority_name="Northmere")
    create_keys(created)
    for extract in extracts:
        read = sources.read([extract])
        with clock.frozen_at(NOW.replace(day=3)):
            loading.load(created, planted(read))
    return created


@pytest.fixture(scope="module")
def world(
    aviary: Home, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker
) -> Iterator[World]:
    """The authority in full use. Every test of the module sees it; each is to undo what it does."""
    patch = pytest.MonkeyPatch()
    patch.setenv("LINEOFSIGHT_HOME", str(aviary.path))
    with clock.frozen_at(NOW), django_db_blocker.unblock(), undone():
        open_home(aviary.path)
        yield made()
    standing.forget()
    figures.forget()
    patch.undo()
