"""Who may read which pack: a raising check and its boolean twin."""

from __future__ import annotations

from lineofsight.web.access.permissions import Capability, Refused, check_any
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.permissions import office_kept_by, office_title


def check_read_pack(viewer: Viewer, office: str) -> None:
    """Raise Refused unless `viewer` holds the office a pack is for, or prepares packs.

    The Director's counts teams by name, so of those who prepare packs only who sees every child by name reads it.
    """
    check_any(viewer, Capability.SIGN_PACK, Capability.PREPARE_PACK)
    if office_kept_by(viewer) == office or viewer.office == "dcs":
        return
    prepares = Capability.PREPARE_PACK in viewer.capabilities and viewer.level == "identified"
    if not prepares or viewer.scope.kind != "authority":
        raise Refused(
            f"This pack is for the {office_title(office)}.",
            held_by=(office_title(office),),
            capability=Capability.SIGN_PACK,
        )


def may_read_pack(viewer: Viewer, office: str) -> bool:
    """The boolean twin of `check_read_pack`."""
    try:
        check_read_pack(viewer, office)
    except Refused:
        return False
    return True
