"""An administrator looks after how somebody signs in; a page left open clears itself. Wide and narrow."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from lineofsight import clock

NEW = "three quiet umbrellas in fog"


def _person(page, sign_in, slug):
    """The administrator goes from the offices to the one person who holds an office."""
    sign_in(page, "administrator")
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="People and offices").click()
    page.locator(f'article[aria-labelledby="{slug}"] .los-holders a').first.click()
    assert "/access/people/" in page.url


def _set_up_an_app(page):
    """Somebody adds an authenticator app, as a person would with the secret shown as text."""
    page.goto("/account/second-factor/app/")
    secret = page.locator("main code, main .los-secret").first.inner_text().replace(" ", "").replace("\n", "")
    code = format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))
    page.get_by_role("textbox", name="Code").fill(code)
    page.locator("main").get_by_role("button").first.click()
    page.get_by_role("heading", name="Your authenticator app is set up").wait_for()


@pytest.mark.parametrize(("width", "slug"), [(1280, "lado"), (320, "psw")])
def test_a_person_is_signed_out_loses_a_lost_app_and_gets_a_link_and_is_told(
    new_page, sign_in, assert_reads_well, width, slug
):
    theirs = new_page(width)
    sign_in(theirs, slug)
    _set_up_an_app(theirs)
    page = new_page(width)
    _person(page, sign_in, slug)
    assert_reads_well(page)
    main = page.locator("main")
    assert "Chrome on Linux" in main.inner_text() and "Authenticator app" in main.inner_text()
    name = page.locator("h1").inner_text()

    page.get_by_role("button", name="Sign them out everywhere").click()
    assert f"{name} is signed out everywhere." in main.inner_text()
    assert "They are signed in nowhere." in main.inner_text()
    theirs.goto("/account/")
    assert "/sign-in?" in theirs.url

    page.get_by_role("link", name="Give a link").click()
    assert_reads_well(page)
    page.get_by_role("button", name="Make the link").click()
    assert_reads_well(page)
    address = page.get_by_label("The address, shown this once").input_value()
    theirs.goto(address)
    assert_reads_well(theirs)
    theirs.get_by_label("Choose a password").fill("Password1234")
    theirs.get_by_label("Type it again").fill("Password1234")
    theirs.get_by_role("button", name="Keep it").click()
    assert "too common" in theirs.locator("main").inner_text()
    assert_reads_well(theirs)
    theirs.get_by_label("Choose a password").fill(NEW)
    theirs.get_by_label("Type it again").fill(NEW)
    theirs.get_by_role("button", name="Keep it").click()
    assert "Your new password is kept." in theirs.locator("main").inner_text()

    sign_in(theirs, slug)
    told = theirs.locator("main").inner_text()
    assert "An administrator signed you out everywhere on" in told and "Your password was changed on" in told
    assert_reads_well(theirs)
    theirs.get_by_role("button", name="I have read this").click()
    assert "signed you out everywhere" not in theirs.locator("main").inner_text()

    page.get_by_role("link", name=name).click()
    assert "so another administrator takes a second step away" in main.inner_text()
    assert page.get_by_role("link", name="Take away").count() == 0
    assert_reads_well(page)


@pytest.mark.parametrize(("width", "slug"), [(1280, "qa-manager"), (320, "partnership-manager")])
def test_a_lost_app_is_taken_away_for_a_reason_and_on_proof(new_page, sign_in, assert_reads_well, width, slug):
    theirs = new_page(width)
    sign_in(theirs, slug)
    _set_up_an_app(theirs)
    page = new_page(width)
    _person(page, sign_in, slug)
    page.get_by_role("link", name="Take away").click()
    assert_reads_well(page)
    page.get_by_role("button", name="Take it away").click()
    assert "Say how they showed who they are." in page.locator("main").inner_text()
    assert_reads_well(page)
    page.get_by_label("Why is it taken away?").fill("Their telephone was stolen on Tuesday.")
    page.get_by_label("They came in person with their staff pass").check()
    page.get_by_label("What did you look at").fill("Staff pass 4471, seen in the office.")
    page.get_by_role("button", name="Take it away").click()
    assert "None is set up" in page.locator("main").inner_text()
    assert "stolen" not in page.content()
    assert_reads_well(page)
    sign_in(theirs, slug)
    theirs.goto("/account/")
    assert "An administrator removed your authenticator app on" in theirs.locator("main").inner_text()
    assert_reads_well(theirs)


@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_left_open_for_half_an_hour_clears_itself_without_the_server(
    new_page, sign_in, assert_reads_well, width
):
    page = new_page(width)
    sign_in(page, "dcs")
    page.clock.install()
    page.goto("/measures/")
    page.clock.fast_forward("29:00")
    assert page.get_by_role("navigation", name="Menu").count() == 1
    page.context.set_offline(True)
    page.clock.fast_forward("02:00")
    page.get_by_role("heading", name="You were signed out").wait_for()
    assert page.locator("nav, table, header").count() == 0 and "Signed out" in page.title()
    assert_reads_well(page)


def test_signing_out_clears_every_other_page_of_the_browser_and_use_of_one_keeps_the_others(new_page, sign_in):
    page = new_page()
    sign_in(page, "dcs")
    other = page.context.new_page()
    other.clock.install()
    other.goto("/measures/")
    other.clock.fast_forward("29:00")
    page.goto("/records/")
    other.wait_for_timeout(200)
    other.clock.fast_forward("02:00")
    assert other.get_by_role("navigation", name="Menu").count() == 1
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert "You are signed out." in page.locator("main").inner_text()
    other.get_by_role("heading", name="You were signed out").wait_for()
    assert other.locator("nav, table").count() == 0
