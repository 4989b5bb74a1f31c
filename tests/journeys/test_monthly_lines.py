"""The month's lines: the Director sees who has not written, the lead is reminded and writes, the Director releases a
text, and the measures page shows the headline ones first."""

import re

import pytest

WHY = "Cover came late in the month, and not everybody knew whose visit it was."


def main(page):
    """What the page says, without the frame."""
    return page.locator("main").inner_text()


def names_the_lead(director, reads_well):
    """From the first page to the list of who has written, and to a measure, whose lead the Director names."""
    director.goto("/")
    assert "What the leads say of" in main(director)
    director.get_by_role("link", name="This month’s lines, and who has not written").click()
    director.wait_for_url("**/lines/")
    assert "of the 25 headline measures" in main(director)
    assert re.search("Late since|Not written yet", main(director))
    reads_well(director)
    director.get_by_role("link", name="Social workers from an agency").click()
    director.get_by_label("Who leads this measure?").select_option(label="Farida Quill, Head of service")
    director.get_by_role("button", name="Name the lead").click()
    assert "Farida Quill" in director.locator(".los-side").inner_text()
    reads_well(director)


def writes(lead, said, reads_well):
    """The lead leaves one line out, is told so, and writes all three."""
    lead.goto("/lines/WF03/")
    button = lead.get_by_role("button", name=re.compile("Keep the"))
    lead.get_by_label("Why?").fill("")
    button.click()
    assert "There is a problem" in main(lead)
    reads_well(lead)
    lead.get_by_label("What changed?").fill("Nothing beyond what is usual.")
    lead.get_by_label("Why?").fill(said)
    lead.get_by_label("What next?").fill("I look again with the next extract.")
    button.click()
    assert "The three lines are kept." in lead.locator("body").inner_text()
    assert said in main(lead)
    reads_well(lead)


def reads_and_releases(director, said, text, reads_well):
    """The Director reads them on the measure's page, and releases a text without the small number."""
    director.goto("/measures/")
    reads_well(director)
    director.get_by_role("link", name="Social workers from an agency").click()
    assert said in main(director)
    reads_well(director)
    director.get_by_role("link", name="Its lines and its lead").click()
    director.get_by_label("Text for the Lead Member").fill("Only three posts are covered by agency workers.")
    director.get_by_role("button", name="Release it").click()
    assert "“three” is a number so small" in main(director)
    reads_well(director)
    director.get_by_label("Text for the Lead Member").fill(text)
    director.get_by_role("button", name="Release it").click()
    assert "next pack holds it" in director.locator("body").inner_text()
    assert text in main(director)


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, True), (1280, False)])
def test_a_lead_writes_three_lines_and_the_director_releases_a_text(
    new_page, sign_in, assert_reads_well, complaints, width, scripts
):
    reads_well = assert_reads_well if scripts else lambda page: None
    said = f"{WHY} ({width}, {'with' if scripts else 'without'} scripts)"
    director, lead, member = (new_page(width, scripts=scripts) for _ in range(3))
    sign_in(director, "dcs")
    names_the_lead(director, reads_well)
    sign_in(lead, "head-of-service")
    writes(lead, said, reads_well)
    reads_and_releases(director, said, f"Cover came late; it is agreed now. ({width}{scripts})", reads_well)
    sign_in(member, "lead-member")
    complaints.expected.append("403")
    assert member.goto("/lines/").status == 403
    member.goto("/measures/WF03/")
    assert said not in main(member)


def test_every_measure_is_behind_a_link(new_page, sign_in, assert_reads_well):
    for width in (1280, 320):
        page = new_page(width)
        sign_in(page, "dcs")
        page.goto("/measures/")
        assert page.locator("a[href*='/measures/CP20/']").count() == 0
        page.get_by_role("link", name="Every measure, all").click()
        assert page.locator("a[href*='/measures/CP20/']").count() == 1
        assert_reads_well(page)
