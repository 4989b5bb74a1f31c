"""From the Director's first page to one child's chronology: three clicks, wide and narrow, with and without scripts."""

import csv

import pytest

WIDTHS = [1280, 320]
LOST = "/children/easily-lost/"
PAGES = [
    LOST,
    f"{LOST}?group=EL10",
    "/measures/",
    "/measures/CP08/",
    "/measures/AS01/?by=ethnicity",
    "/measures/CP08/children/",
    "/exceptions/",
]


def to_the_unallocated(page):
    """The first click: from Today to the children on a plan whom no social worker holds."""
    page.get_by_role("button", name="Show the child").or_(page.get_by_role("link", name="Show the child")).first.click()
    page.wait_for_url("**/exceptions/unallocated/")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_director_comes_from_the_first_page_to_a_childs_chronology_in_three_clicks(
    new_page, sign_in, assert_reads_well, width, scripts
):
    page = new_page(width, scripts=scripts)
    sign_in(page, "dcs")
    to_the_unallocated(page)
    if scripts:
        assert_reads_well(page)
    name = page.locator("tbody a[href^='/children/']").first.inner_text()
    page.locator("tbody a[href^='/children/']").first.click()
    assert name in page.locator("h1").inner_text()
    assert name not in page.title()
    assert name.split()[-1] not in page.url
    page.locator("#chronology").wait_for()
    assert page.locator(".practice-event").count() > 0
    if scripts:
        assert_reads_well(page)


def test_the_chronology_narrows_to_one_kind_and_keeps_it_in_the_address(new_page, sign_in):
    page = new_page(1280, scripts=False)
    sign_in(page, "dcs")
    to_the_unallocated(page)
    page.locator("tbody a[href^='/children/']").first.click()
    whole = page.locator(".practice-event").count()
    page.get_by_label("What happened").select_option("child_protection_plan")
    page.get_by_role("button", name="Show these").click()
    page.wait_for_load_state()
    assert "kind=child_protection_plan" in page.url
    assert 0 < page.locator(".practice-event").count() < whole


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_what_we_know_reads_well(new_page, sign_in, assert_reads_well, address, width):
    page = new_page(width)
    sign_in(page, "dcs")
    page.goto(address)
    assert_reads_well(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_chart_keeps_its_words_readable_at_any_width(new_page, sign_in, width):
    page = new_page(width)
    sign_in(page, "dcs")
    page.goto("/measures/CP08/")
    shown = page.locator("svg.chart:visible")
    assert shown.count() == page.locator("figure").count() > 0  # each figure is drawn wide and narrow, and shows one
    sizes = shown.locator("text").evaluate_all("texts => texts.map(text => text.getBoundingClientRect().height)")
    assert min(sizes) >= 11
    inside = shown.locator("text").evaluate_all(
        "texts => texts.every(text => {"
        "const box = text.getBoundingClientRect(); return box.left >= 0 && box.right <= window.innerWidth})"
    )
    assert inside


def test_the_file_holds_what_the_page_shows(new_page, sign_in):
    page = new_page(1280)
    sign_in(page, "dcs")
    page.goto("/measures/CN01/children/")
    shown = page.locator("tbody th[scope=row]").all_inner_texts()
    with page.expect_download() as waited:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.reader(waited.value.path().read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows[1:]][: len(shown)] == [name.strip() for name in shown]


def test_the_keyboard_alone_opens_the_rows_behind_a_number(new_page, sign_in):
    page = new_page(1280)
    sign_in(page, "dcs")
    page.goto("/measures/CP08/")
    button = page.locator("a.govuk-button", has_text="Show the").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/measures/CP08/children/")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_lead_member_meets_no_child_and_is_told_who_may(new_page, sign_in, assert_reads_well, complaints, width):
    complaints.expected += ["status of 403"]
    page = new_page(width)
    sign_in(page, "lead-member")
    page.goto("/measures/CP10/")
    assert_reads_well(page)
    assert page.locator("a[href*='/children/']").count() == 0
    page.goto("/measures/CP10/children/")
    assert "Team manager" in page.locator("main").inner_text()
    assert_reads_well(page)


def test_from_the_first_page_to_a_child_who_is_easily_lost_and_to_paper(new_page, sign_in, assert_reads_well):
    page = new_page(1280)
    sign_in(page, "dcs")
    page.get_by_role("link", name="Children easily lost").click()
    page.wait_for_url(f"**{LOST}")
    page.get_by_role("link", name="Stepped down and back").first.click()
    page.locator("main tbody a[href^='/children/']").first.click()
    page.get_by_label("What happened").select_option("visits")
    page.get_by_label("From").fill("2025-01-01")
    page.get_by_role("button", name="Show these").click()
    assert "kind=visits" in page.url and "from=2025-01-01" in page.url
    assert_reads_well(page)
    assert not page.locator(".practice-printed").first.is_visible()
    page.emulate_media(media="print")
    printed = page.locator(".practice-printed").first
    assert printed.is_visible() and "Printed by" in printed.inner_text()
    for gone in (".practice-ways", ".practice-trail", ".los-filter", ".los-menu", ".los-record"):
        assert not page.locator(gone).first.is_visible(), gone
