"""Pages of one's own account: how one signs in, and where one is signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lineofsight.web.access.identity import (
    actions,
    codes,
    council_sign_in,
    factors,
    gate,
    lockout,
    passkeys,
    qr,
    sessions,
)
from lineofsight.web.access.identity.forms import (
    AddPasskeyForm,
    CodeForm,
    CredentialForm,
    NewPasswordForm,
    PasswordForm,
)
from lineofsight.web.access.identity.views import WAIT, WRONG_CODE, WRONG_PASSKEY, own_page, passkey_of, wanted
from lineofsight.web.access.models import Person
from lineofsight.web.access.viewer import viewer_of

View = Callable[..., HttpResponse]

# Where the session keeps the sealed secret of an app that is being added.
_NEW_APP = "new-app"
WRONG_NEW_CODE = "That code is not right. Check that the app shows Line of Sight, and enter the code it shows now."
WRONG_NEW_PASSKEY = "The passkey could not be kept. Try again; if it fails again, use an authenticator app."  # noqa: S105


def needs_confirmation(view: View) -> View:
    """Ask for a sign that it is still them, where the last one is 15 minutes old (ASVS 7.5.1)."""

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not factors.confirmed_lately(request):
            return redirect(f"{reverse('access:account-confirm')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return confirmed


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """How I sign in, and where I am signed in."""
    viewer_of(request)
    person = _person(request)
    mine = factors.factors_of(person)
    context = {
        "person": person,
        "office_needs": factors.needs_factor(person),
        "factors": mine,
        "has_app": any(one.kind == factors.KINDS[codes.APP] for one in mine),
        "codes_left": codes.recovery_codes_left(person),
        "council": settings.COUNCIL_ACCOUNT,
        "connected": council_sign_in.is_connected(person),
        "sessions": sessions.my_sessions(request, person),
    }
    return render(request, "access/identity/account.html", context)


@gate.opens_while("set up")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Show that it is still you: by password, passkey or code, whichever you have."""
    viewer, person = viewer_of(request), _person(request)
    kinds = {one.kind for one in factors.factors_of(person)}
    by_passkey, by_code = "credential" in request.POST, "code" in request.POST
    form = PasswordForm(request.POST if request.method == "POST" and not (by_passkey or by_code) else None)
    code = CodeForm(request.POST if by_code else None, hint="The six figures your authenticator app shows now.")
    problem = ""
    if request.method == "POST":
        if lockout.waits_after_failures(request, person.email) or lockout.waits_after_codes(request, person):
            problem = WAIT
        elif by_passkey or (code if by_code else form).is_valid():
            how = _shown(request, person, code if by_code else form)
            if how:
                factors.confirm(request, by=viewer, how=how)
                return redirect(own_page(request, wanted(request)))
            if by_passkey or by_code:
                lockout.note_failed_factor(request, person, where="confirming")
                problem = WRONG_PASSKEY if by_passkey else WRONG_CODE
            else:
                lockout.note_failed_sign_in(request, person.email, how="password, to confirm")
                problem = "That is not your password. Try again."
    has_passkey = factors.KINDS[passkeys.PASSKEY] in kinds
    context = {
        "form": form if person.has_usable_password() else None,
        "code_form": code if factors.KINDS[codes.APP] in kinds and not person.has_usable_password() else None,
        "passkey": passkeys.options_to_use(person) if has_passkey else None,
        "problem": problem,
        "next": wanted(request),
    }
    return _render(request, "access/identity/confirm.html", context)


