"""Who may read the month's lines, write them, name who leads, and release them: each check has a boolean twin."""

from __future__ import annotations

from lineofsight.web.access.permissions import Capability, Refused, agrees, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice.monthly.leads import Lead


def check_see_lines(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may read lines: they may hold any number of the authority, however small."""
    check(viewer, Capability.SEE_MEASURES)
    check(viewer, Capability.SEE_AUTHORITY_VALUES)
    if viewer.level != "identified":
        raise Refused(
            "Lines are written for those who may see every number. The Director releases what others are told.",
            capability=Capability.SEE_MEASURES,
        )


def may_see_lines(viewer: Viewer) -> bool:
    """The boolean twin of `check_see_lines`."""
    return agrees(check_see_lines, viewer)


def check_write_lines(viewer: Viewer, lead: Lead | None) -> None:
    """Raise Refused unless `viewer` is the lead of a measure, in the office they lead it in."""
    check_see_lines(viewer)
    check(viewer, Capability.WRITE_LINES)
    if lead is None:
        raise Refused("Nobody leads this measure yet. The Director names who does.")
    if (lead.person_key, lead.office) != (viewer.person_key, viewer.office):
        raise Refused(f"{lead.words} leads this measure and writes its lines.", capability=Capability.WRITE_LINES)


def may_write_lines(viewer: Viewer, lead: Lead | None) -> bool:
    """The boolean twin of `check_write_lines`."""
    return agrees(check_write_lines, viewer, lead)


def check_name_leads(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may say who leads a measure."""
    check_see_lines(viewer)
    check(viewer, Capability.NAME_LEADS)


def may_name_leads(viewer: Viewer) -> bool:
    """The boolean twin of `check_name_leads`."""
    return agrees(check_name_leads, viewer)


def check_release_lines(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may release a measure's lines to the Lead Member."""
    check_see_lines(viewer)
    check(viewer, Capability.RELEASE_TEXT)


def may_release_lines(viewer: Viewer) -> bool:
    """The boolean twin of `check_release_lines`."""
    return agrees(check_release_lines, viewer)
