"""The funnel of what is published: which year, of how many, and whose neighbours."""

import pytest

from lineofsight.measures import benchmark, definitions, published_funnel
from lineofsight.schema import published


def of(measure: str, authority: str = "306", size: float | None = None):
    return published_funnel.funnel_of(authority, definitions.load()[measure], size)


def test_conferences_are_set_among_all_authorities_by_how_many_each_held():
    found = of("IC01")
    assert found is not None
    assert (found.kind, found.england, found.own) == ("percent", 81.4, "Croydon")
    own = next(point for point in found.points if point.name == "Croydon")
    bands = [benchmark.published_series("306", code)[found.year] for code in published.denominators()["CP_conf_15days"]]
    assert own.size == sum(bands)
    assert len(found.neighbours) <= 10 and len(found.points) > 100


def test_assessments_are_of_the_newest_year_in_which_how_many_there_were_is_published():
    found = of("AS01")
    assert found is not None
    assert (found.year, found.label) == (2024, "year to 31 March 2024")
    assert max(benchmark.published_series("970", "Continue_Assess_Comp")) == 2025


def test_a_rate_is_of_the_children_who_live_there_in_the_summer_before():
    found = of("CP01")
    assert found is not None and found.kind == "rate"
    own = next(point for point in found.points if point.name == "Croydon")
    assert own.size == benchmark.population_in("306", found.year - 1)


def test_a_made_up_authority_has_all_others_and_neither_itself_nor_neighbours():
    found = of("CP06", "999")
    assert found is not None and found.own is None and found.neighbours == frozenset()


@pytest.mark.parametrize("measure", ["CP08", "CP10", "WF08"])
def test_a_measure_with_nothing_published_has_no_funnel(measure):
    assert of(measure) is None


def test_the_limits_reach_to_the_size_that_is_to_be_shown():
    small = of("IC01", size=12)
    assert small is not None and small.curves[0].size == 12
    assert small.ours(81.4, 12).place == "within"
    large = of("IC01", size=20_000)
    assert large is not None and large.curves[-1].size >= 20_000
    assert large.ours(20.0, 20_000).place == "far below"
    assert all(one.outer.low <= one.inner.low <= one.inner.high <= one.outer.high for one in small.curves)


def test_authorities_that_are_no_more_are_in_no_funnel():
    names = {row["name"] for row in published.authorities().to_pylist() if not row["is_current"]}
    for measure in ("RF02", "CP06", "LA01"):
        found = of(measure)
        assert found is not None and not names & {point.name for point in found.points}
