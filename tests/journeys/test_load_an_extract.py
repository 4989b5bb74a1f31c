"""An analyst's morning: a workbook with wrong things sent, watched, looked at, said yes to, taken back."""

import csv
import io
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from tests.journeys.conftest import CHILDREN, LIKE, SEED

from lineofsight import clock

pytestmark = pytest.mark.full

LINEOFSIGHT = Path(sys.executable).with_name("lineofsight")
WHY = "The contacts of the closed office went to another council."
MOST_MS = 240_000


def test_an_analyst_loads_a_workbook_with_wrong_things_says_yes_to_a_fall_and_takes_it_back(
    own_site, new_page, tmp_path, assert_reads_well
):
    page = new_page(1280)
    page.goto(own_site.address)
    page.locator('button[name="office"][value="analyst"]').click()
    sends(page, *later_workbook(tmp_path), assert_reads_well)
    looks(page, assert_reads_well)
    waited = page.url
    says_yes(page, waited)
    takes_back(page, waited, assert_reads_well)


def sends(page, book, facts, assert_reads_well):
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("button", name="Load an extract").click()
    assert_reads_well(page)
    page.get_by_label("The files of one extract").set_input_files([book, facts])
    assert "2 files" in page.locator("#files-told").inner_text()
    page.get_by_role("button", name="Send and load").click()
    page.wait_for_url("**/data/sent/**")
    assert_reads_well(page)
    page.wait_for_url("**/data/loads/**", timeout=MOST_MS)


def looks(page, assert_reads_well):
    assert page.get_by_role("heading", name="fell beyond what policy allows", exact=False).is_visible()
    assert "Every row is accounted for" in page.locator("main").inner_text()
    assert "soon" in page.locator("#issues").locator("xpath=..").inner_text()
    assert_reads_well(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="Excel workbook").click()
    rows = list(taken(started)["Issues"].values)
    assert rows[0][0] == "New"
    assert len(rows) - 1 == int(page.get_by_role("link", name="Issues (").inner_text()[8:-1])
    page.set_viewport_size({"width": 320, "height": 900})
    assert_reads_well(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def says_yes(page, waited):
    page.get_by_role("button", name="Yes, these numbers are right").click()
    assert page.get_by_role("alert").get_by_text("Say why").is_visible()
    page.get_by_label("Why?").fill(WHY)
    page.get_by_role("button", name="Yes, these numbers are right").click()
    page.wait_for_url("**/data/sent/**")
    page.wait_for_url(waited, timeout=MOST_MS)
    assert page.get_by_text("What every page shows").is_visible()
    assert WHY in page.locator("main").inner_text()


def takes_back(page, waited, assert_reads_well):
    page.get_by_role("button", name="Withdraw this load").click()
    assert "What it has fed" in page.locator("main").inner_text()
    assert_reads_well(page)
    page.get_by_label("Why is it withdrawn?").fill("It was the wrong export after all.")
    page.get_by_role("button", name="Withdraw this load").click()
    page.wait_for_url(waited, timeout=MOST_MS)
    assert "Withdrawn by" in page.locator("main").inner_text()
    assert_reads_well(page)


def taken(started):
    """The workbook that was downloaded."""
    return openpyxl.load_workbook(io.BytesIO(Path(started.value.path()).read_bytes()))


@pytest.mark.parametrize("width", [1280, 320])
def test_the_side_tables_read_well_and_a_template_is_taken(new_page, sign_in, assert_reads_well, width):
    page = new_page(width)
    sign_in(page, "analyst")
    page.goto("/data/templates/")
    assert_reads_well(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="Template as a workbook").first.click()
    assert len(taken(started).sheetnames) == 2


def test_without_scripts_the_files_are_sent_and_the_page_says_how_far_it_is(own_site, new_page, tmp_path):
    page = new_page(1280, scripts=False)
    page.goto(own_site.address)
    page.locator('button[name="office"][value="analyst"]').click()
    page.goto(f"{own_site.address}/data/loads/new/")
    table = tmp_path / "notes.csv"
    table.write_text("a,b\n1,2\n")
    page.get_by_label("The files of one extract").set_input_files([table])
    page.get_by_role("button", name="Send and load").click()
    page.wait_for_url("**/data/sent/**")
    page.get_by_role("heading", name="This was not loaded").wait_for(timeout=MOST_MS)
    assert "is not a table this version knows" in page.locator("main").inner_text()


def later_workbook(folder):
    """The demonstration's authority a while later as a workbook, with wrong cells and half its contacts; its facts."""
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    arguments = ["synth", folder / "extracts", "--children", CHILDREN, "--seed", SEED, "--like", LIKE]
    arguments += ["--extracts", 1, "--until", yesterday]
    made = subprocess.run([LINEOFSIGHT, *map(str, arguments)], capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stderr
    (extract,) = [path for path in (folder / "extracts").iterdir() if path.is_dir()]
    book = openpyxl.Workbook()
    book.remove(book.active)
    for path in sorted((extract / "ssd").glob("*.csv")):
        with path.open(newline="") as handle:
            rows = list(csv.reader(handle))
        if path.stem == "ssd_contacts":
            rows = rows[: len(rows) // 2]
            on = rows[0].index("cont_contact_date")
            rows[3][on], rows[5][on] = "31/02/2026", "soon"
        sheet = book.create_sheet(path.stem[:31])
        for row in rows:
            sheet.append(row)
    book.save(folder / "november.xlsx")
    return folder / "november.xlsx", extract / "extract.toml"
