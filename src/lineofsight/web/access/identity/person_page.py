"""What an administrator sees of one person: who they are, their offices, and how and where they sign in. No child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lineofsight.web.access.appointing import queries
from lineofsight.web.access.chain import record_read
from lineofsight.web.access.identity import codes, council_sign_in, factors, password_links, permissions, sessions
from lineofsight.web.access.identity.actions import SIGNED_IN
from lineofsight.web.access.models import ChainEvent, PasswordLink, Person
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer

SEEN = "person.seen"


@dataclass(frozen=True)
class PersonPage:
    """One person, and what may be done from here; of oneself nothing may."""

    person: Person
    held: list[queries.Held]
    ended: list[queries.Ended]
    last_signed_in: datetime | None
    connected: bool
    factors: list[factors.Factor]
    codes_left: int
    sessions: list[sessions.OpenSession]
    link: PasswordLink | None
    may_look_after: bool
    may_take_factor_away: bool
    may_give_link: bool


def person_to_look_after(viewer: Viewer, key: str) -> Person | None:
    """The person with that key, or None. Raises Refused without MANAGE_ACCESS."""
    check(viewer, Capability.MANAGE_ACCESS)
    return Person.objects.filter(key=key).first()


def page_of(viewer: Viewer, person: Person) -> PersonPage:
    """The page of one person; the look is in the log. Raises Refused without MANAGE_ACCESS, LogUnavailable."""
    check(viewer, Capability.MANAGE_ACCESS)
    record_read(viewer=viewer, action=SEEN, subject=person.key)
    held, ended = queries.holdings_of(viewer, person)
    return PersonPage(
        person=person,
        held=held,
        ended=ended,
        last_signed_in=_last_signed_in(person),
        connected=council_sign_in.is_connected(person),
        factors=factors.factors_of(person),
        codes_left=codes.recovery_codes_left(person),
        sessions=sessions.sessions_of(person),
        link=password_links.open_link(person),
        may_look_after=permissions.may_look_after(viewer, person),
        may_take_factor_away=permissions.may_take_factor_away(viewer, person),
        may_give_link=permissions.may_give_link(viewer, person) and person.is_active,
    )


def _last_signed_in(person: Person) -> datetime | None:
    """When a session of theirs last began, as the log has it."""
    began = ChainEvent.objects.filter(actor=person.key, action=SIGNED_IN).order_by("-sequence")
    at = began.values_list("at", flat=True).first()
    return datetime.fromisoformat(at) if at else None
