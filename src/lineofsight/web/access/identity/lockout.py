"""Who must wait after too many failures. Counted from the audit chain itself: no second book of addresses is kept.

An address that was typed and a peer that a request came from stand in the chain as keyed digests only
(docs/adr/0005). Somebody who waits is not counted again, so nobody can be kept out by trying without end.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from lineofsight import clock
from lineofsight.web.access.chain import record
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import ChainEvent, Person

SIGN_IN_FAILED = "sign-in.failed"
FACTOR_FAILED = "factor.failed"

# So many failures in so many minutes, and it waits (ASVS 6.3.1): an address, somebody's second factor (a code has six
# figures, and three are right at any moment), and a peer, behind which a whole council may sit.
MOST_FAILURES = 10
MOST_CODES = 5
MOST_FROM_A_PEER = 100
FAILURE_MINUTES = 15

NOBODY = "nobody"


def note_failed_sign_in(request: HttpRequest, email: str, *, how: str = "password") -> None:
    """One failed sign-in, with the address as a keyed digest (none for a passkey, which comes without one)."""
    with transaction.atomic():
        record(
            actor=_peer(request), action=SIGN_IN_FAILED, subject=_address(email) if email else "", detail={"how": how}
        )


def note_failed_factor(request: HttpRequest, person: Person, *, where: str) -> None:
    """One wrong code, or one passkey that did not fit, of `person`."""
    with transaction.atomic():
        record(actor=_peer(request), action=FACTOR_FAILED, subject=person.key, detail={"where": where})


def waits_after_failures(request: HttpRequest, email: str = "") -> bool:
    """Whether so many sign-ins failed lately with this address, or from this peer, that it must wait."""
    return _peer_waits(request) or (
        bool(email) and _lately(action=SIGN_IN_FAILED, subject=_address(email)) >= MOST_FAILURES
    )


def waits_after_codes(request: HttpRequest, person: Person) -> bool:
    """Whether so many codes of this person, or tries from this peer, failed lately that they must wait."""
    return _peer_waits(request) or _lately(action=FACTOR_FAILED, subject=person.key) >= MOST_CODES


def _peer_waits(request: HttpRequest) -> bool:
    peer = _peer(request)
    if peer == NOBODY:
        return False
    return _lately(actor=peer, action__in=(SIGN_IN_FAILED, FACTOR_FAILED)) >= MOST_FROM_A_PEER


def _lately(**which: object) -> int:
    since = (clock.now() - timedelta(minutes=FAILURE_MINUTES)).isoformat(timespec="microseconds")
    return ChainEvent.objects.filter(at__gt=since, **which).count()


def _peer(request: HttpRequest) -> str:
    """Nobody in particular at the request's peer. Behind a proxy the peer is the one that our own proxy wrote last."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    if not address:
        return NOBODY
    return "peer:" + keys_in_use().digest("session", b"peer\x00" + address.encode())[:32]


def _address(email: str) -> str:
    return keys_in_use().digest("session", b"address\x00" + email.strip().lower().encode())[:32]
