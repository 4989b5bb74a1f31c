"""For findings: one as the Director writes it, one that was closed, and two that say the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.web.improvement.conftest import PUBLISHED, TODAY

from lineofsight.web.access.models import ChainEvent
from lineofsight.web.improvement.actions import findings as actions
from lineofsight.web.improvement.models import Finding

NAME = "Quillfeather"
LATE = "Supervision was recorded late and was not reflective."
AGAIN = f"What was recorded of supervision came late and seldom was reflective; so it was for {NAME}."


def last_event() -> ChainEvent:
    """The newest event of the audit chain."""
    return ChainEvent.objects.order_by("-sequence").first()


@pytest.fixture
def raised(director) -> Callable[..., Finding]:
    """`raised(title="...")`: a finding as the Director writes it."""

    def made(by=director, **changes) -> Finding:
        given = {"source": "audit", "title": "Supervision", "words": LATE, "found_on": PUBLISHED, **changes}
        return actions.raise_finding(by=by, **given)

    return made


@pytest.fixture
def closed(director, raised) -> Callable[..., Finding]:
    """`closed(title="...")`: the same, closed."""

    def made(**changes) -> Finding:
        one = raised(**changes)
        actions.close(by=director, finding=one, words="It is held monthly now.")
        one.refresh_from_db()
        return one

    return made


@pytest.fixture
def repeated(director, closed, raised):
    """An earlier finding that was closed, and a later one that says the same; both about supervision."""
    first, later = closed(), raised(title="Supervision, again", words=AGAIN, found_on=TODAY, source="inspection")
    for one in (first, later):
        actions.confirm_theme(by=director, finding=one, theme="supervision")
        one.refresh_from_db()
    return first, later
