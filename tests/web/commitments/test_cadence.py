"""The cadence engine, against the calendar module and against dateutil's own full expansion."""

import calendar
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import MONTHLY, YEARLY, rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from lineofsight.errors import PlainError
from lineofsight.web.commitments.cadence import NEVER_OVERDUE, Cadence, periods

MONTH_END = Cadence("rule", "FREQ=MONTHLY;BYMONTHDAY=-1", date(2018, 1, 31))
EVERY_TWO = Cadence("rule", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-1", date(2018, 1, 31))
QUARTER = Cadence("rule", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", date(2018, 3, 31))
HALF_YEAR = Cadence("rule", "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=-1", date(2018, 3, 31))

days = st.dates(date(2018, 6, 1), date(2040, 1, 1))


def dues(cadence, since, until):
    return [period.due_on for period in periods(cadence, since, until)]


def test_a_monthly_commitment_is_due_on_the_last_day_of_each_month_leap_years_too():
    assert dues(MONTH_END, date(2028, 1, 1), date(2028, 4, 30)) == [
        date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30),
    ]  # fmt: skip
    assert dues(MONTH_END, date(2027, 2, 1), date(2027, 2, 28)) == [date(2027, 2, 28)]


def test_every_two_months_keeps_its_months_through_february():
    assert dues(EVERY_TWO, date(2027, 12, 1), date(2028, 6, 1)) == [
        date(2028, 1, 31), date(2028, 3, 31), date(2028, 5, 31),
    ]  # fmt: skip


def test_a_quarter_runs_from_the_first_day_to_the_last():
    (found,) = periods(QUARTER, date(2026, 12, 31), date(2026, 12, 31))
    assert (found.start, found.end) == (date(2026, 10, 1), date(2026, 12, 31))


def test_twice_a_year_is_september_and_march():
    assert dues(HALF_YEAR, date(2026, 4, 1), date(2027, 3, 31)) == [date(2026, 9, 30), date(2027, 3, 31)]


def test_a_yearly_rule_on_the_last_day_of_february_follows_the_leap_year():
    yearly = Cadence("rule", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", date(2018, 2, 28))
    assert dues(yearly, date(2027, 1, 1), date(2029, 12, 31)) == [
        date(2027, 2, 28), date(2028, 2, 29), date(2029, 2, 28),
    ]  # fmt: skip


@settings(deadline=None)
@given(since=days, length=st.integers(0, 3653), interval=st.sampled_from([1, 2, 3, 6]))
def test_over_ten_years_every_due_date_is_the_one_dateutil_counts_from_the_anchor(since, length, interval):
    anchor = date(2018, 3, 31)
    cadence = Cadence("rule", f"FREQ=MONTHLY;INTERVAL={interval};BYMONTHDAY=-1", anchor)
    until = since + timedelta(days=length)
    whole = rrule(MONTHLY, dtstart=datetime(2018, 3, 31), interval=interval, bymonthday=-1, until=datetime(2052, 1, 1))
    expected = [moment.date() for moment in whole if since <= moment.date() <= until]
    assert dues(cadence, since, until) == expected
    for due in expected:
        assert due.day == calendar.monthrange(due.year, due.month)[1]
        assert ((due.year - 2018) * 12 + due.month - 3) % interval == 0


@settings(deadline=None)
@given(since=days, length=st.integers(0, 3653))
def test_a_yearly_rule_agrees_with_dateutil_over_ten_years(since, length):
    cadence = Cadence("rule", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", date(2016, 2, 29))
    until = since + timedelta(days=length)
    whole = rrule(YEARLY, dtstart=datetime(2016, 2, 29), bymonth=2, bymonthday=-1, until=datetime(2052, 1, 1))
    assert dues(cadence, since, until) == [m.date() for m in whole if since <= m.date() <= until]


@settings(deadline=None)
@given(since=days, cut=st.integers(1, 1500), length=st.integers(1501, 3653))
def test_periods_never_overlap_and_leave_no_day_out_however_the_time_is_cut(since, cut, length):
    until = since + timedelta(days=length)
    middle = since + timedelta(days=cut)
    whole = list(periods(EVERY_TWO, since, until))
    parts = [*periods(EVERY_TWO, since, middle), *periods(EVERY_TWO, middle + timedelta(days=1), until)]
    assert whole == parts
    for one, two in zip(whole, whole[1:], strict=False):
        assert two.start == one.end + timedelta(days=1)


def test_the_third_wednesday_can_be_a_rule():
    third = Cadence("rule", "FREQ=MONTHLY;BYDAY=WE;BYSETPOS=3", date(2026, 1, 21))
    assert dues(third, date(2026, 2, 1), date(2026, 3, 31)) == [date(2026, 2, 18), date(2026, 3, 18)]


@pytest.mark.parametrize("kind", sorted(NEVER_OVERDUE))
def test_a_cadence_that_is_not_dated_is_never_due(kind):
    assert dues(Cadence(kind), date(2018, 1, 1), date(2040, 1, 1)) == []


def test_a_period_before_the_anchor_is_not_owed():
    assert dues(MONTH_END, date(2017, 1, 1), date(2018, 1, 31)) == [date(2018, 1, 31)]
    (first,) = periods(MONTH_END, date(2017, 1, 1), date(2018, 1, 31))
    assert first.start < first.end


@pytest.mark.parametrize(
    ("kind", "rule", "anchor", "said"),
    [
        ("rule", "FREQ=MONTHLY", date(2018, 1, 31), "skips short months"),
        ("rule", "FREQ=MONTHLY;BYMONTHDAY=31", date(2018, 1, 31), "skips short months"),
        ("rule", "FREQ=YEARLY", date(2020, 2, 29), "skips short months"),
        ("rule", "FREQ=MONTHLY;BYMONTHDAY=-1", date(2018, 1, 30), "does not fall on the day"),
        ("rule", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", date(2018, 1, 31), "does not end"),
        ("rule", "every month", date(2018, 1, 31), "not a rule of a calendar"),
        ("rule", "", date(2018, 1, 31), "needs a rule"),
        ("as agreed", "FREQ=MONTHLY", date(2018, 1, 1), "has no rule"),
        ("now and then", "", None, "is not a cadence"),
    ],
)
def test_a_cadence_that_cannot_be_kept_is_refused_in_words(kind, rule, anchor, said):
    with pytest.raises(PlainError, match=said):
        Cadence(kind, rule, anchor)
