"""Sign, load a corrected extract, verify again: the old figure stands, and the page says what changed."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from tests.journeys.conftest import CHILDREN, LIKE, SEED

pytestmark = pytest.mark.full

LINEOFSIGHT = Path(sys.executable).with_name("lineofsight")


def test_a_signed_figure_stands_when_a_correction_is_loaded_and_the_page_says_what_changed(
    own_site, new_page, sign_in, tmp_path, assert_reads_well
):
    page = new_page(1280)
    page.goto(own_site.address)
    page.locator('button[name="office"][value="dcs"]').click()
    page.get_by_role("button", name="Read and sign").click()
    address = page.url
    signed = figure(page, "Children on a child protection plan")
    sign(page)

    corrected(tmp_path / "extracts")
    loaded = run("load", next_folder(tmp_path / "extracts"), "--home", own_site.home)
    assert loaded.returncode in (0, 1), loaded.stderr
    verified = run("verify", "--home", own_site.home)
    assert verified.returncode == 0, verified.stdout
    assert "ALTERED" not in verified.stdout

    page.goto(address)
    assert figure(page, "Children on a child protection plan") == signed
    changed = page.locator("main").inner_text()
    assert "when this pack was made" in changed
    assert_reads_well(page)


def figure(page, title):
    """The sentence of one measure on a pack's page."""
    heading = page.get_by_role("heading", name=title, exact=True).first  # what its lead writes has the same one
    return heading.locator("xpath=following-sibling::p[1]").inner_text()


def sign(page):
    page.get_by_label("I am satisfied, because").check()
    page.get_by_label("In your words").fill("every child here had been seen when I read this.")
    page.get_by_label("What difference", exact=False).fill("Each of them has a named worker today.")
    page.get_by_role("button", name="Sign the pack").click()
    page.wait_for_url("**/records/**")


def corrected(folder):
    """The demonstration's newest extract again, without one plan that had been recorded by mistake."""
    made = run("synth", folder, "--children", CHILDREN, "--seed", SEED, "--like", LIKE)
    assert made.returncode == 0, made.stderr
    plans = next_folder(folder) / "ssd" / "ssd_cp_plans.csv"
    with plans.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    mistaken = next(row for row in rows if not row["cppl_cp_plan_end_date"] and row["cppl_cp_plan_ola"] != "Y")
    with plans.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(row for row in rows if row is not mistaken)


def next_folder(folder):
    """The newest of the dated extracts."""
    return max(path for path in folder.iterdir() if path.is_dir())


def run(*arguments):
    return subprocess.run([LINEOFSIGHT, *map(str, arguments)], capture_output=True, text=True, timeout=300)
