"""For the improvement room: a fixed day, the people of it, and a finding, a plan and actions to work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from lineofsight import clock
from lineofsight.web.access.models import Person
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.models import Action, ActionOwner, Finding, Plan, Rating
from lineofsight.web.improvement.models.words import written

TODAY = date(2026, 11, 12)
PUBLISHED = date(2026, 7, 28)


@pytest.fixture
def on_day() -> Callable[[date], AbstractContextManager[None]]:
    """`with on_day(date(2027, 1, 4)):` it is noon on that day."""
    return lambda day: clock.frozen_at(datetime.combine(day, time(12), tzinfo=UTC))


@pytest.fixture
def mid_november(on_day: Any) -> Iterator[None]:
    """Noon on Thursday 12 November 2026."""
    with on_day(TODAY):
        yield


@pytest.fixture
def director(viewer_as: Callable[[str], Viewer]) -> Viewer:
    """Keeps, judges and owns; sees children by name."""
    return viewer_as("dcs")


@pytest.fixture
def keeper(viewer_as: Callable[[str], Viewer]) -> Viewer:
    """The partnership manager: keeps plans and judges no proof; sees no child by name."""
    return viewer_as("partnership-manager")


@pytest.fixture
def member(viewer_as: Callable[[str], Viewer]) -> Viewer:
    """The Lead Member: sees everything of this room but words that nobody cleared, and writes nothing."""
    return viewer_as("lead-member")


@pytest.fixture
def owner(viewer_as: Callable[[str], Viewer]) -> Viewer:
    """An action owner from outside: sees what they own and nothing else; only published figures."""
    return viewer_as("action-owner")


@pytest.fixture
def make_finding(director: Viewer) -> Callable[..., Finding]:
    """`make_finding(title="...")`: a finding of an inspection, written by the Director, with what a test changes."""

    def made(**changes: Any) -> Finding:
        by, words = changes.pop("by", director), changes.pop("words", "Supervision was late and said little.")
        given = {"source": "inspection", "title": "Supervision", "found_on": PUBLISHED, **changes}
        return Finding.objects.create(**written(by, clock.now(), words), **given)

    return made


@pytest.fixture
def plan(db: None) -> Plan:
    """An inspection's plan, published on 28 July 2026; what it is called was cleared."""
    return Plan.objects.create(
        kind="inspection",
        title="What the inspection asked of us",
        published_on=PUBLISHED,
        published_by="The inspectorate",
        level="identified",
        cleared_at=clock.now(),
        begun_at=clock.now(),
        begun_by_key="p-dcs",
        begun_by_name="Person dcs",
    )


@pytest.fixture
def make_action(director: Viewer, plan: Plan, people: dict[str, Person]) -> Callable[..., Action]:
    """`make_action(said="on-track")`: an action of the plan due in January and owned by the action owner, its words
    by the Director, with what a test changes. `rag` is the colour it was given first; `owned_by` an office, or none."""

    def made(**changes: Any) -> Action:
        by, words = changes.pop("by", director), changes.pop("words", "See that supervision is held every month.")
        owned_by = changes.pop("owned_by", "action-owner")
        given = {
            "plan": plan,
            "number": Action.objects.filter(plan=changes.get("plan", plan)).count() + 1,
            "responsible": "Person action-owner",
            "deadline_words": "within 6 months",
            "deadline_kind": "months",
            "deadline_on": date(2027, 1, 28),
            "rag": "amber",
            **changes,
        }
        action = Action.objects.create(**written(by, clock.now(), words), **given)
        person = people[owned_by] if owned_by else None
        ActionOwner.objects.create(action=action, place=1, name=given["responsible"][:120], person=person)
        Rating.objects.create(
            action=action,
            on=clock.today(),
            rag=action.rag,
            set_by=action.set_by,
            by_rule="amber",
            rule="nothing-said",
            rated_at=clock.now(),
        )
        return action

    return made
