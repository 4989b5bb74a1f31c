"""Who may prepare, sign and read a record: each check raises with the reason, and has a boolean twin."""

from __future__ import annotations

from collections.abc import Callable

from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, Refused, check
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.models import Record

# Offices that may prepare for another, and never sign for it.
ACTS_FOR = {"dcs-delegate": "dcs"}


def office_title(slug: str) -> str:
    """What an office is called; its slug where the authority no longer has it."""
    known = offices().get(slug)
    return known.title if known else slug


def office_kept_by(viewer: Viewer) -> str:
    """The office whose commitments `viewer` keeps: their own, or the one they act for."""
    return ACTS_FOR.get(viewer.office, viewer.office)


def check_prepare(viewer: Viewer, office: str) -> None:
    """Raise Refused unless `viewer` holds `office` or acts for it, and keeps commitments."""
    check(viewer, Capability.KEEP_COMMITMENTS)
    if office_kept_by(viewer) != office:
        raise Refused(
            f"This is for the {office_title(office)} to record.",
            held_by=(office_title(office),),
            capability=Capability.KEEP_COMMITMENTS,
        )


def may_prepare(viewer: Viewer, office: str) -> bool:
    """The boolean twin of `check_prepare`."""
    return _holds(check_prepare, viewer, office)


def check_sign(viewer: Viewer, office: str, about_kind: str = "") -> None:
    """Raise Refused unless `viewer` holds `office` themselves. A pack also needs the permission to sign packs."""
    if viewer.office != office:
        raise Refused(
            f"Only the {office_title(office)} signs this. You may prepare it for them."
            if ACTS_FOR.get(viewer.office) == office
            else f"Only the {office_title(office)} signs this.",
            held_by=(office_title(office),),
            capability=Capability.SIGN_RECORD,
        )
    check(viewer, Capability.SIGN_PACK if about_kind == "pack" else Capability.SIGN_RECORD)


def may_sign(viewer: Viewer, office: str, about_kind: str = "") -> bool:
    """The boolean twin of `check_sign`."""
    return _holds(check_sign, viewer, office, about_kind)


def check_read(viewer: Viewer, record: Record) -> None:
    """Raise Refused unless `viewer` may know of this record: the permission, and its office while it is a draft."""
    check(viewer, Capability.SEE_RECORDS)
    if not record.signed and office_kept_by(viewer) != record.office:
        raise Refused(
            f"This is a draft. The {office_title(record.office)} has not signed it.",
            held_by=(office_title(record.office),),
            capability=Capability.SEE_RECORDS,
        )


def may_read(viewer: Viewer, record: Record) -> bool:
    """The boolean twin of `check_read`."""
    return _holds(check_read, viewer, record)


def may_read_words(viewer: Viewer, record: Record) -> bool:
    """Whether the typed words are shown.

    An office that sees children by name may have typed one. Its words stay with offices that see names; what
    another reads of it is a text that a person released (DESIGN 5 H, rule 7.4).
    """
    if not may_read(viewer, record):
        return False
    return viewer.level == "identified" or record.level != "identified"


def _holds(check_of: Callable[..., None], *told: object) -> bool:
    try:
        check_of(*told)
    except Refused:
        return False
    return True
