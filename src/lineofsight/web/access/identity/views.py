"""Pages of signing in and out."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lineofsight import clock
from lineofsight.web.access.demo import is_demo
from lineofsight.web.access.identity import (
    actions,
    codes,
    council_sign_in,
    factors,
    gate,
    lockout,
    passkeys,
    pending,
)
from lineofsight.web.access.identity.adapters import DidNotArrive
from lineofsight.web.access.identity.forms import CodeForm, CredentialForm, SignInForm
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import offices
from lineofsight.web.access.viewer import viewer_of

WRONG = "That e-mail address and password do not go together. Check both and try again."
WAIT = "There were too many tries. Wait 15 minutes and try again."
WRONG_CODE = "That code is not right, or was used already. Wait for the next one and try again."
WRONG_PASSKEY = "That passkey was not recognised. Try again, or sign in another way."  # noqa: S105  a sentence
NO_ANSWER = "The council’s sign-in did not tell us who you are, so you are not signed in. Try again."
NOT_KNOWN = (
    "You are not signed in: nobody here goes with that council account. Ask the administrator of Line of Sight to "
    "invite you at the e-mail address of your council account, which the council must have verified."
)
APP_HINT = "The six figures your authenticator app shows now. If you have lost it, one of your recovery codes."
RECOVERY_HINT = "If you do not have your passkey, enter one of your recovery codes."


@login_not_required
@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with e-mail and password, a passkey or the council account; in a demonstration, by office."""
    if is_demo(request) and request.method == "GET":
        grouped = groupby(offices().values(), key=lambda one: one.group)
        groups = [(group, list(some)) for group, some in grouped]
        return render(request, "access/identity/demo_sign_in.html", {"groups": groups, "here": _office_now(request)})
    form = SignInForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"].strip().lower()
        if lockout.waits_after_failures(request, email):
            form.add_error(None, WAIT)
        else:
            person = authenticate(request, email=email, password=form.cleaned_data["password"])
            if isinstance(person, Person):
                return _go_on(request, person, how="password", onward=wanted(request))
            lockout.note_failed_sign_in(request, email)
            form.add_error(None, WRONG)
    return _sign_in_page(request, form)


@login_not_required
@gate.opens_while("give")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second factor: after a password, or in a session that lacks it."""
    expected = pending.expected(request) or _asked_in_session(request)
    if expected is None:
        return redirect("access:sign-in")
    person = expected.person
    mine = {one.kind for one in factors.factors_of(person)}
    has_app = factors.KINDS[codes.APP] in mine
    hint = APP_HINT if has_app else RECOVERY_HINT
    code = CodeForm(request.POST or None, hint=hint)
    problem = ""
    if request.method == "POST":
        by_passkey = "credential" in request.POST
        if lockout.waits_after_codes(request, person):
            problem = WAIT
        elif by_passkey or code.is_valid():
            with transaction.atomic():
                given = passkey_of(request, person) if by_passkey else codes.use_code(person, code.cleaned_data["code"])
                if given:
                    return _take_in(request, expected, given)
            lockout.note_failed_factor(request, person, where="sign-in")
            problem = WRONG_PASSKEY if by_passkey else WRONG_CODE
        if by_passkey:
            code = CodeForm(hint=hint)
    context = {
        "form": code,
        "problem": problem,
        "has_app": has_app,
        "passkey": passkeys.options_to_use(person) if factors.KINDS[passkeys.PASSKEY] in mine else None,
        "next": expected.onward,
    }
    return render(request, "access/identity/sign_in_code.html", context)


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_in_passkey(request: HttpRequest) -> HttpResponse:
    """GET: what the browser needs to offer its passkeys. POST: the one it used."""
    if request.method == "GET":
        return JsonResponse(passkeys.options_to_use(None))
    form = SignInForm()
    credential = CredentialForm(request.POST)
    if lockout.waits_after_failures(request):
        return _sign_in_page(request, form, WAIT)
    person = passkeys.person_of(credential.cleaned_data["credential"]) if credential.is_valid() else None
    if person is None or not person.is_active:
        lockout.note_failed_sign_in(request, "", how="passkey")
        return _sign_in_page(request, form, WRONG_PASSKEY)
    return _go_on(request, person, how="passkey", onward=wanted(request), factor="passkey")


@login_not_required
@require_POST
def sign_in_entra(request: HttpRequest) -> HttpResponseBase:
    """Go to the council's own sign-in. There is no such page where none is configured."""
    if settings.COUNCIL_ACCOUNT is None:
        raise Http404
    try:
        return council_sign_in.leave_for_directory(request, own_page(request, wanted(request)))
    except DidNotArrive:
        return _sign_in_page(request, SignInForm(), "The council’s sign-in cannot be reached now. Try again later.")


