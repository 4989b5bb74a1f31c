"""For the desk: a home whose lake holds a small authority, and people who look at its children."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.web.reports.northmere import october

from lineofsight import clock, loading
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake
from lineofsight.web.access import chain
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.viewer import Viewer

# A Thursday.
NOW = datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def loaded_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Northmere with its extract of 31 October. Never written to: it is copied."""
    made = create_home(tmp_path_factory.mktemp("northmere") / "home", authority="306", authority_name="Northmere")
    create_keys(made)
    with clock.frozen_at(datetime(2026, 11, 3, 9, tzinfo=UTC)):
        loading.load(made, october())
    return made


@pytest.fixture
def lake_home(loaded_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A copy of the loaded home, in use for one test."""
    copied = tmp_path / "loaded"
    shutil.copytree(loaded_home.path, copied)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(copied))
    yield open_home(copied)


@pytest.fixture
def persons(lake_home: Home) -> list[dict[str, Any]]:
    """Every row of the persons read model, as only a test may hold them."""
    lake = Lake(lake_home, open_keys(lake_home))
    snapshot = lake.latest()
    assert snapshot is not None
    return lake.persons(snapshot).to_pylist()


@pytest.fixture
def look(viewer_as: Callable[[str], Viewer]) -> Callable[..., ChainEvent]:
    """`look("dcs", at, ["<child key>"])`: somebody opened a page, or saw a list, at a moment."""

    def looked(
        office: str,
        at: datetime,
        children: Sequence[str],
        *,
        action: str = "child.opened",
        purpose: str = "",
        **detail: Any,
    ) -> ChainEvent:
        with clock.frozen_at(at):
            viewer = viewer_as(office).for_purpose(purpose) if purpose else viewer_as(office)
            return chain.record(viewer=viewer, action=action, child_keys=children, detail=detail)

    return looked
