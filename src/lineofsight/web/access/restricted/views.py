"""The page of restricted records: how many there are and why, and those one is named for oneself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lineofsight.errors import PlainError
from lineofsight.web.access.house import home_in_use, keys_in_use
from lineofsight.web.access.restricted import actions, queries
from lineofsight.web.access.restricted.forms import NameByNumberForm
from lineofsight.web.access.viewer import viewer_of


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """How many records are restricted, those this viewer is named for, and naming a person by the child's number."""
    viewer = viewer_of(request)
    if request.method == "POST":
        actions.check_restrict(viewer)
    form = NameByNumberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["case_id"].strip()
        key = keys_in_use().child_key(home_in_use().authority, number)
        try:
            actions.name_person(by=viewer, child_key=key, person=form.named())
        except PlainError as refused:
            form.add_error("case_id", str(refused))
        else:
            messages.success(request, f"{form.named().name} is named for that record from now on.")
            return redirect("access:restricted")
    context = {"page": queries.restricted_page(viewer), "form": form}
    return render(request, "access/restricted/page.html", context)
