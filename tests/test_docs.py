"""The documentation says what the code does: reference pages are written from the definitions."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])

# OWASP ASVS 5.0.0: the level of each requirement of each section, in order.
ASVS = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip
ROWS = list(csv.DictReader((ROOT / "docs" / "asvs.tsv").open(encoding="utf-8"), delimiter="\t"))


def test_the_security_table_has_each_requirement_of_levels_one_and_two_once_and_in_order():
    levels = [(f"{section}.{at}", level) for section, told in ASVS.items() for at, level in enumerate(told, start=1)]
    assert len(levels) == 345
    wanted = [(number, level) for number, level in levels if level != "3"]
    assert len(wanted) == 253
    assert [(row["number"], row["level"]) for row in ROWS] == wanted


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["number"])
def test_a_row_of_the_security_table_says_why_and_names_code_and_tests_that_are_there(row):
    assert row["state"] in ("met", "not met", "not applicable")
    assert len(row["about"]) > 3 and row["why"].endswith(".")
    for path in [*row["code"].split(), *(one for one in row["tests"].split() if one != "read")]:
        assert (ROOT / path).exists(), path
    assert all(one == "read" or one.startswith("tests/") for one in row["tests"].split())
    assert bool(row["code"] and row["tests"]) == (row["state"] != "not applicable")


def test_what_is_not_met_stands_at_the_top_of_the_page_too():
    page = (ROOT / "docs" / "reference" / "asvs.md").read_text()
    listed = re.findall(r"^- \*\*([\d.]+)\*\* ", page, re.MULTILINE)
    assert listed == [row["number"] for row in ROWS if row["state"] == "not met"]


def test_the_reference_pages_are_not_behind_their_definitions():
    from docs import make

    behind = [name for name, page in make.PAGES.items() if (make.REFERENCE / name).read_text() != page()]
    assert not behind, "run 'make docs'"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_a_page_names_is_there(page):
    named = re.findall(r"`((?:src|tests|docs|requirements)/[\w./-]+)`", page.read_text())
    assert not [path for path in named if not (ROOT / path).exists()]


def test_nothing_names_a_path_of_the_machine_it_was_written_on():
    for path in [*PAGES, *(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        assert "/work/" + "shared" not in path.read_text(), path
