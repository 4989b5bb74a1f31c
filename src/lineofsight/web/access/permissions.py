"""What an office may do: a raising check and its boolean twin, so a button hides and an action refuses alike.

A capability is held by an office (offices.toml), never by a role's name in code. `Refused` carries the one
written reason, and who does hold the permission, to the page that says no.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, ParamSpec

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from lineofsight.web.access.viewer import Viewer

Told = ParamSpec("Told")


class Capability(StrEnum):
    """Everything an office can be allowed. The value is what offices.toml calls it."""

    SEE_MEASURES = "see-measures"
    SEE_AUTHORITY_VALUES = "see-authority-values"
    SEE_CHILDREN = "see-children"
    SEE_EXCEPTIONS = "see-exceptions"
    SEE_WORKERS = "see-workers"
    SIGN_PACK = "sign-pack"
    PREPARE_PACK = "prepare-pack"
    SEE_RELEASED_TEXT = "see-released-text"
    RELEASE_TEXT = "release-text"
    ASK = "ask"
    KEEP_COMMITMENTS = "keep-commitments"
    SIGN_RECORD = "sign-record"
    SEE_RECORDS = "see-records"
    SEE_DATA = "see-data"
    LOAD_DATA = "load-data"
    SEE_LOG = "see-log"
    MANAGE_ACCESS = "manage-access"
    OPEN_OUTSIDE_SCOPE = "open-outside-scope"
    READ_FILES = "read-files"
    RESTRICT_RECORDS = "restrict-records"
    EXPORT_SUBJECT = "export-subject"
    HOLD_RECORDS = "hold-records"
    SEE_TEN = "see-ten"
    CHANGE_TEN = "change-ten"
    MARK_DONE = "mark-done"
    EXPLAIN_OWED = "explain-owed"
    RECORD_SAFEGUARD = "record-safeguard"
    ALERT_PARTNERSHIP = "alert-partnership"
    WRITE_LINES = "write-lines"
    NAME_LEADS = "name-leads"
    SEE_IMPROVEMENT = "see-improvement"
    KEEP_IMPROVEMENT = "keep-improvement"
    JUDGE_PROOF = "judge-proof"
    UPDATE_ACTIONS = "update-actions"


# Read after "You need permission to ...", and in the list of offices.
WORDS: dict[Capability, str] = {
    Capability.SEE_MEASURES: "see the measures",
    Capability.SEE_AUTHORITY_VALUES: "see the figures for the whole authority",
    Capability.SEE_CHILDREN: "see which children are behind a number, and open a child’s page",
    Capability.SEE_EXCEPTIONS: "see what is owed to children and not yet done",
    Capability.SEE_WORKERS: "see figures for each worker",
    Capability.SIGN_PACK: "sign a monthly pack",
    Capability.PREPARE_PACK: "prepare a monthly pack",
    Capability.SEE_RELEASED_TEXT: "read what the Director has released",
    Capability.RELEASE_TEXT: "release a text about a child to the Lead Member",
    Capability.ASK: "ask a question about what is shown",
    Capability.KEEP_COMMITMENTS: "hold commitments and say how they were kept",
    Capability.SIGN_RECORD: "record that they have seen something",
    Capability.SEE_RECORDS: "see the formal records",
    Capability.SEE_DATA: "see what was loaded, what its words mean and the rules in force",
    Capability.LOAD_DATA: "load an extract, and say what its words and teams mean and which local rules hold",
    Capability.SEE_LOG: "see who looked at what",
    Capability.MANAGE_ACCESS: "manage people and their offices",
    Capability.OPEN_OUTSIDE_SCOPE: "open a child they do not work with, for a reason that is checked afterwards",
    Capability.READ_FILES: "hold a night of file reading",
    Capability.RESTRICT_RECORDS: "restrict a child’s record and name who may open it",
    Capability.EXPORT_SUBJECT: "take one child’s record out for a subject access request",
    Capability.SEE_TEN: "see which children are to be talked about this month, and why",
    Capability.CHANGE_TEN: "freeze the month’s ten, put a child on it or take one off, and write a note",
    Capability.HOLD_RECORDS: "keep records past their time because of a claim or an inquiry",
    Capability.MARK_DONE: "say that something owed was done, until an extract shows it",
    Capability.EXPLAIN_OWED: "explain why something owed is not done, for a limited time",
    Capability.RECORD_SAFEGUARD: "record the safeguards of a child who waits for a social worker, and draft letters",
    Capability.ALERT_PARTNERSHIP: "write the Director’s alert to the partnership, and say that it was sent",
    Capability.WRITE_LINES: "write the month’s three lines about a measure they lead",
    Capability.NAME_LEADS: "say who leads each headline measure",
    Capability.SEE_IMPROVEMENT: "see findings, plans and every action",
    Capability.KEEP_IMPROVEMENT: "write findings, plans and actions, load a plan’s table, and ask owners for word",
    Capability.JUDGE_PROOF: "say whether proof held, set a colour with a reason, and close or reopen",
    Capability.UPDATE_ACTIONS: "say how the actions they own are going",
}

# What an office-holder does in person: no delegate ever does it for them.
IN_PERSON = frozenset(
    {
        Capability.SIGN_PACK,
        Capability.SIGN_RECORD,
        Capability.RELEASE_TEXT,
        Capability.READ_FILES,
        Capability.CHANGE_TEN,
    }
)


class Refused(PermissionDenied):
    """The viewer may not do this. `reason` says why in a sentence; `held_by` names the offices that may."""

    def __init__(self, reason: str, *, held_by: tuple[str, ...] = (), capability: Capability | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.held_by = held_by
        self.capability = capability


def agrees(check_of: Callable[Told, object], *told: Told.args, **named: Told.kwargs) -> bool:
    """Whether a raising check lets pass what it is told: what makes every boolean twin."""
    try:
        check_of(*told, **named)
    except Refused:
        return False
    return True


def check(viewer: Viewer, capability: Capability) -> None:
    """Raise Refused, naming the permission and the offices that hold it, unless `viewer` holds it."""
    if capability in viewer.capabilities:
        return
    from lineofsight.web.access.offices import held_by

    raise Refused(
        f"You need permission to {WORDS[capability]}. The office you are signed in as does not have it.",
        held_by=held_by(capability),
        capability=capability,
    )


def may(viewer: Viewer, capability: Capability) -> bool:
    """The boolean twin of `check`."""
    return agrees(check, viewer, capability)


def check_see_children(viewer: Viewer) -> None:
    """Raise Refused unless the viewer may see children by name: the permission, at the identified level."""
    check(viewer, Capability.SEE_CHILDREN)
    if viewer.level != "identified":
        raise Refused(
            "Children are not shown by name to the office you are signed in as.",
            capability=Capability.SEE_CHILDREN,
        )


def may_see_children(viewer: Viewer) -> bool:
    """The boolean twin of `check_see_children`."""
    return agrees(check_see_children, viewer)


def check_any(viewer: Viewer, *capabilities: Capability) -> None:
    """Raise Refused, for the first one named, unless the viewer holds at least one of `capabilities`."""
    if not any(capability in viewer.capabilities for capability in capabilities):
        check(viewer, capabilities[0])


def may_any(viewer: Viewer, *capabilities: Capability) -> bool:
    """The boolean twin of `check_any`."""
    return agrees(check_any, viewer, *capabilities)
