"""Pages of the ten: the month's list, and one child's part in it with what may be done there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lineofsight.errors import PlainError
from lineofsight.web.access.viewer import Viewer, viewer_of
from lineofsight.web.practice.ten import actions, fairness, queries
from lineofsight.web.practice.ten.forms import AddForm, NoteForm, ReleaseForm, RemoveForm
from lineofsight.web.practice.ten.found import NotWorkedOut
from lineofsight.web.practice.ten.permissions import check_change_ten, check_release
from lineofsight.web.practice.views import answers_when_loaded


@require_safe
@answers_when_loaded
def the_ten(request: HttpRequest) -> HttpResponse:
    """The month's ten: children to talk about, why, and who moved."""
    viewer = viewer_of(request)
    try:
        context: dict[str, Any] = {"ten": queries.the_ten(viewer)}
    except NotWorkedOut as nothing:
        return render(request, "practice/ten/nothing.html", {"why": str(nothing)})
    return render(request, "practice/ten/list.html", context)


@require_safe
@answers_when_loaded
def fair(request: HttpRequest) -> HttpResponse:
    """Who gets listed, against the children who could be."""
    try:
        found = fairness.who_is_listed(viewer_of(request), request.GET.get("by", "age"))
    except NotWorkedOut as nothing:
        return render(request, "practice/ten/nothing.html", {"why": str(nothing)})
    return render(request, "practice/ten/fairness.html", {"found": found})


@require_POST
@answers_when_loaded
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the month's list."""
    try:
        actions.freeze(by=viewer_of(request))
        messages.success(request, "The list is frozen. From now on it changes only with a reason.")
    except PlainError as refused:
        messages.error(request, str(refused))
    return redirect("practice:ten")


@require_safe
@answers_when_loaded
def of_child(request: HttpRequest, ref: str) -> HttpResponse:
    """One child's part in the month's ten."""
    return _page(request, queries.of_child(viewer_of(request), ref))


@require_POST
@answers_when_loaded
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Put the child on the list, with the reason."""
    viewer = viewer_of(request)
    check_change_ten(viewer)

    def act(child: queries.OfChild, given: dict[str, Any]) -> None:
        actions.add(by=viewer, child_key=child.key, why=given["why"])

    return _acted(request, viewer, ref, ("add_form", AddForm(request.POST)), act, "The child is on the list.")


@require_POST
@answers_when_loaded
def remove(request: HttpRequest, ref: str) -> HttpResponse:
    """Take the child off the list, with the reason."""
    viewer = viewer_of(request)
    check_change_ten(viewer)

    def act(child: queries.OfChild, given: dict[str, Any]) -> None:
        actions.remove(by=viewer, child_key=child.key, why=given["off_why"])

    return _acted(request, viewer, ref, ("remove_form", RemoveForm(request.POST)), act, "The child is off the list.")


@require_POST
@answers_when_loaded
def note(request: HttpRequest, ref: str) -> HttpResponse:
    """Write a note on the child."""
    viewer = viewer_of(request)
    check_change_ten(viewer)

    def act(child: queries.OfChild, given: dict[str, Any]) -> None:
        actions.write_note(by=viewer, child_key=child.key, words=given["note"])

    return _acted(request, viewer, ref, ("note_form", NoteForm(request.POST)), act, "The note is kept.")


@require_POST
@answers_when_loaded
def release(request: HttpRequest, ref: str) -> HttpResponse:
    """Release a text about the child; where something could point to the child, ask first."""
    viewer = viewer_of(request)
    check_release(viewer)

    def act(child: queries.OfChild, given: dict[str, Any]) -> None:
        actions.release(by=viewer, child_key=child.key, text=given["text"], read_again=given["read_again"])

    form = ReleaseForm(request.POST)
    return _acted(request, viewer, ref, ("release_form", form), act, "The Lead Member can read it now.")


@require_POST
@answers_when_loaded
def take_back(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a released text back. Which one is sent, since the address names the child alone."""
    viewer = viewer_of(request)
    child = queries.of_child(viewer, ref)
    sent = re.fullmatch(r"[0-9]{1,18}", request.POST.get("text", ""))
    try:
        actions.take_back(by=viewer, child_key=child.key, key=int(sent[0]) if sent else 0)
        messages.success(request, "The Lead Member can no longer read it.")
    except PlainError as refused:
        messages.error(request, str(refused))
    return redirect("practice:ten-child", ref=ref)


Act = Callable[[queries.OfChild, dict[str, Any]], None]


def _acted(
    request: HttpRequest, viewer: Viewer, ref: str, named: tuple[str, forms.Form], act: Act, said: str
) -> HttpResponse:
    """Do what the form asks and go back to the child; what is refused in plain words becomes an error on the form."""
    name, form = named
    child = queries.of_child(viewer, ref)
    told: list[str] = []
    if form.is_valid():
        try:
            act(child, form.cleaned_data)
            messages.success(request, said)
            return redirect("practice:ten-child", ref=ref)
        except actions.Warned as warned:
            form.add_error("text", str(warned))
            told = warned.warnings
        except PlainError as refused:
            form.add_error(None, str(refused))
    return _page(request, child, wrong=form, warnings=told, **{name: form})


def _page(
    request: HttpRequest,
    child: queries.OfChild,
    *,
    wrong: forms.Form | None = None,
    warnings: list[str] | None = None,
    **given: forms.Form,
) -> HttpResponse:
    context = {
        "found": child,
        "wrong": wrong,
        "warnings": warnings or [],
        "add_form": AddForm(),
        "remove_form": RemoveForm(),
        "note_form": NoteForm(),
        "release_form": ReleaseForm(),
        **given,
    }
    return render(request, "practice/ten/child.html", context)
