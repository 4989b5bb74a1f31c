"""The files of rules: each says what it is, in our own words, and a wrong one is refused by name."""

from pathlib import Path

import pytest

from lineofsight.calendar import bank_holidays
from lineofsight.checks import rules
from lineofsight.checks.layout import load
from lineofsight.checks.years import Year, held, working_days_before, year_of
from lineofsight.errors import PlainError

LAYOUT = load("cin")
GOOD = """-- severity = "error"
-- message = "It is wrong."
-- condition = "It is right."
-- fields.Reviews = ["CPPreviewDate"]
select row as Reviews from Reviews where CPPreviewDate is null
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "9999.sql"
    path.write_text(text)
    return path


def test_a_rule_is_a_file_and_its_name_is_its_code(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    (rule,) = rules.load(LAYOUT, tmp_path)
    assert (rule.code, rule.severity, rule.rows_in) == ("9999", "error", ("Reviews",))
    assert (rule.first, rule.last) == ("2022-23", "2026-27")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('severity = "error"', 'severity = "fatal"', "error or query"),
        ('-- message = "It is wrong."\n', "", "'message' is missing"),
        ("Reviews =", "Revues =", "which the return does not have"),
        ('["CPPreviewDate"]', '["CPPreviewDay"]', "CPPreviewDay"),
        ('severity = "error"', 'severity = "error"\n-- colour = "red"', "'colour' is not a key"),
        ('severity = "error"', 'severity = "error"\n-- first = "1999-00"', "'first' is not a year"),
        ('severity = "error"', "severity = error", "not TOML"),
        ("select row as Reviews from Reviews where CPPreviewDate is null\n", "", "has no SQL"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(PlainError, match="9999.sql") as refused:
        rules.read(written(tmp_path, GOOD.replace(old, new)), LAYOUT)
    assert told in str(refused.value)


def test_every_rule_says_what_is_wrong_in_a_sentence() -> None:
    for rule in rules.load(LAYOUT):
        assert rule.message.endswith("."), rule.code
        assert rule.condition.endswith("."), rule.code
        assert rule.severity == ("query" if rule.code.endswith("Q") else "error"), rule.code


def test_rules_whose_condition_was_worked_out_say_so() -> None:
    derived = {rule.code for rule in rules.load(LAYOUT) if rule.derived}
    assert derived == {"1570", "1580", "2884", "4000", "8525Q", "8640", "8945Q", "8950Q"}


@pytest.mark.parametrize(("text", "label"), [("2025-26", "2025-26"), ("2025/26", "2025-26"), ("2025-2026", "2025-26")])
def test_a_year_is_read_as_people_write_it(text: str, label: str) -> None:
    assert year_of(text).label == label


@pytest.mark.parametrize("text", ["2025", "2025-27", "25-26", "this year", ""])
def test_what_is_no_year_is_refused(text: str) -> None:
    with pytest.raises(PlainError, match="write it as 2025-26"):
        year_of(text)


def test_a_year_begins_in_april_and_ends_in_march() -> None:
    year = year_of("2025-26")
    assert (year.start.isoformat(), year.end.isoformat()) == ("2025-04-01", "2026-03-31")
    assert Year.holding(year.start) == Year.holding(year.end) == year
    assert Year.holding(year.end.replace(day=30)) == year


def test_working_days_before_a_day_leave_out_weekends_and_bank_holidays() -> None:
    days = working_days_before(year_of("2022-23").end, 45)
    assert days[44].isoformat() == "2023-01-27"
    easter = working_days_before(year_of("2024-25").end.replace(month=4, day=22), 2)
    assert [day.isoformat() for day in easter] == ["2025-04-17", "2025-04-16"]


def test_the_bank_holidays_held_beside_the_rules_are_those_of_the_calendar() -> None:
    first, last, off = held()
    assert off == {day for day in bank_holidays() if first <= day <= last}
    for label in LAYOUT.years:
        assert first < working_days_before(year_of(label).start, 60)[-1]
        assert year_of(label).end < last


def test_rules_of_a_year_that_is_not_held_are_those_of_the_nearest() -> None:
    assert LAYOUT.nearest(year_of("2021-22")) == "2022-23"
    assert LAYOUT.nearest(year_of("2030-31")) == "2026-27"
    assert LAYOUT.nearest(year_of("2024-25")) == "2024-25"
