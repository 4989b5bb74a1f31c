"""The first pages of those who lead a service or a team, work with children, and review plans: read, and acted from."""

import pytest

from lineofsight import clock

WIDTHS = [1280, 320]
FIRST = {
    "head-of-service": "My teams side by side",
    "team-manager": "By worker",
    "social-worker": "My children",
    "reviewing-officer": "Concerns I have raised",
}
# The demonstration's extract is weeks old; with this its age is within what policy allows.
STILL_FRESH = """
[[threshold]]
key = "extract.fresh"
number = 400
unit = "days"
kind = "local"
source = "This journey"
from = 2000-01-01
"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("office", FIRST)
def test_the_first_page_of_each_reads_well_while_it_is_no_work_to_do(
    new_page, sign_in, assert_reads_well, office, width
):
    page = new_page(width)
    sign_in(page, office)
    assert page.get_by_role("heading", name=FIRST[office]).count() == 1
    assert "This was true on" in page.locator("main").inner_text()
    assert page.get_by_role("link", name="Say done").count() == 0
    assert_reads_well(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_manager_says_done_what_a_worker_then_sees_said(new_page, own_site, assert_reads_well, width):
    (own_site.home / "policy.toml").write_text(STILL_FRESH)
    page = new_page(width)
    page.goto(f"{own_site.address}/sign-in")
    page.locator('button[name="office"][value="team-manager"]').click()
    page.wait_for_url("**/")
    assert_reads_well(page)
    page.get_by_role("link", name="Say done").first.click()
    page.wait_for_url("**/exceptions/*/#done")
    day = clock.today()
    page.get_by_label("When was it done?").fill(f"{day.day} {day:%B %Y}")
    page.get_by_label("reference").first.fill("Visit form 12")
    page.get_by_role("button", name="Say that it was done").click()
    assert "It is said to be done." in page.locator("main").inner_text()
    page.goto(f"{own_site.address}/")
    assert page.locator(".practice-line", has_text="Said done").count() > 0
    for office in ("head-of-service", "social-worker", "reviewing-officer"):
        page.goto(f"{own_site.address}/sign-in")
        page.locator(f'button[name="office"][value="{office}"]').click()
        page.wait_for_url("**/")
        assert_reads_well(page)
