"""Against others: the funnel of all authorities, for those who see the whole authority with its names."""

from dataclasses import replace

import pytest

from lineofsight.web.access.viewer import Scope
from lineofsight.web.practice.queries import figures, others
from lineofsight.web.practice.queries.standing import catalogue, standing


def asked(viewer, measure="CP06"):
    stand = standing()
    return others.among(stand, viewer, catalogue()[measure], figures.own(stand, viewer)[measure].headline)


def test_every_authority_stands_in_the_funnel_and_ours_first_in_the_table(director):
    found = asked(director)
    assert found is not None
    headline = figures.own(standing(), director)["CP06"].headline
    assert found.authorities[0].name == "Westharbour now"
    assert found.authorities[0].size == f"{headline.denominator:,}"
    assert len(found.authorities) > 140
    assert len(found.wide.others) + len(found.wide.neighbours) == len(found.authorities) - 1
    assert found.wide.ours is not None and found.wide.description.startswith(found.sentence)
    assert found.sentence in others.PLACES.values()


@pytest.mark.parametrize("level", ["pseudonymised", "published"])
def test_below_the_identified_level_there_is_no_funnel(director, level):
    assert asked(replace(director, level=level)) is None


def test_a_narrower_scope_is_not_set_among_authorities(director):
    assert asked(replace(director, scope=Scope("team"))) is None


def test_without_a_figure_of_ours_there_are_the_others_alone(director):
    nothing = figures.Figure(standing().as_at, None, None, 0, None, measured=False)
    found = others.among(standing(), director, catalogue()["CP06"], nothing)
    assert found is not None and found.wide.ours is None
    assert found.sentence == "There is no figure of ours to stand among them."


def test_a_measure_with_nothing_published_has_no_funnel(director):
    assert asked(director, "CP08") is None


def test_how_much_authorities_differ_beyond_chance_is_said(director):
    found = asked(director)
    assert found is not None and "Authorities differ beyond what chance alone makes" in found.how
