"""What records and commitments say in the thread."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from lineofsight.web.access.permissions import Capability, may
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments import protocol
from lineofsight.web.commitments.models import Record
from lineofsight.web.commitments.permissions import may_read, office_title
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Shown
from lineofsight.web.evidence.withdrawn import withdrawn_under

SAID = {"satisfied": "is satisfied", "asked": "has asked", "decided": "has decided"}


@resolvers.register("record")
def _record(viewer: Viewer, key: str) -> Shown | None:
    """Who signed what and when, and what they concluded in a word; the words themselves stand on its page."""
    try:
        found = Record.objects.filter(pk=UUID(key)).first()
    except ValueError:
        return None
    if found is None or not may_read(viewer, found):
        return None
    title = office_title(found.office)
    if not found.signed:
        return Shown(
            f"Draft: {found.title}", reverse("commitments:record", args=[found.pk]), f"The {title} has not signed it."
        )
    held = f"{found.held_on.day} {found.held_on:%B %Y}"
    asked = f" the {office_title(found.asked_of)}" if found.asked_of else ""
    corrects = f", version {found.version}" if found.version > 1 else ""
    return Shown(
        label=f"{found.title}{corrects}",
        url=reverse("commitments:record", args=[found.pk]),
        note=f"The {title}, {found.person_name}, {SAID[found.judgement]}{asked}, {held}.",
        at=found.signed_at,
        withdrawn=withdrawn_under(viewer, "record", str(found.pk)),
    )


@resolvers.register("commitment")
def _commitment(viewer: Viewer, key: str) -> Shown | None:
    """The commitment's title, for those who may see the records."""
    found = protocol.in_force().by_slug().get(key)
    if found is None or not may(viewer, Capability.SEE_RECORDS):
        return None
    return Shown(
        found.title, reverse("commitments:commitment", args=[found.slug]), found.cadence.words.capitalize() + "."
    )
