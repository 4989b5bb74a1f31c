"""A real ceremony: Chromium's virtual authenticator makes a passkey and signs in with it, in a home that is no demo."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.journeys.conftest import Complaints, Site, _command, _environment, _heard, _wait_for

EMAIL, PASSWORD = "a.person@northmere.example", "a long phrase of one's own"


@pytest.fixture(scope="module")
def real_site(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A home of an authority, not a demonstration, with one administrator, served at localhost.

    A browser takes http://localhost for a safe place, so cookies that travel only over TLS, and passkeys, work there.
    """
    home = tmp_path_factory.mktemp("real") / "home"
    made = subprocess.run(
        [
            str(Path(_command()[0]).with_name("python")),
            "-c",
            "import sys; from pathlib import Path; from lineofsight.home import create_home; "
            "from lineofsight.keys import create_keys; "
            "create_keys(create_home(Path(sys.argv[1]), authority='306', authority_name='Northmere Council'))",
            str(home),
        ],
        env=_environment(),
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    person = ["person", "add", "--name", "A. Person", "--email", EMAIL, "--office", "administrator"]
    added = subprocess.run(
        _command(*person, "--password", PASSWORD, "--home", str(home)),
        env=_environment(),
        capture_output=True,
        text=True,
    )
    assert added.returncode == 0, added.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home.parent / "server.log"
    with log.open("w") as handle:
        server = subprocess.Popen(
            _command("serve", "--port", str(port), "--no-worker", "--home", str(home)),
            env=_environment(),
            stdout=handle,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}", server, log)
        yield Site(f"http://localhost:{port}", home)
    finally:
        server.terminate()
        try:
            server.wait(20)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
    assert "raised at:" not in log.read_text(), log.read_text()


@pytest.fixture
def open_page(browser, real_site, complaints: Complaints):
    """`open_page(width)`: a page of a fresh browser at the real site, watched as every journey is."""
    contexts = []

    def make(width=1280, *, scripts=True):
        context = browser.new_context(
            base_url=real_site.address,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _heard(complaints, page, message))
        page.on("pageerror", lambda error: complaints.said.append(f"{page.url}: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints.unexpected() == []


def _virtual_authenticator(page, *, verified=True):
    """A device beside the browser that holds passkeys and knows its owner's finger. Gives how to speak with it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": verified,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, made["authenticatorId"]


def _enter_password(page):
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_sign_in_pages_read_well(open_page, assert_reads_well, width):
    page = open_page(width)
    page.goto("/sign-in")
    assert_reads_well(page)
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert_reads_well(page)


def test_without_scripts_the_page_says_what_to_do_instead_of_a_passkey(open_page):
    page = open_page(scripts=False)
    page.goto("/sign-in")
    assert "scripts are off" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0


def test_a_passkey_is_set_up_and_signs_in_and_a_strange_one_does_not(open_page, assert_reads_well):
    page = open_page()
    device, authenticator = _virtual_authenticator(page)
    _enter_password(page)
    page.wait_for_url("**/account/second-factor/**")
    assert "Set up a second step before you go on" in page.locator("h1").inner_text()
    assert page.get_by_role("navigation", name="Menu").count() == 0
    assert_reads_well(page)
    page.goto("/access/offices/")
    assert "/account/second-factor/" in page.url

    page.get_by_role("button", name="Set up a passkey").click()
    assert_reads_well(page)
    page.get_by_label("What do you call it?").fill("the virtual one")
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("heading", name="Your passkey is set up").wait_for()
    assert page.locator(".los-codes li").count() == 10
    assert_reads_well(page)
    held = device.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert [(one["rpId"], one["isResidentCredential"]) for one in held] == [("localhost", True)]

    page.get_by_role("button", name="I have kept them: go on").click()
    page.get_by_role("link", name="Your account").click()
    assert "the virtual one" in page.locator("main").inner_text()
    assert_reads_well(page)
    page.set_viewport_size({"width": 320, "height": 900})
    assert_reads_well(page)
    page.get_by_role("button", name="Sign out", exact=True).first.click()

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="Your account").wait_for()
    page.get_by_role("button", name="Sign out", exact=True).first.click()

    # After the password the passkey is the second step.
    _enter_password(page)
    page.wait_for_url("**/sign-in/code")
    assert_reads_well(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("link", name="Your account").wait_for()
    page.get_by_role("button", name="Sign out", exact=True).first.click()

    # A device that could not tell whose finger it was gives no answer, and the page says so.
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    problem = page.get_by_text("The passkey was not used.")
    assert not problem.is_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    problem.wait_for()
    assert page.get_by_role("link", name="Your account").count() == 0


def test_an_app_is_set_up_with_a_picture_that_is_drawn_and_the_key_as_text(open_page, real_site, assert_reads_well):
    page = open_page(320)
    subprocess.run(
        _command(
            *("person", "add", "--name", "B. Person", "--email", "b.person@northmere.example"),
            *("--office", "administrator", "--password", PASSWORD, "--home", str(real_site.home)),
        ),
        env=_environment(),
        check=True,
        capture_output=True,
    )
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("b.person@northmere.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Set up an authenticator app").click()
    assert_reads_well(page)
    box = page.locator(".los-qr").bounding_box()
    assert box["width"] == box["height"] >= 200
    secret = page.locator("#secret").inner_text().replace(" ", "").replace("\n", "")
    page.get_by_label("Code", exact=True).fill(_code(secret))
    page.get_by_role("button", name="Set it up").click()
    assert page.locator(".los-codes li").count() == 10
    assert_reads_well(page)


def _code(secret: str) -> str:
    """What an app shows now for `secret` (RFC 6238), worked out here apart from the code under test."""
    import base64
    import hashlib
    import hmac
    import time

    counted = (int(time.time()) // 30).to_bytes(8, "big")
    mac = hmac.new(base64.b32decode(secret), counted, hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"
