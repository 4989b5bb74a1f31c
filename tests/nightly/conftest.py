"""A home fed from a folder, and a worker's minutes to go by."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from lineofsight import clock
from lineofsight.home import Home
from lineofsight.nightly import Nightly, keep, load_if_due
from lineofsight.nightly.kept import Kept

SET_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 3, 2, 30, tzinfo=UTC)
PEOPLE = "pers_person_id,pers_forename,pers_dob\n" + "".join(f"c{n},Ada,2015-01-02\n" for n in range(1, 61))
FACTS = 'as_at = 2026-11-02\nauthority = "306"\nsynthetic = true\n'

Minutes = Callable[..., list[Kept]]


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("LINEOFSIGHT_SOURCE")]:
        monkeypatch.delenv(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one small extract in it."""
    made = tmp_path / "in"
    made.mkdir()
    (made / "extract.toml").write_text(FACTS)
    (made / "people.csv").write_text(PEOPLE)
    return made


@pytest.fixture
def nightly(home: Home, folder: Path) -> Nightly:
    """The home loads from the folder at half past two."""
    with clock.frozen_at(SET_AT):
        return keep(home, time(2, 30), folder)


@pytest.fixture
def minutes(home: Home) -> Minutes:
    """`minutes(3, began)`: what the worker did in so many minutes from a moment on, where it did anything."""

    def go_by(count: int, began: datetime = NIGHT) -> list[Kept]:
        done = []
        for minute in range(count):
            with clock.frozen_at(began + timedelta(minutes=minute)):
                done.append(load_if_due(home))
        return [one for one in done if one is not None]

    return go_by
