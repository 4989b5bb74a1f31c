"""The only writers of sessions: how each begins and ends. Each tells the chain.

`begin_session` is the one way in: a password, a passkey, a code, a recovery code, the council account, an invitation
and the demonstration all end there.
"""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest

from lineofsight import clock
from lineofsight.web.access.chain import record
from lineofsight.web.access.identity.devices import device_words
from lineofsight.web.access.identity.store import DEVICE
from lineofsight.web.access.models import Holding, Person, Session
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import CHOSEN, Viewer, offices_of, viewer_in

# Where the session keeps when it began, when it was last used, when its person last showed that it is still they,
# and which second factor they gave in it (blank: none).
BEGAN, SEEN, CONFIRMED, FACTOR = "began", "seen", "confirmed", "factor"
# The second factor of a session that a demonstration's button began: it counts in a demonstration only.
DEMONSTRATION = "demonstration"

SIGNED_IN = "session.began"
SIGNED_OUT = "session.ended"
KILLED = "session.killed"
CHANGED_OFFICE = "office.changed"
REFUSED = "page.refused"

NO_OFFICE = "You hold no office in this system today. An administrator can give you one."


def check_may_sign_in(person: Person) -> list[Holding]:
    """The offices `person` holds today. Raises Refused for somebody who holds none or is not active."""
    held = [holding for holding in offices_of(person) if holding.office in offices()]
    if not held:
        raise Refused(NO_OFFICE)
    return held


def begin_session(
    request: HttpRequest, person: Person, *, how: str, holding: Holding | None = None, factor: str = ""
) -> None:
    """Begin a session for `person`, in `holding` or else in the office they have held longest.

    `how` is what the chain says of the way in, `factor` the second factor that was given on it. Raises Refused, before
    anything begins, where they hold no office today or are not active; where the chain cannot be written,
    LogUnavailable, and nobody is signed in.
    """
    held = check_may_sign_in(person)
    chosen = holding or held[0]
    now = clock.now().isoformat()
    try:
        with transaction.atomic():
            login(request, person)
            request.session.update(
                {
                    BEGAN: now,
                    SEEN: now,
                    CONFIRMED: now,
                    FACTOR: factor,
                    CHOSEN: chosen.pk,
                    DEVICE: device_words(request.META.get("HTTP_USER_AGENT", "")),
                }
            )
            request.session.save()
            Session.objects.filter(expire_date__lt=clock.now()).delete()
            record(viewer=viewer_in(chosen), action=SIGNED_IN, subject=chosen.office, detail={"how": how})
    except BaseException:
        # What the transaction took back stands in memory still, and would be written with the answer.
        request.session.flush()
        request.user = AnonymousUser()
        raise


def end_session(request: HttpRequest, *, why: str) -> None:
    """End the session of whoever is signed in and say so in the chain."""
    person = request.user
    with transaction.atomic():
        logout(request)
        if isinstance(person, Person):
            record(actor=person.key, action=SIGNED_OUT, detail={"why": why})


def end_my_session(*, by: Viewer, session: Session) -> None:
    """End one other session of one's own: its next request has none."""
    if session.person is None or session.person.key != by.person_key:
        raise Refused("That is not a session of yours.")
    with transaction.atomic():
        session.delete()
        record(viewer=by, action=KILLED, subject=by.person_key, detail={"sessions": 1, "why": "asked to"})


def end_other_sessions(request: HttpRequest, *, by: Viewer, why: str = "asked to") -> int:
    """End every session of one's own but this one. Gives how many there were."""
    with transaction.atomic():
        mine = Session.objects.filter(person__key=by.person_key)
        others = mine.exclude(session_key=request.session.session_key)
        count, _ = others.delete()
        if count:
            record(viewer=by, action=KILLED, subject=by.person_key, detail={"sessions": count, "why": why})
    return count


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
