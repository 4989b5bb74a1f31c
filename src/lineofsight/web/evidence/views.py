"""The thread of one thing: who saw it and what they did, and what it rests on down to the children."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lineofsight.web.access.permissions import Capability, check_any
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence import thread as threads
from lineofsight.web.evidence.picture import draw


@require_GET
def thread(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One thread, as this viewer may see it. What nobody knows and what they may not see are both no page."""
    viewer = viewer_of(request)
    check_any(viewer, Capability.SEE_MEASURES, Capability.SEE_RECORDS)
    lasting = resolvers.lasting_key(viewer, kind, key)
    if lasting is None:
        raise Http404
    here = threads.here(viewer, kind, lasting)
    if not here.visible:
        raise Http404
    up, down = threads.up(viewer, kind, lasting), threads.down(viewer, kind, lasting)
    context = {"here": here, "up": up, "down": down, "picture": draw(here, up, down)}
    return render(request, "evidence/thread.html", context)
