"""A plan's next table beside the plan: what moved, what is new, what is gone, and what has to be asked.

It only compares: nothing is written. Loading the table (actions/loading.py) does what is shown here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max

from lineofsight.plans.deadlines import Deadline, read_deadline
from lineofsight.plans.table import NotUnderstood, PlanRow, PlanTable
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.matching import Known, Pairing, names, owners_of, pair, told_apart
from lineofsight.web.improvement.models import Action, ActionOwner, Plan, Update
from lineofsight.web.improvement.permissions import NOT_CLEARED, NOT_SHOWN, check_keep, may_read_words
from lineofsight.web.improvement.queries.lines import own_words
from lineofsight.web.improvement.rag import Proofs
from lineofsight.web.improvement.standings import proofs_of

DEADLINE, RESPONSIBLE = 200, 300


@dataclass(frozen=True)
class Held:
    """An action as the plan holds it: with its owners now, its proofs, and the progress its table last told."""

    action: Action
    owners: Sequence[ActionOwner]
    progress: str
    proofs: Proofs

    @property
    def known(self) -> Known:
        named = names(one.name for one in self.owners) or names([self.action.responsible])
        return Known(self.action.number, self.action.words, named, self.action.gone_on is not None)


@dataclass(frozen=True)
class Turned:
    """What one row changes of one action: each from what to what, where it does. `stays` says why a colour does not."""

    deadline: Deadline
    colour: str = ""  # the table's colour, where the action takes it
    stays: str = ""
    by_rule: bool = False  # the table has a colour no longer, so that the rule decides again
    moved_deadline: bool = False
    owners: bool = False
    progress: bool = False
    reworded: bool = False
    back: bool = False


@dataclass(frozen=True)
class Moved:
    """One action that moved, in words ready to be read: (what, from, to) for each thing that is another now."""

    number: int
    words: str
    row: int
    place: str
    changes: Sequence[tuple[str, str, str]]
    stays: str = ""


@dataclass(frozen=True)
class Listed:
    """One action that is new, or gone. `number` is None for a new one, `row` for one that is gone."""

    number: int | None
    words: str
    responsible: str
    colour: str
    row: int | None = None
    place: str = ""


@dataclass(frozen=True)
class Question:
    """A row that may be an action written anew: a person says whether it is."""

    row: int
    place: str
    number: int
    words: str
    before: str
    alike: float


@dataclass(frozen=True)
class Comparison:
    """A plan's next table beside the plan."""

    moved: Sequence[Moved]
    same: Sequence[int]
    new: Sequence[Listed]
    gone: Sequence[Listed]
    questions: Sequence[Question]
    not_understood: Sequence[NotUnderstood] = field(default=())

    @property
    def unlike(self) -> bool:
        """Whether most of the plan's actions are not in the table: it may be another plan's."""
        held = len(self.moved) + len(self.same) + len(self.gone)
        return held > 1 and len(self.gone) * 2 > held

    @property
    def sentence(self) -> str:
        """'3 moved, 1 new, none gone and 18 as before.'"""
        counts = [(len(self.moved), "moved"), (len(self.new), "new"), (len(self.gone), "gone")]
        counts.append((len(self.same), "as before"))
        return wording.begun(wording.listed([f"{count or 'none'} {words}" for count, words in counts])) + "."


def compare(viewer: Viewer, plan: Plan, table: PlanTable, same: Mapping[int, int] | None = None) -> Comparison:
    """What loading this table would change. `same` is what a person said: an action's number, by row from nought.

    Raises Refused, and PlainError where what was said cannot be.
    """
    check_keep(viewer)
    by_number = {one.action.number: one for one in held(plan)}
    pairing = paired(by_number, table, same or {})
    theirs, moved, unmoved = own_words(viewer), [], []
    for row, number in sorted(pairing.pairs.items()):
        turned = turns(by_number[number], table.rows[row], plan.published_on)
        may = may_read_words(viewer, by_number[number].action, theirs=by_number[number].action.pk in theirs)
        told = changes(by_number[number], table.rows[row], turned, shown=may)
        if told or turned.stays:
            place = place_said(table.rows[row])
            moved.append(Moved(number, table.rows[row].action, row, place, told, turned.stays))
        else:
            unmoved.append(number)
    return Comparison(
        moved=moved,
        same=unmoved,
        new=[listed_row(table.rows[row], row) for row in pairing.new],
        gone=[_listed(viewer, by_number[number].action) for number in pairing.gone],
        questions=[
            Question(
                one.row,
                place_said(table.rows[one.row]),
                one.number,
                table.rows[one.row].action,
                _words(viewer, by_number[one.number].action),
                one.alike,
            )
            for one in pairing.perhaps
        ],
        not_understood=[*table.not_understood, *asked_of(table, plan.published_on)],
    )


