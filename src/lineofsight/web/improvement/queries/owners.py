"""The people who can be said to be an owner: those whose office says how its actions go."""

from __future__ import annotations

from lineofsight import clock
from lineofsight.web.access.models import Holding
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.permissions import check_keep


def may_be_owners(viewer: Viewer) -> list[tuple[str, str]]:
    """The key of each person, and their name with the office they hold today, by name. Raises Refused."""
    check_keep(viewer)
    owning = [slug for slug, one in offices().items() if Capability.UPDATE_ACTIONS in one.capabilities]
    held = Holding.objects.in_force(clock.today()).filter(office__in=owning, person__is_active=True)
    named: dict[str, str] = {}
    for one in held.select_related("person"):
        named.setdefault(one.person.key, f"{one.person.name}, {one.title}")
    return sorted(named.items(), key=lambda one: one[1].casefold())
