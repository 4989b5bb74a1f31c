"""Where one is signed in: the sessions of a person that are still good."""

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
class MySession:
    """One of one's own sessions. `mark` names it in a form: its key, which is its cookie, is never on a page."""

    mark: str
    device: str
    began: datetime
    seen: datetime
    here: bool
    session: Session


def my_sessions(request: HttpRequest, person: Person) -> list[MySession]:
    """The sessions of the `person` behind `request` that are still good, this one first, then the last used first."""
    kept = Session.objects.filter(person=person, expire_date__gt=clock.now())
    found = [one for row in kept if (one := _mine(request, row)) is not None]
    return sorted(found, key=lambda one: (not one.here, -one.seen.timestamp()))


def _mine(request: HttpRequest, row: Session) -> MySession | None:
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
    here = row.session_key == request.session.session_key
    mark = keys_in_use().digest("session", b"session\x00" + row.session_key.encode())[:32]
    return MySession(mark, row.device or "A device that does not say what it is", began, seen, here, row)
