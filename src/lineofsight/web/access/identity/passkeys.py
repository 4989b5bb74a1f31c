"""Passkeys (WebAuthn): begin a ceremony, and judge what the browser brings back. The cryptography is python-fido2's.

Every passkey here is one that its device unlocks with a finger, a face or a PIN (user verification) and that knows
whose it is (discoverable), so that it is something one has and something one is or knows, at once.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError

from lineofsight import clock
from lineofsight.web.access.models import Person

PASSKEY = Authenticator.Type.WEBAUTHN

# What a browser may send that is no credential at all.
_NOT_ONE = (ValidationError, ValueError, TypeError, KeyError, AttributeError)


def options_to_add(person: Person) -> dict[str, Any]:
    """What the browser needs to make a passkey for `person`. The session keeps what it is checked against."""
    return dict(auth.begin_registration(person, passwordless=True))


def add(person: Person, name: str, credential: Any) -> Authenticator | None:
    """Keep the passkey the browser made, or None where it does not fit what was asked for."""
    try:
        auth.parse_registration_response(credential)
        if not auth.complete_registration(credential).is_user_verified():
            return None
    except _NOT_ONE:
        return None
    made = auth.WebAuthn.add(person, name, credential).instance
    made.created_at = clock.now()
    made.save(update_fields=["created_at"])
    return made


def options_to_use(person: Person | None) -> dict[str, Any]:
    """What the browser needs to use a passkey: of `person`, or of whoever's passkey the device offers."""
    return dict(auth.begin_authentication(person))


def person_of(credential: Any, *, expected: Person | None = None) -> Person | None:
    """Whose passkey was used, or None where it does not fit: not registered, not ours, answered before, altered."""
    try:
        auth.parse_authentication_response(credential)
        person: Person = expected or auth.extract_user_from_response(credential)
        used = auth.complete_authentication(person, credential)
    except _NOT_ONE:
        return None
    used.last_used_at = clock.now()
    used.save(update_fields=["last_used_at"])
    return person
