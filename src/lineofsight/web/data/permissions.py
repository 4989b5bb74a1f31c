"""Who loads, and who reads what was wrong in the files: each check raises with the reason, and has a boolean twin."""

from __future__ import annotations

from lineofsight.web.access.permissions import Capability, Refused, agrees, check
from lineofsight.web.access.viewer import Viewer


def check_load(viewer: Viewer) -> None:
    """Raise Refused unless the viewer may load: send files, say yes or no to a fall, withdraw."""
    check(viewer, Capability.LOAD_DATA)
    if viewer.level != "identified":
        raise Refused(
            "Files that are loaded name children, and the office you are signed in as sees none by name.",
            capability=Capability.LOAD_DATA,
        )


def may_load(viewer: Viewer) -> bool:
    """The boolean twin of `check_load`."""
    return agrees(check_load, viewer)


def check_change(viewer: Viewer) -> None:
    """Raise Refused unless the viewer may say what words and teams mean and which local rules hold."""
    check(viewer, Capability.LOAD_DATA)


def may_change(viewer: Viewer) -> bool:
    """The boolean twin of `check_change`."""
    return agrees(check_change, viewer)


def check_read_issues(viewer: Viewer) -> None:
    """Raise Refused unless the viewer may read issues: they quote cells of the files, which are of children."""
    check_load(viewer)
    check(viewer, Capability.SEE_CHILDREN)


def may_read_issues(viewer: Viewer) -> bool:
    """The boolean twin of `check_read_issues`."""
    return agrees(check_read_issues, viewer)
