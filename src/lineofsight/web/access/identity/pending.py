"""Between a right password and the code that goes with it: somebody is expected, and nobody is signed in yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

from lineofsight import clock
from lineofsight.web.access.models import Person

_KEY = "expected"
MINUTES = 10


@dataclass(frozen=True)
class Expected:
    """Who gave what so far, and where they wanted to go."""

    person: Person
    how: str
    onward: str


def expect(request: HttpRequest, person: Person, *, how: str, onward: str) -> None:
    """Remember, for ten minutes, that `person` has yet to give a second factor. The session's key changes."""
    request.session.cycle_key()
    request.session[_KEY] = {"person": person.pk, "how": how, "next": onward, "at": clock.now().isoformat()}


def expected(request: HttpRequest) -> Expected | None:
    """Who is expected in this browser, or None."""
    told = request.session.get(_KEY)
    if not told or clock.now() - datetime.fromisoformat(told["at"]) >= timedelta(minutes=MINUTES):
        return None
    person = Person.objects.filter(pk=told["person"], is_active=True).first()
    return Expected(person, told["how"], told["next"]) if person else None


def forget(request: HttpRequest) -> None:
    """Nobody is expected any more."""
    request.session.pop(_KEY, None)
