"""Where somebody is signed in: the sessions of a person that are still good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from lineofsight import clock
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.identity import actions
from lineofsight.web.access.models import Person, Session


@dataclass(frozen=True)
class OpenSession:
    """One session of somebody. `mark` names it in a form: its key, which is its cookie, is never on a page.

    `here` is whether it is the one that asks.
    """

    mark: str
    device: str
    began: datetime
    seen: datetime
    here: bool
    session: Session


def my_sessions(request: HttpRequest, person: Person) -> list[OpenSession]:
    """The sessions of the `person` behind `request` that are still good, this one first, then the last used first."""
    return sessions_of(person, here=request.session.session_key or "")


def sessions_of(person: Person, *, here: str = "") -> list[OpenSession]:
    """The sessions of `person` that are still good, the one whose key is `here` first, then the last used first."""
    kept = Session.objects.filter(person=person, expire_date__gt=clock.now())
    found = [one for row in kept if (one := _open(row, here)) is not None]
    return sorted(found, key=lambda one: (not one.here, -one.seen.timestamp()))


def _open(row: Session, here: str) -> OpenSession | None:
    told = row.get_decoded()
    try:
        began, seen = (datetime.fromisoformat(told[name]) for name in (actions.BEGAN, actions.SEEN))
    except (KeyError, ValueError):
        return None
    now = clock.now()
    if now - seen >= timedelta(minutes=settings.SESSION_IDLE_MINUTES):
        return None
    if now - began >= timedelta(hours=settings.SESSION_LONGEST_HOURS):
        return None
    mark = keys_in_use().digest("session", b"session\x00" + row.session_key.encode())[:32]
    device = row.device or "A device that does not say what it is"
    return OpenSession(mark, device, began, seen, row.session_key == here, row)
