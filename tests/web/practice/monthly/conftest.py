"""For the monthly cycle: a measure whose lead is the head of service, and three lines to write about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lineofsight.web.access.models import Holding
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.monthly import actions
from lineofsight.web.practice.monthly.actions import Three

MEASURE = "CP08"
OCTOBER = date(2026, 10, 1)
LINES = Three(
    "Fewer visits were in time than in any month of this year.",
    "Posts are vacant in the teams that hold most plans.",
    "Cover begins on Monday; we look again with the next extract.",
)


@pytest.fixture
def lead(people: Any, viewer_as: Callable[[str], Viewer]) -> Viewer:
    """The head of service, named by the Director to lead the measure."""
    holding = Holding.objects.get(office="head-of-service")
    actions.name_lead(by=viewer_as("dcs"), measure=MEASURE, holding=holding.pk)
    return viewer_as("head-of-service")


@pytest.fixture
def written(lead: Viewer) -> Any:
    """October's three lines."""
    return actions.write(by=lead, measure=MEASURE, told=LINES)
