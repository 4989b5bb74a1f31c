"""The only writer of the desk: a sighting looked into, with what was found."""

from __future__ import annotations

from django.db import transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import record
from lineofsight.web.access.desk import front
from lineofsight.web.access.models import Looked
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer


def look_into(slug: str, actor: str, what: str, words: str, *, by: Viewer) -> Looked:
    """Mark a sighting as looked into, with what was found; it leaves the list until the log goes on past it.

    Raises Refused without SEE_LOG or for one's own reading, Http404 where there is no such sighting, PlainError
    without words.
    """
    check(by, Capability.SEE_LOG)
    if not words.strip():
        raise PlainError("Say what you found.")
    if actor == by.person_key:
        raise PlainError("Somebody else must look into what you did yourself.")
    sighting = front.sighted(slug, actor, what)
    with transaction.atomic():
        looked = Looked.objects.create(
            pattern=slug,
            about=sighting.about,
            actor=actor,
            up_to=sighting.last,
            reason=sighting.reason,
            words=words.strip(),
            at=clock.now(),
            by_key=by.person_key,
        )
        keys = [sighting.what] if sighting.child else []
        record(viewer=by, action="log.looked-into", subject=slug, child_keys=keys, detail={"of": actor})
    return looked
