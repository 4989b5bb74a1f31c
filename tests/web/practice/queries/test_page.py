"""Which groups of a measure lie in a viewer's reach as a whole, and what a page that shows no rows says instead."""

from dataclasses import replace

import pytest
from django.http import Http404

from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice.queries import divided, figures, page
from lineofsight.web.practice.queries.standing import catalogue, standing


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
    assert divided._inside(stand, viewer, by, getattr(place, inside))
    assert not divided._inside(stand, viewer, by, getattr(place, outside))
    other = "service" if by == "team" else "worker"
    assert not divided._inside(stand, replace(viewer, scope=Scope("own", viewer.scope.ids)), by, getattr(place, inside))
    assert not divided._inside(stand, viewer, other, getattr(place, outside))


def test_a_measure_of_which_this_computation_holds_nothing_is_no_page(director, monkeypatch):
    monkeypatch.setattr(figures, "own", lambda stand, viewer: {})
    with pytest.raises(Http404):
        page.measure_page(director, "CP01")


def test_who_sees_no_child_by_name_is_told_that_children_are_not_shown(director):
    lacking = replace(director, capabilities=director.capabilities - {Capability.SEE_CHILDREN})
    for viewer in (lacking, replace(director, level="pseudonymised")):
        said = page.measure_page(viewer, "CP01").refused_rows
        assert said == "Which children these are is not shown to your office."
    assert page._why_not(director, catalogue()["CP01"]) == ""
