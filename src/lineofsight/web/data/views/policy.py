"""The rules in force: timescales and thresholds."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.data import wanted
from lineofsight.web.data.actions import changes as actions
from lineofsight.web.data.changes_forms import RuleForm
from lineofsight.web.data.permissions import check_change, may_change
from lineofsight.web.data.queries import changes, policy


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Every rule in force, law first."""
    viewer = viewer_of(request)
    told = {"groups": policy.listed(viewer), "kept": changes.kept(viewer, wanted.RULE), "changes": may_change(viewer)}
    return render(request, "data/policy.html", told)


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """Give one rule a number of this authority's own; what that would do is shown before it is saved."""
    viewer = viewer_of(request)
    check_change(viewer)
    found = policy.one(viewer, key)
    if not found.changeable:
        raise Http404
    form = RuleForm(request.POST if request.method == "POST" else None, initial={"since": clock.today()})
    if form.is_valid():
        given = form.cleaned_data
        told = {
            "key": found.key,
            "unit": found.unit,
            "number": given["number"],
            "since": given["since"].isoformat(),
            "source": given["source"].strip(),
        }
        try:
            made = actions.ask(by=viewer, what=wanted.RULE, told=told)
            return redirect("data:change", key=made.key)
        except PlainError as refused:
            form.add_error("number", str(refused))
    return render(request, "data/rule.html", {"rule": found, "form": form})
