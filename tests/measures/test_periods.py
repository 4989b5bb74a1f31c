"""Which dates' rows a number of a date stands on."""

from calendar import monthrange
from dataclasses import replace
from datetime import date

from lineofsight.measures import definitions, periods

ENDS = [date(2025, month, monthrange(2025, month)[1]) for month in range(1, 13)]
MID_MONTH = date(2026, 1, 12)


def of(window):
    return replace(definitions.load()["RF02"], window=window)


def test_a_year_is_twelve_whole_months_and_never_a_part_of_one():
    assert periods.year_to(ENDS, ENDS[-1]) == ENDS
    assert periods.year_to(ENDS[1:], ENDS[-1]) == []
    gap = [*ENDS[:5], *ENDS[6:], date(2026, 1, 31)]
    assert periods.year_to(gap, gap[-1]) == []


def test_a_month_that_is_not_over_is_in_no_rolling_year():
    assert periods.behind(of("year"), [*ENDS, MID_MONTH], MID_MONTH) == ENDS


def test_a_number_of_one_month_stands_on_that_month_alone_though_it_is_not_over():
    assert periods.behind(of("month"), [*ENDS, MID_MONTH], MID_MONTH) == [MID_MONTH]


def test_a_year_that_is_not_whole_stands_on_nothing():
    assert periods.behind(of("year"), [*ENDS[3:], MID_MONTH], MID_MONTH) == []
