"""The writer that loads a plan's table: the first makes the plan, the next is compared with it and moves what moved.

Nothing is deleted: what is no longer in the table is gone from a day on, with all its history, and may come back. A
table is loaded whole or not at all, in one transaction with one event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.plans.deadlines import read_deadline
from lineofsight.plans.table import NotUnderstood, Owner, PlanRow, PlanTable
from lineofsight.web.access.chain import record
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.actions import owners, rating
from lineofsight.web.improvement.actions.owners import Named
from lineofsight.web.improvement.actions.plans import dated, deadline_said, is_plain, new_plan, open_plan
from lineofsight.web.improvement.matching import Pairing
from lineofsight.web.improvement.models import Action, ActionOwner, Plan, PlanLoad, Rating, Update
from lineofsight.web.improvement.models.words import generated, quoted, written
from lineofsight.web.improvement.permissions import check_clear, check_keep
from lineofsight.web.improvement.queries.called import plan_called
from lineofsight.web.improvement.queries.comparing import (
    Held,
    Turned,
    asked_of,
    changes,
    held,
    paired,
    place_said,
    turns,
)
from lineofsight.web.improvement.rag import Proofs

PLAN = Action.SetBy.PLAN
# What loading may change of an action; not when it was written, from which silence is counted at first.
WORDS = ("words", "level", "written_by_key", "written_by_name", "office")
CLEARING = ("cleared_at", "cleared_by_key", "cleared_by_name")
UNREAD = {"cleared_at": None, "cleared_by_key": "", "cleared_by_name": ""}
BLANK = {**dict.fromkeys(WORDS, ""), **UNREAD}
DATED = ("deadline_words", "deadline_kind", "deadline_on", "deadline_question")
CHANGED = (*WORDS, *CLEARING, *DATED, "responsible", "rag", "set_by", "said", "heard_on", "gone_on")


@dataclass(frozen=True)
class NewPlan:
    """What a plan is, where a table is the first of it."""

    title: str
    kind: str
    published_on: date
    published_by: str


def load_table(
    *,
    by: Viewer,
    plan: Plan | NewPlan,
    table: PlanTable,
    file_name: str,
    sha256: str,
    as_at: date,
    cleared: bool = False,
    same: Mapping[int, int] | None = None,
) -> PlanLoad:
    """Load a plan's table as at a day: the first of a new plan, or the next of one that is there.

    `cleared` says that its words were read, and that no child can be told from them. `same` is what a person said of
    rows that were written anew: the action's number, by row from nought. Raises Refused; PlainError for an empty
    table, a day to come or before the last table's, and for the same file of the same day twice.
    """
    check_keep(by)
    if cleared and by.level == "identified":
        check_clear(by)
    if not table.rows:
        raise PlainError("No action was found in this file.")
    if as_at > clock.today():
        raise PlainError("A table says what has happened: its day cannot be in the future.")
    with transaction.atomic():
        _check_once(by, None if isinstance(plan, NewPlan) else plan, sha256, as_at)
        now = _made(by, plan) if isinstance(plan, NewPlan) else open_plan(plan)
        _check_later(now, as_at)
        if cleared and not now.cleared:
            _clear(by, now)
        beside = _beside(now, table, same or {})
        load = PlanLoad.objects.create(
            plan=now,
            as_at=as_at,
            file_name=file_name[-200:],
            sha256=sha256,
            told=_told(beside, cleared or by.level != "identified"),
            loaded_at=clock.now(),
            loaded_by_key=by.person_key,
            loaded_by_name=by.person_name,
        )
        _Loading(by, load, clock.now(), cleared).run(beside)
        record(viewer=by, action="improvement.table loaded", subject=f"plan {now.pk}", detail=_detail(load))
    return load


@dataclass(frozen=True)
class _Beside:
    """A table beside its plan: the actions by number, which row is which of them, and what each row turns."""

    plan: Plan
    table: PlanTable
    held: Mapping[int, Held]
    pairing: Pairing
    turned: Mapping[int, Turned]

    @property
    def first_number(self) -> int:
        """The number of the first row that is new."""
        return max(self.held, default=0) + 1


def _beside(plan: Plan, table: PlanTable, same: Mapping[int, int]) -> _Beside:
    """The table beside the plan, whose actions nobody else changes until the transaction ends."""
    list(Action.objects.select_for_update().filter(plan=plan).order_by("pk").values_list("pk", flat=True))
    by_number = {one.action.number: one for one in held(plan)}
    pairing = paired(by_number, table, same)
    turned = {
        row: turns(by_number[number], table.rows[row], plan.published_on) for row, number in pairing.pairs.items()
    }
    return _Beside(plan, table, by_number, pairing, turned)


def _made(by: Viewer, plan: NewPlan) -> Plan:
    return new_plan(by, plan.kind, plan.title, plan.published_on, plan.published_by)


def _clear(by: Viewer, plan: Plan) -> None:
    """The plan's title, and who published it, are cleared with its table."""
    fields = {"cleared_at": clock.now(), "cleared_by_key": by.person_key, "cleared_by_name": by.person_name}
    _set(plan, fields)
    plan.save(update_fields=list(fields))


