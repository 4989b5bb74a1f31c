"""England's working days, at the days where statutory clocks go wrong."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineofsight.calendar import FIRST, LAST, bank_holidays, calendar_table, is_working_day

# Published on GOV.UK, "UK bank holidays", England and Wales.
HOLIDAYS = {
    2020: ["01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-28"],
    2021: ["01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-27", "12-28"],
    2022: ["01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"],
    2023: ["01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"],
    2024: ["01-01", "03-29", "04-01", "05-06", "05-27", "08-26", "12-25", "12-26"],
    2025: ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"],
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
}
days = st.dates(FIRST, LAST)


def on(year, day):
    return date.fromisoformat(f"{year}-{day}")


@pytest.mark.parametrize("year", HOLIDAYS)
def test_every_weekday_holiday_of_the_year_is_known_and_no_other(year):
    known = {day for day in bank_holidays() if day.year == year and day.weekday() < 5}
    assert known == {on(year, day) for day in HOLIDAYS[year]}


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2022, 9, 19), False),  # the one-off day of the Queen's funeral
        (date(2022, 9, 20), True),
        (date(2022, 6, 2), False),  # the Platinum Jubilee: spring bank holiday moved and one added
        (date(2022, 5, 30), True),
        (date(2023, 5, 8), False),  # the coronation
        (date(2020, 5, 4), True),  # early May bank holiday moved to VE day
        (date(2020, 5, 8), False),
        (date(2020, 12, 28), False),  # Boxing Day on a Saturday: its substitute
        (date(2021, 12, 27), False),  # both Christmas days at a weekend
        (date(2021, 12, 28), False),
        (date(2021, 12, 29), True),
        (date(2022, 12, 27), False),  # Christmas Day on a Sunday
        (date(2022, 1, 3), False),  # New Year's Day on a Saturday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 4, 7), True),
        (date(2024, 2, 29), True),  # a leap day like any other
        (date(2026, 1, 2), True),  # a holiday in Scotland only
        (date(2026, 3, 17), True),  # in Northern Ireland only
        (date(2026, 8, 3), True),  # Scotland's summer bank holiday
        (date(2026, 11, 1), False),  # Sunday
        (date(2026, 10, 31), False),  # Saturday
    ],
)
def test_a_day_is_a_working_day_in_england_or_not(day, working):
    assert is_working_day(day) is working


def numbered():
    table = calendar_table()
    columns = (table[name].to_pylist() for name in ("day", "is_working", "working_number"))
    return {day: (working, number) for day, working, number in zip(*columns, strict=True)}


NUMBERED = numbered()


@given(days)
def test_the_table_agrees_with_the_rule_on_every_day(day):
    assert NUMBERED[day][0] is is_working_day(day)


@given(days, st.integers(0, 400))
def test_the_difference_of_two_numbers_counts_the_working_days_after_the_first(day, length):
    end = min(day + timedelta(days=length), LAST)
    counted = sum(is_working_day(day + timedelta(days=n)) for n in range(1, (end - day).days + 1))
    assert NUMBERED[end][1] - NUMBERED[day][1] == counted


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        (date(2026, 10, 12), 10, date(2026, 10, 26)),
        (date(2026, 12, 22), 3, date(2026, 12, 29)),  # over Christmas Day and the substitute for Boxing Day
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # over the one-off holiday
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Easter
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 2)),  # a clock that starts on a Saturday
    ],
)
def test_a_clock_of_working_days_ends_on_the_first_day_with_its_number(start, working_days, due):
    target = NUMBERED[start][1] + working_days
    assert min(day for day, (_, number) in NUMBERED.items() if number == target) == due
    assert is_working_day(due)


def test_the_table_holds_every_day_once_in_order():
    found = calendar_table()["day"].to_pylist()
    assert found == [FIRST + timedelta(days=n) for n in range(len(found))]
    assert (found[0], found[-1]) == (FIRST, LAST)
