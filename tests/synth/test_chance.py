"""Chance that comes out near what was asked."""

from collections import Counter
from random import Random

import pytest

from lineofsight.synth.chance import Quota, Spread, Stays, Weighted


@pytest.mark.parametrize("share", [0.0, 0.07, 0.5, 0.93, 1.0])
def test_a_quota_gives_its_share_whatever_the_sizes(share: float) -> None:
    quota, random = Quota(share, 5, "test"), Random(1)
    asked = given = 0
    for _ in range(400):
        size = random.choice((1, 1, 2, 3, 4))
        asked += size
        given += size if quota.says(size) else 0
        assert abs(given - share * asked) <= 5


def test_a_quota_that_waits_gives_later_what_it_owes() -> None:
    quota = Quota(0.25, 5, "waits")
    given = 0
    for turn in range(400):
        if quota.owes() and turn % 3 == 0:
            quota.take()
            given += 1
    assert abs(given - 100) <= 3


def test_times_may_be_more_than_one_and_keeps_within_the_most() -> None:
    quota = Quota(1.6, 5, "times")
    given = [quota.times(1, 2) for _ in range(500)]
    assert set(given) == {1, 2} or set(given) == {0, 1, 2}
    assert abs(sum(given) - 800) <= 3
    assert quota.times(1, 0) == 0


def test_a_spread_covers_the_range_evenly() -> None:
    for kind in range(18):
        spread = Spread(9, "test", kind)
        tenths = Counter(int(spread.next() * 10) for _ in range(200))
        assert min(tenths.values()) >= 12, kind
        assert max(tenths.values()) <= 28, kind


def test_stays_are_as_long_as_asked_and_as_many_are_open_as_expected() -> None:
    # Uniform from 0 to 200 days: half of those begun 100 days before are open, none of those begun 200 days before.
    stays = Stays(lambda u: 200 * u, 1000, 3, "test", 2)
    lengths = [(start, stays.draw(start, 1)) for start in range(500, 1000)]
    still_open = sum(start + length > 1000 for start, length in lengths)
    assert abs(still_open - 100) <= 2
    mean = sum(length for _, length in lengths) / len(lengths)
    assert 96 <= mean <= 103


def test_a_weighted_draw_follows_its_weights() -> None:
    weighted = Weighted({"often": 9.0, "rarely": 1.0, "never": 0.0})
    drawn = Counter(weighted.draw(Random(seed)) for seed in range(2000))
    assert 130 < drawn["rarely"] < 270
    assert drawn["never"] == 0
