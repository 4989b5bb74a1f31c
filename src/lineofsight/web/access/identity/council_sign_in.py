"""Sign-in with the council account (OpenID Connect; Entra ID): there, back again, and who it is.

django-allauth does the code flow (state, PKCE, the exchange); we insist on the token's signature and issuer, read
nothing but the signed token, and let in only somebody who has an account here already.
"""

from __future__ import annotations

from typing import Any

import jwt
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from lineofsight.web.access.chain import record
from lineofsight.web.access.identity import actions
from lineofsight.web.access.identity.adapters import Arrived, DidNotArrive
from lineofsight.web.access.identity.council import Council
from lineofsight.web.access.models import Person

CONNECTED = "council-account.connected"

NAME = "council account"

# What a directory may sign with: never a shared secret, never nothing.
SIGNED_WITH = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The exchange with the one directory that the settings name."""

    def get_provider(self) -> _Provider:
        return _provider(self.request)

    @property
    def openid_config(self) -> dict[str, Any]:
        found: dict[str, Any] = super().openid_config
        if str(found.get("issuer", "")).rstrip("/") != council().issuer:
            raise OAuth2Error("The directory names another issuer than the one that was configured.")
        return found

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(build_absolute_uri(request, reverse("access:sign-in-entra-return")))

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """The token's claims, its signature checked too (allauth trusts TLS alone). OpenID Connect Core, 3.1.3.7."""
        config = self.openid_config
        with get_adapter().get_requests_session() as session:
            answer = session.get(config["jwks_uri"])
            answer.raise_for_status()
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                _signing_key(answer.json(), id_token),
                algorithms=SIGNED_WITH,
                audience=app.client_id,
                issuer=config["issuer"],
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError:
            raise OAuth2Error("The directory's token is not sound.") from None
        return claims


class _Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """What a token says of a person: keeps nothing of it but who they are there."""

    oauth2_adapter_class = _Adapter

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> Any:
        claims = response.get("id_token")
        if not isinstance(claims, dict):
            raise OAuth2Error("The directory sent no signed token.")
        found = super().sociallogin_from_response(request, response)
        found.claims = claims
        return found

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        claims = data["id_token"]
        email = claims.get("email")
        return [EmailAddress(email=email, verified=_verified(claims), primary=True)] if email else []


def council() -> Council:
    """The directory that is configured. Call it only where one is."""
    found: Council | None = settings.COUNCIL_ACCOUNT
    assert found is not None
    return found


def leave_for_directory(request: HttpRequest, onward: str) -> HttpResponseBase:
    """Send the browser to the directory. Raises DidNotArrive where it cannot be reached."""
    try:
        answer: HttpResponseBase = _provider(request).redirect(request, process="login", next_url=onward)
    except (requests.RequestException, OAuth2Error, ValueError, KeyError):
        raise DidNotArrive from None
    return answer


def arrival(request: HttpRequest) -> Any:
    """Who the directory says came back. Raises DidNotArrive where it does not say, or its answer is not sound."""
    try:
        OAuth2CallbackView.adapter_view(_Adapter(request, council().provider_id))(request)
    except Arrived as arrived:
        return arrived.found
    except (requests.RequestException, OAuth2Error, ValueError, KeyError):
        raise DidNotArrive from None
    raise DidNotArrive


def person_of(found: Any) -> Person | None:
    """The person here whose council account it is, or None: then nobody is let in.

    They are whoever was connected with it before; or whoever has its verified e-mail address here and is connected
    with no other account of the same directory, since an address may be given to the next who joins.
    """
    provider = council().provider_id
    known = SocialAccount.objects.filter(provider=provider, uid=found.account.uid).select_related("user").first()
    if known is not None:
        person: Person = known.user
        return person
    emails = [one.email.lower() for one in found.email_addresses if one.verified]
    matched = Person.objects.filter(email__in=emails, is_active=True).first()
    if matched is None or SocialAccount.objects.filter(provider=provider, user=matched).exists():
        return None
    return matched


def connect(found: Any, person: Person) -> None:
    """Keep that this council account is `person`'s. Raises Refused where they may not sign in at all."""
    actions.check_may_sign_in(person)
    account = {"provider": council().provider_id, "uid": found.account.uid}
    if SocialAccount.objects.filter(user=person, **account).exists():
        return
    with transaction.atomic():
        SocialAccount.objects.create(user=person, extra_data={}, **account)
        record(actor=person.key, action=CONNECTED, subject=person.key)


def gave_second_factor(found: Any) -> bool:
    """Whether the directory says, in the words that are configured, that a second factor was given there."""
    said: set[str] = set()
    for claim in ("amr", "acr", "acrs"):
        value = found.claims.get(claim, [])
        said.update(map(str, value) if isinstance(value, list) else [str(value)])
    return bool(said & council().second_factor)


def is_connected(person: Person) -> bool:
    """Whether `person` is connected with a council account of the directory that is configured."""
    return settings.COUNCIL_ACCOUNT is not None and bool(
        SocialAccount.objects.filter(user=person, provider=council().provider_id).exists()
    )


def _provider(request: HttpRequest) -> _Provider:
    found = council()
    app = SocialApp(
        provider="openid_connect",
        provider_id=found.provider_id,
        name=NAME,
        client_id=found.client_id,
        secret=found.client_secret,
        settings={"server_url": found.issuer, "oauth_pkce_enabled": True, "fetch_userinfo": False},
    )
    return _Provider(request, app=app)


def _signing_key(published: dict[str, Any], token: str) -> jwt.PyJWK:
    """The published key a token names, or the only one where it names none. Raises PyJWTError for any other."""
    keys = [key for key in jwt.PyJWKSet.from_dict(published).keys if key.public_key_use in (None, "sig")]
    named = jwt.get_unverified_header(token).get("kid")
    fitting = [key for key in keys if key.key_id == named] if named else keys
    if len(fitting) != 1:
        raise jwt.InvalidKeyError("No published key fits the token.")
    return fitting[0]


def _verified(claims: dict[str, Any]) -> bool:
    """Whether the directory vouches for the e-mail address. Entra ID says so in `xms_edov`, others in the standard's
    `email_verified`; without either, an address is what anybody could have typed."""
    return any(claims.get(name) in (True, 1, "1", "true", "True") for name in ("email_verified", "xms_edov"))
