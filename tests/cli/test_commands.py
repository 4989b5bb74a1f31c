"""Commands and outputs that scripts rely on (CONTRACT)."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from lineofsight.cases import answers
from lineofsight.lake import whose
from lineofsight.measures import definitions

MEASURE_KEYS = {
    "measure", "title", "as_at", "status", "numerator", "denominator", "value", "unit", "missing", "rag", "signal",
    "england", "neighbours", "snapshot",
}  # fmt: skip


def asked(home, sql):
    """The rows of a home's database. Closed again: one left open holds what a command that ends folds away."""
    with closing(sqlite3.connect(home / "lineofsight.sqlite3")) as database:
        return database.execute(sql).fetchall()


def test_a_folder_of_several_extracts_is_loaded_oldest_first(loaded, run, extracts):
    again = run("load", extracts, "--home", loaded, "--format", "json")
    told = json.loads(again.stdout)
    assert told["snapshot"].startswith(max(path.name for path in extracts.iterdir()))
    assert len(told["earlier"]) == 1
    assert told["new"] is False


def test_measures_are_told_in_the_shape_that_scripts_rely_on(loaded, run):
    told = json.loads(run("measures", "--home", loaded, "--format", "json").stdout)
    assert {"RF02", "AS01", "CN05", "CP01", "CP06", "CP08", "CP10", "LA08", "WF08", "WF10"} <= {
        m["measure"] for m in told
    }
    for one in told:
        assert one.keys() >= MEASURE_KEYS
        assert one["status"] == "measured"


def test_a_value_is_made_of_the_rows_behind_it(loaded, run):
    value = json.loads(run("measures", "--measure", "CP10", "--home", loaded, "--format", "json").stdout)[0]
    rows = json.loads(run("rows", "CP10", "--home", loaded, "--purpose", "test", "--format", "json").stdout)
    assert sum(row["met"] is False for row in rows) == value["numerator"]
    assert sum(row["met"] is not None for row in rows) == value["denominator"]


def test_a_broken_down_measure_adds_up_to_the_whole(loaded, run):
    whole = json.loads(run("measures", "--measure", "CP10", "--home", loaded, "--format", "json").stdout)[0]
    teams = json.loads(
        run("measures", "--measure", "CP10", "--by", "team", "--home", loaded, "--format", "json").stdout
    )
    assert sum(one["denominator"] for one in teams) == whole["denominator"]


def test_no_figure_by_team_is_one_workers_own(loaded, run):
    told = json.loads(run("measures", "--by", "team", "--home", loaded, "--format", "json").stdout)
    of_workers = [one for one in told if definitions.load()[one["measure"]].of_workers]
    few = [one for one in of_workers if one["status"] == answers.TOO_FEW_WORKERS]
    assert few
    assert all(one[key] is None for one in few for key in ("numerator", "denominator", "unknown", "value", "rag"))
    shown = [one["denominator"] + one["unknown"] for one in of_workers if one not in few]
    assert not {1, 2} & set(shown)


def test_children_are_not_shown_without_a_purpose_outside_a_demonstration(loaded, run):
    refused = run("rows", "CP10", "--home", loaded)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "--purpose" in refused.stderr


def test_rows_are_in_the_chain_before_they_are_printed(loaded, run):
    run("rows", "CP08", "--home", loaded, "--purpose", "a check", "--as", "ada")
    (told,) = asked(loaded, "select actor, action from access_chainevent order by sequence desc limit 1")
    assert told == ("console:ada", "console.rows")


def test_nothing_is_printed_when_the_chain_cannot_be_written(loaded, run, tmp_path):
    refused = run(
        "rows", "CP08", "--home", loaded, "--purpose", "x",
        LINEOFSIGHT_DATABASE_URL=f"postgresql://nobody@127.0.0.1:1/{tmp_path.name}",
    )  # fmt: skip
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr


