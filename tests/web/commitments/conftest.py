"""For the commitments room: a fixed day, and answers that can be signed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from lineofsight import clock
from lineofsight.web.commitments.actions import Told


@pytest.fixture
def mid_november() -> Iterator[None]:
    """Noon on Thursday 12 November 2026."""
    with clock.frozen_at(datetime(2026, 11, 12, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def told():
    """`told(words="...")`: a complete answer, with what a test changes."""

    def made(**changes) -> Told:
        given = {
            "held_on": date(2026, 11, 12),
            "judgement": "satisfied",
            "words": "Because every late visit has a reason and a date.",
            "difference": "Two children were seen sooner.",
        }
        return Told(**{**given, **changes})

    return made
