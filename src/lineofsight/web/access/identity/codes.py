"""Codes of six figures from an app (RFC 6238), and recovery codes: are they right, and used only once?

The arithmetic is django-allauth's. Which moment a code was last used for is kept with the secret, so a code seen over a
shoulder is worth nothing anywhere: a cache would be each web process's own. Recovery codes are kept as passwords are,
hashed with a salt each (ASVS 6.5.2), where django-allauth would keep what they can be worked out from.
"""

from __future__ import annotations

import secrets

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt, encrypt
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from lineofsight import clock
from lineofsight.web.access.models import Person

APP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES

# What a code that was right is called in the chain.
BY_APP, RECOVERY_CODE = "app", "recovery code"

STEP_SECONDS = 30
# A telephone's clock may be this many steps off (RFC 6238, section 5.2).
STEPS_OFF = 1
_LAST = "last_step"
HOW_MANY = 10
# What a row of recovery codes keeps: the hash of each that is not used yet.
HASHES = "hashes"


def new_secret() -> str:
    """A new secret for an app, sealed as it is kept."""
    return str(encrypt(generate_totp_secret()))


def plain_secret(sealed: str) -> str:
    """The secret as the app takes it. Raises PlainError when it was altered."""
    return str(decrypt(sealed))


def step_of(secret: str, code: str, *, after: int = -1) -> int | None:
    """The 30 seconds that `code` is right for, among now and its neighbours after `after`; None for a wrong one."""
    now = int(clock.now().timestamp()) // STEP_SECONDS
    steps = (step for step in range(now - STEPS_OFF, now + STEPS_OFF + 1) if step > after)
    return next((step for step in steps if _matches(code, format_hotp_value(hotp_value(secret, step)))), None)


def keep_app(person: Person, sealed: str, step: int) -> bool:
    """Keep an app's secret, first used at `step`. Gives whether it took the place of another."""
    data = {"secret": sealed, _LAST: step}
    _, new = Authenticator.objects.update_or_create(
        user=person, type=APP, defaults={"data": data, "created_at": clock.now(), "last_used_at": None}
    )
    return not new


def use_code(person: Person, code: str) -> str:
    """BY_APP or RECOVERY_CODE where `code` is right, and it is then used up; "" for a wrong or a used one."""
    with transaction.atomic():
        mine = Authenticator.objects.select_for_update().filter(user=person, type__in=(APP, RECOVERY))
        by_kind = {one.type: one for one in mine}
        app, recovery = by_kind.get(APP), by_kind.get(RECOVERY)
        if app is not None:
            step = step_of(plain_secret(app.data["secret"]), code, after=app.data.get(_LAST, -1))
            if step is not None:
                app.data[_LAST] = step
                _note_use(app)
                return BY_APP
        if recovery is not None and (used := _hash_of(code, recovery.data[HASHES])):
            recovery.data[HASHES].remove(used)
            _note_use(recovery)
            return RECOVERY_CODE
    return ""


def new_recovery_codes(person: Person) -> list[str]:
    """Ten new recovery codes in place of any before. They are read only here."""
    digits = settings.MFA_RECOVERY_CODE_DIGITS
    made = [f"{secrets.randbelow(10**digits):0{digits}}" for _ in range(HOW_MANY)]
    data = {HASHES: [make_password(code) for code in made]}
    Authenticator.objects.update_or_create(
        user=person, type=RECOVERY, defaults={"data": data, "created_at": clock.now(), "last_used_at": None}
    )
    return [f"{code[:5]} {code[5:]}" for code in made]


def recovery_codes_left(person: Person) -> int:
    """How many recovery codes of `person` are not used yet."""
    kept = Authenticator.objects.filter(user=person, type=RECOVERY).first()
    return len(kept.data[HASHES]) if kept else 0


def _hash_of(code: str, hashes: list[str]) -> str:
    """The one of `hashes` that `code` fits, or nothing. A code of an app's length is not tried: hashing is slow."""
    plain = "".join(code.split()).replace("-", "")
    if len(plain) != settings.MFA_RECOVERY_CODE_DIGITS:
        return ""
    return next((one for one in hashes if check_password(plain, one)), "")


def _note_use(one: Authenticator) -> None:
    one.last_used_at = clock.now()
    one.save(update_fields=["data", "last_used_at"])


def _matches(code: str, expected: str) -> bool:
    return bool(compare_user_code(actual=code, expected=expected))
