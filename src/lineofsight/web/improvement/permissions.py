"""Who may see findings and plans, keep them, judge proof and say how an action goes: each check has a boolean twin.

Owners who may not see the whole list see the actions that they own, and nothing else.
"""

from __future__ import annotations

from django.db.models import Q

from lineofsight.web.access.permissions import Capability, Refused, agrees, check, check_any, check_see_children
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement.models import Action, ActionOwner, Plan
from lineofsight.web.improvement.models.words import Words

NOT_CLEARED = "The words are not shown to your office until somebody has read them again and cleared them."
NOT_SHOWN = "Not shown"  # the same in one cell
NOT_READ = "What you change here was typed where children are known by name, and nobody has cleared it for you to read."
NOT_THEIRS = "Only who owns this action, or keeps the plans, says how it is going."


def check_see(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may see findings, plans and every action."""
    check(viewer, Capability.SEE_IMPROVEMENT)


def may_see(viewer: Viewer) -> bool:
    """The boolean twin of `check_see`."""
    return agrees(check_see, viewer)


def check_keep(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may write findings, plans and actions."""
    check(viewer, Capability.KEEP_IMPROVEMENT)


def may_keep(viewer: Viewer) -> bool:
    """The boolean twin of `check_keep`."""
    return agrees(check_keep, viewer)


def check_judge(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may judge proof, set a colour, close and reopen."""
    check(viewer, Capability.JUDGE_PROOF)


def may_judge(viewer: Viewer) -> bool:
    """The boolean twin of `check_judge`."""
    return agrees(check_judge, viewer)


def check_own(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may own actions and say how they go."""
    check(viewer, Capability.UPDATE_ACTIONS)


def may_own(viewer: Viewer) -> bool:
    """The boolean twin of `check_own`."""
    return agrees(check_own, viewer)


def owns(viewer: Viewer, action: Action) -> bool:
    """Whether `viewer` may own actions and somebody has said that they are an owner of this one."""
    if not may_own(viewer):
        return False
    owners = ActionOwner.objects.filter(action=action, left_on=None)
    return owners.filter(person__key=viewer.person_key).exists()


def check_see_action(viewer: Viewer, action: Action) -> None:
    """Raise Refused unless `viewer` may see every action, or owns this one."""
    if not may_see(viewer) and not owns(viewer, action):
        check_see(viewer)


def may_see_action(viewer: Viewer, action: Action) -> bool:
    """The boolean twin of `check_see_action`."""
    return agrees(check_see_action, viewer, action)


def check_say(viewer: Viewer, action: Action) -> None:
    """Raise Refused unless `viewer` may say how this action goes: its owner, or who keeps the plans."""
    if may_keep(viewer):
        return
    check_own(viewer)
    if not owns(viewer, action):
        raise Refused(NOT_THEIRS, capability=Capability.UPDATE_ACTIONS)


def may_say(viewer: Viewer, action: Action) -> bool:
    """The boolean twin of `check_say`."""
    return agrees(check_say, viewer, action)


def check_change(viewer: Viewer, action: Action) -> None:
    """Raise Refused unless `viewer` keeps plans and may read who answers for this action and by when."""
    check_keep(viewer)
    if not may_read_words(viewer, action, theirs=owns(viewer, action)):
        raise Refused(NOT_READ, capability=Capability.KEEP_IMPROVEMENT)


def may_change(viewer: Viewer, action: Action) -> bool:
    """The boolean twin of `check_change`."""
    return agrees(check_change, viewer, action)


def check_clear(viewer: Viewer) -> None:
    """Raise Refused unless `viewer` may clear words for those who see no child by name."""
    check_any(viewer, Capability.JUDGE_PROOF, Capability.KEEP_IMPROVEMENT)
    check_see_children(viewer)


def may_clear(viewer: Viewer) -> bool:
    """The boolean twin of `check_clear`."""
    return agrees(check_clear, viewer)


def may_read_words(viewer: Viewer, words: Words | Plan, *, theirs: bool = False) -> bool:
    """Whether typed words are shown to somebody who may see what they are of, with every line that goes with them: a
    finding's title, who made a recommendation, who answers for an action and by when, a look's reference; a plan's
    title and who published it.

    An office that sees children by name may have typed one: to others its words are shown once somebody has cleared
    them. Who wrote them reads them, and so does an owner what they are asked to do (`theirs`).
    """
    own = bool(viewer.person_key) and words.written_by_key == viewer.person_key
    return viewer.level == "identified" or theirs or words.cleared or own


def readable(viewer: Viewer, of: str = "") -> Q:
    """The same as a condition, for rows that are asked for by it; `of` leads to what the words are of (`action__`)."""
    if viewer.level == "identified":
        return Q()
    cleared = ~Q(**{f"{of}level": "identified"}) | Q(**{f"{of}cleared_at__isnull": False})
    return cleared | Q(**{f"{of}written_by_key": viewer.person_key}) if viewer.person_key else cleared


def may_read_file_names(viewer: Viewer) -> bool:
    """Whether the names of files are shown: nobody clears those."""
    return viewer.level == "identified"


def may_read_reason(viewer: Viewer, cleared: object, by_key: str = "") -> bool:
    """The same of a text that has its own mark of being cleared: a colour's reason; the body that agreed a
    plan or was told, with what it asked."""
    return viewer.level == "identified" or cleared is not None or bool(by_key) and by_key == viewer.person_key
