"""Pages of a child who waits for a social worker: safeguards, letters; and the alert to the partnership."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lineofsight.cases.safeguards import letters, safeguards
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.practice import permissions
from lineofsight.web.practice.actions import alerts as alert_actions
from lineofsight.web.practice.actions import safeguards as actions
from lineofsight.web.practice.owed_views import performed, whole_number
from lineofsight.web.practice.queries import alerts, episodes, letter_draft
from lineofsight.web.practice.views import answers_when_loaded, loaded
from lineofsight.web.practice.work_forms import AlertForm, LetterForm, SafeguardForm, SentForm


@loaded
def wait(request: HttpRequest, key: str) -> HttpResponse:
    """One child who waits, or waited: every safeguard with what was done of it, and a form each."""
    return _page(request, key)


@require_POST
@answers_when_loaded
def record(request: HttpRequest, key: str, safeguard: str) -> HttpResponse:
    """Record that one safeguard was done."""
    one = safeguards().get(safeguard)
    if one is None:
        raise Http404
    viewer, form = viewer_of(request), SafeguardForm(request.POST, safeguard=one)
    permissions.check_record_safeguard(viewer)

    def act() -> None:
        actions.record_safeguard(by=viewer, key=key, safeguard=safeguard, told=form.told())

    if form.is_valid() and performed(form, act):
        messages.success(request, f"Recorded: {one.title[:1].lower()}{one.title[1:]}.")
        return redirect(f"{reverse('practice:wait', args=[key])}#{safeguard}")
    return _page(request, key, wrong=form)


@require_POST
@answers_when_loaded
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Take back one record of a safeguard."""
    actions.take_back(by=viewer_of(request), key=key, done=whole_number(request.POST.get("done", "")))
    messages.success(request, "That record is taken back. It stays on the page, and counts no more.")
    return redirect("practice:wait", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_when_loaded
def letter(request: HttpRequest, key: str, letter: str) -> HttpResponse:
    """Draft one letter: a form, and then a page to print or to copy. Nothing typed here is kept."""
    if letter not in letters():
        raise Http404
    form = LetterForm(request.POST if request.method == "POST" else None)
    filled = form.cleaned_data if request.method == "POST" and form.is_valid() else None
    found = letter_draft.draft(viewer_of(request), key, letter, filled)
    return render(request, "practice/letter.html", {"found": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@answers_when_loaded
def alert(request: HttpRequest) -> HttpResponse:
    """The alert to the partnership: the rule, the draft, and the form that says it was sent."""
    viewer = viewer_of(request)
    page = alerts.alert_page(viewer)
    form = AlertForm(request.POST if request.method == "POST" else None, initial={"text": page.text})
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            alert_actions.save_draft(by=viewer, text=form.cleaned_data["text"])

        if performed(form, act):
            messages.success(request, "The text is kept. Send it yourself, then say here that it was sent.")
            return redirect("practice:alert")
    return _alert_page(request, viewer, form=form)


@require_POST
@answers_when_loaded
def alert_sent(request: HttpRequest) -> HttpResponse:
    """Somebody says that the alert was sent."""
    viewer, form = viewer_of(request), SentForm(request.POST)

    def act() -> None:
        given = form.cleaned_data
        alert_actions.mark_sent(
            by=viewer, sent_on=given["sent_on"], recipients=given["recipients"], reference=given["reference"]
        )

    if form.is_valid() and performed(form, act):
        messages.success(request, "It is on record that the alert was sent.")
        return redirect("practice:alert")
    return _alert_page(request, viewer, sent_form=form)


def _page(request: HttpRequest, key: str, *, wrong: SafeguardForm | None = None) -> HttpResponse:
    viewer = viewer_of(request)
    found = episodes.wait(viewer, key)
    forms = [wrong if wrong and wrong.prefix == one.safeguard.key else _form(one, viewer) for one in found.owing]
    parts = list(zip(found.owing, forms, strict=True))
    return render(request, "practice/wait.html", {"found": found, "parts": parts, "wrong": wrong})


def _form(one: episodes.Owing, viewer: Viewer) -> SafeguardForm:
    return SafeguardForm(safeguard=one.safeguard, initial={"done_by": viewer.person_name})


def _alert_page(
    request: HttpRequest, viewer: Viewer, *, form: AlertForm | None = None, sent_form: SentForm | None = None
) -> HttpResponse:
    page = alerts.alert_page(viewer)
    context: dict[str, Any] = {
        "page": page,
        "form": form or AlertForm(initial={"text": page.text}),
        "sent_form": sent_form or SentForm(),
        "wrong": next((one for one in (form, sent_form) if one is not None and one.errors), None),
    }
    return render(request, "practice/alert.html", context)
