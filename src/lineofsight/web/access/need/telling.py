"""Who is told at once that somebody opened a child outside their scope, and the letter that says so.

The second person answers for the child: the manager of a team that works with them, else the head of the service,
else the Director. Never the one who asks. Where there is nobody, nothing opens.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

from lineofsight import clock
from lineofsight.web.access import scope
from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.offices import office

log = logging.getLogger("lineofsight.need")

# From nearest the child upwards; the first rung that anybody stands on is told.
LADDER = ("team-manager", "head-of-service", "dcs")

SUBJECT = "Line of Sight: somebody opened a record and you are told of it"
LETTER = """\
Somebody opened the record of a child they do not work with, and you are the second person who is told.

Sign in to read who, why and until when, and to say whether you knew of it:
{address}

This letter says nothing about the child on purpose. If you did not expect it, answer today.
"""


def second_people(child: Mapping[str, Any], asker_key: str) -> list[Person]:
    """Those who are told of a need to open `child` (team_id, scope_teams and service_id), nobody else; perhaps none.

    People who hold the office today themselves, not as a delegate, and may sign in; never the one who asks.
    """
    in_force = Holding.objects.in_force(clock.today()).filter(
        office__in=LADDER, as_delegate=False, person__is_active=True
    )
    held = list(in_force.exclude(person__key=asker_key).select_related("person").order_by("person__name", "pk"))
    for rung in LADDER:
        found = {one.person.key: one.person for one in held if one.office == rung and _reaches(one, child)}
        if found:
            return list(found.values())
    return []


def can_write() -> bool:
    """Whether this installation sends e-mail: only where a mail server was given to it."""
    return bool(settings.EMAIL_HOST)


def write_to(people: Sequence[Person], address: str) -> None:
    """Send each of `people` the letter, with no word about the child. What cannot be sent never stops a need:
    the notice in the application is what tells, the letter only hurries.
    """
    if not can_write() or not address:
        return
    for person in people:
        try:
            send_mail(SUBJECT, LETTER.format(address=address), None, [person.email])
        except OSError as wrong:  # smtplib's errors are OSErrors; none of their words belong in a log
            log.error("a letter could not be sent: %s", type(wrong).__name__)


def _reaches(holding: Holding, child: Mapping[str, Any]) -> bool:
    kind = holding.scope_kind or office(holding.office).scope
    ids = scope.gathered(kind, set(map(str, holding.scope_ids)))
    if kind == "authority":
        return True
    if kind == "service":
        return child["service_id"] in ids
    return kind == "team" and not ids.isdisjoint({child["team_id"], *(child["scope_teams"] or ())})
