"""The front page: what was loaded, and when."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.data.queries import loads


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Every load, newest first."""
    return render(request, "data/front.html", {"loads": loads.listed(viewer_of(request))})
