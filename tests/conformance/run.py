"""Run recorded cases through the real rule engine: `python tests/conformance/run.py cin FILE.jsonl [CODE...]`.

A case holds input tables and the rows that must fail. One line is printed for each case that differs, and at the end
`N passed, N failed`. A column that a case does not give is empty in every row. What differs on purpose stands in
`differences.toml` with its reason: it is told as such, and counts neither way. Ends with 1 where a case failed.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lineofsight.checks import engine
from lineofsight.checks.layout import Layout, load
from lineofsight.checks.rows import Rows, harmless, together
from lineofsight.checks.years import Year, year_of

HERE = Path(__file__).parent
Case = Mapping[str, Any]
Rows_of = dict[str | None, set[int]]
# The tool that was recorded compares with this day, whatever the year of its rules.
_RECORDED_REFERENCE_DATE = date(2022, 3, 31)


def main(arguments: list[str]) -> int:
    """Run a corpus and print what differs."""
    if len(arguments) < 2:
        print("Say which return and which file: run.py cin FILE.jsonl", file=sys.stderr)
        return 2
    layout, path, codes = load(arguments[0]), Path(arguments[1]), set(arguments[2:])
    passed = failed = meant = 0
    for case in cases(path):
        if codes and case["code"] not in codes:
            continue
        told = differs(layout, case)
        reason = deliberate(layout, case)
        if not told:
            passed += 1
        elif reason:
            meant += 1
            print(f"{case['code']} case {case['case']}: on purpose: {reason}")
        else:
            failed += 1
            print(f"{case['code']} case {case['case']}: {told}")
    if meant:
        print(f"{meant} differ on purpose")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def cases(path: Path) -> Iterator[Case]:
    """The cases of a corpus."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def deliberate(layout: Layout, case: Case) -> str:
    """Why we differ from a recorded case on purpose; empty where we do not mean to."""
    listed = tomllib.loads((HERE / "differences.toml").read_text("utf-8")).get(layout.code, [])
    same = (
        one["reason"]
        for one in listed
        if (one["code"], one["case"]) == (case["code"], case["case"]) and one["inputs"] == fingerprint(case)
    )
    return next(same, "")


def fingerprint(case: Case) -> str:
    """Of a case's inputs, so that a difference is meant for this case and for no other of the same number."""
    import hashlib

    return hashlib.sha256(json.dumps(case["inputs"], sort_keys=True).encode()).hexdigest()[:12]


def differs(layout: Layout, case: Case) -> str:
    """What is at fault in other rows than expected, in words; empty where nothing is."""
    wanted, found = expected(case), run(layout, case)
    if wanted == found:
        return ""
    parts = []
    for table in sorted({*wanted, *found}, key=str):
        if wanted.get(table, set()) != found.get(table, set()):
            name = table or "the whole return"
            parts.append(f"{name}: expected {sorted(wanted.get(table, ()))}, found {sorted(found.get(table, ()))}")
    return "; ".join(parts)


def expected(case: Case) -> Rows_of:
    """The failing rows by table; the whole return stands under None."""
    wanted: Rows_of = {}
    for one in case["expected"]:
        if one["kind"] == "return_level":
            wanted[None] = {0}
        elif one["rows"]:
            wanted.setdefault(one["table"], set()).update(one["rows"])
    return wanted


def run(layout: Layout, case: Case) -> Rows_of:
    """The rows that the rule of the case finds at fault, by table. Raises where it could not run."""
    year, rules_of = year_for(layout, case)
    result = engine.check(layout, tables(layout, case), year, rules_of=rules_of, every_column=True, only=[case["code"]])
    for one in result.outcomes:
        if one.outcome == engine.COULD_NOT_RUN:
            raise RuntimeError(f"{one.rule.code}: {one.reason}")
    found: Rows_of = {}
    for issue in result.issues:
        found.setdefault(issue.table, set()).add(issue.row or 0)
    return found


def year_for(layout: Layout, case: Case) -> tuple[Year, str]:
    """The year by the reference date of the case, and the year whose rules it is run under."""
    rules_of = year_of(case["ruleset"].removeprefix(layout.code).replace("_", "-")).label
    recorded = case.get("peer_test") is not None
    day = _day((case.get("metadata") or {}).get("ReferenceDate"))
    if case["code"] == "100" and recorded:
        day = _RECORDED_REFERENCE_DATE
    if day is None:
        header = case["inputs"].get("Header", {"rows": []})["rows"]
        day = next((found for row in header if (found := _day(row.get("ReferenceDate")))), None)
    return (Year.holding(day) if day else year_of(rules_of)), rules_of


def tables(layout: Layout, case: Case) -> dict[str, Rows]:
    """The input tables of a case as a reader would have gathered them."""
    made: dict[str, Rows] = {}
    for name, table in layout.tables.items():
        rows = Rows(table)
        for row in case["inputs"].get(name, {"rows": []})["rows"]:
            rows.add({column: _cell(value) for column, value in row.items() if column in table.kinds})
            rows.met.update(row)
        made[name] = rows
    return made


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return together(_cell(one) for one in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return harmless(str(value))


def _day(text: str | None) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text or "", form).date()
        except ValueError:
            continue
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
