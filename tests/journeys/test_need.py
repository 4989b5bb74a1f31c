"""A child outside one’s scope: found, the need stated, the page open, the manager told. And a night of file reading."""

from collections import Counter

import pytest

from lineofsight.demonstration.people import reach_of
from lineofsight.home import open_home
from lineofsight.keys import open_keys
from lineofsight.lake import Lake

REASON = "The duty manager asked me to look before the visit tonight."


@pytest.fixture(scope="module")
def others(demo_home):
    """Children of the manager’s team, not of the reviewing officer, each alone with that surname and birthday."""
    home = open_home(demo_home)
    lake = Lake(home, open_keys(home))
    reach = reach_of(lake)
    people = lake.persons(lake.latest()).to_pylist()
    alike = Counter((one["surname"], one["dob"]) for one in people)
    return [
        one
        for one in people
        if reach.team in one["scope_teams"]
        and reach.reviewer not in one["scope_workers"]
        and not one["restricted"]
        and one["dob"]
        and alike[one["surname"], one["dob"]] == 1
    ]


def search(page, child):
    """Type the surname and the birthday into the form of What we know."""
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="What we know").click()
    page.get_by_role("link", name="Find a child").click()
    page.get_by_label("Surname").fill(child["surname"])
    page.get_by_label("Date of birth").fill(f"{child['dob'].day} {child['dob']:%B %Y}")
    page.get_by_role("button", name="Find").click()


@pytest.mark.parametrize(("width", "which", "scripts"), [(1280, 0, True), (320, 1, True), (1280, 2, False)])
def test_a_child_is_found_opened_for_a_need_and_the_manager_is_told(
    new_page, sign_in, assert_reads_well, complaints, others, width, which, scripts
):
    complaints.expected += ["status of 404"]
    reads_well = assert_reads_well if scripts else lambda page: None
    child = others[which]
    name = f"{child['forename']} {child['surname']}"
    page = new_page(width, scripts=scripts)
    sign_in(page, "reviewing-officer")
    search(page, child)
    assert "One child outside those you work with matches." in page.locator("main").inner_text()
    assert child["forename"] not in page.locator("main").inner_text()
    assert child["surname"] not in page.url + page.title()
    reads_well(page)

    page.get_by_role("link", name="State the need").or_(page.get_by_role("button", name="State the need")).first.click()
    reads_well(page)
    ref = page.url.split("/")[4]
    page.get_by_role("button", name="Open the child’s page").click()
    assert "There is a problem" in page.locator("main").inner_text()
    reads_well(page)
    page.get_by_label("A child may be at risk of harm now").check()
    page.get_by_label("The reason, in your words").fill(REASON)
    page.get_by_role("button", name="Open the child’s page").click()
    assert name in page.locator("h1").inner_text() and name not in page.title()
    assert "Open to you until" in page.locator("main").inner_text()
    reads_well(page)

    manager = new_page(width, scripts=scripts)
    sign_in(manager, "team-manager")
    assert "opened" in manager.locator("#told").inner_text()
    reads_well(manager)
    manager.get_by_role("link", name="Read who and why, and answer").click()
    assert REASON in manager.locator("main").inner_text() and name not in manager.locator("main").inner_text()
    reads_well(manager)
    row = manager.locator("article", has_text=REASON).filter(has=manager.locator("form")).first
    row.get_by_label("I knew of this").check()
    row.get_by_role("button").click()
    assert "Your answer is with information governance." in manager.locator("main").inner_text()
    manager.locator("article", has_text=REASON).first.get_by_role("link", name="Open the child’s page").click()
    assert name in manager.locator("h1").inner_text()

    page.get_by_role("button", name="I am finished").click()
    page.wait_for_url("**/")
    assert page.goto(f"/children/{ref}/").status == 404


@pytest.mark.parametrize("width", [1280, 320])
def test_information_governance_reads_the_month_and_reviews_it(new_page, sign_in, assert_reads_well, width):
    page = new_page(width)
    sign_in(page, "information-governance")
    page.get_by_role("link", name="Children opened outside somebody’s scope").click()
    assert_reads_well(page)
    months = page.locator("tbody a")
    assert months.count() >= 2, "the demonstration's diary holds two months of needs"
    months.nth(1).click()
    assert "/children/" not in page.locator("main").inner_html()
    assert_reads_well(page)
    with page.expect_download() as waited:
        page.get_by_role("link", name="Download exactly this as CSV").click()
    assert waited.value.suggested_filename.startswith("needs-20")
    if page.locator("details").count():
        page.locator("details summary").first.click()
        assert_reads_well(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_director_draws_reads_and_notes_a_file(new_page, sign_in, assert_reads_well, width):
    page = new_page(width)
    sign_in(page, "dcs")
    page.goto("/measures/")
    page.get_by_role("link", name="Hold a night of file reading").click()
    page.wait_for_url("**/reading/")
    if page.get_by_role("button", name="Draw files").count():
        assert_reads_well(page)
        page.get_by_label("How many files").fill("3")
        page.get_by_role("button", name="Draw files").click()
    assert_reads_well(page)
    name = page.locator("#name1 a").inner_text()
    page.locator("#name1 a").click()
    assert name in page.locator("h1").inner_text()
    assert "File 1 of your night of file reading" in page.locator("main").inner_text()
    assert_reads_well(page)
    page.get_by_role("link", name="Back to tonight’s files").click()
    if not page.locator("#words1").is_visible():
        page.locator("#file1 summary").click()
    page.locator("#words1").fill("The plan says what the family must do by when.")
    page.locator("#file1").get_by_role("button").click()
    assert "(noted)" in page.locator("#file1").inner_text()
    assert_reads_well(page)
    page.get_by_role("button", name="Record this night").or_(
        page.get_by_role("link", name="Record this night")
    ).first.click()
    assert "files drawn by chance" in page.locator("main").inner_text()
    assert_reads_well(page)
