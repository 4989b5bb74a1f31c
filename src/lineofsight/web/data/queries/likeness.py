"""Whether the people of a load that waits are those of the load before. Counts only: nobody is named."""

from __future__ import annotations

from lineofsight import policy
from lineofsight.loading import likeness
from lineofsight.loading.comparing import compared_with
from lineofsight.web.access.house import home_in_use, lake_in_use
from lineofsight.web.access.permissions import Capability, check
from lineofsight.web.access.viewer import Viewer


def unlike(viewer: Viewer, snapshot_id: str) -> str:
    """What is asked before a load is published whose people are others; blank where nothing is. Raises Refused."""
    check(viewer, Capability.SEE_DATA)
    lake = lake_in_use()
    waits = next((one for one in lake.waiting() if one.id == snapshot_id), None)
    if waits is None:
        return ""
    found = likeness.of_snapshot(lake, waits, compared_with(lake, waits), policy.load(home_in_use()))
    return found.sentence if found else ""
