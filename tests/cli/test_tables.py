"""`lineofsight template`: an empty side table to fill in, as a command in a process of its own."""

import openpyxl
import pytest

from lineofsight import schema

HEADINGS = [column.name for column in schema.tables()["side_core_group"].columns]


def test_a_template_is_written_in_the_form_that_the_files_name_says(run, tmp_path):
    done = run("template", "side_core_group", "-o", tmp_path / "core groups.XLSX")
    assert (done.returncode, done.stdout) == (0, "")
    rows, about = openpyxl.load_workbook(tmp_path / "core groups.XLSX").worksheets
    assert [cell.value for cell in rows[1]] == HEADINGS
    assert about.max_row == len(HEADINGS) + 1
    done = run("template", "side_core_group", "-o", tmp_path / "core_groups.csv")
    assert done.returncode == 0
    assert (tmp_path / "core_groups.csv").read_text("utf-8-sig").strip().split(",") == HEADINGS


@pytest.mark.parametrize(
    ("table", "name", "said"),
    [
        ("ssd_person", "people.csv", "There is no side table called 'ssd_person'"),
        ("side_post", "posts.ods", "ends with .csv or .xlsx"),
        ("side_post", "taken.csv", "There is already a file"),
        ("side_post", "nowhere/posts.csv", "could not be written"),
    ],
)
def test_what_cannot_be_written_is_told_in_one_sentence_and_nothing_is_changed(run, tmp_path, table, name, said):
    (tmp_path / "taken.csv").write_text("mine")
    refused = run("template", table, "-o", tmp_path / name)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["taken.csv"]
    assert (tmp_path / "taken.csv").read_text() == "mine"
