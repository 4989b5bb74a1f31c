"""For the attacker: people in every office, and a home into which a planted authority is loaded."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.disclosure.authorities import planted, planted_before
from tests.web.conftest import client_as, people, viewer_as

from lineofsight import clock, loading
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys
from lineofsight.web.practice.queries import figures, first_known, standing
from lineofsight.web.reports import comparing

__all__ = ["client_as", "people", "viewer_as"]

LOADED_BEFORE, LOADED = datetime(2026, 10, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """An empty home in use, on 12 November 2026."""
    made = create_home(tmp_path / "home", authority="999", authority_name="Westharbour")
    create_keys(made)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(made.path))
    with clock.frozen_at(NOW):
        yield open_home(made.path)
    for room in (standing, figures, first_known, comparing):
        room.forget()


@pytest.fixture
def plant(home: Home) -> Callable[[int], None]:
    """`plant(seed)`: load the authority of that seed, a month ago and now, and make the month's packs."""

    def loaded(seed: int) -> None:
        with _at(LOADED_BEFORE):
            loading.load(home, planted_before(seed))
        with _at(LOADED):
            loading.load(home, planted(seed))
        from lineofsight.web.reports import packs

        packs.make_current()

    return loaded


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    with clock.frozen_at(moment):
        yield