@needs_confirmation
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose a new password."""
    viewer, person = viewer_of(request), _person(request)
    form = NewPasswordForm(request.POST or None, person=person)
    if form.is_valid():
        factors.change_password(request, by=viewer, password=form.cleaned_data["password"])
        messages.success(request, "Your password is changed, and you are signed out everywhere else.")
        return redirect("access:account")
    return render(request, "access/identity/password.html", {"form": form, "has_one": person.has_usable_password()})


@gate.opens_while("set up")
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """What a second step is, and which one to set up."""
    viewer_of(request)
    person = _person(request)
    context = {"must": gate.wanting(request) == "set up", "titles": factors.offices_that_need_one(person)}
    return _render(request, "access/identity/second_factor.html", context)


@gate.opens_while("set up")
@needs_confirmation
@require_http_methods(["GET", "POST"])
def add_app(request: HttpRequest) -> HttpResponse:
    """Add an authenticator app: the picture and the secret, then a first code from it."""
    viewer, person = viewer_of(request), _person(request)
    sealed = request.session.get(_NEW_APP) if request.method == "POST" else None
    if sealed is None:
        sealed = request.session[_NEW_APP] = codes.new_secret()
    form = CodeForm(request.POST or None, hint="The six figures the app shows for Line of Sight.")
    secret = codes.plain_secret(sealed)
    if form.is_valid():
        step = codes.step_of(secret, form.cleaned_data["code"])
        if step is not None:
            made = factors.add_app(request, by=viewer, sealed=sealed, step=step)
            del request.session[_NEW_APP]
            return _added(request, "Your authenticator app is set up.", made)
        form.add_error("code", WRONG_NEW_CODE)
    address = get_adapter().build_totp_url(person, secret)
    context = {
        "form": form,
        "picture": qr.picture(address),
        "secret": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "address": address,
        "replaces": any(one.kind == factors.KINDS[codes.APP] for one in factors.factors_of(person)),
    }
    return _render(request, "access/identity/add_app.html", context)


@gate.opens_while("set up")
@needs_confirmation
@require_http_methods(["GET", "POST"])
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey: the browser makes it, here it is kept."""
    viewer, person = viewer_of(request), _person(request)
    form, problem = AddPasskeyForm(request.POST or None), ""
    if form.is_valid():
        credential = CredentialForm(request.POST)
        made = None
        if credential.is_valid():
            made = factors.add_passkey(
                request, by=viewer, name=form.cleaned_data["name"], credential=credential.cleaned_data["credential"]
            )
        if made is not None:
            return _added(request, "Your passkey is set up.", made)
        problem = WRONG_NEW_PASSKEY
    context = {"form": form, "problem": problem, "passkey": passkeys.options_to_add(person)}
    return _render(request, "access/identity/add_passkey.html", context)


@needs_confirmation
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown once."""
    viewer = viewer_of(request)
    if request.method == "POST":
        return _codes_page(request, factors.make_recovery_codes(request, by=viewer), "Your new recovery codes")
    left = codes.recovery_codes_left(_person(request))
    return render(request, "access/identity/make_recovery_codes.html", {"left": left})


@needs_confirmation
@require_http_methods(["GET", "POST"])
def remove_factor(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Ask, then take one second factor away."""
    viewer, person = viewer_of(request), _person(request)
    mine = factors.factors_of(person)
    factor = next((one for one in mine if one.id == factor_id), None)
    if factor is None:
        raise Http404
    if request.method == "POST":
        factors.remove(request, by=viewer, factor=factor)
        messages.success(request, f"The {factor.kind} is removed, and you are signed out everywhere else.")
        return redirect("access:account")
    context = {"factor": factor, "last": len(mine) == 1, "office_needs": factors.needs_factor(person)}
    return render(request, "access/identity/remove_factor.html", context)


@needs_confirmation
@require_http_methods(["GET", "POST"])
def remove_council_account(request: HttpRequest) -> HttpResponse:
    """Ask, then forget which council account is theirs."""
    viewer, person = viewer_of(request), _person(request)
    if not council_sign_in.is_connected(person):
        raise Http404
    if request.method == "POST":
        factors.remove_council_account(request, by=viewer)
        messages.success(request, "The council account is removed, and you are signed out everywhere else.")
        return redirect("access:account")
    return render(request, "access/identity/remove_council_account.html", {})


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out one other device, or all of them."""
    viewer, wanted_mark = viewer_of(request), request.POST.get("session", "")
    if wanted_mark == "others":
        count = actions.end_other_sessions(request, by=viewer)
        told = "You are signed out everywhere else." if count else "You were signed in nowhere else."
        messages.success(request, told)
        return redirect("access:account")
    others = [one for one in sessions.my_sessions(request, _person(request)) if not one.here]
    found = next((one for one in others if one.mark == wanted_mark), None)
    if found is None:
        raise Http404
    actions.end_my_session(by=viewer, session=found.session)
    messages.success(request, f"{found.device} is signed out.")
    return redirect("access:account")


def _shown(request: HttpRequest, person: Person, form: CodeForm | PasswordForm) -> str:
    """How somebody showed that it is still they, or nothing."""
    if "credential" in request.POST:
        return passkey_of(request, person)
    if isinstance(form, CodeForm):
        return codes.use_code(person, form.cleaned_data["code"])
    return "password" if person.check_password(form.cleaned_data["password"]) else ""


def _added(request: HttpRequest, words: str, made: list[str]) -> HttpResponse:
    if made:
        return _codes_page(request, made, words.removesuffix("."))
    messages.success(request, words)
    return redirect("access:account")


def _codes_page(request: HttpRequest, made: list[str], heading: str) -> HttpResponse:
    return render(request, "access/identity/recovery_codes.html", {"codes": made, "heading": heading})


def _render(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that also opens before a second factor is set up: without the menu, whose places do not open yet."""
    closed = {"menu": None, "other_offices": None} if gate.wanting(request) else {}
    return render(request, template, {**context, **closed})


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user
