"""Working days over whole columns, held to the calendar day by day."""

from datetime import date, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.calendar import is_working_day
from lineofsight.web.practice.queries import days

NEAR = st.dates(date(2023, 1, 1), date(2027, 12, 31))


@given(st.lists(st.one_of(st.none(), NEAR), min_size=1, max_size=5), NEAR)
def test_a_column_of_days_is_counted_as_each_day_would_be(starts, end):
    found = days.working_days(pa.array(starts, pa.date32()), end).to_pylist()
    for start, number in zip(starts, found, strict=True):
        if start is None:
            assert number is None
        else:
            after = (start + timedelta(n) for n in range(1, max((end - start).days, 0) + 1))
            assert number == sum(map(is_working_day, after))


def test_the_bank_holiday_of_the_28th_of_december_2026_is_no_working_day():
    # Boxing Day 2026 is a Saturday, so Monday the 28th stands in for it.
    assert days.working_days_between(date(2026, 12, 24), date(2026, 12, 29)) == 1


def test_two_columns_are_counted_pair_by_pair_and_a_missing_end_gives_nothing():
    starts = pa.chunked_array([[date(2026, 10, 26), date(2026, 10, 26)]], pa.date32())
    ends = pa.chunked_array([[date(2026, 10, 30), None]], pa.date32())
    assert days.working_days(starts, ends).to_pylist() == [4, None]
