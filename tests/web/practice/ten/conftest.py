"""For the ten: a list of children who meet rules, whatever the synthetic authority happens to hold that month."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.practice.models import TenMonth
from lineofsight.web.practice.queries import standing
from lineofsight.web.practice.ten import actions, found


@pytest.fixture(autouse=True)
def fresh(home: Any) -> Iterator[None]:
    """Nothing kept from another home."""
    found.forget()
    yield
    found.forget()


@pytest.fixture
def proposed(home: Any) -> list[found.Chosen]:
    """The list as the rules give it."""
    return found.proposed(standing.standing())


@pytest.fixture
def frozen(people: Any, viewer_as: Callable[[str], Any]) -> TenMonth:
    """October's list, frozen by the Director."""
    return actions.freeze(by=viewer_as("dcs"))


@pytest.fixture
def ref_of() -> Callable[[str], str]:
    """The ref of a child's key, as those who see names have it in addresses."""
    return lambda key: refs.ref(keys_in_use(), "identified", key)


@pytest.fixture
def other(persons: list[dict[str, Any]], proposed: list[found.Chosen]) -> dict[str, Any]:
    """A child who is on no list: meets no rule, and is nobody's brother or sister there."""
    meets = set(found.children(standing.standing())["child_key"].to_pylist())
    return next(one for one in persons if one["child_key"] not in meets and one["in_need"] and not one["restricted"])