def held(plan: Plan) -> list[Held]:
    """Every action of a plan, those that are gone included, in four readings."""
    newest = (
        Update.objects.filter(action__plan=plan, kind=Update.Kind.PROGRESS, load__isnull=False)
        .values("action")
        .annotate(newest=Max("pk"))
    )
    told = dict(Update.objects.filter(pk__in=newest.values("newest")).values_list("action", "words"))
    owners: dict[object, list[ActionOwner]] = {}
    for one in ActionOwner.objects.filter(action__plan=plan, left_on=None).order_by("place"):
        owners.setdefault(one.action_id, []).append(one)
    actions = list(Action.objects.filter(plan=plan).order_by("number"))
    proofs = proofs_of([one.pk for one in actions]) if len(actions) < 500 else proofs_of()
    return [Held(one, owners.get(one.pk, ()), told.get(one.pk, ""), proofs.get(one.pk, Proofs())) for one in actions]


def paired(by_number: Mapping[int, Held], table: PlanTable, same: Mapping[int, int]) -> Pairing:
    """Which row is which action of the plan."""
    return pair(table.rows, [one.known for one in by_number.values()], same)


def turns(one: Held, row: PlanRow, published_on: date) -> Turned:
    """What a row changes of the action that it is."""
    action, deadline = one.action, read_deadline(row.deadline, published_on)
    colour, stays = _colour(one, row)
    return Turned(
        deadline=deadline,
        colour=colour,
        stays=stays,
        by_rule=row.rag is None and action.set_by == Action.SetBy.PLAN,
        moved_deadline=(deadline.words[:DEADLINE], deadline.on) != (action.deadline_words, action.deadline_on),
        owners=owners_of(row) != one.known.owners,
        progress=row.progress.strip() not in ("", one.progress),
        reworded=told_apart(row.action) != told_apart(action.words),
        back=action.gone_on is not None,
    )


def changes(one: Held, row: PlanRow, turned: Turned, *, shown: bool = True) -> list[tuple[str, str, str]]:
    """The same in words: what, from, to. What was typed before is there where it is `shown`."""
    action, said = one.action, list[tuple[str, str, str]]()
    if turned.colour and turned.colour != action.rag:
        said.append(("Colour", action.rag, turned.colour))
    if turned.by_rule:
        said.append(("Colour", action.rag, "by the rule"))
    if turned.moved_deadline:
        before = (action.deadline_words or "none") if shown else NOT_SHOWN.lower()
        said.append(("Deadline", before, turned.deadline.words or "none"))
    if turned.owners:
        before = (action.responsible or "nobody") if shown else NOT_SHOWN.lower()
        said.append(("Person responsible", before, row.responsible or "nobody"))
    if turned.progress:
        said.append(("Progress", "", "written anew" if one.progress else "written"))
    if turned.reworded:
        said.append(("Words", "", "written anew"))
    if turned.back:
        said.append(("In the table", "gone", "back"))
    return said


def asked_of(table: PlanTable, published_on: date) -> list[NotUnderstood]:
    """What of the rows themselves has to be asked, or could not be kept whole: each with its row."""
    asked = []
    for row in table.rows:
        deadline = read_deadline(row.deadline, published_on)
        if deadline.question:
            asked.append(NotUnderstood(row.place, "deadline", row.deadline, deadline.question))
        if not row.responsible.strip() and not row.owners:
            asked.append(NotUnderstood(row.place, "person responsible", "", "Nobody is named. Who answers for it?"))
        for column, text, most in (
            ("deadline", deadline.words, DEADLINE),
            ("person responsible", row.responsible, RESPONSIBLE),
        ):
            if len(text) > most:
                why = f"It is longer than {most} characters: the list shows its beginning, and all of it is kept here."
                asked.append(NotUnderstood(row.place, column, text, why))
    return asked


def place_said(row: PlanRow) -> str:
    """'table 1, row 7'."""
    return f"{row.place.table}, row {row.place.row}" if row.place.table else f"row {row.place.row}"


def listed_row(row: PlanRow, number: int) -> Listed:
    """A row as something new."""
    return Listed(None, row.action, row.responsible, row.rag or "", number, place_said(row))


def _colour(one: Held, row: PlanRow) -> tuple[str, str]:
    """The colour an action takes from its row, and why it does not take another that stands there."""
    action = one.action
    if row.rag is None:
        return "", ""
    if action.set_by == Action.SetBy.PERSON:
        stays = "a person set it here"
    elif action.closed_on is not None:
        stays = "it was closed on proof"
    elif one.proofs.failed and row.rag != "red":
        stays = "a proof did not hold"
    else:
        return row.rag, ""
    return "", f"The table says {row.rag}; {action.rag} stays: {stays}." if row.rag != action.rag else ""


def _listed(viewer: Viewer, action: Action) -> Listed:
    responsible = action.responsible if may_read_words(viewer, action) else NOT_SHOWN
    return Listed(action.number, _words(viewer, action), responsible, action.rag)


def _words(viewer: Viewer, action: Action) -> str:
    return action.words if may_read_words(viewer, action) else NOT_CLEARED
