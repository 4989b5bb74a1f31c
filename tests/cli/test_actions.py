"""`lineofsight actions`: a committee's table in and out, as a command in a process of its own, in a home of its own."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.web.improvement.plan_tables import committee_table, row, table

from lineofsight.home import open_home
from lineofsight.keys import make_home
from lineofsight.plans.reading import read_file
from lineofsight.plans.writing import write

WHY = ("--purpose", "for the committee")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh home with nothing in it."""
    return make_home(tmp_path_factory.mktemp("homes") / "own", authority="306", authority_name="Northmere").path


@pytest.fixture(scope="module")
def plan(home, run, tmp_path_factory):
    """What loading the committee's 22 actions told, as JSON."""
    file = tmp_path_factory.mktemp("files") / "after the inspection.docx"
    file.write_bytes(write(committee_table(), "docx", "Plan"))
    done = run(
        "actions", "import", file, "--published", "2012-06-28", "--as-at", "2012-10-09", "--format", "json",
        "--cleared", "--home", home,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_first_table_is_counted_by_colour_and_by_what_is_late(plan):
    counted = {name: plan[name] for name in ("actions", "green", "amber", "red", "late", "not_understood")}
    assert counted == {"actions": 22, "green": 14, "amber": 5, "red": 3, "late": 7, "not_understood": []}
    assert plan["title"] == "after the inspection"


@pytest.mark.parametrize("form", ["docx", "csv"])
def test_it_is_written_out_again_with_the_same_actions(plan, home, run, tmp_path, form):
    out = tmp_path / f"out.{form}"
    done = run("actions", "export", "--as-at", "2012-10-09", "-o", out, *WHY, "--home", home)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert [(one.action, one.rag) for one in read_file(out).rows] == [
        (one.action, one.rag) for one in committee_table().rows
    ]


def test_the_next_table_tells_what_moved_and_what_was_not_understood_with_its_row(plan, home, run, tmp_path):
    rows = [row(one.action, one.responsible, deadline=one.deadline, rag=one.rag) for one in committee_table().rows]
    rows[1] = row(rows[1].action, rows[1].responsible, rag="red")
    file = tmp_path / "next.csv"
    file.write_bytes(write(table(*rows[:-1], row("Another thing", "Cal Dane", deadline="soon")), "csv", "Plan"))
    sent = ("actions", "import", file, "--plan", plan["plan"], "--as-at", "2012-11-01", "--home", home)
    done = run(*sent, "--format", "json")
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert (told["plan"], told["moved"], told["new"], told["gone"]) == (plan["plan"], 1, 1, 1)
    (asked,) = told["not_understood"]
    assert (asked["row"], asked["column"], asked["value"]) == (23, "deadline", "soon")
    again = run(*sent)
    assert again.returncode == 2 and "was loaded already" in again.stderr


def test_in_words_it_says_the_sentence_and_lists_each_row(run, tmp_path):
    file = tmp_path / "plan.tsv"
    file.write_bytes(write(table(row(deadline="soon"), row("Another", rag=None, rag_written="Blue")), "tsv", "Plan"))
    new = tmp_path / "new"
    done = run("actions", "import", file, "--published", "2026-07-28", "--home", new, "--authority", "306")
    assert done.returncode == 1, done.stderr
    assert "2 actions" in done.stderr and "Made a new home" in done.stderr
    assert "soon" in done.stdout and "Blue" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "{file}"], "add --published"),
        (["import", "{file}", "--published", "28/07/2026"], "is not a date"),
        (["import", "{file}", "--published", "2026-07-28", "--kind", "other"], "Choose whether it follows"),
        (["import", "{file}", "--plan", "x"], "is no plan's id"),
        (["import", "{file}", "--plan", "5f0c6c0e-1111-4222-8333-444455556666"], "There is no plan"),
        (["import", "{folder}", "--published", "2026-07-28"], "is a folder"),
        (["import", "{folder}/none.docx", "--published", "2026-07-28"], "There is no file"),
        (["import", "{pdf}", "--published", "2026-07-28"], "is a PDF"),
        (["export", "-o", "{folder}/a.pdf", *WHY], "The file's name says its form"),
        (["export", "-o", "{file}", *WHY], "There is already a file"),
        (["export", "-o", "{folder}/b.docx"], "Say why you take it out"),
        (["export", "-o", "{folder}/b.docx", "--as-at", "2999-01-01", *WHY], "not known"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(plan, home, run, tmp_path, arguments, said):
    (tmp_path / "plan.csv").write_bytes(write(table(row()), "csv", "Plan"))
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7 nothing")
    names = {"file": tmp_path / "plan.csv", "folder": tmp_path, "pdf": tmp_path / "plan.pdf"}
    done = run("actions", *(one.format(**names) for one in arguments), "--home", home)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_where_there_is_no_plan_it_says_so(run, tmp_path):
    home = make_home(tmp_path / "home", authority="306", authority_name="Northmere").path
    done = run("actions", "export", "-o", tmp_path / "out.docx", *WHY, "--home", home)
    assert done.returncode == 2 and "There is no action plan yet" in done.stderr


def test_what_was_taken_out_is_in_the_log(plan, home, run, tmp_path):
    done = run("actions", "export", "--plan", plan["plan"], "-o", tmp_path / "taken.tsv", *WHY, "--home", home)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(open_home(home).database)) as database:
        entries = database.execute("select actor, action, subject from access_chainevent order by sequence").fetchall()
    actor, action, subject = entries[-1]
    assert (actor.startswith("console:"), action, subject) == (True, "console.plan", f"plan {plan['plan']}")
