"""Checks of who is let in: offices held, people with an office, second factors, the council’s directory, retention."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from lineofsight import clock
from lineofsight.cli.doctor.findings import Finding, Installation, look, ok, wrong

# Without these nobody answers for the children, nobody watches the log, or nobody can let others in.
NEEDED = ("dcs", "lead-member", "information-governance", "administrator")
MOST_NAMED = 5
DISCOVERY = "/.well-known/openid-configuration"
PATIENCE_SECONDS = 5


def offices_held(at: Installation) -> Iterator[Finding]:
    """The offices that cannot stand empty are held."""
    from lineofsight.web.access.models import Holding
    from lineofsight.web.access.offices import offices

    held = set(Holding.objects.in_force(clock.today()).filter(person__is_active=True).values_list("office", flat=True))
    missing = [offices()[slug].title for slug in NEEDED if slug not in held]
    if missing:
        says = f"Nobody holds: {', '.join(missing)}."
        yield look(
            "offices held", says, "Give the office on the page People and offices, or with lineofsight person add."
        )
    else:
        yield ok("offices held", f"{len(held & set(offices()))} of {len(offices())} offices are held by somebody.")


def people_without_office(at: Installation) -> Iterator[Finding]:
    """Whoever can sign in has something to do here."""
    from lineofsight.web.access.models import Holding, Person

    holding = Holding.objects.in_force(clock.today()).values("person")
    without = list(Person.objects.filter(is_active=True).exclude(pk__in=holding).values_list("name", flat=True))
    if without:
        says = f"{_count(without)} no office: {_named(without)}."
        yield look("people without office", says, "Give them one, or leave it so until they have left for good.")
    else:
        yield ok("people without office", "Everybody here holds an office.")


def second_factor(at: Installation) -> Iterator[Finding]:
    """Whoever holds an office that needs a second factor has set one up."""
    from lineofsight.web.access.models import Holding
    from lineofsight.web.access.offices import offices

    needing = [one.slug for one in offices().values() if one.second_factor]
    held = Holding.objects.in_force(clock.today()).filter(person__is_active=True, office__in=needing)
    people = dict(held.order_by("person__name").values_list("person_id", "person__name"))
    without = [name for person, name in people.items() if person not in _with_factor()]
    if without and not at.home.demo:
        says = f"{_count(without)} no second factor, and an office that needs one: {_named(without)}."
        yield look("second factor", says, "They are asked to set one up when they next sign in. Ask them to do it now.")
    elif at.home.demo:
        yield ok("second factor", "A demonstration asks for none.")
    else:
        yield ok("second factor", f"All {len(people)} people who need a second factor have one.")


def council_account(at: Installation) -> Iterator[Finding]:
    """Where people sign in with the council’s directory, it answers and is the one that is configured."""
    from django.conf import settings

    council = settings.COUNCIL_ACCOUNT
    if council is None:
        yield ok("council account", "No directory is configured: people sign in with a password and a second factor.")
        return
    do = "See that this machine may reach it, and that LINEOFSIGHT_OIDC_ISSUER is its address."
    try:
        told = _fetched(f"{council.issuer}{DISCOVERY}")
    except (URLError, OSError, ValueError) as error:
        yield wrong("council account", f"The council’s directory does not answer ({type(error).__name__}).", do)
        return
    if str(told.get("issuer", "")).rstrip("/") != council.issuer:
        yield wrong("council account", "What answers there calls itself by another name.", do)
    else:
        yield ok("council account", "The council’s directory answers.")


def past_its_time(at: Installation) -> Iterator[Finding]:
    """Nothing is kept past its retention that the worker should have erased."""
    from lineofsight.web.access.retention.actions import Holds, past
    from lineofsight.web.access.retention.classes import classes

    holds, today = Holds.in_force(), clock.today()
    late = [
        one.title.lower()
        for one in classes(at.home).values()
        if one.done_by == "worker" and any(past(one, rows, today, holds).exists() for rows in one.rows)
    ]
    if late:
        says = f"Past its time and not erased yet: {', '.join(late)}."
        yield look("past its time", says, "The worker erases it, some each minute. See that it runs.")
    else:
        yield ok("past its time", "Nothing the worker erases is past its time.")


def _with_factor() -> set[int]:
    """Who has an authenticator app or a passkey, or a directory that says it asks for a second factor itself."""
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount
    from django.conf import settings

    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found = set(Authenticator.objects.filter(type__in=kinds).values_list("user_id", flat=True))
    if settings.COUNCIL_ACCOUNT and settings.COUNCIL_ACCOUNT.second_factor:
        found |= set(SocialAccount.objects.values_list("user_id", flat=True))
    return found


class _GoesNoFurther(HTTPRedirectHandler):
    """Follows no redirect: the directory is asked where it was configured, and nothing else is (ASVS 15.3.2)."""

    def redirect_request(self, req: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing, which makes an error of it."""


def _fetched(address: str) -> dict[str, Any]:
    # The scheme was checked when the environment was read: https, or http on this machine.
    with build_opener(_GoesNoFurther).open(address, timeout=PATIENCE_SECONDS) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def _count(names: Sequence[str]) -> str:
    return f"{len(names)} {'person has' if len(names) == 1 else 'people have'}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"
