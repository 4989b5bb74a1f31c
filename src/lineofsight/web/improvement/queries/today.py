"""What this room has for somebody's first page: the actions they own, and for who keeps them those in exception."""

from __future__ import annotations

from typing import Any

from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.permissions import may_keep, may_own, may_see
from lineofsight.web.improvement.queries.exceptions import exceptions
from lineofsight.web.improvement.queries.mine import mine


def today_block(viewer: Viewer) -> dict[str, Any]:
    """`actions_mine` for who owns an open action, `actions_exceptions` for who keeps the plans where one is in
    exception; else neither. The words of actions are read as on those pages."""
    found: dict[str, Any] = {}
    if may_own(viewer):
        own = mine(viewer)
        if own.rows:
            found["actions_mine"] = own
    if may_see(viewer) and may_keep(viewer):
        exceptional = exceptions(viewer)
        if exceptional.any:
            found["actions_exceptions"] = exceptional
    return found
