"""Who is to be asked for word of their actions, and the letter that asks: drafted here, sent by a person (rule 7.10).

A letter holds nothing that was typed but a name, and its link grants nothing: who opens it signs in first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from lineofsight import clock
from lineofsight.web.access.house import home_in_use
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.models import Action, ActionOwner, Chaser
from lineofsight.web.improvement.permissions import check_keep, readable
from lineofsight.web.improvement.queries.lines import Line, lines, own_words
from lineofsight.web.improvement.queries.mine import why_asked

SAY = "/actions/{key}/say/"


@dataclass(frozen=True)
class ToAsk:
    """One action of an owner who is to be asked: why, and when somebody last asked. `owner` is the row of the owner."""

    line: Line
    owner: int
    why: str
    asked_on: date | None


@dataclass(frozen=True)
class Chase:
    """One owner with everything they are to be asked of. `signs_in` is whether they are somebody who has an account.

    `name` is as the plan has it, or that of the account; empty where this viewer may not read who it is.
    """

    name: str
    post: str
    signs_in: bool
    actions: list[ToAsk]

    @property
    def owners(self) -> list[int]:
        """What is sent back when the letter was sent."""
        return [one.owner for one in self.actions]

    def letter(self, address: str) -> str:
        """The letter. `address` is where this system is reached, without a slash at its end."""
        many = "an action" if len(self.actions) == 1 else f"{wording.spelled(len(self.actions))} actions"
        told = "\n\n".join(
            f"{one.line.plain}. {one.why}\n{address}{SAY.format(key=one.line.pk)}" for one in self.actions
        )
        account = "Sign in when you are asked to: the link opens nothing by itself."
        return (
            f"Dear {self.name or 'colleague'},\n\n"
            f"You answer for {many} of which {home_in_use().authority_name} has no new word. Please say in one box how "
            f"it is going, and by {wording.day(_answer_by())}.\n\n{told}\n\n{account}\n"
        )


@dataclass(frozen=True)
class ToChase:
    """Everybody who is to be asked, and the actions that nobody is named for."""

    owners: Sequence[Chase]
    unowned: Sequence[tuple[Line, str]]

    @property
    def sentence(self) -> str:
        """'Five owners are to be asked for word of nine actions.'"""
        if not self.owners:
            return "Nobody is to be asked for word now."
        people = f"{wording.spelled(len(self.owners))} {wording.verb(len(self.owners), 'owner is', 'owners are')}"
        count = len({one.line.pk for each in self.owners for one in each.actions})
        many = f"{wording.spelled(count)} {wording.verb(count, 'action', 'actions')}"
        return f"{wording.begun(people)} to be asked for word of {many}."


def to_chase(viewer: Viewer) -> ToChase:
    """Who is to be asked now: silent for weeks, or with a deadline near, past or unclear. Raises Refused."""
    check_keep(viewer)
    due = {one.pk: (one, why) for one in lines(Q(plan__closed_on=None)) if (why := why_asked(one))}
    asked: dict[int, date] = dict(Chaser.objects.order_by("sent_on").values_list("owner_id", "sent_on"))
    found: dict[object, Chase] = {}
    owned = set()
    for one in _owners(viewer, due):
        owned.add(one.action)
        chase = found.setdefault(one.who, Chase(one.name, one.post, one.signs_in, []))
        chase.actions.append(ToAsk(due[one.action][0], one.pk, due[one.action][1], asked.get(one.pk)))
    for chase in found.values():
        chase.actions.sort(key=lambda one: (one.line.deadline_on or date.max, one.line.number))
    unowned = [one for key, one in due.items() if key not in owned]
    return ToChase(sorted(found.values(), key=lambda one: one.name.casefold()), unowned)


@dataclass(frozen=True)
class _Owner:
    """A row of an owner, and whose it is: rows of one person, or of one name that may be read, make one letter."""

    pk: int
    action: UUID
    who: object
    name: str
    post: str
    signs_in: bool


def _owners(viewer: Viewer, due: Collection[UUID]) -> list[_Owner]:
    """Who answers for these actions. A name that may not be read is that of the account, or none."""
    standing = ActionOwner.objects.filter(left_on=None, action__plan__closed_on=None).order_by("pk")
    columns = ("pk", "action_id", "name", "post", "person_id", "person__name")
    shown = None
    if viewer.level != "identified":
        may = readable(viewer) | Q(pk__in=own_words(viewer))
        shown = set(Action.objects.filter(may, plan__closed_on=None).values_list("pk", flat=True))
    found = []
    for pk, action, name, post, person, account in standing.values_list(*columns):
        if action not in due:
            continue
        if shown is not None and action not in shown:
            name, post = account or "", ""
        who = person or ((name.casefold(), post.casefold()) if name else pk)
        found.append(_Owner(pk, action, who, name, post, person is not None))
    return sorted(found, key=lambda one: (one.name.casefold(), one.pk))


def _answer_by() -> date:
    """A week from today."""
    return date.fromordinal(clock.today().toordinal() + 7)
