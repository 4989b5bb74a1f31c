"""What an administrator does to how somebody else signs in: the only writers of it.

Sessions are ended, and a lost second factor is taken away. Each is in the chain and is told to its person.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from allauth.mfa.models import Authenticator
from django.db import transaction

from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.identity import notices
from lineofsight.web.access.identity.actions import KILLED
from lineofsight.web.access.identity.factors import KINDS, REMOVED, Factor, has_factor
from lineofsight.web.access.identity.permissions import check_look_after, check_take_factor_away
from lineofsight.web.access.models import Person, Session
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import Viewer

BY_AN_ADMINISTRATOR = "by an administrator"
# So few letters are no reason, and no account of how somebody showed who they are.
SHORTEST = 15


@cache
def proofs() -> Mapping[str, str]:
    """How somebody may have shown who they are, in words by slug (proofs.toml)."""
    text = resources.files(__package__).joinpath("proofs.toml").read_text(encoding="utf-8")
    return {str(one["slug"]): str(one["words"]) for one in tomllib.loads(text)["proof"]}


def end_sessions(*, by: Viewer, person: Person) -> int:
    """End every session of `person`. Gives how many there were."""
    check_look_after(by, person)
    with transaction.atomic():
        count, _ = Session.objects.filter(person=person).delete()
        notices.leave(person, notices.SESSIONS_ENDED, by_key=by.person_key)
        record(viewer=by, action=KILLED, subject=person.key, detail={"sessions": count, "why": BY_AN_ADMINISTRATOR})
    return count


def end_session(*, by: Viewer, person: Person, session: Session) -> None:
    """End one session of `person`. Raises Refused for a session of somebody else."""
    check_look_after(by, person)
    if session.person_id != person.pk:
        raise Refused("That is not a session of this person.")
    with transaction.atomic():
        session.delete()
        notices.leave(person, notices.SESSION_ENDED, by_key=by.person_key, about=session.device or "a device")
        record(viewer=by, action=KILLED, subject=person.key, detail={"sessions": 1, "why": BY_AN_ADMINISTRATOR})


def take_factor_away(*, by: Viewer, person: Person, factor: Factor, reason: str, proof: str, shown: str) -> None:
    """Take one lost second factor of `person` away, and end all their sessions; recovery codes go with the last one.

    `reason` is why, `proof` one of `proofs`, and `shown` what was looked at or who vouched: all kept in the event's
    encrypted payload. Raises Refused where `by` gave them a link lately, PlainError where something is missing.
    """
    check_look_after(by, person)
    if proof not in proofs():
        raise PlainError("Say how they showed who they are.")
    if min(len(reason.strip()), len(shown.strip())) < SHORTEST:
        raise PlainError("Say in a sentence why it is taken away, and what you looked at or who spoke for them.")
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # two browsers of one administrator wait for each other
        check_take_factor_away(by, person)
        gone, _ = Authenticator.objects.filter(user=person, pk=factor.id, type__in=KINDS).delete()
        if not gone:
            raise PlainError("It was taken away already.")
        if not has_factor(person):
            Authenticator.objects.filter(user=person).delete()
        Session.objects.filter(person=person).delete()
        notices.leave(person, notices.FACTOR_REMOVED, by_key=by.person_key, about=factor.kind)
        told = {"kind": factor.kind, "why": BY_AN_ADMINISTRATOR, "reason": reason.strip()}
        proved = {"proof": proofs()[proof], "shown": shown.strip()}
        record(viewer=by, action=REMOVED, subject=person.key, detail={**told, **proved})
