"""Pages of many actions: the list, those in exception, one's own, and who is to be asked for word."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight.web.access.paging import pages
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.improvement import permissions
from lineofsight.web.improvement.actions import chasing as writers
from lineofsight.web.improvement.actions_forms import SayForm
from lineofsight.web.improvement.answering import day_of, done, key_of, number_of
from lineofsight.web.improvement.queries import actions as lists
from lineofsight.web.improvement.queries import chasing
from lineofsight.web.improvement.queries import exceptions as exceptional
from lineofsight.web.improvement.queries import mine as owned
from lineofsight.web.improvement.queries.actions import Asked

OWNERS, UNOWNED = 10, 30  # owners a page of letters, and actions that nobody is named for


@require_GET
def actions(request: HttpRequest) -> HttpResponse:
    """The list of actions; who sees no more than their own goes there."""
    viewer = viewer_of(request)
    if not permissions.may_see(viewer) and permissions.may_own(viewer):
        return redirect("improvement:mine")
    asked = Asked(
        plan=key_of(request.GET.get("plan", "")),
        colour=request.GET.get("colour", ""),
        owner=_row(request.GET.get("owner", "")),
        source=request.GET.get("source", ""),
        kind=request.GET.get("kind", ""),
        on=day_of(request.GET.get("on", "")),
        page=number_of(request.GET.get("page", "1")),
    )
    found = lists.actions_list(viewer, asked)
    narrowed = replace(asked, page=1) != Asked()
    return render(request, "improvement/actions.html", {"found": found, "narrowed": narrowed})


def _row(text: str) -> int | None:
    """The number of an owner's row in an address, None for nothing. Raises Http404 for anything else."""
    return number_of(text) if text else None


@require_GET
def exceptions(request: HttpRequest) -> HttpResponse:
    """The actions in exception, each kind with its first few."""
    viewer = viewer_of(request)
    plan, on = key_of(request.GET.get("plan", "")), day_of(request.GET.get("on", ""))
    return render(request, "improvement/exceptions.html", {"found": exceptional.exceptions(viewer, plan, on)})


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The actions that are the viewer's, with a box for each of which word is due."""
    found = owned.mine(viewer_of(request))
    due = [(one, SayForm(auto_id=f"id_{one.line.pk}_%s")) for one in found.due]
    rest = [one for one in found.rows if not one.due]
    return render(request, "improvement/mine.html", {"found": found, "due": due, "rest": rest})


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Who is to be asked for word and the letter that asks; a person sends it and says so here."""
    viewer = viewer_of(request)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        chosen = [number_of(one) for one in request.POST.getlist("owner")]
        form.is_valid()
        if done(form, lambda: writers.sent(by=viewer, owners=chosen)):
            messages.success(request, "It is on record that the letter was sent today.")
            return redirect(request.get_full_path())
    found, page = chasing.to_chase(viewer), number_of(request.GET.get("page", "1"))
    if page > pages(len(found.owners), OWNERS):
        raise Http404
    address = request.build_absolute_uri("/").rstrip("/")
    context = {
        "found": found,
        "letters": [(one, one.letter(address)) for one in found.owners[(page - 1) * OWNERS : page * OWNERS]],
        "unowned": found.unowned[:UNOWNED] if page == 1 else (),
        "newer": page - 1,
        "older": page + 1 if page < pages(len(found.owners), OWNERS) else None,
        "form": form,
    }
    return render(request, "improvement/ask.html", context)
