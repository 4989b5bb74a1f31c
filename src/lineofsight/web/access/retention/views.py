"""Pages of retention and of legal holds."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.permissions import Capability, check, may
from lineofsight.web.access.retention import actions, queries
from lineofsight.web.access.retention.classes import classes
from lineofsight.web.access.retention.forms import HoldForm
from lineofsight.web.access.viewer import viewer_of


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """How long things are kept."""
    viewer = viewer_of(request)
    context = {"page": queries.retention_page(viewer), "may_hold": may(viewer, Capability.HOLD_RECORDS)}
    return render(request, "access/retention/page.html", context)


@require_http_methods(["GET", "POST"])
def place_hold(request: HttpRequest) -> HttpResponse:
    """Keep something past its time."""
    viewer = viewer_of(request)
    check(viewer, Capability.HOLD_RECORDS)
    kinds = [(one.slug, one.title) for one in classes(home_in_use()).values() if one.done_by == "worker"]
    form = HoldForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        hold = actions.place_hold(by=viewer, **form.cleaned_data)
        messages.success(request, _placed(hold.child_key and queries.kept_by(viewer, hold)))
        return redirect("access:retention")
    return render(request, "access/retention/hold.html", {"form": form})


@require_http_methods(["GET", "POST"])
def lift_hold(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask, then lift a hold."""
    viewer = viewer_of(request)
    hold = queries.hold_to_lift(viewer, key)
    if hold is None:
        raise Http404
    if request.method == "POST":
        actions.lift_hold(by=viewer, hold=hold)
        messages.success(request, "The hold is lifted. What it kept is erased when its time is past.")
        return redirect("access:retention")
    return render(request, "access/retention/lift.html", {"hold": hold})


def _placed(entries: int | str) -> str:
    """What a hold keeps, said at once, so that a number typed wrong is seen."""
    if entries == "":
        return "The hold is in force. Nothing of that kind is erased until it is lifted."
    if not entries:
        return "The hold is in force. No entry of the log shows a child with that number yet: check the number."
    return f"The hold is in force. It keeps {entries:,} {'entry' if entries == 1 else 'entries'} of the log today."
