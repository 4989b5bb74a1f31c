"""Pages of findings: the list, one finding, and the forms by which somebody adds to it, closes it or opens it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lineofsight import clock
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.evidence import resolvers
from lineofsight.web.improvement import permissions
from lineofsight.web.improvement.actions import findings as writers
from lineofsight.web.improvement.answering import done, key_of, made_by, number_of, posted
from lineofsight.web.improvement.findings_forms import (
    CloseForm,
    FindingForm,
    RecommendationForm,
    ReopenForm,
    RepeatForm,
    ThemeForm,
)
from lineofsight.web.improvement.models import Finding
from lineofsight.web.improvement.queries import findings as lists
from lineofsight.web.improvement.queries.called import finding_called
from lineofsight.web.improvement.queries.findings import Wanted
from lineofsight.web.improvement.queries.one_finding import finding as one_finding
from lineofsight.web.improvement.queries.one_finding import get_finding


@dataclass(frozen=True)
class Asking:
    """What a form page of a finding says: its heading, the sentence under it, its button, and what follows."""

    heading: str
    lead: str
    button: str
    said: str


RECOMMEND = Asking(
    "What should change",
    "A recommendation says what should change, and which body says so.",
    "Add the recommendation",
    "The recommendation is added.",
)
CLOSE = Asking(
    "Close this finding",
    "It can be closed when each of its actions is closed on proof.",
    "Close the finding",
    "The finding is closed. If it is found again, it is shown beside the new one.",
)
REOPEN = Asking(
    "Open this finding again",
    "That it was closed, and why, stays in its history.",
    "Open it again",
    "The finding is open again.",
)
THEME = Asking(
    "What is this finding about?",
    "The themes that its words point to stand first, with the words that led to them. You decide.",
    "Confirm the theme",
    "The theme is confirmed.",
)


@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """The list of findings, and the themes that are found more often than before."""
    viewer = viewer_of(request)
    wanted = Wanted(*(request.GET.get(name, "") for name in ("source", "theme", "state")))
    found = lists.findings(viewer, wanted, number_of(request.GET.get("page", "1")))
    context = {"found": found, "themes": lists.themes_rising(viewer), "keeps": permissions.may_keep(viewer)}
    return render(request, "improvement/findings.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write down what was found; `kind` and `key` in the address say what it came out of."""
    viewer = viewer_of(request)
    permissions.check_keep(viewer)
    kind, key = request.GET.get("kind", ""), request.GET.get("key", "")
    form = FindingForm(posted(request), initial={"found_on": clock.today(), "source": request.GET.get("source", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = made_by(form, lambda: writers.raise_finding(by=viewer, from_kind=kind, from_key=key, **given))
        if made is not None:
            messages.success(request, "The finding is written down.")
            return redirect("improvement:finding", key=made.pk)
    lasting = resolvers.lasting_key(viewer, kind, key) if kind and key else None
    came_from = resolvers.resolve(viewer, kind, lasting) if lasting else None
    return render(request, "improvement/finding_new.html", {"form": form, "came_from": came_from})


@require_GET
def finding(request: HttpRequest, key: UUID) -> HttpResponse:
    """One finding: its words, what should change, what is done about it, and whether it came back."""
    return _page(request, viewer_of(request), key)


@require_http_methods(["GET", "POST"])
def recommend(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add what should change."""
    viewer = viewer_of(request)
    permissions.check_keep(viewer)
    form = RecommendationForm(posted(request), initial={"made_on": clock.today()})
    return _asked(
        request, key, form, RECOMMEND, lambda one: writers.recommend(by=viewer, finding=one, **form.cleaned_data)
    )


@require_http_methods(["GET", "POST"])
def theme(request: HttpRequest, key: UUID) -> HttpResponse:
    """Confirm what the finding is about: a suggested theme with one press, or another from the list."""
    viewer = viewer_of(request)
    permissions.check_keep(viewer)
    told = one_finding(viewer, key)
    form = ThemeForm(posted(request), suggested=tuple(told.suggested), initial={"theme": told.theme})
    return _asked(
        request, key, form, THEME, lambda one: writers.confirm_theme(by=viewer, finding=one, **form.cleaned_data)
    )


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    """Close the finding, with what has changed."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    form = CloseForm(posted(request))
    return _asked(request, key, form, CLOSE, lambda one: writers.close(by=viewer, finding=one, **form.cleaned_data))


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Open a closed finding again, with the reason."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    form = ReopenForm(posted(request))
    return _asked(request, key, form, REOPEN, lambda one: writers.reopen(by=viewer, finding=one, **form.cleaned_data))


@require_POST
def repeats(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say whether the finding is the same again as an earlier one that was closed: both stood side by side."""
    viewer = viewer_of(request)
    permissions.check_judge(viewer)
    wanted = key_of(request.POST.get("earlier", ""))
    if wanted is None:
        raise Http404
    later, earlier = get_finding(viewer, key), get_finding(viewer, wanted)
    form = RepeatForm(request.POST)
    if form.is_valid():
        say = writers.say_it_repeats if form.cleaned_data["answer"] == "repeats" else writers.say_it_does_not
        if done(form, lambda: say(by=viewer, finding=later, earlier=earlier)):
            messages.success(request, _repeated(form.cleaned_data["answer"]))
            return redirect("improvement:finding", key=key)
    return _page(request, viewer, key, wrong=form)


def _repeated(answer: str) -> str:
    if answer == "repeats":
        return "It is the same again. What was green or closed on the earlier finding is open again."
    return "It is not the same again. You will not be asked about these two any more."


def _page(request: HttpRequest, viewer: Viewer, key: UUID, *, wrong: forms.Form | None = None) -> HttpResponse:
    found = one_finding(viewer, key)
    return render(request, "improvement/finding.html", {"found": found, "wrong": wrong})


def _asked(
    request: HttpRequest, key: UUID, form: forms.Form, asking: Asking, act: Callable[[Finding], object]
) -> HttpResponse:
    """A form of one finding: shown, or done and back to its page."""
    found = get_finding(viewer_of(request), key)
    if request.method == "POST" and form.is_valid() and done(form, lambda: act(found)):
        messages.success(request, asking.said)
        return redirect("improvement:finding", key=key)
    called = finding_called(viewer_of(request), found)
    return render(
        request, "improvement/finding_form.html", {"finding": found, "called": called, "form": form, "asking": asking}
    )
