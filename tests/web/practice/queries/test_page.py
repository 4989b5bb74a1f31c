"""Which groups of a measure lie in a viewer's reach as a whole."""

from dataclasses import replace

import pytest

from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice.queries import page
from lineofsight.web.practice.queries.standing import standing


@pytest.mark.parametrize(
    ("kind", "by", "inside", "outside"),
    [
        ("team", "team", "team", "other_team"),
        ("service", "service", "service", "other_team"),
        ("service", "team", "team", "other_team"),
    ],
)
def test_a_group_is_inside_only_where_all_of_it_is(director, place, kind, by, inside, outside):
    stand, viewer = standing(), replace(director, scope=Scope(kind, frozenset({getattr(place, kind)})))
    assert page._inside(stand, viewer, by, getattr(place, inside))
    assert not page._inside(stand, viewer, by, getattr(place, outside))
    other = "service" if by == "team" else "worker"
    assert not page._inside(stand, replace(viewer, scope=Scope("own", viewer.scope.ids)), by, getattr(place, inside))
    assert not page._inside(stand, viewer, other, getattr(place, outside))
