"""Small extracts that follow one another, and a home to load them into."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.few_measures import few_measures as few_measures
from tests.lake.extracts import extract_of

from lineofsight import clock, loading
from lineofsight.home import Home, create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Computation, Lake
from lineofsight.sources import Extract

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 30)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("LINEOFSIGHT_MASTER_KEY", raising=False)
    made = create_home(tmp_path / "home", authority="306", authority_name="Northmere")
    create_keys(made)
    return made


@pytest.fixture
def lake(home: Home) -> Lake:
    return Lake(home, open_keys(home))


def children(count: int) -> list[dict[str, Any]]:
    return [{"pers_person_id": f"c{number}", "pers_dob": date(2015, 4, 1)} for number in range(count)]


def visits(count: int) -> list[dict[str, Any]]:
    return [
        {"cppv_cp_visit_id": f"v{number}", "cppv_person_id": "c1", "cppv_cp_visit_date": date(2026, 9, 1)}
        for number in range(count)
    ]


def plans(*children: str) -> list[dict[str, Any]]:
    """Plans that nobody is allocated to, so that each is an exception."""
    return [
        {
            "cppl_cp_plan_id": f"p-{child}",
            "cppl_person_id": child,
            "cppl_cp_plan_start_date": date(2026, 8, 3),
            "cppl_cp_plan_end_date": None,
        }
        for child in children
    ]


def extract(as_at: date, **tables: Any) -> Extract:
    return extract_of(tables, as_at=as_at)


@pytest.fixture
def load(home: Home) -> Callable[..., loading.Loaded]:
    """Load an extract three days after its date, or `late` days after that."""

    def at(given: Extract, *, late: int = 0, accepted_by: str = "") -> loading.Loaded:
        moment = datetime.combine(given.as_at + timedelta(days=3 + late), time(9), UTC)
        with clock.frozen_at(moment):
            return loading.load(home, given, accepted_by=accepted_by)

    return at


@pytest.fixture
def withdraw(home: Home) -> Callable[[str, str], list[Computation]]:
    """Withdraw a load, on a day after all of them."""

    def taken(snapshot_id: str, why: str) -> list[Computation]:
        with clock.frozen_at(datetime(2026, 12, 10, 9, tzinfo=UTC)):
            return loading.withdraw(home, snapshot_id, by="ada", why=why)

    return taken
