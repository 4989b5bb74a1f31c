"""Who may say what of things owed: each check raises with the reason, and has a boolean twin.

Whose children, and whose workers, is decided where the exception is found (`queries.one_exception`).
"""

from __future__ import annotations

from lineofsight.web.access.permissions import Capability, Refused, agrees, check, check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.practice import wording
from lineofsight.web.practice.queries.standing import Standing, fresh_days, is_fresh


def check_fresh(stand: Standing) -> None:
    """Raise Refused where the extract is older than policy allows: nothing is work to do by it (rule 7.1)."""
    if stand.past:
        raise Refused("This is what was known at an earlier time. Say what was done on the page of now.")
    if not is_fresh(stand):
        raise Refused(
            f"This was true on {wording.day(stand.as_at)}, {wording.counted(stand.age_days, 'day')} ago; nothing is "
            f"work to do by an extract older than {wording.counted(fresh_days(), 'day')}. "
            "Do it, and record it, in the case system: the next extract will show it."
        )


def is_fresh_enough(stand: Standing) -> bool:
    """The boolean twin of `check_fresh`."""
    return agrees(check_fresh, stand)


def check_mark_done(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may say that something owed was done."""
    check(viewer, Capability.SEE_EXCEPTIONS)
    check_see_children(viewer)
    check(viewer, Capability.MARK_DONE)


def may_mark_done(viewer: Viewer) -> bool:
    """The boolean twin of `check_mark_done`."""
    return agrees(check_mark_done, viewer)


def check_explain(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may explain why something owed is not done."""
    check(viewer, Capability.SEE_EXCEPTIONS)
    check_see_children(viewer)
    check(viewer, Capability.EXPLAIN_OWED)


def may_explain(viewer: Viewer) -> bool:
    """The boolean twin of `check_explain`."""
    return agrees(check_explain, viewer)


def check_record_safeguard(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may record what was done for a child who waits, and draft letters."""
    check(viewer, Capability.SEE_EXCEPTIONS)
    check_see_children(viewer)
    check(viewer, Capability.RECORD_SAFEGUARD)


def may_record_safeguard(viewer: Viewer) -> bool:
    """The boolean twin of `check_record_safeguard`."""
    return agrees(check_record_safeguard, viewer)


def check_alert(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` writes the alert to the partnership: it counts the whole authority's children."""
    check(viewer, Capability.ALERT_PARTNERSHIP)
    check(viewer, Capability.SEE_AUTHORITY_VALUES)
    if viewer.scope.kind != "authority" or viewer.level != "identified":
        raise Refused(
            "The alert counts the children of the whole authority, and your office does not see them all.",
            capability=Capability.ALERT_PARTNERSHIP,
        )


def may_alert(viewer: Viewer) -> bool:
    """The boolean twin of `check_alert`."""
    return agrees(check_alert, viewer)
