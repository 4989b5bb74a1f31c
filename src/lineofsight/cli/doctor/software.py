"""Checks of the software and of how it is told to serve: versions against the lock file, hosts, TLS."""

import os
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import lineofsight
from lineofsight.cli.doctor.findings import Finding, Installation, look, ok, wrong

PYTHON = (3, 11)
LOCK = Path(lineofsight.__file__).parents[2] / "requirements" / "runtime.lock"
HOSTS, PROXY = "LINEOFSIGHT_HOSTS", "LINEOFSIGHT_BEHIND_TLS_PROXY"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
MOST_NAMED = 5
YEAR = 31_536_000


def python(at: Installation) -> Iterator[Finding]:
    """The Python it was locked and tested with."""
    found, wanted = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, PYTHON))
    if sys.version_info[:2] != PYTHON:
        yield wrong("python", f"This runs on Python {found}.", f"Make its environment with Python {wanted}: make env.")
    else:
        yield ok("python", f"Python {found}.")


def versions(at: Installation) -> Iterator[Finding]:
    """What is installed is what the lock file names."""
    if not LOCK.exists():
        yield look("versions", "There is no lock file beside the code to compare with.", "Install with make env.")
        return
    locked = dict(_PINNED.findall(LOCK.read_text()))
    other = [f"{name} {found or 'missing'} (locked {version})" for name, version in sorted(locked.items())
             if (found := _installed(name)) != version]  # fmt: skip
    if other:
        more = f" and {len(other) - MOST_NAMED} more" if len(other) > MOST_NAMED else ""
        says = f"Not as locked: {', '.join(other[:MOST_NAMED])}{more}."
        yield wrong("versions", says, "Install from the lock file: make env.")
    else:
        yield ok("versions", f"All {len(locked)} packages are as locked.")


def served_to(at: Installation) -> Iterator[Finding]:
    """Which hosts it answers to, and whether it knows that a proxy ends TLS; as this command's environment has it."""
    hosts = [host for host in os.environ.get(HOSTS, "").split(",") if host]
    behind = os.environ.get(PROXY)
    if at.home.demo:
        if hosts or behind:
            yield wrong(
                "served to",
                f"{HOSTS} or {PROXY} is set, and this home is a demonstration.",
                "Unset both: a demonstration is for this machine alone.",
            )
        else:
            yield ok("served to", "A demonstration, served to this machine alone.")
    elif behind not in (None, "", "0", "1"):
        yield wrong("served to", f"{PROXY} is neither 1 nor 0.", f"Set {PROXY}=1 where a proxy ends TLS, or unset it.")
    elif not hosts:
        yield look(
            "served to",
            "Only this machine can open it: no host is named.",
            f"Set {HOSTS} to its name on the network, the same here as where it is served.",
        )
    elif "*" in "".join(hosts) or any(host.startswith(".") for host in hosts):
        yield wrong("served to", f"{HOSTS} has a wildcard.", "Name each host in full.")
    elif behind != "1":
        yield look(
            "served to",
            f"It answers to {', '.join(hosts)} and does not know that a proxy ends TLS.",
            f"Put it behind a proxy with TLS that sets X-Forwarded-Proto itself, and set {PROXY}=1.",
        )
    else:
        yield ok("served to", f"It answers to {', '.join(hosts)}, behind a proxy that ends TLS.")


def debug(at: Installation) -> Iterator[Finding]:
    """Nobody is shown the inside of the code when something fails."""
    from django.conf import settings

    if settings.DEBUG:
        yield wrong("debug", "Debugging is on: pages that fail would show the inside.", "Unset what turned it on.")
    else:
        yield ok("debug", "Debugging is off.")


def transport(at: Installation) -> Iterator[Finding]:
    """Cookies travel over TLS only, browsers are told to stay with it, and no header is believed unasked."""
    from django.conf import settings

    amiss = []
    if not at.home.demo:
        if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
            amiss.append("cookies may travel without TLS")
        if settings.SECURE_HSTS_SECONDS < YEAR:
            amiss.append("browsers are not told to stay with TLS for a year")
    if settings.SECURE_PROXY_SSL_HEADER and os.environ.get(PROXY) != "1":
        amiss.append("a header is believed that nobody asked to believe")
    if amiss:
        yield wrong("transport", f"{'; '.join(amiss).capitalize()}.", "Put the settings back as they were shipped.")
    else:
        how = "a demonstration, without TLS" if at.home.demo else "cookies and pages over TLS only"
        yield ok("transport", f"As it should be: {how}.")


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
