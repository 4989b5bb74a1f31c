"""Every kind of guard is found, and its change is made; what is listed as equivalent is there to be listed."""

import ast

import pytest
from tests.mutation import mutants
from tests.mutation.equivalent import listed


def changes(source, kind="guard"):
    """Each change of that kind: what it says, and the source with it made."""
    told = []
    for at, (_, what, _) in enumerate(mutants._changes(ast.parse(source), kind)):
        told.append((what, ast.unparse(mutants.changed(f"{kind}:a.module:{at}", source))))
    return told


@pytest.mark.parametrize(
    ("source", "what", "without"),
    [
        ("check(by, X)", "without check(by, X)", "pass"),
        ("_check_theirs(one, by)", "without _check_theirs(one, by)", "pass"),
        ("chain.record(viewer=by)", "without chain.record(viewer=by)", "pass"),
        ("if wrong:\n    raise Refused('no')", "never refused: if wrong", "if False:\n    raise Refused('no')"),
        ("one['restricted']", "one['restricted'] is never so", "{'restricted': False}['restricted']"),
        ("rows.filter(a=1, person=by.key)", "filter without person=by.key", "rows.filter(a=1)"),
        (
            "child = get_child(viewer, ref, by_need=False)",
            "get_child without by_need=False",
            "child = get_child(viewer, ref)",
        ),
        ("@needs_confirmation\ndef f(): pass", "f without @needs_confirmation", "def f():\n    pass"),
    ],
)
def test_a_guard_is_found_and_taken_out(source, what, without):
    assert changes(source) == [(what, without)]


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("kept = row_filter(viewer)", None),
        ("kept = may_open(viewer, one)", True),
        ("kept = may(viewer, X)", True),
        ("kept = is_restricted(key)", False),
        ("kept = viewer.level != 'identified'", False),
        ("kept = viewer.scope.kind == 'authority'", True),
        ("kept = X in viewer.capabilities", True),
        ("kept = X not in viewer.capabilities", False),
    ],
)
def test_a_question_is_still_asked_and_its_answer_lets_everything_through(source, answer):
    ((_, changed),) = changes(source)
    asked: list[str] = []

    class Anything:
        def __getattr__(self, name):
            return self

        def __call__(self, *given):
            asked.append("called")
            return "an answer of its own"

        def __contains__(self, other):
            return answer is False

        def __eq__(self, other):
            return False

        __hash__ = object.__hash__

    names = {"viewer", "one", "key", "X", "row_filter", "may_open", "may", "is_restricted"}
    told = dict.fromkeys(names, Anything())
    exec(compile(changed, "changed", "exec"), told)
    assert told["kept"] is answer


def test_decisions_are_turned_round():
    source = "def f(a, b):\n    if a < b and b:\n        return True"
    assert {what for what, _ in changes(source, "logic")} == {
        "if not a < b and b",
        "and for or in a < b and b",
        "a < b, turned to LtE",
        "return False",
    }


def test_every_line_of_the_list_of_equivalents_is_one_mutant():
    listed([*mutants.guards(), *mutants.logic()])
