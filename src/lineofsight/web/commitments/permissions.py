"""Who may prepare, sign and read a record: each check raises with the reason, and has a boolean twin.

The office-holder signs. Whoever acts for them (a delegate in their office, or an office that `acts_for` theirs)
prepares what they sign, and puts questions in their own name where they have an office of their own to ask in.
"""

from __future__ import annotations

from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, Refused, agrees, check, check_any, may
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.commitments.models import Record
from lineofsight.web.evidence.withdrawn import any_withdrawn, snapshots_under

OF_A_WITHDRAWN_LOAD = (
    "This pack stands on a load that was withdrawn, so it is not signed: sign the pack of what stands now."
)


def office_title(slug: str) -> str:
    """What an office is called; its slug where the authority no longer has it."""
    known = offices().get(slug)
    return known.title if known else slug


def acts_for(viewer: Viewer) -> str:
    """The office whose holder signs what `viewer` prepares; blank for who holds their office themselves."""
    if viewer.delegate:
        return viewer.office
    known = offices().get(viewer.office)
    return known.acts_for if known else ""


def office_kept_by(viewer: Viewer) -> str:
    """The office whose commitments `viewer` keeps: their own, or the one they act for."""
    return acts_for(viewer) or viewer.office


def holds(viewer: Viewer, office: str) -> bool:
    """Whether `viewer` is the holder of `office`, and not somebody who prepares for the holder."""
    return viewer.office == office and not viewer.delegate


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
    return agrees(check_prepare, viewer, office)


def check_sign(viewer: Viewer, office: str, about_kind: str = "", asking: bool = False) -> None:
    """Raise Refused unless `viewer` is the holder of `office` and may do this.

    A pack needs the permission to sign packs, a question the permission to ask, anything else to sign records.
    """
    if not holds(viewer, office):
        raise Refused(
            f"Only the {office_title(office)} signs this. You may prepare it for them."
            if may_prepare(viewer, office)
            else f"Only the {office_title(office)} signs this.",
            held_by=(office_title(office),),
            capability=Capability.SIGN_RECORD,
        )
    if about_kind == "pack":
        check(viewer, Capability.SIGN_PACK)
    elif asking:
        check_any(viewer, Capability.ASK, Capability.SIGN_RECORD)
    else:
        check(viewer, Capability.SIGN_RECORD)


def may_sign(viewer: Viewer, office: str, about_kind: str = "", asking: bool = False) -> bool:
    """The boolean twin of `check_sign`."""
    return agrees(check_sign, viewer, office, about_kind, asking)


def check_stands(about_kind: str, about_key: str) -> None:
    """Raise Refused for a pack of a load that was withdrawn: its figures are no longer what is known."""
    if about_kind == "pack" and any_withdrawn(*snapshots_under(about_kind, about_key)):
        raise Refused(OF_A_WITHDRAWN_LOAD)


def stands(about_kind: str, about_key: str) -> bool:
    """The boolean twin of `check_stands`."""
    return agrees(check_stands, about_kind, about_key)


def check_say(viewer: Viewer, asking: bool = False) -> None:
    """Raise Refused unless `viewer` may write a record of what they see: to sign it, or for the holder to sign."""
    acting = acts_for(viewer)
    if not (acting and may_prepare(viewer, acting)):
        check_sign(viewer, viewer.office, asking=asking)


def may_say(viewer: Viewer, asking: bool = False) -> bool:
    """The boolean twin of `check_say`."""
    return agrees(check_say, viewer, asking)


def check_read(viewer: Viewer, record: Record) -> None:
    """Raise Refused unless `viewer` may know of this record.

    Who wrote it may, and who was asked. Others need the permission, and a draft is for its own office alone.
    """
    theirs = record.prepared_by_key == viewer.person_key
    if theirs or _of_their_office(viewer, record) and may(viewer, Capability.SEE_RECORDS):
        return
    if not record.signed:
        raise Refused(
            f"This is a draft. The {office_title(record.office)} has not signed it.",
            held_by=(office_title(record.office),),
            capability=Capability.SEE_RECORDS,
        )
    if record.asked_of != viewer.office:
        check(viewer, Capability.SEE_RECORDS)


def may_read(viewer: Viewer, record: Record) -> bool:
    """The boolean twin of `check_read`."""
    return agrees(check_read, viewer, record)


def may_read_words(viewer: Viewer, record: Record) -> bool:
    """Whether the typed words are shown, to somebody who may know of the record.

    An office that sees children by name may have typed one, so its words stay with itself, with the office that
    was asked, and with those who see every child by name. What others read of it is a text that a person
    released (DESIGN 5 H, rule 7.4).
    """
    if not may_read(viewer, record):
        return False
    if record.level != "identified" or _of_their_office(viewer, record):
        return True
    if record.prepared_by_key == viewer.person_key:
        return True
    named = viewer.level == "identified"
    return named and (viewer.scope.kind == "authority" or record.asked_of == viewer.office)


def may_be_asked(viewer: Viewer) -> list[str]:
    """The offices `viewer` may put a question to.

    Who sees children by name may type one, so they ask only those who may read it.
    """
    found = offices().values()
    return [
        one.slug
        for one in found
        if one.slug != viewer.office
        and one.level != "none"
        and (viewer.level != "identified" or one.level == "identified")
    ]


def _of_their_office(viewer: Viewer, record: Record) -> bool:
    """Whether a record is the viewer's own office's. An office that many hold, each with some of the children, has
    no records in common: what one head of service wrote about a child is not for the head of another service."""
    if office_kept_by(viewer) != record.office:
        return False
    return viewer.scope.kind in ("authority", "none") or record.prepared_by_key == viewer.person_key
