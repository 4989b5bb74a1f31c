"""One change of the rules: what it would do, and the answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.data.actions import changes as actions
from lineofsight.web.data.queries import changes


@require_GET
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a change says and would do, or how far that is."""
    found = changes.shown(viewer_of(request), key)
    part = request.headers.get("X-Part") == "progress"  # what progress.js asks for, to put in the place of the old
    return render(request, "data/parts/trying.html" if part else "data/change.html", {"found": found})


@require_POST
def save(request: HttpRequest, key: UUID) -> HttpResponse:
    """Keep a change."""
    try:
        actions.save(by=viewer_of(request), key=key)
        messages.success(request, "Saved. The figures are computed anew; those already computed stay as they are.")
    except PlainError as refused:
        messages.error(request, str(refused))
    return redirect("data:change", key=key)


@require_POST
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let a change go."""
    try:
        change = actions.drop(by=viewer_of(request), key=key)
    except PlainError as refused:
        messages.error(request, str(refused))
        return redirect("data:change", key=key)
    messages.success(request, "Nothing was changed.")
    return redirect(changes.back_of(change))
