"""What evidence says of itself in the thread."""

from __future__ import annotations

from uuid import UUID

from lineofsight.web.access.offices import offices
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.models import Evidence
from lineofsight.web.evidence.resolvers import Shown
from lineofsight.web.evidence.withdrawn import withdrawn_words


@resolvers.register("evidence")
def _evidence(viewer: Viewer, key: str) -> Shown | None:
    """Its title and what was read on it, for those who may see what it is of.

    The sentence with its numbers is shown to the levels that saw them and to those above; a narrower scope's
    numbers are never widened to an office that sees none.
    """
    try:
        found = Evidence.objects.filter(pk=UUID(key)).first()
    except ValueError:
        return None
    if found is None:
        return None
    office = offices().get(found.office)
    who = f"Seen by the {office.title if office else found.office}"
    if resolvers.resolve(viewer, found.kind, found.key) is None:
        return _of_nobody(viewer, found, who)
    said = str(found.content.get("sentence", "")) if may_read_numbers(viewer, found) else ""
    gone = found.no_longer_held()
    since = f" {gone.words[:1].upper()}{gone.words[1:]}." if gone else ""
    altered = "" if gone or found.is_as_frozen() else " This evidence was altered after it was frozen."
    return Shown(
        label=found.label,
        note=f"{who}. {said}{since}{altered}".strip(),
        at=found.made_at,
        withdrawn=withdrawn_words(viewer, found.snapshot_id),
    )


def _of_nobody(viewer: Viewer, found: Evidence, who: str) -> Shown | None:
    """Evidence of a page that leads to nobody any more, for those who might have read it: that it was, and since when
    it is not held. None for what a viewer may not see."""
    gone = found.no_longer_held()
    if gone is None or not may_read_numbers(viewer, found):
        return None
    return Shown(label=found.label, note=f"{who}. {gone.words[:1].upper()}{gone.words[1:]}.", at=found.made_at)


def may_read_numbers(viewer: Viewer, evidence: Evidence) -> bool:
    """Whether the frozen numbers may be read: by a viewer who sees as plainly, or figures of the whole authority."""
    plain = ("identified", "pseudonymised", "published", "none")
    if viewer.level == "none" or viewer.level == "published":
        return False
    if plain.index(viewer.level) <= plain.index(evidence.level):
        return evidence.content["seen_by"]["scope"] == "authority" or viewer.office == evidence.office
    return evidence.kind == "measure" and evidence.content["seen_by"]["scope"] == "authority"
