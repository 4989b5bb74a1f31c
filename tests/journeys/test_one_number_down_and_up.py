"""One number, from the Director's first page down to a child, and by the thread back up to who signed it."""

import re

import pytest

pytestmark = pytest.mark.full

WIDTHS = (1280, 320)
WORDS = "I have asked both managers who sees these children until each has a worker."
TITLE = "Children on a plan with no allocated social worker"


@pytest.fixture
def signed(own_site, new_page):
    """The month's pack, read and signed by the Director: where its record is."""
    page = new_page(1280)
    enter(page, own_site)
    page.get_by_role("button", name="Read and sign").click()
    page.get_by_label("I am satisfied, because").check()
    page.get_by_label("In your words").fill(WORDS)
    page.get_by_label("What difference", exact=False).fill("Each is seen every five days.")
    page.get_by_role("button", name="Sign the pack").click()
    page.wait_for_url("**/records/**")
    return page.url


def enter(page, site):
    """Sign in as the Director, to the first page of the journey's own demonstration."""
    page.goto(f"{site.address}/sign-in")
    page.locator('button[name="office"][value="dcs"]').click()
    page.wait_for_url("**/")


def number_in(words):
    """The first number of a sentence, and out of how many it is."""
    found = re.search(r"([\d,]+) of (?:the )?([\d,]+)", words)
    assert found, words
    return found.groups()


def test_one_number_leads_down_to_a_child_and_back_up_to_who_signed_it(new_page, own_site, signed, assert_reads_well):
    for width in WIDTHS:
        page = new_page(width)
        enter(page, own_site)
        count, of = down_to_the_children(page, assert_reads_well)
        assert page.locator("main tbody tr").count() == int(count)
        page.locator("main tbody a[href^='/children/']").first.click()
        name = page.locator("h1").inner_text().split(" aged")[0]
        assert name not in page.title() and name.split()[-1] not in page.url
        assert_reads_well(page)
        back_up(page, f"{count} of {of}", signed, assert_reads_well)


def down_to_the_children(page, assert_reads_well):
    """From the first page to the measure, and on to the children behind it: the number, and out of how many."""
    told = number_in(page.locator("#urgent").inner_text())
    assert_reads_well(page)
    page.get_by_role("link", name="How this number came about").click()
    page.wait_for_url("**/measures/CP10/")
    assert page.locator("h1").inner_text() == TITLE
    assert number_in(page.locator(".govuk-body-l").first.inner_text()) == told
    assert_reads_well(page)
    page.locator("a.govuk-button", has_text="Show the").first.click()
    page.wait_for_url("**/measures/CP10/children/")
    assert_reads_well(page)
    return told


def back_up(page, number, signed, assert_reads_well):
    """From a child by the thread to the number, the pack that carries it, and the record that was signed on it."""
    page.get_by_role("link", name="The thread").click()
    page.wait_for_url("**/thread/child/**")
    assert_reads_well(page)
    counted = page.locator("[aria-labelledby=up] > ul > li", has=page.get_by_role("link", name=TITLE, exact=True))
    assert counted.count() == 1
    told = counted.inner_text()
    assert number in told and "pack for the Director" in told and "The Director of Children’s Services" in told
    thread = page.url

    counted.get_by_role("link", name=re.compile("pack for the Director")).first.click()
    heading = page.get_by_role("heading", name=TITLE, exact=True).first  # what its lead writes has the same one
    assert number in heading.locator("xpath=following-sibling::p[1]").inner_text()
    assert_reads_well(page)

    page.goto(thread)
    page.locator(f"[aria-labelledby=up] a[href='{signed[signed.index('/records/') :]}']").first.click()
    record = page.locator("main").inner_text()
    assert "Signed by" in record and "Director of Children’s Services" in record and WORDS in record
    assert_reads_well(page)
