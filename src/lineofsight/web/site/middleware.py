"""What stands around every page: headers, how long a session lasts, plain answers to what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, reverse

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.lake.sealed import Altered
from lineofsight.web.access.chain import LogUnavailable
from lineofsight.web.access.identity import actions, gate
from lineofsight.web.access.identity.views import cleared
from lineofsight.web.access.pace import TooFast
from lineofsight.web.access.permissions import Refused
from lineofsight.web.site import errors

Answer = Callable[[HttpRequest], HttpResponse]

# A browser is told that no page here needs any of these.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)
# The session is written at most this often to say it is still used.
SEEN_EVERY = timedelta(seconds=60)


def headers(answer: Answer) -> Answer:
    """Every page: nothing of it is kept by browser or proxy, nobody frames it, no device is asked for."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response

    return with_headers


def session_times(answer: Answer) -> Answer:
    """Signed out after 30 minutes without use, and after 12 hours whatever the use (ASVS 7.3.1, 7.3.2)."""

    def within_times(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return answer(request)
        now = clock.now()
        began, seen = (_moment(request, name) for name in (actions.BEGAN, actions.SEEN))
        idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
        longest = timedelta(hours=settings.SESSION_LONGEST_HOURS)
        if began is None or seen is None or now - began >= longest or now - seen >= idle:
            try:
                actions.end_session(request, why="timed out")
            except LogUnavailable:
                return errors.log_unavailable(request)
            messages.info(request, "You were signed out because the page was not used, or the day was over.")
            return cleared(redirect(settings.LOGIN_URL))
        if now - seen >= SEEN_EVERY:
            request.session[actions.SEEN] = now.isoformat()
        return answer(request)

    return within_times


class SecondFactor:
    """No page opens before the second factor that somebody's offices ask for is given, or set up (ASVS 6.3.3)."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Answer, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Where to go first; None lets the page open."""
        lacks = gate.wanting(request)
        if gate.opens(view, lacks):
            return None
        place = "access:sign-in-code" if lacks == "give" else "access:account-second-factor"
        onward = request.get_full_path() if request.method == "GET" else "/"
        return redirect(f"{reverse(place)}?{urlencode({'next': onward})}")


class PlainAnswers:
    """Turns what the rooms raise into a page in plain English. Nothing of a half-made page is shown.

    A page that was read just as a redaction put a snapshot's successor in its place is made once more.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for an exception of ours; None leaves any other to Django."""
        if isinstance(exception, Altered) and request.method in ("GET", "HEAD") and request.resolver_match:
            return self._once_more(request, request.resolver_match)
        return self._said(request, exception)

    def _once_more(self, request: HttpRequest, asked: ResolverMatch) -> HttpResponse | None:
        """The page, made again from what the lake holds by now; where that is altered too, what is wrong with it."""
        try:
            return cast(HttpResponse, asked.func(request, *asked.args, **asked.kwargs))
        except Exception as again:
            if (said := self._said(request, again)) is None:
                raise
            return said

    def _said(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        if isinstance(exception, LogUnavailable):
            return errors.log_unavailable(request)
        if isinstance(exception, TooFast):
            return errors.too_fast(request, exception)
        if isinstance(exception, PlainError):
            return errors.could_not(request, exception)
        return None


def _moment(request: HttpRequest, name: str) -> datetime | None:
    text = request.session.get(name)
    return datetime.fromisoformat(text) if text else None
