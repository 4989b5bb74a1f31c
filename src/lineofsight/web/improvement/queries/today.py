"""What this room has for somebody's first page: the actions they own, and for who judges them those in exception."""

from __future__ import annotations

from typing import Any

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.permissions import may_judge, may_own
from lineofsight.web.improvement.queries.exceptions import exceptions
from lineofsight.web.improvement.queries.lines import owned_by
from lineofsight.web.improvement.queries.mine import mine


def today_block(viewer: Viewer) -> dict[str, Any]:
    """`actions_mine` for who owns an action, `actions_exceptions` for who judges where one is in exception; else
    neither. The words of actions are read as on those pages."""
    found: dict[str, Any] = {}
    if may_own(viewer) and owned_by(viewer):
        found["actions_mine"] = mine(viewer)
    if may_judge(viewer):
        exceptional = exceptions(viewer)
        if exceptional.any:
            found["actions_exceptions"] = exceptional
    return found
