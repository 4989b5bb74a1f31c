"""Plans: the list, and one plan with its trail, what was loaded, and what turned since a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from lineofsight import clock
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import wording
from lineofsight.web.improvement.models import Action, Plan, PlanLoad, PlanStep
from lineofsight.web.improvement.permissions import (
    NOT_CLEARED,
    NOT_SHOWN,
    check_see,
    may_judge,
    may_keep,
    may_read_file_names,
    may_read_reason,
)
from lineofsight.web.improvement.queries.called import NO_BODY, plan_called, published_by
from lineofsight.web.improvement.queries.lines import Line, colours_on, counts, counts_said, lines, told

TYPED = ("Deadline", "Person responsible")  # what of an action that moved was typed


@dataclass(frozen=True)
class PlanLine:
    """One plan in the list as this viewer may read it, with its actions counted as they stand today."""

    plan: Plan
    title: str
    published_by: str
    lines: Sequence[Line]
    newest: Step | None

    @property
    def counts(self) -> Mapping[str, int]:
        return counts(self.lines)

    @property
    def sentence(self) -> str:
        """'22 actions: 14 green, 5 amber, 3 red. Seven are past their deadline and not green.'"""
        return counts_said(self.lines)


@dataclass(frozen=True)
class Step:
    """One step of the trail: agreed by or reported to which body, when, and what it asked, as this viewer reads it."""

    pk: int
    what: str
    body: str
    on: date
    asked: str
    hidden: bool
    by: str


@dataclass(frozen=True)
class Load:
    """One time the plan's table was loaded: what stands in it is shown to who may read its words, and the name of its
    file (`file_name`, else empty) to who may read such names."""

    pk: int
    as_at: date
    file_name: str
    by: str
    told: Mapping[str, Any]
    not_understood: Sequence[Mapping[str, Any]]
    hidden: bool

    @property
    def sentence(self) -> str:
        """'22 rows: 3 moved, 1 new, none gone; 2 things to ask or look at.'"""
        told = {name: len(self.told[name]) for name in ("moved", "new", "gone")}
        said = ", ".join(f"{count or 'none'} {name}" for name, count in told.items())
        asked = len(self.not_understood)
        things = f"{wording.counted(asked, 'thing')} to ask or look at" if asked else "nothing to ask"
        return f"{wording.counted(self.told['rows'], 'row')}: {said}; {things}."


@dataclass(frozen=True)
class Turned:
    """One action, told, whose colour is another than on an earlier day."""

    line: Line
    before: str

    @property
    def worse(self) -> bool:
        """Whether it was green or amber and is no longer."""
        order = ("green", "amber", "red")
        return order.index(self.line.colour) > order.index(self.before)


@dataclass(frozen=True)
class OnePlan:
    """The page of one plan, as the viewer may read it. `gone` are the actions that are no longer in its table: number,
    responsible, since when."""

    plan: Plan
    title: str
    published_by: str
    on: date
    lines: Sequence[Line]
    steps: Sequence[Step]
    loads: Sequence[Load]
    gone: Sequence[tuple[UUID, int, str, date | None]]
    keeps: bool
    judges: bool

    @property
    def counts(self) -> Mapping[str, int]:
        return counts(self.lines)

    @property
    def sentence(self) -> str:
        """'22 actions: 14 green, 5 amber, 3 red. Seven are past their deadline and not green.'"""
        return counts_said(self.lines)

    @property
    def may_close(self) -> bool:
        """Whether nothing of it is open."""
        return self.judges and self.plan.closed_on is None and all(one.closed_on for one in self.lines)


def plans(viewer: Viewer) -> list[PlanLine]:
    """Every plan, open ones first and the newest first, with its actions as they stand today. Raises Refused."""
    check_see(viewer)
    by_plan: dict[UUID, list[Line]] = {}
    for one in lines():
        by_plan.setdefault(one.plan, []).append(one)
    newest = {one.plan_id: one for one in PlanStep.objects.order_by("on", "pk").defer("asked")}
    found = [
        PlanLine(
            plan=one,
            title=plan_called(viewer, one),
            published_by=published_by(viewer, one),
            lines=by_plan.get(one.pk, ()),
            newest=_step(viewer, newest[one.pk], asked=False) if one.pk in newest else None,
        )
        for one in Plan.objects.order_by("-published_on", "-begun_at")
    ]
    return sorted(found, key=lambda one: one.plan.closed_on is not None)


def get_plan(viewer: Viewer, key: UUID | str) -> Plan:
    """The plan. Raises Refused, and Http404 for what is not there."""
    check_see(viewer)
    try:
        found = Plan.objects.filter(pk=UUID(str(key))).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def one_plan(viewer: Viewer, key: UUID | str, on: date | None = None) -> OnePlan:
    """One plan as its actions stand today, or as they stood on a day. Raises as `get_plan`, PlainError for a day to
    come."""
    plan = get_plan(viewer, key)
    return OnePlan(
        plan=plan,
        title=plan_called(viewer, plan),
        published_by=published_by(viewer, plan),
        on=on or clock.today(),
        lines=lines(Q(plan=plan), on),
        steps=[_step(viewer, one) for one in plan.steps.order_by("on", "pk")],
        loads=[_load(viewer, one) for one in plan.loads.order_by("-as_at", "-loaded_at")],
        gone=_gone(viewer, plan),
        keeps=may_keep(viewer),
        judges=may_judge(viewer),
    )


def turned_since(
    viewer: Viewer, plan: Plan, since: date, on: date | None = None, found: Sequence[Line] | None = None
) -> list[Turned]:
    """The actions whose colour is another than on an earlier day, those that are worse first.

    `found` are the lines of that day where they were read already. Raises Refused.
    """
    check_see(viewer)
    before = colours_on(Q(plan=plan), since)
    some = lines(Q(plan=plan), on) if found is None else found
    now = [one for one in some if before.get(one.pk, one.colour) != one.colour]
    return sorted((Turned(one, before[one.pk]) for one in told(viewer, now)), key=lambda one: not one.worse)


def _gone(viewer: Viewer, plan: Plan) -> list[tuple[UUID, int, str, date | None]]:
    left = Action.objects.filter(plan=plan, gone_on__isnull=False).order_by("number")
    found = told(viewer, lines(Q(pk__in=left.values("pk")), gone=True)) if left.exists() else []
    return [(one.pk, one.number, one.responsible, one.gone_on) for one in found]


def _step(viewer: Viewer, one: PlanStep, *, asked: bool = True) -> Step:
    """A step; without what was `asked` for a list."""
    may = may_read_reason(viewer, one.asked_cleared_at, one.written_by_key)
    words = one.asked if asked else ""
    return Step(
        pk=one.pk,
        what=PlanStep.What(one.what).label,
        body=one.body if may else NO_BODY,
        on=one.on,
        asked=words if may or not words else NOT_CLEARED,
        hidden=not may,
        by=one.written_by_name,
    )


def _load(viewer: Viewer, one: PlanLoad) -> Load:
    """What was loaded. What stands in the table is shown as its words are; what stood in the plan before, as that was.

    Who loaded it reads all of the table, and what it was compared with where that may be read by everybody.
    """
    may = may_read_reason(viewer, one.told["cleared"] or None, one.loaded_by_key)
    moved = [each if viewer.level == "identified" else _moved(each, table=may) for each in one.told["moved"]]
    found = {**one.told, "moved": moved}
    if not may:
        found |= {name: [{**each, "place": _row(each["place"])} for each in found[name]] for name in ("new", "perhaps")}
        found["not_understood"] = [_unread(each) for each in found["not_understood"]]
    asked = found["not_understood"]
    name = one.file_name if may_read_file_names(viewer) else ""
    return Load(one.pk, one.as_at, name, one.loaded_by_name, found, asked, not may)


def _moved(told: Mapping[str, Any], *, table: bool) -> dict[str, Any]:
    """What moved of one action, without what may not be read: what stood before (`open`), and what the `table` says."""
    changes = [
        (what, before, after)
        if what not in TYPED
        else (what, before if told["open"] else NOT_SHOWN.lower(), after if table else NOT_SHOWN.lower())
        for what, before, after in told["changes"]
    ]
    return {**told, "changes": changes, "place": told["place"] if table else _row(told["place"])}


def _unread(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Something to ask without what stands there, which the question quotes."""
    return {"table": "", "row": asked["row"], "column": asked["column"], "value": "", "why": NOT_SHOWN}


def _row(place: str) -> str:
    """'row 7' of a place that begins with what a table is called."""
    return f"row {place.rpartition('row ')[2]}"