def _check_once(by: Viewer, plan: Plan | None, sha256: str, as_at: date) -> None:
    again = PlanLoad.objects.filter(sha256=sha256, as_at=as_at)
    if plan is not None:
        again = again.filter(plan=plan)
    known = again.select_related("plan").first()
    if known is not None:
        raise PlainError(f"This file was loaded already as at {wording.day(as_at)}: “{plan_called(by, known.plan)}”.")


def _check_later(plan: Plan, as_at: date) -> None:
    last = plan.loads.aggregate(last=Max("as_at"))["last"]
    if last is not None and as_at < last:
        raise PlainError(f"A table as at {wording.day(last)} is loaded already: this one is of an earlier day.")


@dataclass
class _Loading:
    """One table on its way into the database: what is to be written, gathered row by row, then written at once."""

    by: Viewer
    load: PlanLoad
    at: datetime
    cleared: bool
    actions: list[Action] = field(default_factory=list)
    owners: list[ActionOwner] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    changed: list[Action] = field(default_factory=list)
    rated: dict[UUID, date] = field(default_factory=dict)

    def run(self, beside: _Beside) -> None:
        """Gather every row, then write."""
        newest = Rating.objects.filter(action__plan=self.load.plan).order_by().values_list("action")
        self.rated = dict(newest.annotate(newest=Max("on")))
        for number, row in enumerate(beside.pairing.new, start=beside.first_number):
            self.add(beside.table.rows[row], number)
        for row, known in beside.pairing.pairs.items():
            self.turn(beside.held[known], beside.table.rows[row], beside.turned[row])
        for known in beside.pairing.gone:
            self.leave(beside.held[known].action)
        Action.objects.bulk_create(self.actions)
        ActionOwner.objects.bulk_create(self.owners)
        Update.objects.bulk_create(self.updates)
        Rating.objects.bulk_create(self.ratings)
        for one in self.changed:
            one.save(update_fields=list(CHANGED))

    def add(self, row: PlanRow, number: int) -> None:
        """A row that is new."""
        said = row.progress.strip()
        action = Action(
            plan=self.load.plan,
            number=number,
            responsible=_cut(row.responsible, owners.RESPONSIBLE),
            heard_on=self.load.as_at if said else None,
            **dated(read_deadline(row.deadline, self.load.plan.published_on)),
            **self.typed(row.action),
        )
        self.actions.append(action)
        self.owners += owners.rows(action, _named(row.owners), {})
        if said:
            self.say(action, row.progress)
        self.rate(action, row.rag or "", Proofs())

    def turn(self, one: Held, row: PlanRow, turned: Turned) -> None:
        """A row that is an action of the plan: what it changes, and nothing where it changes nothing."""
        action = one.action
        before = _values(action)
        notes, cleared = self.notes(one, row, turned), action.cleared
        _set(action, dated(turned.deadline))
        if turned.owners:
            owners.place(action, _named(row.owners), {}, called=_cut(row.responsible, owners.RESPONSIBLE))
        self.word(one, row, turned)
        action.gone_on = None
        if turned.progress:
            self.say(action, row.progress)
            if action.heard_on is None or action.heard_on <= self.load.as_at:
                action.said, action.heard_on = "", self.load.as_at
        if notes:
            quotes = turned.moved_deadline or turned.owners or turned.reworded
            self.note(action, " ".join(notes), cleared=not quotes or (cleared and self.open))
        if turned.colour or turned.by_rule or action.set_by == Action.SetBy.RULE:
            self.rate(action, turned.colour, one.proofs)
        if _values(action) != before:
            self.changed.append(action)

    def word(self, one: Held, row: PlanRow, turned: Turned) -> None:
        """The words of the action as the table has them, and whether they are cleared with all that goes with them."""
        action, cleared, before = one.action, one.action.cleared, one.action.written_by_key
        theirs = turned.owners or {(each.name, each.post) for each in one.owners} == {
            (each.name, each.post) for each in _named(row.owners)
        }
        from_table = theirs and action.responsible == _cut(row.responsible, owners.RESPONSIBLE)
        if turned.reworded:
            told = self.typed(row.action)
            _set(action, {name: told.get(name) or BLANK[name] for name in (*WORDS, *CLEARING)})
            if not (cleared or from_table):  # what stays was not read
                _set(action, {**UNREAD, "level": "identified", "written_by_key": before})
        elif self.cleared and not cleared and from_table and row.action.strip() == action.words:
            _set(action, self.clearing())
        plain = not turned.moved_deadline or is_plain(action)
        if cleared and not self.open and (turned.owners or not plain):
            told = self.typed(action.words)
            _set(action, {**{name: told[name] for name in WORDS}, **UNREAD})

    @property
    def open(self) -> bool:
        """Whether what stands in the table may be read by those who see no child by name."""
        return self.cleared or self.by.level != "identified"

    def leave(self, action: Action) -> None:
        """An action that is no longer in the table: it stays, with all that was said of it."""
        action.gone_on = self.load.as_at
        self.note(action, f"No longer in the plan’s table, as at {wording.day(self.load.as_at)}.")
        self.changed.append(action)

    def notes(self, one: Held, row: PlanRow, turned: Turned) -> list[str]:
        """What is to be said of what moved, beside progress and colour."""
        action, said = one.action, list[str]()
        if turned.back:
            said.append(f"In the plan’s table again, as at {wording.day(self.load.as_at)}.")
        if turned.moved_deadline:
            before = deadline_said(action.deadline_words, action.deadline_on)
            said.append(f"Deadline moved from {before} to {deadline_said(turned.deadline.words, turned.deadline.on)}.")
        if turned.owners:
            now = _cut(row.responsible, owners.RESPONSIBLE)
            said.append(f"Owner changed from “{action.responsible}” to “{now}”.")
        if turned.reworded:
            said.append(f"Written anew. Before it said: {action.words}")
        return said

    def rate(self, action: Action, colour: str, proofs: Proofs) -> None:
        """The colour the table has, or the rule's, from the table's day on; nothing where it is so already."""
        on = max(self.load.as_at, self.rated.get(action.pk, self.load.as_at))
        ruled = rating.by_the_rule(action, on, proofs)
        set_by = PLAN if colour else Action.SetBy.RULE
        if action.pk in self.rated and (action.rag, action.set_by) == (colour or ruled.colour, set_by):
            return
        action.rag, action.set_by = colour or ruled.colour, set_by
        self.ratings.append(
            Rating(
                action=action,
                on=on,
                rag=action.rag,
                set_by=set_by,
                by_rule=ruled.colour,
                rule=ruled.rule,
                load=self.load,
                rated_at=self.at,
                rated_by_key=self.by.person_key,
                rated_by_name=self.by.person_name,
            )
        )

    def say(self, action: Action, progress: str) -> None:
        """Progress as the table tells it."""
        self.updates.append(Update(action=action, as_at=self.load.as_at, load=self.load, **self.typed(progress)))

    def note(self, action: Action, words: str, *, cleared: bool = True) -> None:
        """What changed of an action. Words in it that nobody has cleared yet stay hidden until somebody does."""
        told = generated(self.by, self.at, words)
        if not cleared:
            told = {**quoted(self.by, self.at, words, cleared=False), **UNREAD}
        kind = Update.Kind.CHANGE
        self.updates.append(Update(action=action, kind=kind, as_at=self.load.as_at, load=self.load, **told))

    def typed(self, words: str) -> dict[str, Any]:
        """The fields of words from the table: cleared where whoever loads it said so."""
        told = written(self.by, self.at, words)
        return {**told, **(self.clearing() if self.cleared else {"cleared_at": None})}

    def clearing(self) -> dict[str, Any]:
        """Who cleared words, and when."""
        key, name = self.by.person_key, self.by.person_name
        return {"cleared_at": self.at, "cleared_by_key": key, "cleared_by_name": name}


