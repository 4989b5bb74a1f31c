"""One child's restriction: placing and lifting it, and naming who may open the record (rule 7.3).

A child is obtained through permission here as everywhere: for whoever is not named there is no such page.
"""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from lineofsight.errors import PlainError
from lineofsight.web.access.models import Person
from lineofsight.web.access.restricted import actions, queries
from lineofsight.web.access.restricted.forms import NameForm, RestrictForm
from lineofsight.web.access.viewer import viewer_of
from lineofsight.web.practice.queries.children import Child, get_child
from lineofsight.web.practice.views import answers_when_loaded


@require_http_methods(["GET", "HEAD", "POST"])
@answers_when_loaded
def restrict(request: HttpRequest, ref: str) -> HttpResponse:
    """What restricts one child's record, who is named for it, and the form that restricts it."""
    viewer = viewer_of(request)
    actions.check_restrict(viewer)
    child = get_child(viewer, ref, by_need=False)
    form = RestrictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            given = form.cleaned_data
            actions.restrict(
                by=viewer, child_key=child.key, kind=given["kind"], reason=given["reason"], people=form.named()
            )

        if _done(form, act):
            messages.success(request, "The record is restricted. Only the people you named can open it.")
            named = viewer.sees_restricted or viewer.person_key in form.cleaned_data["people"]
            return redirect("practice:restrict", ref=ref) if named else redirect("access:restricted")
    return _page(request, child, form=form)


@require_POST
@answers_when_loaded
def lift(request: HttpRequest, ref: str) -> HttpResponse:
    """Lift one restriction that was placed here."""
    viewer = viewer_of(request)
    actions.check_restrict(viewer)
    child = get_child(viewer, ref, by_need=False)
    actions.lift(by=viewer, child_key=child.key, kind=request.POST.get("kind", ""))
    messages.success(request, "That restriction is lifted.")
    return redirect("practice:restrict", ref=ref)


@require_POST
@answers_when_loaded
def name(request: HttpRequest, ref: str) -> HttpResponse:
    """Name one more person for the record."""
    viewer = viewer_of(request)
    actions.check_restrict(viewer)
    child = get_child(viewer, ref, by_need=False)
    form = NameForm(request.POST)

    def act() -> None:
        actions.name_person(by=viewer, child_key=child.key, person=form.named())

    if form.is_valid() and _done(form, act):
        messages.success(request, f"{form.named().name} is named for this record.")
        return redirect("practice:restrict", ref=ref)
    return _page(request, child, name_form=form)


@require_POST
@answers_when_loaded
def unname(request: HttpRequest, ref: str) -> HttpResponse:
    """Take one person's name away."""
    viewer = viewer_of(request)
    actions.check_restrict(viewer)
    child = get_child(viewer, ref, by_need=False)
    person = Person.objects.filter(key=request.POST.get("person", "")).first()
    if person is None:
        raise Http404
    actions.unname(by=viewer, child_key=child.key, person=person)
    messages.success(request, f"{person.name} is no longer named for this record.")
    own = person.key == viewer.person_key and not viewer.sees_restricted
    return redirect("access:restricted") if own else redirect("practice:restrict", ref=ref)


def _page(
    request: HttpRequest, child: Child, *, form: RestrictForm | None = None, name_form: NameForm | None = None
) -> HttpResponse:
    viewer = viewer_of(request)
    found = queries.restrictions_of(viewer, child.key)
    named = frozenset(one.key for one in found.named)
    context = {
        "child": child,
        "found": found,
        "form": form or RestrictForm(),
        "name_form": name_form or NameForm(but=named),
        "wrong": next((one for one in (form, name_form) if one is not None and one.errors), None),
    }
    return render(request, "practice/restrict.html", context)


def _done(form: forms.Form, act: Callable[[], None]) -> bool:
    """Whether the action was done; what it refuses in plain words becomes an error on the form."""
    try:
        act()
    except PlainError as refused:
        form.add_error(None, str(refused))
        return False
    return True
