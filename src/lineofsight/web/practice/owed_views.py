"""Pages of one thing owed, of what falls due soon, and the forms by which somebody says how it stands."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.practice import permissions
from lineofsight.web.practice.actions import marks
from lineofsight.web.practice.queries import due_soon as soon
from lineofsight.web.practice.queries.one_exception import one_exception
from lineofsight.web.practice.views import answers_when_loaded, loaded, number_asked
from lineofsight.web.practice.work_forms import DoneForm, ExplainForm


@loaded
def due_soon(request: HttpRequest) -> HttpResponse:
    """What falls due soon, the soonest first."""
    asked = soon.Asked(
        kind=request.GET.get("kind", ""),
        team=request.GET.get("team", ""),
        worker=request.GET.get("worker", ""),
        page=number_asked(request.GET.get("page", "1")),
    )
    return render(request, "practice/due_soon.html", {"found": soon.due_soon(viewer_of(request), asked)})


@loaded
def exception(request: HttpRequest, key: str) -> HttpResponse:
    """One thing owed: its history, and the forms to say that it was done or why it is not."""
    return _page(request, key)


@require_POST
@answers_when_loaded
def done(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody says that it was done."""
    viewer, form = viewer_of(request), DoneForm(request.POST, prefix="done")
    permissions.check_mark_done(viewer)

    def act() -> None:
        given = form.cleaned_data
        marks.mark_done(
            by=viewer, key=key, done_on=given["done_on"], reference=given["reference"], words=given["words"]
        )

    if form.is_valid() and performed(form, act):
        messages.success(request, "It is said to be done. The next extract will show whether it was.")
        return redirect("practice:exception", key=key)
    return _page(request, key, done_form=form)


@require_POST
@answers_when_loaded
def explain(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody says why it is not done."""
    viewer, form = viewer_of(request), ExplainForm(request.POST, prefix="explain")
    permissions.check_explain(viewer)

    def act() -> None:
        marks.explain(by=viewer, key=key, until=form.cleaned_data["until"], words=form.cleaned_data["words"])

    if form.is_valid() and performed(form, act):
        messages.success(request, "It is explained. It still counts, and comes back when the explanation lapses.")
        return redirect("practice:exception", key=key)
    return _page(request, key, explain_form=form)


@require_POST
@answers_when_loaded
def unsay(request: HttpRequest, key: str) -> HttpResponse:
    """Take back something that was said of it."""
    marks.take_back(by=viewer_of(request), key=key, mark=whole_number(request.POST.get("mark", "")))
    messages.success(request, "That is taken back. It stays in the history.")
    return redirect("practice:exception", key=key)


def performed(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the action was done; what it refuses in plain words becomes an error on the form."""
    try:
        act()
    except PlainError as refused:
        form.add_error(None, str(refused))
        return False
    return True


def whole_number(text: str) -> int:
    """The key of a row, from a form. Raises Http404 for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Http404
    return int(text)


def _page(
    request: HttpRequest, key: str, *, done_form: DoneForm | None = None, explain_form: ExplainForm | None = None
) -> HttpResponse:
    found = one_exception(viewer_of(request), key)
    context = {
        "found": found,
        "done_form": done_form or DoneForm(prefix="done"),
        "explain_form": explain_form or ExplainForm(prefix="explain", initial={"until": found.explained_until}),
        "wrong": done_form or explain_form,
    }
    return render(request, "practice/exception.html", context)
