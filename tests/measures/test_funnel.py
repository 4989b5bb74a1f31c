"""Funnel limits against printed values of the binomial and the Poisson distribution."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight.measures import funnel
from lineofsight.measures.funnel import INNER, OUTER, Limits, Point


# Quantiles as any table of the binomial distribution gives them: of 100 at a half 40 and 60; of 20 at 0.3 2 and 10;
# of 50 at 0.9 41 and 49.
@pytest.mark.parametrize(
    ("centre", "size", "tail", "low", "high"),
    [(50, 100, INNER, 40, 60), (50, 100, OUTER, 35, 65), (30, 20, INNER, 2, 10), (90, 50, INNER, 41, 49)],
)
def test_the_limits_of_a_percentage_are_those_of_the_binomial_tables(centre, size, tail, low, high):
    found = funnel.limits(centre, size, "percent", tail)
    assert (found.low * size / 100, found.high * size / 100) == (pytest.approx(low), pytest.approx(high))


# Of the Poisson distribution with mean 10: 4 and 17 at 95%; with mean 1: 0 and 3; with mean 100: 81 and 120.
@pytest.mark.parametrize(("mean", "low", "high"), [(10, 4, 17), (1, 0, 3), (100, 81, 120)])
def test_the_limits_of_a_rate_are_those_of_the_poisson_tables(mean, low, high):
    found = funnel.limits(40, mean * 10_000 / 40, "rate", INNER)
    assert found.low == pytest.approx(40 * low / mean)
    assert found.high == pytest.approx(40 * high / mean)


def test_very_many_are_as_the_normal_distribution_has_them():
    exact, quick = funnel.limits(20, 4_999, "percent", INNER), funnel.limits(20, 5_001, "percent", INNER)
    assert exact.low == pytest.approx(quick.low, abs=0.05)
    assert exact.high == pytest.approx(quick.high, abs=0.05)
    # 10,000 are expected, give or take 100 a standard deviation: 309 more of them, per 10,000 of 200,000
    assert funnel.limits(500, 200_000, "rate", OUTER).high == pytest.approx(500 + 309.0232 / 20)


def test_nothing_and_everything_have_no_width():
    assert funnel.limits(0, 50, "percent", INNER) == Limits(0, 0)
    assert funnel.limits(100, 50, "percent", INNER) == Limits(100, 100)
    assert funnel.limits(0, 50, "rate", INNER) == Limits(0, 0)


def test_a_value_is_within_above_or_far_above_for_its_size():
    assert funnel.place(58, 100, 50, "percent") == "within"
    assert funnel.place(62, 100, 50, "percent") == "above"
    assert funnel.place(70, 100, 50, "percent") == "far above"
    assert funnel.place(38, 100, 50, "percent") == "below"
    assert funnel.place(20, 100, 50, "percent") == "far below"
    # the same value of many more is far beyond what chance does; where all differ more, it is not
    assert funnel.place(58, 2_000, 50, "percent") == "far above"
    assert funnel.place(58, 2_000, 50, "percent", between=8) == "within"


def test_authorities_that_differ_by_chance_alone_leave_the_limits_as_they_are():
    held = [Point(str(n), 100, 50 + n % 5 - 2) for n in range(40)]
    assert funnel.between(held, 50, "percent") == 0


def test_authorities_that_differ_more_widen_the_limits_by_how_much():
    # chance is 5 of 100 at a half; these lie 10 from the middle: 10 * 10 is 5 * 5 and what is between them
    held = [Point(str(n), 100, 50 + (10 if n % 2 else -10)) for n in range(400)]
    assert funnel.between(held, 50, "percent") == pytest.approx((10**2 - 5**2) ** 0.5, abs=0.05)
    assert funnel.between(held[:9], 50, "percent") == 0


def test_what_is_between_authorities_is_added_to_chance_as_variances_are():
    alone, wider = funnel.limits(50, 100, "percent", INNER), funnel.limits(50, 100, "percent", INNER, 8)
    assert wider.high - 50 == pytest.approx(((alone.high - 50) ** 2 + (1.959964 * 8) ** 2) ** 0.5)
    assert 50 - wider.low == pytest.approx(wider.high - 50)
    many = funnel.limits(50, 1_000_000, "percent", INNER, 8)
    assert many.high - 50 == pytest.approx(1.959964 * 8, abs=0.01)


def test_one_authority_unlike_all_others_hardly_widens_anything():
    held = [Point(str(n), 100, 50 + (10 if n % 2 else -10)) for n in range(40)]
    usual = funnel.between(held, 50, "percent")
    assert funnel.between([*held, Point("x", 100, 100)], 50, "percent") == pytest.approx(usual, abs=0.1)


@settings(max_examples=150, deadline=None)
@given(st.floats(1, 99), st.integers(5, 3000), st.sampled_from(["percent", "rate"]))
def test_limits_hold_the_centre_lie_in_each_other_and_narrow_with_size(centre, size, kind):
    many = size * (1 if kind == "percent" else 200)
    inner, outer = funnel.limits(centre, many, kind, INNER), funnel.limits(centre, many, kind, OUTER)
    step = (100 if kind == "percent" else 10_000) / many
    assert outer.low <= inner.low <= centre + step and centre - step <= inner.high <= outer.high
    larger = funnel.limits(centre, many * 4, kind, INNER)
    assert larger.high - larger.low <= inner.high - inner.low + 2 * step
    assert funnel.place(centre, many, centre, kind) == "within"
