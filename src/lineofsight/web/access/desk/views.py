"""Pages of the desk of information governance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from lineofsight.web.access.desk import queries
from lineofsight.web.access.desk.forms import LogFilterForm
from lineofsight.web.access.viewer import viewer_of


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Who looked at what, newest first."""
    viewer = viewer_of(request)
    person, action, before = (request.GET.get(name, "") for name in ("person", "action", "before"))
    page = queries.log_page(viewer, person=person, action=action, before=int(before) if before.isdecimal() else None)
    form = LogFilterForm({"person": person, "action": action}, people=page.people, actions=page.actions)
    context = {"page": page, "form": form, "person": person, "action": action, "begun": bool(before)}
    return render(request, "access/desk/log.html", context)
