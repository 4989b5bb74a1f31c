"""The council's own directory (Entra ID, or any OpenID provider), as the environment names it. No Django here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lineofsight.errors import PlainError

_NAMES = ("LINEOFSIGHT_OIDC_ISSUER", "LINEOFSIGHT_OIDC_CLIENT_ID", "LINEOFSIGHT_OIDC_CLIENT_SECRET")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Council:
    """Where the council's people sign in, and what this installation is called there.

    `second_factor` holds the words in a token's `amr`, `acr` or `acrs` by which the directory says that a second
    factor was given. With none, it never says so, and ours is asked for.
    """

    issuer: str
    client_id: str
    client_secret: str
    second_factor: frozenset[str] = frozenset()

    @property
    def origin(self) -> str:
        """What the browser is sent to, for the content policy."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def provider_id(self) -> str:
        """A name that changes with the issuer: who was connected at one directory is a stranger at another."""
        return "council-" + hashlib.sha256(self.issuer.encode()).hexdigest()[:16]


def council_account(environment: Mapping[str, str]) -> Council | None:
    """The directory that `environment` names, or None where it names none.

    The secret may stand in a file (`LINEOFSIGHT_OIDC_CLIENT_SECRET_FILE`). Raises PlainError where something of it
    is missing, or where the issuer is not reached over TLS.
    """
    issuer, client_id, secret = (environment.get(name, "").strip() for name in _NAMES)
    file = environment.get("LINEOFSIGHT_OIDC_CLIENT_SECRET_FILE", "").strip()
    if not (issuer or client_id or secret or file):
        return None
    if file and not secret:
        secret = _read(file)
    if not (issuer and client_id and secret):
        raise PlainError(f"Sign-in with the council account needs all of {', '.join(_NAMES)} (or the secret's _FILE).")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
        raise PlainError("LINEOFSIGHT_OIDC_ISSUER must begin with https://.")
    words = environment.get("LINEOFSIGHT_OIDC_SECOND_FACTOR", "").split(",")
    return Council(issuer.rstrip("/"), client_id, secret, frozenset(filter(None, map(str.strip, words))))


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError:
        raise PlainError("The file that LINEOFSIGHT_OIDC_CLIENT_SECRET_FILE names cannot be read.") from None
