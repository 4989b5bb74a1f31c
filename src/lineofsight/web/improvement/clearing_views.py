"""The page of words that wait to be read again, before offices that see no child by name may read them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.improvement.actions import clearing as writers
from lineofsight.web.improvement.actions.clearing import Read
from lineofsight.web.improvement.answering import done, key_of
from lineofsight.web.improvement.queries.clearing import Waiting, cleared_lately, to_clear
from lineofsight.web.improvement.queries.one_action import get_action
from lineofsight.web.improvement.queries.plans import get_plan

BETWEEN = "|"


@require_http_methods(["GET", "POST"])
def clear(request: HttpRequest) -> HttpResponse:
    """The texts that wait, of all or of one action, plan or finding: tick those read, and they are cleared. With
    `show=cleared` those that were cleared last, each to be taken back."""
    viewer = viewer_of(request)
    narrowed = _narrowed(request, viewer)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if "back" in request.POST and (answer := _taken_back(request, viewer, form)):
        return answer
    if request.GET.get("show") == "cleared":
        return render(request, "improvement/cleared.html", {"lately": cleared_lately(viewer, **narrowed), "form": form})
    ticked = request.POST.getlist("read")
    if request.method == "POST" and "back" not in request.POST:
        read = [_read(one) for one in ticked]
        form.is_valid()
        if done(form, lambda: writers.clear(by=viewer, read=read)):
            messages.success(request, "What you read is cleared: every office that sees this room may read it now.")
            return redirect(_back(request))
    found = to_clear(viewer, **narrowed)
    boxes = [(one, _box(one), _box(one) in ticked) for one in found.texts]
    return render(request, "improvement/clear.html", {"found": found, "boxes": boxes, "form": form})


def _taken_back(request: HttpRequest, viewer: Viewer, form: forms.Form) -> HttpResponse | None:
    """Back to the page once the text is taken back; None where that is refused, which then stands on the form."""
    back = _read(request.POST["back"])
    form.is_valid()
    if not done(form, lambda: writers.take_back(by=viewer, kind=back.kind, key=back.key)):
        return None
    messages.success(request, "It is taken back: offices that see no child by name no longer read it.")
    return redirect(_back(request))


def _narrowed(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """Of which action or plan the address asks."""
    if action := key_of(request.GET.get("action", "")):
        return {"action": get_action(viewer, action)}
    if plan := key_of(request.GET.get("plan", "")):
        return {"plan": get_plan(viewer, plan)}
    return {}


def _box(one: Waiting) -> str:
    """What a text's box sends back."""
    return BETWEEN.join((one.kind, one.key, one.mark))


def _read(text: str) -> Read:
    """What stands in one box: of what kind, which, and the mark of what was read. Nonsense is nothing that is there."""
    kind, _, rest = text.partition(BETWEEN)
    key, _, mark = rest.partition(BETWEEN)
    return Read(kind, key, mark)


def _back(request: HttpRequest) -> str:
    finding = key_of(request.POST.get("finding", ""))
    if finding:
        return reverse("improvement:finding", args=[finding])
    return request.get_full_path() if request.GET else reverse("improvement:clear")
