"""A home with its keys, its lake, and two children to load."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.few_measures import few_measures as few_measures
from tests.lake.extracts import extract_of

from lineofsight.home import Home, create_home
from lineofsight.keys import Keyring, create_keys, open_keys
from lineofsight.lake import Lake
from lineofsight.sources import Extract


@pytest.fixture
def lake_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("LINEOFSIGHT_MASTER_KEY", raising=False)
    home = create_home(tmp_path / "home", authority="306", authority_name="Croydon", demo=True)
    create_keys(home)
    return home


@pytest.fixture
def lake_keys(lake_home: Home) -> Keyring:
    return open_keys(lake_home)


@pytest.fixture
def empty_lake(lake_home: Home, lake_keys: Keyring) -> Lake:
    return Lake(lake_home, lake_keys)


@pytest.fixture
def made_extract() -> Callable[..., Extract]:
    return extract_of


@pytest.fixture
def two_children() -> dict[str, list[dict[str, Any]]]:
    """Two children, one visited twice."""
    return {
        "ssd_person": [
            {"pers_person_id": "1", "pers_forename": "Ada", "pers_surname": "Tern", "pers_dob": date(2015, 4, 1)},
            {"pers_person_id": "2", "pers_forename": "Ben", "pers_surname": "Wren", "pers_dob": date(2018, 2, 28)},
        ],
        "ssd_cp_visits": [
            {
                "cppv_cp_visit_id": "v1",
                "cppv_person_id": "1",
                "cppv_cp_visit_date": date(2026, 10, 1),
                "cppv_cp_visit_seen": "Y",
                "cppv_cp_visit_seen_alone": "Y",
            },
            {
                "cppv_cp_visit_id": "v2",
                "cppv_person_id": "1",
                "cppv_cp_visit_date": date(2026, 10, 12),
                "cppv_cp_visit_seen": "N",
            },
        ],
    }
