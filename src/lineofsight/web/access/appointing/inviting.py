"""The only writers of invitations: made, taken back, taken up. Each tells the chain.

An invitation is the only way an account begins. Its secret is 32 random bytes that stand in one address; the
database keeps a keyed digest of it, so that neither a copy of the database nor a log opens anything.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.appointing.actions import add_person, free_key, give_office, offered
from lineofsight.web.access.appointing.permissions import check_manage
from lineofsight.web.access.chain import record
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import ChainEvent, Holding, Invitation, Person
from lineofsight.web.access.offices import office
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import Viewer

MADE = "invitation.made"
TAKEN_BACK = "invitation.taken-back"
TAKEN_UP = "invitation.taken-up"
MISSED = "invitation.not-found"

LASTS = timedelta(days=7)
SECRET_BYTES = 32

# So many wrong addresses in so many minutes, and that machine waits (ASVS 6.3.1).
MOST_MISSES = 10
MISS_MINUTES = 15

CLOSED = "This invitation cannot be used any more. Ask whoever invited you for a new one."


@dataclass(frozen=True)
class Offer:
    """What an invitation offers: an office from a day, perhaps to a day, over named ids, perhaps as a delegate."""

    office: str
    from_date: date
    until: date | None = None
    scope_ids: Sequence[str] = ()
    as_delegate: bool = False


@dataclass(frozen=True)
class Made:
    """An invitation just made, and its secret, which nobody can read again."""

    invitation: Invitation
    secret: str


def invite(*, by: Viewer, name: str, email: str, offer: Offer) -> Made:
    """Offer an office to whoever reads mail at an address. It works once, for seven days.

    Raises Refused for one's own address, PlainError for what `give_office` would refuse and where the same office
    is open to that address already.
    """
    email = email.strip().lower()
    check_manage(by, email=email)
    held = office(offer.office)
    offered(held, None, offer.scope_ids, offer.as_delegate)
    now = clock.now()
    if offer.until is not None and offer.until < max(offer.from_date, clock.today()):
        raise PlainError("The last day is before the first, or has passed.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        earlier = Invitation.objects.filter(email=email, office=held.slug, accepted_at=None, withdrawn_at=None)
        if earlier.filter(expires_at__gt=now).exists():
            raise PlainError(f"{email} is invited to be {held.title} already. Take that invitation back first.")
        invitation = Invitation.objects.create(
            name=name.strip(),
            email=email,
            office=held.slug,
            scope_ids=list(offer.scope_ids),
            as_delegate=offer.as_delegate,
            from_date=offer.from_date,
            until=offer.until,
            secret_digest=_digest(secret),
            made_by_key=by.person_key,
            made_at=now,
            expires_at=now + LASTS,
        )
        record(
            viewer=by,
            action=MADE,
            subject=held.slug,
            detail={"invitation": str(invitation.key), "to": email, "ids": list(offer.scope_ids)},
        )
    return Made(invitation, secret)


def take_back(*, by: Viewer, key: UUID) -> Invitation:
    """Take an open invitation back: its address stops working now.

    Raises Refused without the permission, PlainError where it is not open any more.
    """
    check_manage(by)
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().filter(pk=key).first()
        if invitation is None or not invitation.open_at(clock.now()):
            raise PlainError("That invitation is not open any more: it was taken up, taken back, or is too old.")
        invitation.withdrawn_at = clock.now()
        invitation.save(update_fields=["withdrawn_at"])
        record(viewer=by, action=TAKEN_BACK, subject=invitation.office, detail={"invitation": str(key)})
    return invitation


def found(secret: str) -> Invitation | None:
    """The invitation this secret was made for, open or not; None for a secret that was never one."""
    if len(secret) > 2 * SECRET_BYTES:
        return None
    digest = _digest(secret)
    invitation = Invitation.objects.filter(secret_digest=digest).first()
    if invitation is None or not hmac.compare_digest(invitation.secret_digest, digest):
        return None
    return invitation


def is_open(invitation: Invitation) -> bool:
    """Whether it can be taken up now: not used, not taken back, not too old, and not for days that have passed."""
    over = invitation.until is not None and invitation.until < clock.today()
    return invitation.open_at(clock.now()) and not over


def open_account(invitation: Invitation, password: str) -> Holding:
    """Take an invitation up as somebody new: the account begins, with the office that was offered.

    Raises ValidationError for a weak password; PlainError where the invitation is not open, or somebody has an
    account with that address (they sign in and use `accept`).
    """
    validate_password(password, Person(name=invitation.name, email=invitation.email))
    with transaction.atomic():
        locked = _locked(invitation)
        person = add_person(by=None, key=free_key(locked.name), name=locked.name, email=locked.email, password=password)
        return _take_up(locked, person)


def accept(invitation: Invitation, person: Person) -> Holding:
    """Take an invitation up as the person who is signed in and whose address it went to.

    Raises Refused for anybody else, PlainError where it is not open or the office cannot be given.
    """
    if person.email != invitation.email or not person.is_active:
        raise Refused("This invitation was made for somebody else.")
    with transaction.atomic():
        return _take_up(_locked(invitation), person)


def note_miss(peer: str) -> None:
    """One wrong address. The machine it came from is kept as a keyed digest only."""
    with transaction.atomic():
        record(actor="nobody", action=MISSED, subject=_place(peer))


def waits_after_misses(peer: str) -> bool:
    """Whether so many wrong addresses came from this machine lately that it must wait."""
    since = (clock.now() - timedelta(minutes=MISS_MINUTES)).isoformat(timespec="microseconds")
    return ChainEvent.objects.filter(action=MISSED, subject=_place(peer), at__gt=since).count() >= MOST_MISSES


def _locked(invitation: Invitation) -> Invitation:
    """The invitation, locked, if it is still open: of two who press at once, one is told it is used."""
    locked: Invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not is_open(locked):
        raise PlainError(CLOSED)
    return locked


def _take_up(invitation: Invitation, person: Person) -> Holding:
    holding = give_office(
        by=None,
        person=person,
        slug=invitation.office,
        from_date=invitation.from_date,
        until=invitation.until,
        scope_ids=invitation.scope_ids,
        as_delegate=invitation.as_delegate,
        detail={"invited_by": invitation.made_by_key, "invitation": str(invitation.key)},
    )
    invitation.accepted_at, invitation.person = clock.now(), person
    invitation.save(update_fields=["accepted_at", "person"])
    record(
        actor=person.key,
        action=TAKEN_UP,
        subject=invitation.office,
        detail={"invitation": str(invitation.key), "invited_by": invitation.made_by_key},
    )
    return holding


def _digest(secret: str) -> str:
    return keys_in_use().digest("session", b"invitation\x00" + secret.encode())


def _place(peer: str) -> str:
    return keys_in_use().digest("session", b"peer\x00" + peer.encode())[:32]
