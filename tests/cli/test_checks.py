"""`lineofsight check`: its outcomes, its JSON and its files, as a nightly job relies on them (CONTRACT)."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from tests.checks.breaking import Census, broken

from lineofsight import cli
from lineofsight.checks import workbook
from lineofsight.cli import main

RULE_KEYS = {"code", "severity", "outcome", "rows", "reason"}
ISSUE_KEYS = {"code", "table", "row", "child", "columns", "values", "line"}


class Answer:
    """What a command said, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def command(*arguments: object) -> Answer:
        monkeypatch.setattr("sys.argv", ["lineofsight", "check", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Answer(int(ended.value.code or 0), said.out, said.err)

    return command


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return Census().write(tmp_path / "good.xml")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return broken("8925").write(tmp_path / "bad.xml")


def test_a_good_return_ends_with_0_and_says_so(check, good) -> None:
    answer = check(good)
    assert answer.code == 0
    assert "109 rules over 13 children, 2025-26: 0 failed, 0 could not run, 0 not applicable, 109 passed." in answer.out


def test_a_return_that_breaks_a_rule_ends_with_1_and_names_it(check, bad) -> None:
    answer = check(bad)
    assert answer.code == 1
    assert "8925" in answer.out
    assert "8930" not in answer.out  # it passed: the table holds what to look at


def test_the_json_has_the_shape_that_scripts_rely_on(check, bad) -> None:
    answer = check(bad, "--format", "json")
    told = json.loads(answer.out)
    assert (told["return"], told["year"], told["children"]) == ("cin", "2025-26", 13)
    assert set(told["outcomes"]) == {"passed", "failed", "not_applicable", "could_not_run"}
    assert sum(told["outcomes"].values()) == len(told["rules"]) == 109
    assert all(one.keys() >= RULE_KEYS for one in told["rules"])
    (rule,) = (one for one in told["rules"] if one["code"] == "8925")
    assert (rule["severity"], rule["outcome"], rule["rows"], rule["reason"]) == ("error", "failed", 1, None)
    (issue,) = (one for one in told["issues"] if one["code"] == "8925")
    assert issue.keys() >= ISSUE_KEYS
    assert (issue["table"], issue["row"], issue["child"]) == ("ChildProtectionPlans", 0, "K01")
    assert issue["columns"] == ["CPPstartDate", "CPPendDate"]
    assert issue["values"] == {"CPPstartDate": "2025-05-29", "CPPendDate": "2025-05-28"}
    assert "<ChildProtectionPlans>" in bad.read_text().splitlines()[issue["line"] - 1]


def test_what_could_not_run_ends_with_1_and_is_told_with_its_reason(check, tmp_path) -> None:
    path = tmp_path / "lacking.xml"
    path.write_bytes(Census().written().replace(b"<Ethnicity>WBRI</Ethnicity>", b""))
    answer = check(path, "--format", "csv")
    assert answer.code == 1
    assert "4220: The return has no ChildCharacteristics.Ethnicity." in answer.err


def test_csv_holds_a_row_for_each_thing_found_with_formulas_made_harmless(check, tmp_path) -> None:
    census = broken("8925")
    census.put("K01/ChildIdentifiers/LAchildID", "=1+1")
    rows = list(csv.DictReader(io.StringIO(check(census.write(tmp_path / "one.xml"), "--format", "csv").out)))
    (row,) = (one for one in rows if one["Rule"] == "8925")
    assert row["Child"] == "'=1+1"
    assert row["Values"] == "CPPstartDate 2025-05-29; CPPendDate 2025-05-28"


def test_a_workbook_holds_the_issues_and_every_rule(check, bad, tmp_path) -> None:
    assert check(bad, "-o", tmp_path / "out.xlsx").code == 1
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["Issues", "Rules", "About"]
    assert book["Rules"].max_row == 110
    assert "8925" in [cell.value for cell in book["Issues"]["A"]]


def test_what_a_workbook_cannot_hold_is_said_and_not_cut_short(check, bad, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ISSUES", 0)
    answer = check(bad, "-o", tmp_path / "out.xlsx")
    assert answer.code == 2
    assert "write CSV instead" in answer.err
    assert not (tmp_path / "out.xlsx").exists()


def test_an_answer_goes_to_a_file_whole_and_stdout_stays_empty(check, bad, tmp_path) -> None:
    (tmp_path / "out.json").write_text("what was there before")
    answer = check(bad, "--format", "json", "-o", tmp_path / "out.json")
    assert answer.out == ""
    assert json.loads((tmp_path / "out.json").read_text())["children"] == 13
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.xml", "out.json"]


def test_the_year_may_be_named(check, good) -> None:
    told = json.loads(check(good, "--year", "2024/25", "--format", "json").out)
    assert told["year"] == "2024-25"
    assert next(one["outcome"] for one in told["rules"] if one["code"] == "100") == "failed"


def test_a_year_without_rules_is_checked_by_the_nearest_and_says_so(check, good) -> None:
    answer = check(good, "--year", "2019-20")
    assert answer.code == 1
    assert "No rules are held for 2019-20: those of 2022-23 were used." in answer.err


def test_the_return_of_the_year_before_is_read_and_said_not_to_be_needed(check, good, tmp_path) -> None:
    before = tmp_path / "before.xml"
    before.write_bytes(good.read_bytes().replace(b"<Year>2026", b"<Year>2025"))
    assert "--previous was not needed" in check(good, "--previous", before).err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing.xml"], "There is no file"),
        (["GOOD", "--year", "2025"], "write it as 2025-26"),
        (["GOOD", "--format", "xlsx"], "add -o"),
        (["GOOD", "-o", "GOOD"], "what is to be checked"),
        (["GOOD", "-o", "no/such/folder/out.json"], "cannot be written"),
        (["GOOD", "--format", "poem"], "--help"),
        ([], "--help"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_2(check, good, tmp_path, monkeypatch, arguments, told) -> None:
    monkeypatch.chdir(tmp_path)
    answer = check(*[good.name if one == "GOOD" else one for one in arguments])
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert answer.err.count("\n") == 1


def test_nothing_is_loaded_that_the_check_does_not_use(good) -> None:
    """A nightly job waits for nothing else: no web, no Arrow, no other room of the command line."""
    script = (
        "import sys; sys.argv = ['lineofsight', 'check', sys.argv[1], '--format', 'json']\n"
        "from lineofsight.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'django', 'pyarrow', 'pandas', 'numpy', 'rich.progress', 'xlsxwriter', 'lineofsight.cli.loads'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", script, str(good)], capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_the_whole_command_has_it_too() -> None:
    assert "check" in [one.name for one in cli.app.registered_commands]
