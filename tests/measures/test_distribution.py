"""Distributions: what falls in which bar, and a spike only where there is one."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight.measures.distribution import Bin, Spike, distribution, poisson_at_least, spike


def even(first: int, last: int, each: int) -> list[float]:
    return [float(day) for day in range(first, last + 1) for _ in range(each)]


def test_a_heap_on_the_last_day_allowed_is_a_spike():
    found = distribution([*even(1, 60, 4), *[45.0] * 40], limit=45)
    assert found is not None and found.spike is not None
    assert found.spike == Spike(45, 45, 44, 4)
    assert (found.count, found.within, found.limit) == (280, 45 * 4 + 40, 45)


def test_an_even_spread_and_a_fall_after_the_limit_are_no_spike():
    assert spike([int(day) for day in even(1, 60, 4)], 45) is None
    assert spike([int(day) for day in [*even(1, 45, 6), *even(46, 60, 1)]], 45) is None


def test_a_heap_over_the_last_few_days_allowed_is_a_spike_of_those_days():
    days = [int(day) for day in [*even(1, 60, 4), *even(42, 45, 8)]]
    found = spike(days, 45)
    assert found is not None
    assert (found.first, found.last, found.count, found.usual) == (41, 45, 52, 20)
    assert spike(days) is None, "without a limit no single day stands out"


def test_of_two_spikes_the_one_at_the_limit_is_told():
    days = [int(day) for day in [*even(1, 60, 4), *[45.0] * 20, *[10.0] * 60]]
    assert spike(days, 45) == Spike(45, 45, 24, 4)
    found = spike(days)
    assert found is not None and found.first == found.last == 10


def test_what_is_done_the_same_day_is_no_spike_and_few_say_nothing():
    assert spike([0] * 80 + [1, 2, 3] * 5) is None
    assert spike([45] * 29) is None


def test_days_fall_in_bars_that_end_at_the_limit():
    found = distribution([0, 1, 5, 6, 45, 45.0, 46, 100, 140], limit=45)
    assert found is not None
    by_title = {one.title: one.count for one in found.bins}
    assert by_title["0 to 5"] == 3
    assert by_title["6 to 10"] == 1
    assert by_title["41 to 45"] == 2
    assert by_title["46 to 50"] == 1
    assert sum(by_title.values()) + found.tail == 9
    assert (found.middle, found.longest) == (45, 140)


def test_few_days_have_a_bar_each():
    found = distribution([1, 1, 2, 5], limit=5)
    assert found is not None
    assert found.bins[0] == Bin(0, 0, 0)
    assert [one.count for one in found.bins] == [0, 2, 1, 0, 0, 1, 0]
    assert found.bins[1].title == "1"


def test_part_of_a_day_counts_as_a_day_begun_and_nothing_is_nothing():
    found = distribution([0.5, 1.0, 1.2])
    assert found is not None
    assert [one.count for one in found.bins] == [0, 2, 1]
    assert distribution([]) is None


def test_nine_in_ten_were_done_by_the_ninth_of_ten():
    found = distribution([float(day) for day in range(1, 11)])
    assert found is not None and found.nine_in_ten == 9


@pytest.mark.parametrize(("count", "mean", "chance"), [(0, 3, 1.0), (1, 1, 0.63212), (10, 4, 0.00813), (5, 2, 0.05265)])
def test_the_chance_of_so_many_is_that_of_the_poisson_tables(count, mean, chance):
    assert poisson_at_least(count, mean) == pytest.approx(chance, abs=1e-5)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=200), st.sampled_from([None, 1, 10, 15, 20, 45]))
def test_every_day_is_in_one_bar_or_beyond_the_last(days, limit):
    found = distribution([float(day) for day in days], limit=limit)
    assert found is not None
    assert sum(one.count for one in found.bins) + found.tail == found.count == len(days)
    for one in found.bins:
        assert one.count == sum(one.first <= day <= one.last for day in days)
        assert limit is None or not one.first <= limit < one.last or len(found.bins) > 1
    assert (found.beyond is None) == (found.tail == 0)
    assert len(found.bins) <= 61


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_chance_alone_hardly_ever_makes_a_spike(seed):
    rng = random.Random(seed)
    told = [spike([rng.randint(1, 60) for _ in range(300)], 45) for _ in range(20)]
    assert sum(one is not None for one in told) <= 4