def test_exceptions_carry_their_owner_state_and_first_seen(loaded, run):
    told = json.loads(run("exceptions", "--home", loaded, "--purpose", "list", "--format", "json").stdout)
    assert told
    assert all(one["owner"] and one["state"] and one["first_seen"] for one in told)


def test_a_wrong_file_is_told_in_one_sentence(run, tmp_path):
    wrong = tmp_path / "holiday.csv"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    refused = run("load", wrong, "--home", tmp_path / "home", "--as-at", "2026-10-31")
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_wrong_command_measure_or_date_is_told_in_one_sentence(loaded, run):
    for arguments in (("nonsense",), ("measures", "--measure", "XX99"), ("measures", "--as-at", "31/10/2026")):
        refused = run(*arguments, *(() if arguments == ("nonsense",) else ("--home", loaded)))
        assert refused.returncode == 2
        assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.full
def test_every_command_has_help_with_an_example(run):
    listed = run("--help").stdout
    commands = re.findall(r"^  ([a-z]+)  ", listed, re.MULTILINE)
    assert {"demo", "synth", "load", "measures", "rows", "exceptions", "pack", "serve", "worker", "verify"} <= set(
        commands
    )
    within = {"person add", "person list", "person end", "keys rotate", "actions import", "actions export"}
    for command in {*commands, *within} - {"person", "keys", "actions"}:
        assert "Example: lineofsight" in run(*command.split(), "--help").stdout


def test_everything_verifies_after_a_load(loaded, run):
    done = run("verify", "--home", loaded)
    assert done.returncode == 0, done.stdout
    assert "Verified: The audit chain holds" in done.stdout


def test_a_census_gives_what_it_can_and_says_what_it_cannot(run, tmp_path):
    sample = Path(__file__).parent.parent / "samples" / "cin_census_one_child.xml"
    run("load", sample, "--home", tmp_path / "home")
    told = {
        m["measure"]: m for m in json.loads(run("measures", "--home", tmp_path / "home", "--format", "json").stdout)
    }
    assert told["RF02"]["status"] == "measured"
    assert told["CP08"]["status"] == "not measured"
    assert "ssd_cp_visits" in told["CP08"]["missing"]
    assert told["CP08"]["value"] is None


def test_a_load_is_in_the_chain_by_whoever_ran_it(loaded):
    told = asked(loaded, "select actor, action from access_chainevent where action like 'data.%' order by sequence")
    assert [action for _, action in told] == ["data.loaded", "data.computed"] * 2
    assert all(actor.startswith("console:") for actor, _ in told)


def test_rows_taken_as_a_file_are_counted_as_taken(loaded, run):
    run("rows", "CP08", "--home", loaded, "--purpose", "a check", "--as", "grace", "--format", "csv")
    newest = "select form, children > 0, reason <> '' from access_chainshown order by sequence desc limit 1"
    (told,) = asked(loaded, newest)
    assert told == ("csv", 1, 1)


def test_the_master_key_is_changed_and_the_log_says_by_whom(loaded, run, tmp_path):
    home = tmp_path / "copied"
    shutil.copytree(loaded, home)
    key = (home / "keys" / "master.key").read_text()
    before = run("measures", "--measure", "CP10", "--home", home, "--format", "json").stdout
    changed = run("keys", "rotate", "--home", home)
    assert changed.returncode == 0 and "older ones need the old key" in changed.stderr
    assert (home / "keys" / "master.key").read_text() != key and key not in changed.stdout + changed.stderr
    assert run("measures", "--measure", "CP10", "--home", home, "--format", "json").stdout == before
    assert run("verify", "--home", home).returncode == 0
    one, two = asked(home, "select actor, action from access_chainevent where action like 'keys.%' order by 2")
    assert (one[1], two[1]) == ("keys.changed", "keys.changing")
    assert one[0] == two[0] and one[0].startswith("console:")


