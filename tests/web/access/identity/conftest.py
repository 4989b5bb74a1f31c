"""For every test of signing in: somebody with a password, what their telephone shows, and a passkey in software."""

from __future__ import annotations

import base64
import hashlib
import json
import os

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from fido2 import cbor
from fido2.cose import ES256
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

from lineofsight import clock
from lineofsight.web.access.identity import codes, factors

ORIGIN, RP_ID = "https://testserver", "testserver"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """Argon2 as it is, with less work: it is its strength, not what is tested here."""
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)


@pytest.fixture
def still():
    """Time stands still, so that no half minute ends in the middle of a test."""
    with clock.frozen_at(clock.now()):
        yield


@pytest.fixture
def director(people, password):
    """The Director, with a password."""
    people["dcs"].set_password(password)
    people["dcs"].save()
    return people["dcs"]


@pytest.fixture
def councillor(people, password):
    """Somebody of the scrutiny committee, whose office needs no second factor, with a password."""
    people["scrutiny"].set_password(password)
    people["scrutiny"].save()
    return people["scrutiny"]


class Telephone:
    """An authenticator app: what it shows now, or so many half minutes from now."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def shows(self, steps: int = 0) -> str:
        now = int(clock.now().timestamp()) // 30
        return format_hotp_value(hotp_value(self.secret, now + steps))


@pytest.fixture
def telephone(home):
    """`telephone(person)`: give them an authenticator app, and hold it."""

    def give(person):
        sealed = codes.new_secret()
        codes.keep_app(person, sealed, -1)
        return Telephone(codes.plain_secret(sealed))

    return give


@pytest.fixture
def enter(password):
    """`enter(person)`: a client that gave the right password; `enter(person, code)` gives a code too."""

    def sign_in(person, code=None, client=None, **meta):
        client = client or Client(**meta)
        answer = client.post("/sign-in", {"email": person.email, "password": password})
        assert answer.status_code == 302, answer.content.decode()
        if code is not None:
            assert answer["Location"] == "/sign-in/code"
            answer = client.post("/sign-in/code", {"code": code})
            assert answer.status_code == 302, answer.content.decode()
        return client

    return sign_in


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftKey:
    """A passkey in software, which answers as a device would; `verified` is whether it asked for the finger."""

    def __init__(self, origin: str = ORIGIN, *, verified: bool = True) -> None:
        self.origin, self.verified = origin, verified
        self.id, self.owner = os.urandom(16), b""
        self.private = ec.generate_private_key(ec.SECP256R1())

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _authenticator_data(self, attested: AttestedCredentialData | None) -> bytes:
        flags = 0x01 | (0x04 if self.verified else 0) | (0x40 if attested else 0)
        return AuthenticatorData.create(
            hashlib.sha256(RP_ID.encode()).digest(), flags, 0, bytes(attested) if attested else b""
        )

    def make(self, options: dict) -> str:
        asked = options["publicKey"]
        self.owner = _bytes(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.private.public_key())
        attested = AttestedCredentialData.create(b"\x00" * 16, self.id, public)
        attestation = cbor.encode({"fmt": "none", "authData": bytes(self._authenticator_data(attested)), "attStmt": {}})
        client = self._client_data("webauthn.create", asked["challenge"])
        return self._credential({"clientDataJSON": _text(client), "attestationObject": _text(attestation)})

    def answer(self, options: dict) -> str:
        client = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        data = bytes(self._authenticator_data(None))
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(data),
                "signature": _text(signed),
                "userHandle": _text(self.owner),
            }
        )

    def _credential(self, response: dict) -> str:
        return json.dumps(
            {
                "id": _text(self.id),
                "rawId": _text(self.id),
                "type": "public-key",
                "clientExtensionResults": {"credProps": {"rk": True}},
                "response": response,
            }
        )


@pytest.fixture
def soft_key():
    """`soft_key()`: a new passkey in software."""
    return SoftKey


@pytest.fixture
def with_passkey(client_as, people, soft_key):
    """`with_passkey("dcs")`: make a passkey for that office's holder, as their browser would. Gives the key."""

    def make(office, **kind):
        client, key = client_as(office), soft_key(**kind)
        confirmed(client)
        page = client.get("/account/second-factor/passkey/", secure=True)
        answer = client.post(
            "/account/second-factor/passkey/",
            {"name": "work laptop", "credential": key.make(page.context["passkey"])},
            secure=True,
        )
        assert factors.has_factor(people[office]), answer.content.decode()
        return key

    return make


def confirmed(client: Client) -> None:
    """As if the client's person had just shown that it is still they."""
    from lineofsight.web.access.identity import actions

    session = client.session
    session[actions.CONFIRMED] = clock.now().isoformat()
    session.save()


@pytest.fixture
def confirm():
    """`confirm(client)`: its person has just shown that it is still they."""
    return confirmed
