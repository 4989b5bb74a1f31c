"""What people are told of what was done to how they sign in: at their next sign-in, and until they have read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lineofsight import clock
from lineofsight.web.access.chain import record
from lineofsight.web.access.models import Notice, Person
from lineofsight.web.access.viewer import Viewer

READ = "notice.read"

# The kinds of notice, and how a person reads each; {about} is a kind of second step or of device, {day} the day.
SESSIONS_ENDED, SESSION_ENDED = "sessions-ended", "session-ended"
FACTOR_REMOVED = "factor-removed"
LINK_GIVEN, LINK_USED = "link-given", "link-used"
WORDS = {
    SESSIONS_ENDED: "An administrator signed you out everywhere on {day}.",
    SESSION_ENDED: "An administrator signed you out of {about} on {day}.",
    FACTOR_REMOVED: "An administrator removed your {about} on {day}.",
    LINK_GIVEN: "An administrator made a link on {day} with which a new password can be chosen for you.",
    LINK_USED: "Your password was changed on {day}, with a link that an administrator had made.",
}


@dataclass(frozen=True)
class Told:
    """One notice as its person reads it."""

    sentence: str
    at: datetime


def unread(person: Person) -> list[Told]:
    """What `person` has not said they have read, the latest first."""
    return [_told(one) for one in Notice.objects.filter(person=person, read_at=None)]


def leave(person: Person, kind: str, *, by_key: str, about: str = "") -> None:
    """Leave `person` a notice, in the transaction of what it tells of."""
    Notice.objects.create(person=person, kind=kind, about=about, at=clock.now(), by_key=by_key)


def read_all(*, by: Viewer) -> int:
    """Note that `by` has read what they were told. Gives how many notices there were."""
    with transaction.atomic():
        count = Notice.objects.filter(person__key=by.person_key, read_at=None).update(read_at=clock.now())
        if count:
            record(viewer=by, action=READ, subject=by.person_key, detail={"notices": count})
    return count


def _told(one: Notice) -> Told:
    on = one.at.astimezone(clock.LONDON)
    return Told(WORDS[one.kind].format(about=one.about, day=f"{on.day} {on:%B %Y}"), one.at)
