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
    check_see,
    may_judge,
    may_keep,
    may_read_reason,
)
from lineofsight.web.improvement.queries.lines import Line, colours_on, counts, counts_said, lines, words_of


@dataclass(frozen=True)
class PlanLine:
    """One plan in the list, with its actions counted as they stand today."""

    plan: Plan
    lines: Sequence[Line]
    newest: PlanStep | None

    @property
    def counts(self) -> Mapping[str, int]:
        return counts(self.lines)

    @property
    def sentence(self) -> str:
        """'22 actions: 14 green, 5 amber, 3 red. Seven are past their deadline and not green.'"""
        return counts_said(self.lines)


@dataclass(frozen=True)
class Step:
    """One step of the trail: agreed by or reported to which body, when, and what it asked as the viewer may read it."""

    pk: int
    what: str
    body: str
    on: date
    asked: str
    hidden: bool
    by: str


@dataclass(frozen=True)
class Load:
    """One time the plan's table was loaded. What was not understood is shown whole to who may read words."""

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
    """One action whose colour is another than on an earlier day, and why it is."""

    line: Line
    before: str
    words: str | None

    @property
    def worse(self) -> bool:
        """Whether it was green or amber and is no longer."""
        order = ("green", "amber", "red")
        return order.index(self.line.colour) > order.index(self.before)


@dataclass(frozen=True)
class OnePlan:
    """The page of one plan. `gone` are the actions that are no longer in its table: number, responsible, since when."""

    plan: Plan
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
    found = Plan.objects.order_by("-published_on", "title")
    told = [PlanLine(one, by_plan.get(one.pk, ()), newest.get(one.pk)) for one in found]
    return sorted(told, key=lambda one: one.plan.closed_on is not None)


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
    gone = Action.objects.filter(plan=plan, gone_on__isnull=False).order_by("number")
    return OnePlan(
        plan=plan,
        on=on or clock.today(),
        lines=lines(Q(plan=plan), on),
        steps=[_step(viewer, one) for one in plan.steps.order_by("on", "pk")],
        loads=[_load(viewer, one) for one in plan.loads.order_by("-as_at", "-loaded_at")],
        gone=list(gone.values_list("pk", "number", "responsible", "gone_on")),
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
    words = words_of(viewer, [one.pk for one in now])
    return sorted((Turned(one, before[one.pk], words.get(one.pk)) for one in now), key=lambda one: not one.worse)


def _step(viewer: Viewer, one: PlanStep) -> Step:
    may = not one.asked or may_read_reason(viewer, one.asked_cleared_at, one.written_by_key)
    what = PlanStep.What(one.what).label
    return Step(one.pk, what, one.body, one.on, one.asked if may else NOT_CLEARED, not may, one.written_by_name)


def _load(viewer: Viewer, one: PlanLoad) -> Load:
    """What was loaded. Cells that were not understood hold words of the table, which are shown as those are."""
    told = one.told
    may = may_read_reason(viewer, told["cleared"] or None, one.loaded_by_key)
    asked = told["not_understood"] if may else [{**each, "value": ""} for each in told["not_understood"]]
    return Load(one.pk, one.as_at, one.file_name, one.loaded_by_name, told, asked, not may)
