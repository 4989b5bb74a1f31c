"""For every journey: a demonstration served by the real server, and a real browser that notices every complaint."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

CHILDREN, SEED, LIKE = 400, 7, "306"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
NO_BROWSER = "No Chromium was found on this machine, so this journey did not run. Set CHROMIUM to its path."
START_SECONDS = 90

# Playwright's own loop runs in this thread; Django must not take it for an asynchronous server.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session", autouse=True)
def whole_pages() -> Iterator[None]:
    """What is read of a page is read when the page has come: a click is over as soon as the next page begins."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("inner_text", "inner_html", "text_content", "count", "is_visible", "get_attribute"):
            patch.setattr(Locator, name, _when_it_has_come(getattr(Locator, name)))
        yield


def _when_it_has_come(read: Callable[..., Any]) -> Callable[..., Any]:
    def waited(locator: Locator, *given: Any, **named: Any) -> Any:
        locator.page.wait_for_load_state()
        return read(locator, *given, **named)

    return waited


def find_chromium() -> str | None:
    """The browser that CHROMIUM names, else the machine's own."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@dataclass(frozen=True)
class Site:
    """A demonstration that is being served: where, and from which home."""

    address: str
    home: Path


@dataclass
class Complaints:
    """What the browser said that it should not have. `expected` holds parts of what a test means to provoke."""

    said: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def unexpected(self) -> list[str]:
        """Everything said that no test meant to provoke."""
        return [one for one in self.said if not any(part in one for part in self.expected)]


def _command(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("lineofsight")), *arguments]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LINEOFSIGHT_")}


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, or a skip that says plainly that there is none."""
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("LINEOFSIGHT_REQUIRE_BROWSER") else pytest.skip)(NO_BROWSER)
    return path


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration authority, made as a person would make it, with few children: once for every process that
    drives a browser, each of which has a copy."""
    ours = tmp_path_factory.mktemp("demonstration")
    together = ours.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    made, done = together / "made-once", together / "made-once.done"
    with (together / "made-once.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            told = ("--children", str(CHILDREN), "--seed", str(SEED), "--home", str(made))
            ran = subprocess.run(
                _command("demo", "--no-serve", *told), env=_environment(), capture_output=True, text=True, timeout=600
            )
            assert ran.returncode == 0, ran.stderr
            done.touch()
        return _copied(made, ours / "home")


def _copied(home: Path, to: Path) -> Path:
    return shutil.copytree(home, to, ignore=shutil.ignore_patterns("*.unfinished*"))


@pytest.fixture(scope="session")
def site(chromium: str, demo_home: Path) -> Iterator[Site]:
    """The demonstration served by its own command (gunicorn and worker) until the last journey is over."""
    with served(demo_home) as found:
        yield found


@pytest.fixture
def own_site(chromium: str, demo_home: Path, tmp_path: Path) -> Iterator[Site]:
    """A demonstration of the journey's own, which it may change: a copy, served beside the other."""
    with served(_copied(demo_home, tmp_path / "home")) as found:
        yield found


@contextmanager
def served(home: Path) -> Iterator[Site]:
    """Serve `home` on a free port, and stop it afterwards; an error in its log fails the test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home.parent / "server.log"
    with log.open("w") as handle:
        server = subprocess.Popen(
            _command("demo", "--port", str(port), "--children", str(CHILDREN), "--home", str(home)),
            env=_environment(),
            stdout=handle,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server, log)
        yield Site(address, home)
    finally:
        server.terminate()
        try:
            server.wait(20)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
    assert "raised at:" not in log.read_text(), log.read_text()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The server did not answer within {START_SECONDS} seconds.\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def complaints() -> Complaints:
    """The browser's complaints of this test; add to `expected` what the test means to provoke."""
    return Complaints()


@pytest.fixture
def new_page(browser: Browser, site: Site, complaints: Complaints) -> Iterator[Callable[..., Page]]:
    """`new_page(width=1280, scripts=True)`: a page of a fresh browser, watched.

    The test fails on any console error, content-policy violation or uncaught script error it did not expect.
    """
    contexts = []

    def make(width: int = 1280, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale="en-GB",
            accept_downloads=True,
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


def _heard(complaints: Complaints, page: Page, message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        complaints.said.append(f"{page.url}: {message.text}")


@pytest.fixture
def wide_page(new_page: Callable[..., Page]) -> Page:
    """A page 1280 pixels wide."""
    return new_page(1280)


@pytest.fixture
def narrow_page(new_page: Callable[..., Page]) -> Page:
    """A page 320 pixels wide, the width that WCAG's reflow criterion names."""
    return new_page(320)


@pytest.fixture
def sign_in() -> Callable[[Page, str], None]:
    """`sign_in(page, "dcs")`: press the office's button as a person would."""

    def press(page: Page, office: str) -> None:
        page.goto("/sign-in")
        page.locator(f'button[name="office"][value="{office}"]').click()
        page.wait_for_url("**/")

    return press


@pytest.fixture
def assert_reads_well() -> Callable[[Page], None]:
    """Axe finds nothing, the page does not scroll sideways, and it has one first heading and a title of its own."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def check(page: Page) -> None:
        page.locator("main").wait_for()  # a page still on its way has nothing in it
        found = axe.run(page).response["violations"]
        assert [(one["id"], one["help"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found] == [], (
            page.url
        )
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
        assert page.locator("h1").count() == 1, page.url
        assert page.locator("h1").inner_text().strip(), page.url
        assert page.title().strip() not in ("", "Line of Sight"), page.url

    return check
