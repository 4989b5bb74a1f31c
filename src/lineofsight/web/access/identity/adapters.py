"""What this house tells django-allauth: nobody signs up, secrets are sealed, nobody is signed in behind our back."""

from __future__ import annotations

import base64
from typing import Any, NoReturn

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from lineofsight.web.access.fields import seal, unseal
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.models import Person
from lineofsight.web.access.permissions import Refused

NAME = "Line of Sight"
_SECRET, _CONTEXT = "text", "second-factor"  # noqa: S105  the name of a secret, not one


class Arrived(Exception):
    """Somebody came back from the council's directory, which says who they are (`found`, a SocialLogin)."""

    def __init__(self, found: Any) -> None:
        super().__init__("arrived")
        self.found = found


class DidNotArrive(Exception):
    """The directory did not say who they are: it was stopped, or the answer was not sound."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts begin with an invitation, and sessions with `actions.begin_session`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def login(self, request: HttpRequest, user: Person) -> NoReturn:
        """Refused: one function of ours begins every session."""
        raise Refused("Sign in on the sign-in page.")

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is sent."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets are sealed under the home's keys, and named as a person reads them."""

    def encrypt(self, text: str) -> str:
        """`text`, sealed."""
        return base64.b64encode(seal(_SECRET, _CONTEXT, text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` sealed. Raises PlainError when it was altered."""
        return unseal(_SECRET, _CONTEXT, base64.b64decode(encrypted_text)).decode()

    def get_totp_issuer(self) -> str:
        """What the authenticator app calls this."""
        return f"{NAME}, {home_in_use().authority_name}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whose passkey it is: this site's, by its host name."""
        return {**super().get_public_key_credential_rp_entity(), "name": NAME}


class CouncilAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in with the council account: hands whoever arrives to `council_sign_in`, and creates nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def authenticate_by_email(self, sociallogin: Any) -> None:
        """Never here: `council_sign_in.person_of` decides."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> NoReturn:
        """Take over before a session begins."""
        raise Arrived(sociallogin)

    def get_requests_session(self) -> requests.Session:
        """What asks the directory: it goes where it was told to, and no further (ASVS 15.3.2)."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> NoReturn:
        """Take over: our own page says it."""
        raise DidNotArrive
