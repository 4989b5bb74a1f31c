"""XmR charts by hand: each series here was worked out on paper, its limits written beside it."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lineofsight.measures import trend


def months(values: list[float | None], first: tuple[int, int] = (2024, 1)) -> list[tuple[date, float | None]]:
    start = first[0] * 12 + first[1] - 1
    return [(date((start + n) // 12, (start + n) % 12 + 1, 1), value) for n, value in enumerate(values)]


# Mean 50; every move is 2, so the limits are 50 - 5.32 and 50 + 5.32.
STEADY: list[float] = [49, 51] * 6


def test_the_limits_are_the_mean_and_266_moving_ranges():
    signal = trend.read_series(months(STEADY))
    assert (signal.kind, signal.centre) == ("none", 50)
    assert signal.lower == pytest.approx(44.68)
    assert signal.upper == pytest.approx(55.32)
    assert signal.since is None
    assert signal.sentence == "It has stayed within what is usual."


def test_eleven_months_are_too_few_and_twelve_are_not():
    assert trend.read_series(months(STEADY[:11])).kind == "too few"
    assert trend.read_series(months(STEADY[:11])).sentence.endswith("11 months, and it takes 12.")
    assert trend.read_series(months(STEADY)).kind == "none"
    assert trend.read_series([]).kind == "too few"


def test_months_without_a_value_are_no_months():
    with_gaps = [*STEADY[:11], None, None]
    assert trend.read_series(months(with_gaps)).kind == "too few"


def test_a_last_point_on_the_limit_is_usual_and_one_beyond_is_not():
    on = trend.read_series(months([*STEADY, 55.32]))
    beyond = trend.read_series(months([*STEADY, 55.33]))
    assert on.kind == "none"
    assert (beyond.kind, beyond.since) == ("changed", date(2025, 1, 1))
    assert beyond.sentence == "It was above what is usual in January 2025."


def test_better_and_worse_follow_the_measures_own_direction():
    higher = months([*STEADY, 60, 61])
    assert trend.read_series(higher, better="higher").kind == "better"
    assert trend.read_series(higher, better="lower").kind == "worse"
    assert trend.read_series(higher, better="neutral").kind == "changed"
    lower = months([*STEADY, 40])
    assert trend.read_series(lower, better="lower").kind == "better"
    assert trend.read_series(lower, better="higher").verdict == "Worse than usual"


def test_a_step_is_told_from_its_first_month_with_the_limits_from_before_it():
    # 12 steady months, then 40 for five: every one of the five is below 44.68
    signal = trend.read_series(months([*STEADY, 40, 40, 41, 40, 40]), better="higher")
    assert signal.since == date(2025, 1, 1)
    assert signal.sentence == "It has been below what is usual since January 2025."
    assert (signal.kind, signal.centre) == ("worse", 50)
    assert signal.lower == pytest.approx(44.68)


def test_a_point_outside_that_came_back_is_no_signal_now():
    assert trend.read_series(months([*STEADY, 60, 50, 49])).kind == "none"


def test_eight_in_a_row_on_one_side_are_a_change_and_seven_are_not():
    # the last steady month is 51, above the centre; 52 is inside the limits
    seven = trend.read_series(months([*STEADY[:-1], 49, *[52] * 7]))
    eight = trend.read_series(months([*STEADY[:-1], 49, *[52] * 8]))
    assert seven.kind == "none"
    assert (eight.kind, eight.since) == ("changed", date(2025, 1, 1))
    assert eight.centre == pytest.approx((49 * 7 + 51 * 5) / 12)


def test_a_point_on_the_centre_breaks_a_run():
    # mean 50 exactly, so 50 is on the centre
    assert trend.read_series(months([*STEADY, 48, 48, 48, 50, 48, 48, 48, 48])).kind == "none"


def test_a_run_never_moves_what_it_is_compared_with():
    # a creeping change: months below the centre do not pull the centre down after them
    signal = trend.read_series(months([*STEADY, 48, 48, 48, 48, 48, 48, 48, 48]), better="lower")
    assert signal.kind == "better"
    assert signal.centre == 50
    assert signal.since == date(2025, 1, 1)


def test_a_change_that_has_lasted_a_year_is_the_new_usual():
    signal = trend.read_series(months([*STEADY, *[39, 41] * 6]))
    assert (signal.kind, signal.centre) == ("none", 40)
    assert signal.settled == date(2025, 1, 1)
    assert signal.lower == pytest.approx(40 - 5.32)
    assert signal.sentence == "It reached a new level in January 2025 and has stayed within what is usual since."


def test_after_a_new_level_a_new_change_is_told_against_that_level():
    signal = trend.read_series(months([*STEADY, *[39, 41] * 6, 50]), better="higher")
    assert (signal.kind, signal.since, signal.centre) == ("better", date(2026, 1, 1), 40)


def test_percentages_stay_between_0_and_100_and_counts_above_0():
    near_all = trend.read_series(months([98, 99] * 6), percent=True)
    assert near_all.upper == 100
    few = trend.read_series(months([0, 2] * 6))
    assert few.lower == 0
    assert few.upper == pytest.approx(1 + 5.32)


def test_nothing_at_all_for_years_is_usual_and_the_first_one_is_not():
    nothing = trend.read_series(months([0] * 24), better="lower", percent=True)
    assert (nothing.kind, nothing.centre, nothing.lower, nothing.upper) == ("none", 0, 0, 0)
    first = trend.read_series(months([*[0.0] * 24, 1.2]), better="lower", percent=True)
    assert (first.kind, first.since) == ("worse", date(2026, 1, 1))


def test_the_same_value_every_month_is_usual_in_spite_of_how_computers_round():
    assert trend.read_series(months([0.1 + 0.2, 0.3] * 12)).kind == "none"


def test_a_change_inside_the_first_twelve_months_is_told_from_its_start():
    # six months at 50, then eight at 60: the mean of the first twelve is 55
    signal = trend.read_series(months([49, 51, 49, 51, 49, 51, *[60] * 8]))
    assert signal.kind == "changed"
    assert signal.since == date(2024, 7, 1)


def test_a_run_that_is_over_is_not_told_as_a_change_and_is_no_part_of_what_is_usual():
    # eight months at 52, then back: nothing has been below since January, as an unfinished reading would say
    back = trend.read_series(months([*STEADY[:-1], 49, *[52] * 8, 48]))
    assert back.kind == "none"
    later = trend.read_series(months([*STEADY[:-1], 49, *[52] * 8, 50, 49, 48, 50]))
    assert (later.kind, later.settled) == ("none", None)
    assert later.centre is not None and later.centre < 50


def test_three_of_four_months_nearer_to_a_limit_than_to_the_usual_are_a_change_and_two_are_not():
    # the limits are 44.68 and 55.32, so that beyond 52.66 is nearer to the limit
    two = trend.read_series(months([*STEADY, 53, 51, 53]))
    three = trend.read_series(months([*STEADY[:-1], 49, 53, 49, 54, 53]), better="lower")
    assert two.kind == "none"
    assert (three.kind, three.rule, three.since) == ("worse", "near", date(2025, 1, 1))
    assert three.sentence == "It has mostly been above what is usual since January 2025."


def test_near_is_told_of_the_last_month_only_and_from_where_it_began():
    assert trend.read_series(months([*STEADY, 53, 53, 53, 49])).kind == "none"
    long = trend.read_series(months([*STEADY[:-1], 49, 53, 50.5, 53, 53, 50.5, 53, 53]))
    assert (long.rule, long.since) == ("near", date(2025, 3, 1))


def test_which_rule_calls_it_a_change_is_said_in_words():
    outside = trend.read_series(months([*STEADY, 60]))
    run = trend.read_series(months([*STEADY[:-1], 49, *[52] * 8]))
    assert (outside.rule, run.rule) == ("outside", "run")
    assert "outside the range" in outside.because
    assert "eight months in a row" in run.because
    assert (trend.RUN, trend.NEAR, trend.NEAR_OF) == (8, 3, 4), "the words say these numbers"
    assert trend.read_series(months(STEADY)).because == ""


values = st.integers(0, 40).map(lambda n: n / 4)
any_series = st.lists(values, min_size=12, max_size=40)
MIRRORED = {"better": "worse", "worse": "better", "none": "none", "changed": "changed", "too few": "too few"}


@settings(max_examples=400, deadline=None)
@given(any_series)
def test_a_change_is_only_ever_called_by_a_rule_that_the_last_months_keep(series):
    read = trend.read_series(months(series), better="higher")
    assert (read.rule is None) == (read.since is None) == (read.kind == "none")
    if read.rule is None or read.since is None or read.centre is None:
        return
    told = [value for (day, value) in months(series) if day >= read.since]
    side = 1 if read.kind == "better" else -1
    assert side * (told[-1] - read.centre) > 0
    assert len(told) < len(series)
    if read.rule == "outside":
        assert all(not read.lower <= value <= read.upper for value in told)
    if read.rule == "run":
        assert all(side * (value - read.centre) > 0 for value in told)
        before = series[: len(series) - len(told)]
        on_side = next(
            (n for n, value in enumerate(reversed(before)) if side * (value - read.centre) <= 0), len(before)
        )
        assert len(told) + on_side >= trend.RUN
    if read.rule == "near":
        assert sum(side * (value - read.centre) > 0 for value in series[-trend.NEAR_OF :]) >= trend.NEAR


@settings(max_examples=200, deadline=None)
@given(any_series, st.integers(1, 8), st.integers(0, 20))
def test_a_series_in_another_unit_reads_the_same(series, scale, shift):
    read = trend.read_series(months(series), better="higher")
    other = trend.read_series(months([value * scale + shift + 1000 for value in series]), better="higher")
    raised = trend.read_series(months([value + 1000 for value in series]), better="higher")
    assert (other.kind, other.since, other.rule, other.settled) == (
        raised.kind,
        raised.since,
        raised.rule,
        raised.settled,
    )
    assert (read.kind, read.since) == (raised.kind, raised.since)


@settings(max_examples=200, deadline=None)
@given(any_series)
def test_a_series_turned_upside_down_reads_the_other_way_round(series):
    raised = trend.read_series(months([1000 + value for value in series]), better="higher")
    turned = trend.read_series(months([1000 - value for value in series]), better="higher")
    assert turned.kind == MIRRORED[raised.kind]
    assert (turned.since, turned.rule) == (raised.since, raised.rule)


@settings(max_examples=200, deadline=None)
@given(st.lists(values, min_size=12, max_size=24))
def test_the_limits_of_a_calm_series_hold_the_centre_and_stand_evenly_around_it(series):
    read = trend.read_series(months([1000 + value for value in series]))
    assert read.lower is not None and read.centre is not None and read.upper is not None
    assert read.lower <= read.centre <= read.upper
    assert read.upper - read.centre == pytest.approx(read.centre - read.lower)
    if len(series) == 12 and read.kind == "none" and read.settled is None:
        moves = [abs(one - other) for one, other in zip(series[1:], series, strict=False)]
        assert read.upper - read.centre == pytest.approx(2.66 * sum(moves) / 11)


@settings(max_examples=200, deadline=None)
@example([0.0] * 5 + [0.25] * 7, 1)
@given(st.lists(values, min_size=12, max_size=12), st.sampled_from([-1, 1]))
def test_a_month_far_beyond_anything_before_it_is_always_called(series, way):
    points = months([1000.0 + value for value in series] + [1000.0 + way * 500])
    read = trend.read_series(points, better="higher")
    assert read.kind == ("better" if way > 0 else "worse")
    if read.rule != "outside":
        # the month was the eighth in a row on its side of what is usual: the longer change is what is told
        assert read.rule == "run" and read.centre is not None
        assert all(way * (value - read.centre) > 0 for day, value in points if day >= min(read.since, points[-8][0]))
