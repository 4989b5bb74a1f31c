"""Pages of people and the offices they hold."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight.web.access.appointing import actions, queries
from lineofsight.web.access.viewer import viewer_of


@require_GET
def offices_page(request: HttpRequest) -> HttpResponse:
    """People and offices."""
    viewer = viewer_of(request)
    rows = queries.offices_page(viewer)
    grouped = groupby(rows, key=lambda row: row.office.group)
    context = {
        "groups": [(group, list(some)) for group, some in grouped],
        "empty": sum(1 for row in rows if not row.holders),
        "count": len(rows),
        "without": queries.people_without_office(viewer),
        "me": viewer.person_key,
    }
    return render(request, "access/appointing/offices.html", context)


@require_http_methods(["GET", "POST"])
def end_office(request: HttpRequest, holding_id: int) -> HttpResponse:
    """Ask, then end one person's office now."""
    viewer = viewer_of(request)
    holding = queries.holding_to_end(viewer, holding_id)
    if holding is None:
        raise Http404
    if request.method == "POST":
        actions.end_office(by=viewer, holding=holding)
        messages.success(request, f"{holding.person.name} no longer holds the office of {holding.title}.")
        return redirect("access:offices")
    return render(request, "access/appointing/end_office.html", {"holding": holding})
