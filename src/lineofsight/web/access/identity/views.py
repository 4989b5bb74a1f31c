"""Pages of signing in and out."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST

from lineofsight import clock
from lineofsight.web.access.demo import is_demo
from lineofsight.web.access.identity import actions
from lineofsight.web.access.identity.forms import SignInForm
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import offices
from lineofsight.web.access.viewer import viewer_of

WRONG = "That e-mail address and password do not go together. Check both and try again."
WAIT = "There were too many tries with that address. Wait 15 minutes and try again."


@login_not_required
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with e-mail and password; in a demonstration, with a button for each office."""
    if is_demo(request) and request.method == "GET":
        grouped = groupby(offices().values(), key=lambda one: one.group)
        groups = [(group, list(some)) for group, some in grouped]
        return render(request, "access/identity/demo_sign_in.html", {"groups": groups, "here": _office_now(request)})
    form = SignInForm(request.POST or None)
    onward = request.POST.get("next") or request.GET.get("next") or "/"
    if form.is_valid():
        email = form.cleaned_data["email"]
        if actions.waits_after_failures(email):
            form.add_error(None, WAIT)
        else:
            person = authenticate(request, username=email.strip().lower(), password=form.cleaned_data["password"])
            if isinstance(person, Person):
                actions.sign_in(request, person, how="password")
                return redirect(_own_page(request, onward))
            actions.note_failed_sign_in(email)
            form.add_error(None, WRONG)
    return render(request, "access/identity/sign_in.html", {"form": form, "next": onward})


@csrf_exempt  # scripts post here without a form; is_demo refuses everything but this machine's own pages
@login_not_required
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as an office of the demonstration. Anywhere else there is no such page."""
    if not is_demo(request) or request.method != "POST":
        raise Http404
    slug = request.POST.get("office", "")
    holding = (
        Holding.objects.in_force(clock.today())
        .filter(office=slug, person__is_active=True)
        .select_related("person")
        .order_by("from_date", "pk")
        .first()
    )
    if holding is None:
        raise Http404
    actions.sign_in(request, holding.person, how="demonstration", holding=holding)
    return redirect("/")


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        actions.end_session(request, why="asked to")
        messages.success(request, "You are signed out.")
    return redirect("access:sign-in")


@require_POST
def choose_office(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own offices."""
    text = request.POST.get("holding", "")
    actions.choose_office(request, viewer_of(request), int(text) if text.isdecimal() else 0)
    return redirect("/")


def _office_now(request: HttpRequest) -> str:
    return viewer_of(request).office if request.user.is_authenticated else ""


def _own_page(request: HttpRequest, onward: str) -> str:
    safe = url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return onward if safe else "/"