@pytest.fixture
def fallen(extracts, tmp_path):
    """The newest extract with three quarters of its visits gone and a table left out."""
    folder = tmp_path / "fallen"
    shutil.copytree(max(extracts.iterdir()), folder)
    visits = folder / "ssd" / "ssd_cp_visits.csv"
    lines = visits.read_text().splitlines(keepends=True)
    visits.write_text("".join(lines[: len(lines) // 4]))
    (folder / "ssd" / "ssd_cla_reviews.csv").unlink()
    return folder


@pytest.mark.full
def test_a_load_in_which_rows_fell_waits_and_is_accepted_refused_or_said_yes_to(extracts, run, fallen, tmp_path):
    home = tmp_path / "home"
    assert run("load", extracts, "--home", home).returncode in (0, 1)
    waits = run("load", fallen, "--home", home, "--format", "json")
    told = json.loads(waits.stdout)
    assert waits.returncode == 1
    assert (told["waiting"], told["computation"]) == (True, None)
    assert {one["table"] for one in told["changes"] if one["beyond"]} == {"ssd_cp_visits", "ssd_cla_reviews"}
    listed = json.loads(run("loads", "--home", home, "--format", "json").stdout)
    assert [one["state"] for one in listed] == ["stands", "stands", "waits for a yes"]

    refused = run("refuse", told["snapshot"], "--home", home)
    assert (refused.returncode, "removed" in refused.stderr) == (0, True)
    again = json.loads(run("load", fallen, "--home", home, "--format", "json").stdout)
    accepted = run("accept", again["snapshot"], "--home", home)
    assert (accepted.returncode, accepted.stdout.strip()) == (0, again["snapshot"])
    missing = json.loads(run("measures", "--measure", "LA08", "--home", home, "--format", "json").stdout)[0]
    assert missing["snapshot"] == again["snapshot"]

    withdrawn = run("withdraw", again["snapshot"], "--why", "the visits were cut off", "--home", home)
    assert withdrawn.returncode == 0, withdrawn.stderr
    listed = json.loads(run("loads", "--home", home, "--format", "json").stdout)
    assert [one["state"] for one in listed][-1] == "withdrawn: the visits were cut off"
    yes = run("load", fallen, "--yes", "--home", home, "--format", "json")
    assert json.loads(yes.stdout)["waiting"] is False
    actions = [action for (action,) in asked(home, "select action from access_chainevent")]
    assert actions.count("data.accepted") == 2
    assert actions.count("data.withdrawn") == 1


@pytest.mark.full
def test_the_account_of_a_load_adds_up_and_its_issues_are_written_to_a_workbook(run, extracts, tmp_path):
    folder = tmp_path / "wrong"
    shutil.copytree(max(extracts.iterdir()), folder)
    plans = folder / "ssd" / "ssd_cp_plans.csv"
    lines = plans.read_text().splitlines(keepends=True)
    plans.write_text("".join([*lines, lines[-1]]))
    home, book = tmp_path / "home", tmp_path / "issues.xlsx"
    done = run("load", folder, "--home", home, "--issues", book, "--format", "json")
    told = json.loads(done.stdout)
    step = next(one for one in told["steps"] if one["table"] == "ssd_cp_plans")
    assert step["read"] == len(lines)
    assert step["read"] == step["kept"] + sum(step["passed_over"].values()) == step["held"] + 1
    assert all(one["adds_up"] for one in told["steps"])
    assert all(one["why"] for one in told["files"])
    assert [one["row"] for one in told["issues"]] == [len(lines) + 1]
    rows = list(openpyxl.load_workbook(book)["Issues"].iter_rows(values_only=True))
    assert rows[1][4] == len(lines) + 1
    refused = run("loads", "--issues", told["snapshot"], "--home", home)
    assert (refused.returncode, "--purpose" in refused.stderr) == (2, True)
    shown = run("loads", "--issues", told["snapshot"], "--purpose", "test", "--home", home, "--format", "json")
    assert [one["Row"] for one in json.loads(shown.stdout)] == [len(lines) + 1]


@pytest.mark.full
def test_a_load_ends_with_how_many_issues_there_are_and_the_command_that_shows_them(run, extracts, tmp_path):
    folder, home = tmp_path / "wrong", tmp_path / "home"
    shutil.copytree(max(extracts.iterdir()), folder)
    plans = folder / "ssd" / "ssd_cp_plans.csv"
    lines = plans.read_text().splitlines(keepends=True)
    plans.write_text("".join([*lines, lines[-1]]))
    done = run("load", folder, "--home", home)
    load = done.stdout.strip()
    assert f"lineofsight loads --issues {load}" in done.stderr
    assert "Child protection plans: 1, 1 new" in done.stderr
    assert "none has fewer rows than before" in done.stderr
    assert len(done.stderr.splitlines()) < 25  # what needs no look is one line

    narrow = run("loads", "--home", home, COLUMNS="40")
    assert load in narrow.stdout and "stands │" in narrow.stdout
    book = tmp_path / "issues.csv"
    asked = ("loads", "--issues", load, "--purpose", "test", "-o", book, "--home", home)
    assert run(*asked).returncode == 0
    again = run(*asked)
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    assert run(*asked, "--force").returncode == 0

    assert run("withdraw", load, "--why", "wrong", "--home", home).returncode == 0
    twice = run("withdraw", load, "--why", "wrong", "--home", home)
    assert (twice.returncode, "That load was withdrawn before, on " in twice.stderr) == (2, True)


def test_values_of_restricted_records_are_hidden_at_the_command_line_as_on_the_page():
    found = pa.table(
        {
            "table": ["ssd_contacts", "ssd_contacts", "ssd_department", "ssd_contacts"],
            "row": pa.array([1, 2, 3, 4], pa.int64()),
            "why": ["is not a date"] * 4,
            "child_key": ["open", "kept", None, None],
        }
    )
    assert whose.hidden(found, ()).to_pylist() == [""] * 4
    assert whose.hidden(found, {"kept"}).to_pylist() == ["", whose.NOT_SHOWN, "", whose.NOT_TOLD]


def test_the_ten_are_told_with_their_reasons_and_without_a_number_on_any_child(loaded, run):
    listed = [
        json.loads(run("ten", "--home", loaded, "--purpose", "meeting", "--format", "json", *month).stdout)
        for month in ([], ["--month", "2026-10"], ["--month", "2026-09"])
    ]
    assert listed[0] == listed[1] and {one["as_at"][:7] for one in listed[2]} <= {"2026-09"}
    told = [one for ten in listed for one in ten]
    assert told, "no child of this authority met a rule in either month"
    for one in told:
        assert one["rules"] and len(one["harm"]) + len(one["service_failure"]) == len(one["rules"])
        assert all(reason.endswith(".") for reason in [*one["harm"], *one["service_failure"]])
        assert not {"score", "weight", "place", "rank"} & set(one)


def test_the_ten_asks_for_a_purpose_and_names_a_wrong_month(loaded, run):
    refused = run("ten", "--home", loaded)
    assert refused.returncode == 2 and "--purpose" in refused.stderr
    for month, words in (("2026-13", "is not a month"), ("soon", "is not a month"), ("2020-01", "No extract")):
        refused = run("ten", "--home", loaded, "--purpose", "x", "--month", month)
        assert refused.returncode == 2 and words in refused.stderr and not refused.stdout


def test_the_ten_is_in_the_chain_before_it_is_printed(loaded, run):
    run("ten", "--home", loaded, "--purpose", "a meeting", "--as", "ada")
    (told,) = asked(loaded, "select actor, action, subject from access_chainevent order by sequence desc limit 1")
    assert told[:2] == ("console:ada", "console.ten") and told[2].startswith("the ten 20")
