"""The only writers of signing in and out. Each tells the chain."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from lineofsight import clock
from lineofsight.web.access.chain import record
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import ChainEvent, Holding, Person
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import CHOSEN, Viewer, offices_of, viewer_in

# Where the session keeps when it began and when it was last used.
BEGAN, SEEN = "began", "seen"

SIGNED_IN = "session.began"
SIGNED_OUT = "session.ended"
SIGN_IN_FAILED = "sign-in.failed"
CHANGED_OFFICE = "office.changed"
REFUSED = "page.refused"

# So many failures in so many minutes, and that address waits (ASVS 6.3.1).
MOST_FAILURES = 10
FAILURE_MINUTES = 15


def sign_in(request: HttpRequest, person: Person, *, how: str, holding: Holding | None = None) -> None:
    """Begin a session for `person`, in `holding` or else in the office they have held longest.

    Raises Refused when they hold no office today, before any session begins.
    """
    held = offices_of(person)
    if not held:
        raise Refused("You hold no office in this system today. An administrator can give you one.")
    chosen = holding or held[0]
    now = clock.now().isoformat()
    with transaction.atomic():
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")
        request.session[BEGAN] = request.session[SEEN] = now
        request.session[CHOSEN] = chosen.pk
        record(viewer=viewer_in(chosen), action=SIGNED_IN, subject=chosen.office, detail={"how": how})


def end_session(request: HttpRequest, *, why: str) -> None:
    """End the session of whoever is signed in and say so in the chain."""
    person = request.user
    with transaction.atomic():
        logout(request)
        if isinstance(person, Person):
            record(actor=person.key, action=SIGNED_OUT, detail={"why": why})


def note_failed_sign_in(email: str) -> None:
    """One failed sign-in. The address itself is kept as a keyed digest only."""
    with transaction.atomic():
        record(actor="nobody", action=SIGN_IN_FAILED, subject=_address(email))


def waits_after_failures(email: str) -> bool:
    """Whether so many sign-ins failed lately with this address that it must wait."""
    since = (clock.now() - timedelta(minutes=FAILURE_MINUTES)).isoformat(timespec="microseconds")
    failures = ChainEvent.objects.filter(action=SIGN_IN_FAILED, subject=_address(email), at__gt=since)
    return failures.count() >= MOST_FAILURES


def choose_office(request: HttpRequest, by: Viewer, holding_id: int) -> None:
    """Act in another of one's offices from now on. Raises Refused for one not held today."""
    person = request.user
    held = {one.pk: one for one in offices_of(person)} if isinstance(person, Person) else {}
    if holding_id not in held:
        raise Refused("You do not hold that office today.")
    with transaction.atomic():
        request.session[CHOSEN] = holding_id
        record(viewer=by, action=CHANGED_OFFICE, subject=held[holding_id].office)


def note_refusal(request: HttpRequest, refusal: Refused) -> None:
    """A refused page is an event: who, and which permission they lacked (ASVS 16.3.2)."""
    person = request.user
    actor = person.key if isinstance(person, Person) else "nobody"
    page = request.resolver_match.view_name if request.resolver_match else ""
    with transaction.atomic():
        record(
            actor=actor,
            action=REFUSED,
            subject=refusal.capability.value if refusal.capability else "",
            detail={"page": page},
        )


def _address(email: str) -> str:
    return keys_in_use().digest("session", b"address\x00" + email.strip().lower().encode())[:32]
