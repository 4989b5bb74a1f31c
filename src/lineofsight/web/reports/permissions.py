"""Who may read which pack: a raising check and its boolean twin."""

from __future__ import annotations

from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, Refused, agrees, check_any, may_any
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.permissions import acts_for, office_kept_by, office_title


def check_read_pack(viewer: Viewer, office: str) -> None:
    """Raise Refused unless `viewer` holds the office a pack is for, or prepares packs.

    The Director's counts teams by name, so of those who prepare packs only who sees every child by name reads it.
    A delegate reads what they prepare for the holder to sign.
    """
    if acts_for(viewer) == office and Capability.SIGN_PACK in offices()[office].capabilities:
        return
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


def has_packs(viewer: Viewer) -> bool:
    """Whether any pack is the viewer's to sign, to prepare, or to read for the holder they act for."""
    acting = acts_for(viewer)
    return may_any(viewer, Capability.SIGN_PACK, Capability.PREPARE_PACK) or bool(
        acting and may_read_pack(viewer, acting)
    )


def may_read_pack(viewer: Viewer, office: str) -> bool:
    """The boolean twin of `check_read_pack`."""
    return agrees(check_read_pack, viewer, office)
