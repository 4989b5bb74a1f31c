"""The second factors a person has, and the only writers of them. Each change is in the chain.

Changing one needs somebody who showed within the last 15 minutes that it is still they (`confirmed_lately`), and
ends the person's other sessions where something was taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from lineofsight import clock
from lineofsight.web.access.chain import record
from lineofsight.web.access.identity import actions, codes, passkeys
from lineofsight.web.access.models import Person
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import Viewer, offices_of

ADDED, REMOVED, USED = "factor.added", "factor.removed", "factor.used"
NEW_CODES = "recovery-codes.made"
NEW_PASSWORD = "password.changed"  # noqa: S105  the name of an event
CONFIRMED = "session.confirmed"

KINDS = {codes.APP: "authenticator app", passkeys.PASSKEY: "passkey"}
COUNCIL = "council account"

NOT_CONFIRMED = "Show that it is still you before you change how you sign in."


@dataclass(frozen=True)
class Factor:
    """One second factor of a person."""

    id: int
    kind: str
    name: str
    added: datetime
    last_used: datetime | None


def factors_of(person: Person) -> list[Factor]:
    """The second factors of `person`, the app first. Recovery codes only stand in for these."""
    kept = Authenticator.objects.filter(user=person, type__in=KINDS).order_by("type", "pk")
    return [
        Factor(
            id=one.pk,
            kind=KINDS[one.type],
            name=one.data.get("name", "") if one.type == passkeys.PASSKEY else "",
            added=one.created_at,
            last_used=one.last_used_at,
        )
        for one in kept
    ]


def has_factor(person: Person) -> bool:
    """Whether `person` has a second factor."""
    return bool(Authenticator.objects.filter(user=person, type__in=KINDS).exists())


def needs_factor(person: Person) -> bool:
    """Whether any office `person` holds today asks for a second factor (offices.toml)."""
    return bool(offices_that_need_one(person))


def offices_that_need_one(person: Person) -> list[str]:
    """The titles of the offices `person` holds today that ask for a second factor."""
    held = [offices()[one.office] for one in offices_of(person) if one.office in offices()]
    return [one.title for one in held if one.second_factor]


def confirmed_lately(request: HttpRequest) -> bool:
    """Whether the person of this session showed within the last 15 minutes that it is still they (ASVS 7.5.1)."""
    at = request.session.get(actions.CONFIRMED)
    return at is not None and clock.now() - datetime.fromisoformat(at) < timedelta(minutes=settings.CONFIRMED_MINUTES)


def confirm(request: HttpRequest, *, by: Viewer, how: str) -> None:
    """Note that the person of this session showed again that it is they."""
    with transaction.atomic():
        request.session[actions.CONFIRMED] = clock.now().isoformat()
        record(viewer=by, action=CONFIRMED, detail={"how": how})


def give(request: HttpRequest, *, by: Viewer, factor: str) -> None:
    """Note that a second factor was given in a session that had begun without one."""
    with transaction.atomic():
        request.session[actions.FACTOR] = factor
        request.session.cycle_key()
        record(viewer=by, action=USED, detail={"how": factor})


def note_recovery_code(person: Person) -> int:
    """A recovery code was used. Gives how many are left."""
    left = codes.recovery_codes_left(person)
    with transaction.atomic():
        record(actor=person.key, action=USED, subject=person.key, detail={"how": "recovery code", "left": left})
    return left


def add_app(request: HttpRequest, *, by: Viewer, sealed: str, step: int) -> list[str]:
    """Keep an authenticator app, in place of any before. Gives recovery codes where these are the person's first."""
    person = _confirmed(request)
    with transaction.atomic():
        if codes.keep_app(person, sealed, step):
            actions.end_other_sessions(request, by=by, why=f"{KINDS[codes.APP]} replaced")
        return _added(request, by, person, KINDS[codes.APP], "app")


def add_passkey(request: HttpRequest, *, by: Viewer, name: str, credential: object) -> list[str] | None:
    """Keep a passkey. Gives recovery codes where these are the person's first; None where the passkey does not fit."""
    person = _confirmed(request)
    with transaction.atomic():
        if passkeys.add(person, name, credential) is None:
            return None
        return _added(request, by, person, KINDS[passkeys.PASSKEY], "passkey")


def make_recovery_codes(request: HttpRequest, *, by: Viewer) -> list[str]:
    """Ten new recovery codes in place of any before. Raises Refused for somebody without a second factor."""
    person = _confirmed(request)
    if not has_factor(person):
        raise Refused("Recovery codes stand in for a second factor. Add an authenticator app or a passkey first.")
    with transaction.atomic():
        made = codes.new_recovery_codes(person)
        record(viewer=by, action=NEW_CODES, subject=person.key)
    return made


def remove(request: HttpRequest, *, by: Viewer, factor: Factor) -> None:
    """Take a second factor away, and end the person's other sessions."""
    person = _confirmed(request)
    with transaction.atomic():
        Authenticator.objects.filter(user=person, pk=factor.id, type__in=KINDS).delete()
        if not has_factor(person):
            Authenticator.objects.filter(user=person).delete()
            if request.session.get(actions.FACTOR) not in (COUNCIL, actions.DEMONSTRATION):
                request.session[actions.FACTOR] = ""
        actions.end_other_sessions(request, by=by, why=f"{factor.kind} removed")
        record(viewer=by, action=REMOVED, subject=person.key, detail={"kind": factor.kind})


def remove_council_account(request: HttpRequest, *, by: Viewer) -> None:
    """Forget which council account is theirs, and end the person's other sessions."""
    person = _confirmed(request)
    with transaction.atomic():
        SocialAccount.objects.filter(user=person).delete()
        actions.end_other_sessions(request, by=by, why=f"{COUNCIL} removed")
        record(viewer=by, action=REMOVED, subject=person.key, detail={"kind": COUNCIL})


def change_password(request: HttpRequest, *, by: Viewer, password: str) -> None:
    """A new password for one's own account, which was checked to be a good one. Ends the person's other sessions."""
    person = _confirmed(request)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        update_session_auth_hash(request, person)
        request.session.save()
        actions.end_other_sessions(request, by=by, why="password changed")
        record(viewer=by, action=NEW_PASSWORD, subject=person.key)


def _added(request: HttpRequest, by: Viewer, person: Person, kind: str, factor: str) -> list[str]:
    """What follows when one was added: it was just used, so it counts as given in this session."""
    request.session[actions.FACTOR] = request.session.get(actions.FACTOR) or factor
    made = [] if codes.recovery_codes_left(person) else codes.new_recovery_codes(person)
    record(viewer=by, action=ADDED, subject=person.key, detail={"kind": kind, "recovery codes": len(made)})
    return made


def _confirmed(request: HttpRequest) -> Person:
    if not confirmed_lately(request):
        raise Refused(NOT_CONFIRMED)
    person = request.user
    assert isinstance(person, Person)
    return person
