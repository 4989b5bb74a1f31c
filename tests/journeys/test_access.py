"""Signing in as each office, what each sees of people and the log, by mouse and by keyboard, wide and narrow."""

import pytest

from lineofsight.web.access.offices import offices


@pytest.mark.parametrize("width", [1280, 320])
def test_the_sign_in_page_reads_well_with_and_without_scripts(new_page, assert_reads_well, width):
    page = new_page(width)
    page.goto("/sign-in")
    assert_reads_well(page)
    assert page.locator('button[name="office"]').count() == len(offices())
    plain = new_page(width, scripts=False)
    plain.goto("/sign-in")
    plain.locator('button[value="dcs"]').click()
    assert "Director of Children’s Services" in plain.locator("header").inner_text()


# Those whose first page is read on a telephone, or holds the most.
NARROW = ("dcs", "lead-member", "team-manager", "administrator")


@pytest.mark.parametrize(("office", "width"), [(slug, 1280) for slug in offices()] + [(slug, 320) for slug in NARROW])
def test_every_office_signs_in_to_a_first_page_that_reads_well(new_page, sign_in, assert_reads_well, office, width):
    page = new_page(width)
    sign_in(page, office)
    assert offices()[office].title in page.locator("header").inner_text()
    assert_reads_well(page)


def _menu(page, words):
    return page.get_by_role("navigation", name="Menu").get_by_role("link", name=words)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_administrator_ends_an_office_after_being_asked(new_page, sign_in, assert_reads_well, width):
    page = new_page(width)
    sign_in(page, "administrator")
    _menu(page, "People and offices").click()
    assert_reads_well(page)
    page.get_by_text("What it may do: Chief Executive").click()
    page.get_by_role("link", name="End the office of Chief Executive").first.click()
    assert_reads_well(page)
    page.get_by_role("link", name="Leave it as it is").click()
    assert page.url.endswith("/access/offices/")


@pytest.mark.parametrize("width", [1280, 320])
def test_information_governance_finds_who_looked(new_page, sign_in, assert_reads_well, width):
    director = new_page(width)
    sign_in(director, "dcs")
    page = new_page(width)
    sign_in(page, "information-governance")
    _menu(page, "Who looked at what").click()
    assert_reads_well(page)
    page.locator("main").get_by_role("link", name="The log", exact=True).click()
    page.get_by_label("What was done").select_option("session.began")
    page.get_by_role("button", name="Show").click()
    assert "action=session.began" in page.url
    assert "Director of Children’s Services" in page.locator("table").inner_text()
    assert_reads_well(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_refused_page_and_a_page_that_is_not_there_read_well(new_page, sign_in, assert_reads_well, complaints, width):
    complaints.expected += ["status of 403", "status of 404"]
    page = new_page(width)
    sign_in(page, "lead-member")
    page.goto("/access/log/")
    assert "You need permission to see who looked at what" in page.locator("main").inner_text()
    assert "Information governance" in page.locator("main").inner_text()
    assert_reads_well(page)
    page.goto("/no/such/page/")
    assert_reads_well(page)


def test_the_keyboard_alone_signs_in_and_out(wide_page):
    wide_page.goto("/sign-in")
    wide_page.keyboard.press("Tab")
    assert wide_page.evaluate("document.activeElement.textContent") == "Skip to main content"
    wide_page.keyboard.press("Enter")
    wide_page.keyboard.press("Tab")
    assert wide_page.evaluate("document.activeElement.value") == "dcs"
    wide_page.keyboard.press("Enter")
    wide_page.wait_for_url("**/")
    for _ in range(10):
        if wide_page.evaluate("document.activeElement.textContent.trim()") == "Sign out":
            break
        wide_page.keyboard.press("Tab")
    wide_page.keyboard.press("Enter")
    wide_page.wait_for_url("**/sign-in")
    assert "You are signed out." in wide_page.locator("main").inner_text()


def test_another_site_cannot_sign_the_browser_in(new_page, site, complaints):
    complaints.expected += ["status of 404"]
    page = new_page()
    form = f"<form method=post action='{site.address}/demo/sign-in'><input name=office value=dcs><button>Go</button>"
    page.route("http://elsewhere.example/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://elsewhere.example/")
    page.get_by_role("button", name="Go").click()
    page.wait_for_url("**/demo/sign-in")
    assert "There is no such page" in page.content()
    page.goto(f"{site.address}/")
    assert page.url.endswith("/sign-in?next=/")
