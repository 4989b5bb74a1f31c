"""Days as numbers, working days and months."""

from datetime import date

import pytest

from lineofsight.synth.days import as_date, month_end, months_after, number, working_after, working_back, working_before


def _day(text: str) -> int:
    return number(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("start", "count", "result"),
    [
        ("2026-10-30", 0, "2026-10-30"),  # a Friday
        ("2026-10-31", 0, "2026-11-02"),  # a Saturday
        ("2026-10-30", 1, "2026-11-02"),
        ("2026-12-24", 1, "2026-12-29"),  # Christmas, the weekend, and Boxing Day's substitute
        ("2026-04-02", 2, "2026-04-08"),  # over Easter
    ],
)
def test_working_days_are_counted_over_weekends_and_bank_holidays(start: str, count: int, result: str) -> None:
    assert as_date(working_after(_day(start), count)).isoformat() == result


def test_working_days_are_counted_back() -> None:
    assert as_date(working_back(_day("2026-11-02"), 1)).isoformat() == "2026-10-30"
    assert as_date(working_before(_day("2026-11-01"))).isoformat() == "2026-10-30"
    assert as_date(working_before(_day("2026-10-30"))).isoformat() == "2026-10-30"


def test_months_end_on_the_months_last_day_where_there_is_no_such_day() -> None:
    assert as_date(months_after(_day("2025-11-30"), 3)).isoformat() == "2026-02-28"
    assert as_date(months_after(_day("2023-11-29"), 3)).isoformat() == "2024-02-29"
    assert as_date(months_after(_day("2008-02-29"), 216)).isoformat() == "2026-02-28"
    assert as_date(months_after(_day("2026-03-31"), -1)).isoformat() == "2026-02-28"
    assert as_date(month_end(2026, -10)).isoformat() == "2025-02-28"
    assert as_date(month_end(2026, 14)).isoformat() == "2027-02-28"
