"""For the desk of needs: a morning in November, a child, and somebody who opens it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from lineofsight import clock
from lineofsight.web.access.models import Need, Person
from lineofsight.web.access.need import actions
from lineofsight.web.access.viewer import Viewer

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)
CHILD, OTHER = "c0ffee00c0ffee00c0ffee00c0ffee00", "beef0000beef0000beef0000beef0000"
REASON = "The duty manager asked me to look before the visit tonight."


@pytest.fixture(autouse=True)
def morning(home: object) -> Iterator[None]:
    """It is ten on 12 November 2026."""
    with clock.frozen_at(NOW):
        yield


@pytest.fixture
def worker(viewer_as: Callable[[str], Viewer]) -> Viewer:
    """The social worker as a viewer."""
    return viewer_as("social-worker")


@pytest.fixture
def opened(people: dict[str, Person], worker: Viewer) -> Callable[..., Need]:
    """`opened(child=..., by=..., purpose=..., reason=..., second=[...])`: a need, the team manager told of it."""

    def make(
        child: str = CHILD,
        by: Viewer = worker,
        purpose: str = "harm-now",
        reason: str = REASON,
        second: tuple[str, ...] = ("team-manager",),
        address: str = "",
    ) -> Need:
        return actions.open_for_need(
            by=by,
            child_key=child,
            purpose_slug=purpose,
            reason=reason,
            second=[people[one] for one in second],
            address=address,
        )

    return make
