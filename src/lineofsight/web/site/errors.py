"""Pages that say no, or that something went wrong: what happened, that nothing was lost, what to do next."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lineofsight.errors import PlainError
from lineofsight.web.access.chain import LogUnavailable
from lineofsight.web.access.identity import actions
from lineofsight.web.access.pace import TooFast
from lineofsight.web.access.permissions import Refused


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """403: which permission it needs and which offices hold it. The refusal itself goes into the log."""
    try:
        actions.note_refusal(request, refusal)
    except LogUnavailable:
        return log_unavailable(request)
    return render(request, "errors/refused.html", {"refusal": refusal}, status=403)


def log_unavailable(request: HttpRequest) -> HttpResponse:
    """503: the log of who sees what cannot be written, so nothing is shown."""
    return _plain(request, "errors/log_unavailable.html", 503)


def could_not(request: HttpRequest, error: PlainError) -> HttpResponse:
    """409: something could not be done, in the one plain sentence the error carries."""
    return render(request, "errors/could_not.html", {"sentence": str(error)}, status=409)


def too_fast(request: HttpRequest, error: TooFast) -> HttpResponse:
    """429: as often as it may be done in an hour, in the one plain sentence the error carries."""
    return render(request, "errors/could_not.html", {"sentence": str(error)}, status=429)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request made no sense."""
    return _plain(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, for what Django itself forbids."""
    if isinstance(exception, Refused):
        return refused(request, exception)
    return _plain(request, "errors/403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page, or not for this viewer; the two are not told apart."""
    try:
        return render(request, "errors/404.html", status=404)
    except (PlainError, DatabaseError):
        return _plain(request, "errors/404.html", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: something here went wrong."""
    return _plain(request, "errors/500.html", 500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was too old to be trusted, or came from another site."""
    return _plain(request, "errors/form_expired.html", 403)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """A page drawn without the request, so that whatever broke cannot break it as well."""
    return HttpResponse(_drawn(template), status=status)


def _drawn(template: str) -> str:
    from django.template.loader import render_to_string

    return render_to_string(template)
