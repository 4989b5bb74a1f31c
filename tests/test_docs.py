"""The documentation says what the code does: reference pages are written from the definitions."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


def test_the_reference_pages_are_not_behind_their_definitions():
    from docs import make

    behind = [name for name, page in make.PAGES.items() if (make.REFERENCE / name).read_text() != page()]
    assert not behind, "run 'make docs'"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_nothing_names_a_path_of_the_machine_it_was_written_on():
    for path in [*PAGES, *(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        assert "/work/" + "shared" not in path.read_text(), path
