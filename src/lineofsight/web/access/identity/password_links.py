"""The only writers of links to choose a password: made for somebody, taken back, used. Each tells the chain.

The way back from a forgotten password (ASVS 6.4.3): an administrator makes the link and hands it over; it works once,
for a day, and chooses a password only. It signs nobody in, so a second factor is asked for as ever. As with an
invitation, the database keeps a keyed digest of its secret.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.identity import notices
from lineofsight.web.access.identity.permissions import check_give_link, check_look_after
from lineofsight.web.access.models import PasswordLink, Person, Session
from lineofsight.web.access.viewer import Viewer

MADE, TAKEN_BACK, USED = "password-link.made", "password-link.taken-back", "password-link.used"

LASTS = timedelta(hours=24)
SECRET_BYTES = 32

CLOSED = "This link cannot be used any more. Ask the administrator of Line of Sight for a new one."


@dataclass(frozen=True)
class Made:
    """A link just made, and its secret, which nobody can read again."""

    link: PasswordLink
    secret: str


def make(*, by: Viewer, person: Person) -> Made:
    """A link with which `person` chooses a new password, in place of any that is open. Their password stands till then.

    Raises Refused for oneself and where `by` took their last second factor away lately, PlainError for somebody who
    can no longer sign in.
    """
    check_look_after(by, person)
    if not person.is_active:
        raise PlainError(f"{person.name} can no longer sign in, so there is no password to choose.")
    secret, now = secrets.token_urlsafe(SECRET_BYTES), clock.now()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two browsers of one administrator wait for each other
        check_give_link(by, person)
        PasswordLink.objects.filter(person=person, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
        link = PasswordLink.objects.create(
            person=person,
            secret_digest=_digest(secret),
            made_by_key=by.person_key,
            made_at=now,
            expires_at=now + LASTS,
        )
        notices.leave(person, notices.LINK_GIVEN, by_key=by.person_key)
        record(viewer=by, action=MADE, subject=person.key, detail={"link": str(link.key)})
    return Made(link, secret)


def take_back(*, by: Viewer, person: Person) -> None:
    """Take the open link of `person` back: it stops working now. Raises PlainError where none is open."""
    check_look_after(by, person)
    now = clock.now()
    with transaction.atomic():
        theirs = PasswordLink.objects.filter(person=person, used_at=None, withdrawn_at=None, expires_at__gt=now)
        if not theirs.update(withdrawn_at=now):
            raise PlainError("No link is open any more: it was used, taken back, or is too old.")
        record(viewer=by, action=TAKEN_BACK, subject=person.key)


def open_link(person: Person) -> PasswordLink | None:
    """The link of `person` that can still be used, or None."""
    return next((one for one in PasswordLink.objects.filter(person=person) if is_open(one)), None)


def found(secret: str) -> PasswordLink | None:
    """The link this secret was made for, open or not; None for a secret that was never one."""
    if len(secret) > 2 * SECRET_BYTES:
        return None
    digest = _digest(secret)
    link = PasswordLink.objects.select_related("person").filter(secret_digest=digest).first()
    return link if link is not None and hmac.compare_digest(link.secret_digest, digest) else None


def is_open(link: PasswordLink) -> bool:
    """Whether it can be used now: not used, not taken back, not too old, and for somebody who may still sign in."""
    return link.open_at(clock.now()) and link.person.is_active


def use(link: PasswordLink, password: str) -> Person:
    """Choose the new password, and end all sessions. Nobody is signed in by it.

    Raises ValidationError for a weak password, PlainError where the link is not open any more.
    """
    validate_password(password, link.person)
    with transaction.atomic():
        locked = PasswordLink.objects.select_for_update().select_related("person").get(pk=link.pk)
        if not is_open(locked):
            raise PlainError(CLOSED)
        person: Person = locked.person
        person.set_password(password)
        person.save(update_fields=["password"])
        locked.used_at = clock.now()
        locked.save(update_fields=["used_at"])
        Session.objects.filter(person=person).delete()
        notices.leave(person, notices.LINK_USED, by_key=locked.made_by_key)
        record(actor=person.key, action=USED, subject=person.key, detail={"made by": locked.made_by_key})
    return person


def _digest(secret: str) -> str:
    return keys_in_use().digest("session", b"password-link\x00" + secret.encode())
