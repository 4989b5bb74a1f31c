"""The house stays tidy: small modules, small functions, no rooms for odds and ends, nothing of this machine."""

import ast
from pathlib import Path

import pytest
from tests.long import LONG

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "lineofsight"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
LONGEST_MODULE, LONGEST_FUNCTION = 420, 45
FORBIDDEN_ROOMS = {"utils", "util", "helpers", "helper", "managers", "misc", "common"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_and_its_functions_stay_short_enough_to_read(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_MODULE
    long = [
        f"{node.name} ({length} lines)"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert not long


def test_no_room_is_for_odds_and_ends() -> None:
    named = {path.stem for path in MODULES} | {path.name for path in SOURCE.rglob("*") if path.is_dir()}
    assert not named & FORBIDDEN_ROOMS


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in SOURCE.rglob("*.html"):
        text = path.read_text()
        assert "<style" not in text or "pack" in path.name, path
        assert " style=" not in text, path
        assert "onclick=" not in text, path
        assert "javascript:" not in text, path


def test_time_is_asked_of_the_one_clock() -> None:
    askers = [
        str(path.relative_to(SOURCE))
        for path in MODULES
        if path.name != "clock.py"
        and any(word in path.read_text() for word in ("datetime.now(", "date.today(", "utcnow("))
    ]
    assert not askers


def test_what_make_test_leaves_to_the_long_run_is_there() -> None:
    assert [one for one in sorted(LONG) if not (ROOT / "tests" / one).exists()] == []
