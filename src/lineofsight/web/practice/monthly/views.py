"""Pages of the monthly cycle: who has written about which measure, and one measure's lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.practice.monthly import actions, permissions, queries
from lineofsight.web.practice.monthly.forms import LeadForm, LinesForm, TextForm
from lineofsight.web.practice.owed_views import performed, whole_number
from lineofsight.web.practice.views import answers_when_loaded

LINES = ("changed", "why", "next_steps")


@require_safe
@answers_when_loaded
def this_month(request: HttpRequest) -> HttpResponse:
    """This month's lines: a row a measure, with its lead, and when they wrote or since when they are late."""
    return render(request, "practice/monthly/list.html", {"found": queries.this_month(viewer_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@answers_when_loaded
def of_measure(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure's lines: its lead writes them here."""
    viewer = viewer_of(request)
    found = queries.page(viewer, measure)
    if request.method != "POST":
        return _page(request, found)
    permissions.check_write_lines(viewer, found.story.lead)
    form = LinesForm(request.POST)
    if form.is_valid() and performed(form, lambda: actions.write(by=viewer, measure=measure, told=form.told())):
        messages.success(request, "The three lines are kept.")
        return redirect("practice:lines-of", measure=measure)
    return _page(request, found, lines_form=form)


@require_POST
@answers_when_loaded
def name_lead(request: HttpRequest, measure: str) -> HttpResponse:
    """Say who leads the measure."""
    viewer = viewer_of(request)
    permissions.check_name_leads(viewer)
    found = queries.page(viewer, measure)
    form = LeadForm(request.POST, people=found.people)

    def act() -> None:
        actions.name_lead(by=viewer, measure=measure, holding=form.cleaned_data["lead"])

    return _acted(request, viewer, found, ("lead_form", form), act, "From now on they write its lines.")


@require_POST
@answers_when_loaded
def release(request: HttpRequest, measure: str) -> HttpResponse:
    """Release a text about the measure to the Lead Member."""
    viewer = viewer_of(request)
    permissions.check_release_lines(viewer)
    found, form = queries.page(viewer, measure), TextForm(request.POST)

    def act() -> None:
        actions.release(by=viewer, measure=measure, text=form.cleaned_data["text"])

    return _acted(request, viewer, found, ("text_form", form), act, "The Lead Member’s next pack holds it.")


@require_POST
@answers_when_loaded
def take_back(request: HttpRequest, measure: str) -> HttpResponse:
    """Take a released text back. Which one is sent, since the address names the measure alone."""
    viewer = viewer_of(request)
    try:
        actions.take_back(by=viewer, measure=measure, key=whole_number(request.POST.get("text", "")))
        messages.success(request, "No new pack holds it. A pack that was made keeps what it said.")
    except PlainError as refused:
        messages.error(request, str(refused))
    return redirect("practice:lines-of", measure=measure)


def _acted(
    request: HttpRequest,
    viewer: Viewer,
    found: queries.Page,
    named: tuple[str, forms.Form],
    act: Any,
    said: str,
) -> HttpResponse:
    """Do what a valid form asks and go back to the page; what is refused in plain words becomes an error on it."""
    name, form = named
    if form.is_valid() and performed(form, act):
        messages.success(request, said)
        return redirect("practice:lines-of", measure=found.story.measure.id)
    return _page(request, found, **{name: form})


def _page(request: HttpRequest, found: queries.Page, **given: forms.Form) -> HttpResponse:
    now = found.story.now
    initial = {name: getattr(now.lines, name) for name in LINES} if now else {}
    context: dict[str, Any] = {
        "found": found,
        "story": found.story,
        "lines_form": LinesForm(initial=initial),
        "lead_form": LeadForm(people=found.people),
        "text_form": TextForm(initial={"text": "\n".join(initial.values())}),
        "wrong": next(iter(given.values()), None),
        **given,
    }
    return render(request, "practice/monthly/measure.html", context)
