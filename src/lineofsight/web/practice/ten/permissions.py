"""Who may see the ten, change it, and release a text about a child on it: each check raises, and has a boolean twin."""

from __future__ import annotations

from lineofsight.web.access.permissions import Capability, agrees, check, check_see_children
from lineofsight.web.access.viewer import Viewer


def check_see_ten(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may see which children are to be talked about, by name."""
    check(viewer, Capability.SEE_TEN)
    check_see_children(viewer)


def may_see_ten(viewer: Viewer) -> bool:
    """The boolean twin of `check_see_ten`."""
    return agrees(check_see_ten, viewer)


def check_change_ten(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may freeze the list, add to it, take off and write notes. No delegate may."""
    check_see_ten(viewer)
    check(viewer, Capability.CHANGE_TEN)


def may_change_ten(viewer: Viewer) -> bool:
    """The boolean twin of `check_change_ten`."""
    return agrees(check_change_ten, viewer)


def check_release(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may release a text about a child of the ten to the Lead Member."""
    check_see_ten(viewer)
    check(viewer, Capability.RELEASE_TEXT)


def may_release(viewer: Viewer) -> bool:
    """The boolean twin of `check_release`."""
    return agrees(check_release, viewer)
