"""Refs: how an address or a pseudonym names a child (DESIGN 5 I).

A ref is the child's key under AES-SIV with a key of the audience. It needs no look-up table, is the same
for one audience every time, and cannot be joined between audiences. For the Lead Member the audience holds
the month ('lead-member:2026-10'), so the pseudonym changes monthly.
"""

import base64
import hashlib
import hmac
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from lineofsight.keys import Keyring

# AES-SIV: a 16-byte tag before the 16 bytes of the child's key, in base64 without padding.
REF_LENGTH = 43
_CHILD_KEY = re.compile(r"[0-9a-f]{32}")


def ref(keys: Keyring, audience: str, child_key: str) -> str:
    """The 43 URL-safe characters that stand for the child to `audience`.

    Raises ValueError where `child_key` is not 32 lower-case hex characters.
    """
    if not _CHILD_KEY.fullmatch(child_key):
        raise ValueError("a child key is 32 hex characters")
    return _text(_cipher(keys, audience).encrypt(bytes.fromhex(child_key), [b"child"]))


def child_key(keys: Keyring, audience: str, ref: str) -> str | None:
    """The child's key behind a ref made for `audience`; None for anything else, forged or mistyped."""
    if len(ref) != REF_LENGTH:
        return None
    try:
        sealed = base64.urlsafe_b64decode(ref + "=")
        # Base64 has spare bits at the end: only the one spelling that `ref` writes is a ref.
        if _text(sealed) != ref:
            return None
        return _cipher(keys, audience).decrypt(sealed, [b"child"]).hex()
    except (ValueError, InvalidTag):
        return None


def _cipher(keys: Keyring, audience: str) -> AESSIV:
    return AESSIV(hmac.new(keys.secret("audience"), audience.encode(), hashlib.sha512).digest())


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
