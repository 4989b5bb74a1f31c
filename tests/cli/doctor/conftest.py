"""For the checks of `lineofsight doctor`: a home that is as it should be, to be spoiled one thing at a time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.lake.extracts import extract_of

from lineofsight import clock, loading
from lineofsight.cli.doctor.findings import Check, Finding, Installation
from lineofsight.home import Home

Found = Callable[..., Finding]


@pytest.fixture
def found(home: Home) -> Found:
    """`found(check)`: the one finding of a check on this test's home; `deep=True` looks closer."""

    def one(check: Check, *, deep: bool = False) -> Finding:
        findings = list(check(Installation(home, deep)))
        assert len(findings) == 1
        assert findings[0].says and (findings[0].state == "ok") == (not findings[0].do)
        return findings[0]

    return one


@pytest.fixture
def loaded_home(home: Home) -> Home:
    """The home with one small extract of yesterday, loaded and computed."""
    rows: dict[str, list[dict[str, Any]]] = {
        "ssd_person": [{"pers_person_id": "1", "pers_forename": "Ada", "pers_surname": "Tern"}]
    }
    as_at = date.fromordinal(clock.today().toordinal() - 1)
    loading.load(home, extract_of(rows, as_at=as_at))
    return home
