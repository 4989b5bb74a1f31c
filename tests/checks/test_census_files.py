"""Every rule of the census through the real reader, on whole files: one that breaks it, and one that does not."""

from pathlib import Path

import pytest
from tests.checks.breaking import BREAK, Census, broken

from lineofsight.checks import engine, rules
from lineofsight.checks.cin import reading
from lineofsight.checks.engine import Result
from lineofsight.checks.layout import load

CODES = [rule.code for rule in rules.load(load("cin"))]


def checked(path: Path, *only: str) -> Result:
    read = reading.read([path])
    return engine.check(read.layout, read.rows, read.year(), only=only or None)


def outcomes(result: Result) -> dict[str, str]:
    return {one.rule.code: one.outcome for one in result.outcomes}


def test_every_rule_can_be_broken_on_demand() -> None:
    assert sorted(BREAK) == sorted(CODES)
    assert len(CODES) == 109


def test_a_good_return_keeps_every_rule(tmp_path: Path) -> None:
    result = checked(Census().write(tmp_path / "good.xml"))
    assert {one.rule.code: one.reason or one.outcome for one in result.outcomes if one.outcome != "passed"} == {}
    assert (result.year.label, result.people, result.issues, result.unreadable) == ("2025-26", 13, (), ())


@pytest.mark.parametrize("code", CODES)
def test_a_rule_that_is_broken_fails_and_says_where(tmp_path: Path, code: str) -> None:
    census = broken(code)
    result = checked(census.write(tmp_path / "broken.xml"), code)
    assert outcomes(result)[code] == "failed"
    found = [issue for issue in result.issues if issue.code == code]
    lines = census.written().decode().splitlines()
    for issue in found:
        if issue.table is None:
            continue
        element = {"CINplanDates": "CINPlanDates", "Disabilities": "Disability", "Reviews": "Review"}.get(
            issue.table, issue.table
        )
        assert issue.line is not None
        assert f"<{element}" in lines[issue.line - 1] or "<CPPreviewDate" in lines[issue.line - 1]
