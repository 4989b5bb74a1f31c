"""The role map: what the words of the extract mean."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.data import wanted
from lineofsight.web.data.actions import changes as actions
from lineofsight.web.data.changes_forms import LONGEST, WordForm
from lineofsight.web.data.permissions import check_change, may_change
from lineofsight.web.data.queries import changes, roles


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Every role word, those nobody has said the meaning of first."""
    viewer = viewer_of(request)
    told = {"roles": roles.listed(viewer), "kept": changes.kept(viewer, wanted.WORD), "changes": may_change(viewer)}
    return render(request, "data/roles.html", told)


@require_http_methods(["GET", "POST"])
def word(request: HttpRequest) -> HttpResponse:
    """Say what one word means; what that would do is shown before it is saved."""
    viewer = viewer_of(request)
    check_change(viewer)
    given = request.GET.get("word", "").strip()
    if not given or len(given) > LONGEST:
        raise Http404
    found = roles.word(viewer, given)
    form = WordForm(request.POST if request.method == "POST" else None, initial={"kind": found.kind})
    if form.is_valid():
        try:
            told = {"word": found.word, "kind": form.cleaned_data["kind"]}
            made = actions.ask(by=viewer, what=wanted.WORD, told=told)
            return redirect("data:change", key=made.key)
        except PlainError as refused:
            form.add_error("kind", str(refused))
    return render(request, "data/word.html", {"word": found, "form": form})
