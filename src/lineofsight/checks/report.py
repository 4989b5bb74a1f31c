"""A checked return as told to scripts and people: the JSON of the contract, rows for a table, and CSV."""

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

from lineofsight.checks.engine import COULD_NOT_RUN, FAILED, NOT_APPLICABLE, PASSED, Issue, Result
from lineofsight.formulas import neutral

OUTCOME_WORDS = {
    FAILED: "failed",
    COULD_NOT_RUN: "could not run",
    NOT_APPLICABLE: "not applicable",
    PASSED: "passed",
}
ISSUE_COLUMNS = ("Rule", "Severity", "Message", "Table", "Row", "Child", "Columns", "Values", "File", "Line")
RULE_COLUMNS = ("Rule", "Severity", "Outcome", "Rows", "Message", "Reason")
_AT_ONCE = 100


def write_json(result: Result, out: TextIO, files: Sequence[str] = (), notes: Sequence[str] = ()) -> None:
    """The JSON of the contract. What the contract does not name is added beside it."""
    head = {
        "return": result.layout.code,
        "year": result.year.label,
        "children": result.people,
        "outcomes": result.counts(),
        "rules": [
            {
                "code": one.rule.code,
                "severity": one.rule.severity,
                "outcome": one.outcome,
                "rows": one.rows,
                "reason": one.reason or None,
                "message": one.rule.message,
            }
            for one in result.outcomes
        ],
        "files": list(files),
        "notes": list(notes),
        "unreadable": [
            {
                "table": one.table,
                "row": one.row,
                "child": one.person,
                "column": one.column,
                "value": one.value,
                "line": one.line,
            }
            for one in result.unreadable
        ],
    }
    out.write(json.dumps(head, ensure_ascii=False)[:-1])
    out.write(', "issues": [')
    at_fault = {one.rule.code: one.rule.at_fault for one in result.outcomes}
    shown = (_shown(issue, at_fault, files) for issue in result.issues)
    between = "\n"
    while some := list(islice(shown, _AT_ONCE)):
        out.write(between + json.dumps(some, ensure_ascii=False)[1:-1])
        between = ",\n"
    out.write("]}\n")


def _shown(issue: Issue, at_fault: dict[str, dict[str, tuple[str, ...]]], files: Sequence[str]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "code": issue.code,
        "table": issue.table,
        "row": issue.row,
        "child": issue.person,
        "columns": list(at_fault[issue.code][issue.table]) if issue.table else [],
        "values": dict(issue.values),
        "line": issue.line,
        "groups": list(issue.groups),
    }
    if len(files) > 1:
        shown["file"] = files[issue.file]
    return shown


def rule_rows(result: Result, *, passed: bool = True) -> Iterator[dict[str, Any]]:
    """A row a rule, what failed first and what could not run next; those that passed may be left to their count."""
    order = list(OUTCOME_WORDS)
    for one in sorted(result.outcomes, key=lambda one: order.index(one.outcome)):
        if passed or one.outcome != PASSED:
            cells = (
                one.rule.code,
                one.rule.severity,
                OUTCOME_WORDS[one.outcome],
                one.rows,
                one.rule.message,
                one.reason,
            )
            yield dict(zip(RULE_COLUMNS, cells, strict=True))


def issue_rows(result: Result, files: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """A row an issue, under ISSUE_COLUMNS."""
    rules = {one.rule.code: one.rule for one in result.outcomes}
    for issue in result.issues:
        rule = rules[issue.code]
        columns = rule.at_fault[issue.table] if issue.table else ()
        values = "; ".join(f"{name} {value}" for name, value in issue.values.items())
        file = files[issue.file] if issue.line and files else ""
        told = (issue.code, rule.severity, rule.message, issue.table, issue.row, issue.person)
        yield (*told, ", ".join(columns), values, file, issue.line)


def in_words(result: Result) -> str:
    """The whole in one sentence: how many rules had which outcome, over how many children."""
    counts = result.counts()
    told = ", ".join(f"{counts[one]} {words}" for one, words in OUTCOME_WORDS.items())
    return f"{len(result.outcomes)} rules over {result.people:,} children, {result.year.label}: {told}."


def write_csv(result: Result, out: TextIO, files: Sequence[str]) -> None:
    """The issues as CSV, with formulas made harmless."""
    writer = csv.writer(out)
    writer.writerow(ISSUE_COLUMNS)
    writer.writerows([neutral(cell) for cell in row] for row in issue_rows(result, files))
