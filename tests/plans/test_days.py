"""The day that a heading names."""

from datetime import date

import pytest

from lineofsight.plans.days import Named, day_within, named_day


@pytest.mark.parametrize(
    ("heading", "named"),
    [
        ("Progress update as at w/c 3 June 2024", Named(date(2024, 6, 3), "day")),
        ("Progress (31/05/2024)", Named(date(2024, 5, 31), "day")),
        ("Position at end of May 2024:", Named(date(2024, 5, 31), "day")),
        ("Progress May 2024", Named(date(2024, 5, 31), "month")),
        ("Update 3 June", None),
        ("Progress to date", None),
        ("word " * 40, None),
    ],
)
def test_a_heading_names_a_day_where_its_year_is_there_too(heading: str, named: Named | None) -> None:
    assert day_within(heading) == named


def test_a_day_without_its_year_needs_a_day_to_count_from() -> None:
    assert named_day("3 June") is None
    assert named_day("3 June", date(2024, 6, 4)) == Named(date(2025, 6, 3), "day")
