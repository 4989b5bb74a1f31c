"""Numbers and days as a councillor would read them aloud."""

from datetime import date

import pytest

from lineofsight.web.practice import wording


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (78.1, "percent", "78%"),
        (2.74, "percent", "3%"),
        (0.74, "percent", "0.7%"),
        (0.01, "percent", "0.1%"),
        (0, "percent", "0%"),
        (3.0, "percent", "3%"),
        (99.7, "percent", "99.7%"),
        (99.99, "percent", "99.9%"),
        (100, "percent", "100%"),
        (40.62, "rate", "40.6"),
        (1234, "count", "1,234"),
        (None, "percent", "not measured"),
    ],
)
def test_a_value_is_written_without_false_precision(value, kind, said):
    assert wording.amount(value, kind) == said


def test_a_median_carries_its_unit():
    assert wording.amount(31.0, "median", "working days") == "31 working days"


@pytest.mark.parametrize(
    ("born", "expected", "said"),
    [
        (date(2016, 10, 31), None, "10"),
        (date(2016, 11, 1), None, "9"),
        (date(2024, 2, 29), None, "2"),
        (date(2026, 3, 1), None, "7 months"),
        (date(2026, 9, 30), None, "1 month"),
        (None, date(2026, 12, 1), "unborn"),
        (None, None, ""),
        (date(2026, 11, 3), None, "unborn"),
    ],
)
def test_age_is_said_in_years_and_for_the_youngest_in_months(born, expected, said):
    assert wording.age(born, date(2026, 10, 31), expected) == said


def test_a_recent_month_is_said_without_its_year():
    assert wording.since(date(2026, 6, 30), date(2026, 10, 31)) == "June"
    assert wording.since(date(2025, 6, 30), date(2026, 10, 31)) == "June 2025"


def test_lists_and_counts_read_as_sentences():
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.counted(1, "child", "children") == "1 child"
    assert wording.counted(0, "child", "children") == "no children"
    assert wording.counted(1200, "child", "children") == "1,200 children"


@pytest.mark.parametrize(
    ("count", "said", "agreed"),
    [
        (1, "1 of 6 children on a plan have no worker", "1 of 6 children on a plan has no worker"),
        (1, "1 of 6 children on a plan were seen", "1 of 6 children on a plan was seen"),
        (1, "1 of 4 workers who hold children hold more", "1 of 4 workers who hold children holds more"),
        (1, "1 children are in need", "1 child is in need"),
        (1, "1 section 47 enquiries in the year", "1 section 47 enquiry in the year"),
        (1, "1 referrals in the year", "1 referral in the year"),
        (1, "1 of 9 had every review", "1 of 9 had every review"),
        (2, "2 of 6 children on a plan have no worker", "2 of 6 children on a plan have no worker"),
        (None, "children are in need", "children are in need"),
    ],
)
def test_the_verb_of_a_measures_sentence_is_one_childs_where_it_is_of_one(count, said, agreed):
    assert wording.agreeing(said, count) == agreed
