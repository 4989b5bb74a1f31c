"""Recorded cases, and cases from the conditions, through the real engine: what differs is meant, with its reason."""

import random
from pathlib import Path

import pytest
from tests.conformance import run

from lineofsight.checks.layout import load

HERE = Path(__file__).parent
LAYOUT = load("cin")
CORPORA = ("cin.jsonl", "cin_conditions.jsonl")
CASES = [(name, case) for name in CORPORA for case in run.cases(HERE / name)]
_SAMPLE = 40


def _differing(cases: list[tuple[str, run.Case]]) -> list[str]:
    return [
        f"{name} {case['code']} {case['case']}: {told}"
        for name, case in cases
        if not run.deliberate(LAYOUT, case) and (told := run.differs(LAYOUT, case))
    ]


def test_a_sample_of_the_cases_agrees() -> None:
    assert _differing(random.Random(20261129).sample(CASES, _SAMPLE)) == []


@pytest.mark.full
def test_every_case_agrees() -> None:
    assert _differing(CASES) == []


def test_every_rule_has_cases_from_its_condition() -> None:
    told = {case["code"] for name, case in CASES if name == "cin_conditions.jsonl"}
    assert len(told) == 109


def test_what_differs_on_purpose_still_differs_and_says_why() -> None:
    meant = [(case, reason) for _, case in CASES if (reason := run.deliberate(LAYOUT, case))]
    assert [case["code"] for case, _ in meant] == ["8670Q", "8868", "8935"]
    for case, reason in meant:
        assert run.differs(LAYOUT, case)
        assert reason.endswith(".")


def test_a_difference_is_meant_for_one_case_and_for_no_other_of_its_number() -> None:
    case = next(case for _, case in CASES if case["code"] == "8935" and case["case"] == 1)
    other = {**case, "inputs": {**case["inputs"], "Header": {"columns": [], "rows": []}}}
    assert run.deliberate(LAYOUT, case)
    assert not run.deliberate(LAYOUT, other)


def test_it_ends_with_how_many_passed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["cin", str(HERE / "cin.jsonl"), "8925", "8935"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed"


def test_a_case_that_differs_is_a_line_and_the_end_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = next(line for line in (HERE / "cin.jsonl").read_text().splitlines() if '"code": "8925"' in line)
    (tmp_path / "one.jsonl").write_text(text.replace('"rows": [2, 4]', '"rows": [2, 3]'))
    assert run.main(["cin", str(tmp_path / "one.jsonl")]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told == ["8925 case 1: ChildProtectionPlans: expected [2, 3], found [2, 4]", "0 passed, 1 failed"]
