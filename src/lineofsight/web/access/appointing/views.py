"""Pages of people, the offices they hold, and the invitations to them."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.appointing import actions, inviting, post, queries
from lineofsight.web.access.appointing.forms import HERE, GiveForm, TakeUpForm
from lineofsight.web.access.identity import actions as identity
from lineofsight.web.access.models import Holding, Invitation, Person
from lineofsight.web.access.viewer import Viewer, viewer_of

WAIT = "There were too many tries from where you are. Wait 15 minutes and try again."


@require_GET
def offices_page(request: HttpRequest) -> HttpResponse:
    """People and offices."""
    page = queries.offices_page(viewer_of(request))
    return render(request, "access/appointing/offices.html", {"page": page})


@require_http_methods(["GET", "POST"])
def give_office(request: HttpRequest) -> HttpResponse:
    """Choose an office in its own words, then who holds it: somebody here, or somebody invited."""
    viewer = viewer_of(request)
    slug = request.GET.get("office", "")
    if not slug:
        return render(request, "access/appointing/choose.html", {"groups": queries.offices_to_give(viewer)})
    told = queries.office_to_give(viewer, slug)
    if told is None:
        raise Http404
    reach = queries.reach_of(viewer, told.office)
    form = GiveForm(
        request.POST if request.method == "POST" else None,
        office=told.office,
        people=queries.people_to_give(viewer),
        reach=reach,
    )
    if request.method == "POST" and form.is_valid():
        answer = _given(request, viewer, form)
        if answer is not None:
            return answer
    nothing = told.office.scope in ("service", "team", "own", "assigned") and not reach
    return render(request, "access/appointing/give.html", {"told": told, "form": form, "nothing_loaded": nothing})


@require_http_methods(["GET", "POST"])
def end_office(request: HttpRequest, holding_id: int) -> HttpResponse:
    """Ask, then end one person's office now."""
    viewer = viewer_of(request)
    held = queries.holding_to_end(viewer, holding_id)
    if held is None:
        raise Http404
    if request.method == "POST":
        actions.end_office(by=viewer, holding=held.holding)
        messages.success(request, f"{held.holding.person.name} no longer holds the office of {held.holding.title}.")
        return redirect("access:offices")
    context = {"held": held, "holding": held.holding, "to_come": held.holding.from_date > clock.today()}
    return render(request, "access/appointing/end_office.html", context)


@require_GET
def invitations(request: HttpRequest) -> HttpResponse:
    """The invitations of the last year: open, taken up, taken back, too old."""
    listed = queries.invitations(viewer_of(request))
    open_now = [one for one in listed if one.is_open]
    context = {"open": open_now, "over": [one for one in listed if not one.is_open]}
    return render(request, "access/appointing/invitations.html", context)


@require_POST
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take an open invitation back."""
    taken = inviting.take_back(by=viewer_of(request), key=key)
    messages.success(request, f"The invitation to {taken.email} no longer works.")
    return redirect("access:invitations")


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Take an invitation up: with a password as somebody new, or signed in as whom it was made for."""
    peer = _peer(request)
    if inviting.waits_after_misses(peer):
        return _unlogged(render(request, "access/appointing/cannot.html", {"why": WAIT}, status=429))
    made = inviting.found(secret)
    if made is None:
        inviting.note_miss(peer)
        raise Http404
    if not inviting.is_open(made):
        return _unlogged(render(request, "access/appointing/cannot.html", {"why": inviting.CLOSED}, status=410))
    known = Person.objects.filter(email=made.email).first()
    if known is None and not request.user.is_authenticated:
        return _begins(request, made)
    if known is not None and request.user == known:
        return _accepts(request, made, known)
    return render(request, "access/appointing/sign_in_first.html", {"made": made, "has_account": known is not None})


def _given(request: HttpRequest, viewer: Viewer, form: GiveForm) -> HttpResponse | None:
    """Give the office, or make the invitation; None, with the reason on the form, where it is refused."""
    offer, given = form.offer(), form.cleaned_data
    try:
        if given["who"] == HERE:
            holding = actions.give_office(
                by=viewer,
                person=given["person"],
                slug=offer.office,
                from_date=offer.from_date,
                until=offer.until,
                scope_ids=offer.scope_ids,
                as_delegate=offer.as_delegate,
            )
            messages.success(request, _said(holding))
            return redirect("access:offices")
        made = inviting.invite(by=viewer, name=given["name"], email=given["email"], offer=offer)
    except PlainError as refused:
        form.add_error(None, str(refused))
        return None
    address = request.build_absolute_uri(reverse("access:invitation", args=[made.secret]))
    sends = post.can_be_sent()
    context = {
        "made": made.invitation,
        "address": address,
        "sends": sends,
        "sent": sends and post.send(made.invitation.email, address),
    }
    return render(request, "access/appointing/invited.html", context)


def _begins(request: HttpRequest, made: Invitation) -> HttpResponse:
    """Somebody new chooses a password and is signed in."""
    form = TakeUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            holding = inviting.open_account(made, form.cleaned_data["password"])
        except ValidationError as weak:
            form.add_error("password", weak)
        except PlainError as refused:
            form.add_error(None, str(refused))
        else:
            return _signed_in(request, holding)
    return render(request, "access/appointing/take_up.html", {"made": made, "form": form})


def _accepts(request: HttpRequest, made: Invitation, person: Person) -> HttpResponse:
    """Somebody who has an account takes the office up beside those they hold."""
    if request.method == "POST":
        holding = inviting.accept(made, person)
        messages.success(request, _said(holding))
        return redirect("/")
    return render(request, "access/appointing/accept.html", {"made": made})


def _signed_in(request: HttpRequest, holding: Holding) -> HttpResponse:
    """Into the first page; or, where the office begins on a later day, a page that says so."""
    if holding.from_date > clock.today():
        return render(request, "access/appointing/later.html", {"holding": holding})
    identity.begin_session(request, holding.person, how="invitation", holding=holding)
    return redirect("/")


def _said(holding: Holding) -> str:
    began = holding.from_date
    when = "from now" if began <= clock.today() else f"from {began.day} {began:%B %Y}"
    title = f"a delegate of the {holding.title}" if holding.as_delegate else holding.title
    return f"{holding.person.name} is {title} {when}."


def _peer(request: HttpRequest) -> str:
    """Where a request comes from. Behind our own proxy, which everybody shares, what that proxy wrote last."""
    if settings.BEHIND_PROXY:
        return request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")


def _unlogged(answer: HttpResponse) -> HttpResponse:
    """An answer whose address stays out of the server's log: it may hold a secret."""
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