def _values(action: Action) -> list[Any]:
    return [getattr(action, name) for name in CHANGED]


def _set(row: Action | Plan, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)


def _named(some: Sequence[Owner]) -> list[Named]:
    """The owners of a row as they can be kept: each once, and no more than there is room for."""
    cut = [Named(_cut(one.name, owners.NAME), _cut(one.post, owners.NAME)) for one in some if one.name.strip()]
    return list(dict.fromkeys(cut))[: owners.MOST]


def _cut(text: str, longest: int) -> str:
    """One line of a cell, its beginning where it is too long: the load keeps all of it."""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _told(beside: _Beside, cleared: bool) -> dict[str, Any]:
    """What is kept of the comparison: what moved, what was new, what was gone, and what was not understood."""
    table, pairing = beside.table, beside.pairing
    moved = []
    for row, number in sorted(pairing.pairs.items()):
        told, stays = changes(beside.held[number], table.rows[row], beside.turned[row]), beside.turned[row].stays
        if told or stays:
            moved.append(
                {
                    "number": number,
                    "place": place_said(table.rows[row]),
                    "changes": told,
                    "stays": stays,
                    "open": beside.held[number].action.cleared,
                }
            )
    return {
        "cleared": cleared,
        "rows": len(table.rows),
        "colours": {colour: sum(row.rag == colour for row in table.rows) for colour in ("green", "amber", "red")},
        "moved": moved,
        "new": [
            {"number": number, "place": place_said(table.rows[row])}
            for number, row in enumerate(pairing.new, start=beside.first_number)
        ],
        "gone": list(pairing.gone),
        "perhaps": [
            {"place": place_said(table.rows[one.row]), "number": one.number, "alike": round(one.alike, 2)}
            for one in pairing.perhaps
        ],
        "not_understood": [_kept(one) for one in (*table.not_understood, *asked_of(table, beside.plan.published_on))],
    }


def _kept(one: NotUnderstood) -> dict[str, Any]:
    place = {"table": one.place.table, "row": one.place.row}
    return {**place, "column": one.column, "value": one.value, "why": one.why}


def _detail(load: PlanLoad) -> dict[str, Any]:
    told = load.told
    counts = {name: len(told[name]) for name in ("moved", "new", "gone", "perhaps", "not_understood")}
    return {"load": load.pk, "sha256": load.sha256, "as_at": load.as_at.isoformat(), "rows": told["rows"], **counts}
