"""Rate ratios against worked examples from print, and what a group may be held against."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.measures import fairness


def test_heart_attacks_without_and_with_aspirin_as_agresti_prints_them():
    # Categorical Data Analysis, 3.1: 189 of 11,034 with a placebo, 104 of 11,037 with aspirin; 1.82 (1.43 to 2.31)
    found = fairness.ratio(189, 11_034, 104, 11_037)
    assert found is not None
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (1.82, 1.43, 2.31)
    assert found.differs


def test_smoking_and_low_weight_at_birth_as_hosmer_and_lemeshow_print_them():
    # Applied Logistic Regression, low birth weight: 30 of 74 smokers, 29 of 115 others; ratio 1.61 (1.06 to 2.44)
    found = fairness.ratio(30, 74, 29, 115)
    assert found is not None
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (1.61, 1.06, 2.44)


def test_a_ratio_whose_interval_holds_one_may_be_chance():
    found = fairness.ratio(5, 20, 40, 200)
    assert found is not None and not found.differs
    assert fairness.words(found) == "1.2 times (0.6 to 2.8), may be chance"


def test_where_a_number_is_nought_there_is_still_an_interval():
    none_of_them = fairness.ratio(0, 20, 30, 100)
    assert none_of_them is not None
    assert none_of_them.value == 0 < none_of_them.low < none_of_them.high < 2
    only_them = fairness.ratio(8, 20, 0, 100)
    assert only_them is not None and only_them.low > 1
    assert fairness.words(only_them).startswith("only in this group (at least")


@pytest.mark.parametrize("numbers", [(0, 0, 3, 9), (3, 9, 0, 0), (0, 5, 0, 9)])
def test_without_anybody_to_compare_there_is_no_ratio(numbers):
    assert fairness.ratio(*numbers) is None


def test_each_group_is_held_against_everybody_else():
    found = fairness.ratios({"a": (10, 40), "b": (5, 50), "c": (0, 0)})
    assert set(found) == {"a", "b"}
    assert found["a"] == fairness.ratio(10, 40, 5, 50)
    assert found["a"].value == pytest.approx(1 / found["b"].value)


@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 60), st.integers(0, 60))
def test_the_interval_holds_the_ratio_and_turns_over_with_it(a, b, c, d):
    one, other = fairness.ratio(a, a + b, c, c + d), fairness.ratio(c, c + d, a, a + b)
    assert one is not None and other is not None
    assert one.low <= one.value + 1e-9 and one.value <= one.high + 1e-9
    assert one.low * other.high == pytest.approx(1)


def test_the_words_say_that_a_difference_is_not_a_cause():
    assert fairness.NOT_A_CAUSE.startswith("A difference is not a cause.")
