"""Whether the sign-in of a demonstration exists for this request (DESIGN 5 Q)."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.request import split_domain_port

from lineofsight.errors import PlainError
from lineofsight.web.access.house import home_in_use

# Any of these means that the peer is not the browser.
FORWARDING = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_SERVER",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_CF_CONNECTING_IP",
    "HTTP_TRUE_CLIENT_IP",
)


def is_demo(request: HttpRequest) -> bool:
    """True in the process that `lineofsight demo` started, in a demo home, for a browser on the same machine.

    Each condition is needed: the process's mark, the home's mark, a loopback peer, a loopback host, no
    forwarding header, and, where the browser says where the request came from, this very site.
    """
    return (
        in_demonstration()
        and _loopback(request.META.get("REMOTE_ADDR", ""))
        and _loopback(split_domain_port(request.META.get("HTTP_HOST", ""))[0].strip("[]"))
        and not any(header in request.META for header in FORWARDING)
        and _from_here(request)
    )


def in_demonstration() -> bool:
    """True in the process that `lineofsight demo` started, in a home marked as a demonstration when it was made."""
    try:
        return os.environ.get("LINEOFSIGHT_DEMO_SERVE") == "1" and home_in_use().demo
    except PlainError:
        return False


def _loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _from_here(request: HttpRequest) -> bool:
    """No other site's page may sign the browser in: Origin and Sec-Fetch-Site, where sent, must be ours."""
    origin = request.META.get("HTTP_ORIGIN")
    if origin is not None and urlsplit(origin).netloc != request.META.get("HTTP_HOST"):
        return False
    return request.META.get("HTTP_SEC_FETCH_SITE", "none") in ("same-origin", "none")
