"""Pages of one person, for an administrator, and the page of a link to choose a password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lineofsight.errors import PlainError
from lineofsight.web.access.appointing.forms import TakeUpForm
from lineofsight.web.access.identity import (
    administering,
    factors,
    lockout,
    password_links,
    permissions,
    person_page,
    sessions,
)
from lineofsight.web.access.identity.account import needs_confirmation
from lineofsight.web.access.identity.forms import LostFactorForm
from lineofsight.web.access.identity.views import WAIT
from lineofsight.web.access.models import Person
from lineofsight.web.access.viewer import Viewer, viewer_of


@require_GET
def person(request: HttpRequest, key: str) -> HttpResponse:
    """One person: who they are, what they hold, and how and where they sign in."""
    viewer = viewer_of(request)
    page = person_page.page_of(viewer, _person(viewer, key))
    return render(request, "access/identity/person.html", {"page": page, "person": page.person})


@require_POST
@needs_confirmation("access:person")
def end_sessions(request: HttpRequest, key: str) -> HttpResponse:
    """Sign a person out of one device, or everywhere."""
    viewer = viewer_of(request)
    theirs, wanted = _person(viewer, key), request.POST.get("session", "")
    permissions.check_look_after(viewer, theirs)
    if wanted == "all":
        administering.end_sessions(by=viewer, person=theirs)
        messages.success(request, f"{theirs.name} is signed out everywhere.")
        return redirect("access:person", key=key)
    found = next((one for one in sessions.sessions_of(theirs) if one.mark == wanted), None)
    if found is None:
        raise Http404
    administering.end_session(by=viewer, person=theirs, session=found.session)
    messages.success(request, f"{theirs.name} is signed out of {found.device}.")
    return redirect("access:person", key=key)


@require_http_methods(["GET", "POST"])
@needs_confirmation()
def take_factor_away(request: HttpRequest, key: str, factor_id: int) -> HttpResponse:
    """Ask why and how they showed who they are, then take a lost second factor away."""
    viewer = viewer_of(request)
    theirs = _person(viewer, key)
    permissions.check_take_factor_away(viewer, theirs)
    have = factors.factors_of(theirs)
    factor = next((one for one in have if one.id == factor_id), None)
    if factor is None:
        raise Http404
    form = LostFactorForm(request.POST if request.method == "POST" else None, proofs=administering.proofs())
    if form.is_valid():
        try:
            administering.take_factor_away(by=viewer, person=theirs, factor=factor, **form.cleaned_data)
        except PlainError as lacking:
            form.add_error(None, str(lacking))
        else:
            messages.success(request, f"{theirs.name}’s {factor.kind} is removed, and they are signed out everywhere.")
            return redirect("access:person", key=key)
    context = {"person": theirs, "factor": factor, "form": form, "last": len(have) == 1}
    return render(request, "access/identity/take_factor_away.html", context)


@require_http_methods(["GET", "POST"])
@needs_confirmation()
def give_link(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then make a link to choose a new password and show it once."""
    viewer = viewer_of(request)
    theirs = _person(viewer, key)
    permissions.check_give_link(viewer, theirs)
    if request.method != "POST":
        return render(request, "access/identity/give_link.html", {"person": theirs})
    made = password_links.make(by=viewer, person=theirs)
    address = request.build_absolute_uri(reverse("access:choose-password", args=[made.secret]))
    return render(request, "access/identity/link_given.html", {"link": made.link, "person": theirs, "address": address})


@require_POST
def take_link_back(request: HttpRequest, key: str) -> HttpResponse:
    """Take an open link back."""
    viewer = viewer_of(request)
    theirs = _person(viewer, key)
    password_links.take_back(by=viewer, person=theirs)
    messages.success(request, "The link no longer works.")
    return redirect("access:person", key=key)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a new password with a link. It signs nobody in: that comes after, with the second step."""
    if lockout.waits_after_failures(request):
        return _closed(request, WAIT, 429)
    link = password_links.found(secret)
    if link is None:
        lockout.note_failed_sign_in(request, "", how="password link")
        raise Http404
    if not password_links.is_open(link):
        return _closed(request, password_links.CLOSED, 410)
    form = TakeUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            password_links.use(link, form.cleaned_data["password"])
        except ValidationError as weak:
            form.add_error("password", weak)
        except PlainError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Your new password is kept. Sign in with it.")
            return redirect("access:sign-in")
    return render(request, "access/identity/choose_password.html", {"person": link.person, "form": form})


def _person(viewer: Viewer, key: str) -> Person:
    found = person_page.person_to_look_after(viewer, key)
    if found is None:
        raise Http404
    return found


def _closed(request: HttpRequest, why: str, status: int) -> HttpResponse:
    """A page that says why, whose address stays out of the server's log: it may hold a secret."""
    answer = render(request, "access/identity/link_closed.html", {"why": why}, status=status)
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