@login_not_required
@require_GET
def sign_in_entra_return(request: HttpRequest) -> HttpResponse:
    """Back from the council's own sign-in, which says who it is, or does not."""
    if settings.COUNCIL_ACCOUNT is None:
        raise Http404
    if lockout.waits_after_failures(request):
        return _sign_in_page(request, SignInForm(), WAIT)
    try:
        found = council_sign_in.arrival(request)
    except DidNotArrive:
        lockout.note_failed_sign_in(request, "", how=council_sign_in.NAME)
        return _sign_in_page(request, SignInForm(), NO_ANSWER)
    person = council_sign_in.person_of(found)
    if person is None:
        lockout.note_failed_sign_in(request, "", how=council_sign_in.NAME)
        return _sign_in_page(request, SignInForm(), NOT_KNOWN)
    council_sign_in.connect(found, person)
    factor = factors.COUNCIL if council_sign_in.gave_second_factor(found) else ""
    onward = str(found.state.get("next") or "/")
    return _go_on(request, person, how=council_sign_in.NAME, onward=onward, factor=factor)


@csrf_exempt  # scripts post here without a form; is_demo refuses everything but this machine's own pages
@login_not_required
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as an office of the demonstration. Anywhere else there is no such page."""
    if not is_demo(request) or request.method != "POST":
        raise Http404
    slug = request.POST.get("office", "")
    holding = (
        Holding.objects.in_force(clock.today())
        .filter(office=slug, as_delegate=False, person__is_active=True)
        .select_related("person")
        .order_by("from_date", "pk")
        .first()
    )
    if holding is None:
        raise Http404
    how = actions.DEMONSTRATION
    actions.begin_session(request, holding.person, how=how, holding=holding, factor=actions.DEMONSTRATION)
    return redirect("/")


@login_not_required
@gate.opens_while("give", "set up")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and have the browser let go of what it kept."""
    if request.user.is_authenticated:
        actions.end_session(request, why="asked to")
        messages.success(request, "You are signed out.")
    return cleared(redirect("access:sign-in"))


@require_POST
def choose_office(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own offices."""
    text = request.POST.get("holding", "")
    actions.choose_office(request, viewer_of(request), int(text) if text.isdecimal() else 0)
    return redirect("/")


def _go_on(request: HttpRequest, person: Person, *, how: str, onward: str, factor: str = "") -> HttpResponse:
    """Begin the session, or first ask for the second factor that `person` has. Somebody without office is refused."""
    actions.check_may_sign_in(person)
    if not factor and factors.has_factor(person):
        pending.expect(request, person, how=how, onward=onward)
        return redirect("access:sign-in-code")
    actions.begin_session(request, person, how=how, factor=factor)
    return redirect(own_page(request, onward))


def _take_in(request: HttpRequest, expected: pending.Expected, given: str) -> HttpResponse:
    """The second factor was right: begin the session, or complete the one that lacked it."""
    pending.forget(request)
    if expected.how:
        actions.begin_session(request, expected.person, how=f"{expected.how} and {given}", factor=given)
    else:
        factors.give(request, by=viewer_of(request), factor=given)
    if given == codes.RECOVERY_CODE:
        left = factors.note_recovery_code(expected.person)
        messages.warning(request, f"You used a recovery code; it works no more. Not used yet: {left}.")
    return redirect(own_page(request, expected.onward))


def cleared(response: HttpResponse) -> HttpResponse:
    """`response`, telling the browser to let go of what it kept of this site (ASVS 14.3.1).

    Not of cookies by name: that would take those of every other site of the council's domain with it.
    """
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def passkey_of(request: HttpRequest, person: Person) -> str:
    """The word passkey where `request` brings one of `person`'s that fits, or nothing."""
    form = CredentialForm(request.POST)
    fits = form.is_valid() and passkeys.person_of(form.cleaned_data["credential"], expected=person)
    return "passkey" if fits else ""


def _asked_in_session(request: HttpRequest) -> pending.Expected | None:
    """Somebody signed in whose session lacks the second factor they have."""
    if gate.wanting(request) != "give":
        return None
    assert isinstance(request.user, Person)
    return pending.Expected(request.user, "", wanted(request))


def _sign_in_page(request: HttpRequest, form: SignInForm, problem: str = "") -> HttpResponse:
    council = settings.COUNCIL_ACCOUNT
    context: dict[str, Any] = {"form": form, "problem": problem, "next": wanted(request), "council": council}
    response = render(request, "access/identity/sign_in.html", context)
    if council is not None:
        # The button's form is answered with a redirect to the directory, which the policy must allow by name.
        response._csp_update = {"form-action": [council.origin]}  # type: ignore[attr-defined]
    return response


def _office_now(request: HttpRequest) -> str:
    return viewer_of(request).office if request.user.is_authenticated else ""


def wanted(request: HttpRequest) -> str:
    """The page somebody was on their way to."""
    return request.POST.get("next") or request.GET.get("next") or "/"


def own_page(request: HttpRequest, onward: str) -> str:
    """`onward` where it is a page of this site, else the first page."""
    safe = onward.startswith("/") and url_has_allowed_host_and_scheme(
        onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return onward if safe else "/"
