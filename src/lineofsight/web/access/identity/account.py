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
    notices,
    passkeys,
    qr,
    sessions,
)
from lineofsight.web.access.identity.forms import (
    AddPasskeyForm,
    CodeForm,
    ConfirmForm,
    CredentialForm,
    NewPasswordForm,
)
from lineofsight.web.access.identity.views import WAIT, WRONG_CODE, WRONG_PASSKEY, own_page, passkey_of, wanted
from lineofsight.web.access.models import Person
from lineofsight.web.access.viewer import viewer_of

View = Callable[..., HttpResponse]

# Where the session keeps the sealed secret of an app that is being added.
_NEW_APP = "new-app"
WRONG_NEW_CODE = "That code is not right. Check that the app shows Line of Sight, and enter the code it shows now."
WRONG_PASSWORD = "That is not your password. Try again."  # noqa: S105  a sentence
WRONG_NEW_PASSKEY = "The passkey could not be kept. Try again; if it fails again, use an authenticator app."  # noqa: S105


def needs_confirmation(back: str = "") -> Callable[[View], View]:
    """Ask for both factors again, where they were last given 15 minutes ago (ASVS 7.5.1).

    `back` names the page to come back to, where the address itself takes forms only.
    """

    def asks(view: View) -> View:
        @wraps(view)
        def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not factors.confirmed_lately(request):
                onward = reverse(back, kwargs=kwargs) if back else request.path
                return redirect(f"{reverse('access:account-confirm')}?{urlencode({'next': onward})}")
            return view(request, *args, **kwargs)

        return confirmed

    return asks


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
        "confirmed": factors.confirmed_lately(request),
        "notices": notices.unread(person),
    }
    return render(request, "access/identity/account.html", context)


@gate.opens_while("set up")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Show that it is still you, with everything a sign-in asks for: a passkey, or a password and any code."""
    viewer, person = viewer_of(request), _person(request)
    kinds = {one.kind for one in factors.factors_of(person)}
    has_app, has_passkey = (factors.KINDS[kind] in kinds for kind in (codes.APP, passkeys.PASSKEY))
    by_passkey, problem, form = "credential" in request.POST, "", None
    if person.has_usable_password() and (has_app or not has_passkey):
        form = ConfirmForm(request.POST if request.method == "POST" and not by_passkey else None, with_code=has_app)
    if request.method == "POST":
        if lockout.waits_after_failures(request, person.email) or lockout.waits_after_codes(request, person):
            problem = WAIT
        elif by_passkey or (form is not None and form.is_valid()):
            how, problem = _shown(request, person, None if by_passkey else form)
            if how:
                factors.confirm(request, by=viewer, how=how)
                return redirect(own_page(request, wanted(request)))
    context = {
        "form": form,
        "passkey": passkeys.options_to_use(person) if has_passkey else None,
        "problem": problem,
        "next": wanted(request),
    }
    return _render(request, "access/identity/confirm.html", context)


@needs_confirmation()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose a new password."""
    viewer, person = viewer_of(request), _person(request)
    waits = request.method == "POST" and lockout.waits_after_failures(request, person.email)
    form = NewPasswordForm(None if waits else request.POST or None, person=person)
    if form.is_valid():
        factors.change_password(request, by=viewer, password=form.cleaned_data["password"])
        messages.success(request, "Your password is changed, and you are signed out everywhere else.")
        return redirect("access:account")
    if form.wrong_current:
        lockout.note_failed_sign_in(request, person.email, how="password, to change it")
    context = {"form": form, "problem": WAIT if waits else "", "has_one": person.has_usable_password()}
    return render(request, "access/identity/password.html", context)


@gate.opens_while("set up")
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """What a second step is, and which one to set up."""
    viewer_of(request)
    person = _person(request)
    context = {"must": gate.wanting(request) == "set up", "titles": factors.offices_that_need_one(person)}
    context["notices"] = notices.unread(person)
    return _render(request, "access/identity/second_factor.html", context)


@gate.opens_while("set up")
@needs_confirmation()
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
@needs_confirmation()
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


@needs_confirmation()
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown once."""
    viewer = viewer_of(request)
    if request.method == "POST":
        return _codes_page(request, factors.make_recovery_codes(request, by=viewer), "Your new recovery codes")
    left = codes.recovery_codes_left(_person(request))
    return render(request, "access/identity/make_recovery_codes.html", {"left": left})


@needs_confirmation()
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


@needs_confirmation()
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
@needs_confirmation("access:account")
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


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """What an administrator did to how I sign in: I have read it."""
    notices.read_all(by=viewer_of(request))
    return redirect(own_page(request, wanted(request)))


def _shown(request: HttpRequest, person: Person, form: ConfirmForm | None) -> tuple[str, str]:
    """How somebody showed that it is still they; or nothing, and what was wrong, which counts as a failure."""
    if form is None:
        if passkey_of(request, person):
            return "passkey", ""
        lockout.note_failed_factor(request, person, where="confirming")
        return "", WRONG_PASSKEY
    if not person.check_password(form.cleaned_data["password"]):
        lockout.note_failed_sign_in(request, person.email, how="password, to confirm")
        return "", WRONG_PASSWORD
    if "code" not in form.fields:
        return "password", ""
    given = codes.use_code(person, form.cleaned_data["code"])
    if not given:
        lockout.note_failed_factor(request, person, where="confirming")
        return "", WRONG_CODE
    if given == codes.RECOVERY_CODE:
        factors.note_recovery_code(person)
    return f"password and {given}", ""


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
