"""For the reports room: a home whose lake holds one computed month, copied for each test so that each may change it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.web.reports.northmere import october

from lineofsight import clock, loading
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys
from lineofsight.sources import Extract
from lineofsight.web.commitments.actions import extend
from lineofsight.web.practice.queries import figures, standing
from lineofsight.web.reports import comparing

LOADED = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def loaded_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Northmere with its extract of 31 October loaded on 3 November. Never written to: it is copied."""
    made = create_home(
        tmp_path_factory.mktemp("northmere") / "home", authority="306", authority_name="Northmere Council"
    )
    create_keys(made)
    with clock.frozen_at(LOADED):
        loading.load(made, october())
    return made


@pytest.fixture
def home(loaded_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A copy of the loaded home, in use for one test, on 12 November 2026."""
    copied = tmp_path / "home"
    shutil.copytree(loaded_home.path, copied)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(copied))
    with clock.frozen_at(datetime(2026, 11, 12, 12, tzinfo=UTC)):
        yield open_home(copied)
    standing.forget()
    figures.forget()
    comparing.forget()


@pytest.fixture
def diary(people) -> None:
    """Two years of occurrences."""
    extend()


@pytest.fixture
def load(home: Home) -> Iterator[Callable[[Extract], None]]:
    """`load(extract)`: ten minutes later, load another extract into this test's home; the clock stays there."""
    with ExitStack() as clocks:

        def loaded(extract: Extract) -> None:
            clocks.enter_context(clock.frozen_at(clock.now() + timedelta(minutes=10)))
            loading.load(home, extract)

        yield loaded
