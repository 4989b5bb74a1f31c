"""What plans and actions say in the thread, and what of their pages can be frozen as evidence (DESIGN 5 P).

A label of an action holds none of its words, and what is frozen is called by its plain name: a label of evidence stands
in the clear, and is shown to everybody. What was typed stands on the pages, for who may read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Seen, Shown, Step
from lineofsight.web.improvement import (
    resolving_findings,  # noqa: F401  registers what findings say
    wording,
)
from lineofsight.web.improvement.models import Action, Plan
from lineofsight.web.improvement.permissions import may_see
from lineofsight.web.improvement.queries.called import plain_plan, plan_called, published_by
from lineofsight.web.improvement.queries.lines import Line, counts_said, lines, told
from lineofsight.web.improvement.queries.one_action import get_action, one_action
from lineofsight.web.improvement.queries.plans import one_plan

ACTION, PLAN = "/actions/{key}/", "/plans/{key}/"


@resolvers.register("plan")
def _plan(viewer: Viewer, key: str) -> Shown | None:
    """A plan's title, and when what it answers was published."""
    found = _plan_of(key) if may_see(viewer) else None
    if found is None:
        return None
    by = published_by(viewer, found)
    published = f"Published {wording.day(found.published_on)}{f' by {by}' if by else ''}."
    return Shown(plan_called(viewer, found), PLAN.format(key=found.pk), published, found.begun_at)


@resolvers.register("action")
def _action(viewer: Viewer, key: str) -> Shown | None:
    """An action by its number and plan, its colour, and why it has it."""
    line = _line_of(viewer, key)
    if line is None:
        return None
    (line,) = told(viewer, [line])
    note = line.because if line.set_by != "rule" else f"{line.colour_words}. {line.because}"
    return Shown(line.title, ACTION.format(key=line.pk), note)


@resolvers.register_up("action")
def _above_action(viewer: Viewer, key: str) -> Iterable[Step]:
    """From an action to the recommendation or the finding it comes from, and to its plan."""
    action = _seen_action(viewer, key)
    if action is None or not may_see(viewer):
        return []
    steps = [Step("plan", str(action.plan_id), "stands in")]
    if action.recommendation_id:
        steps.insert(0, Step("recommendation", str(action.recommendation_id), "comes from"))
    elif action.finding_id:
        steps.insert(0, Step("finding", str(action.finding_id), "comes from"))
    return steps


@resolvers.register_down("action")
def _below_action(viewer: Viewer, key: str) -> Iterable[Step]:
    """From an action to the measure it should move. What proves it is joined to it when somebody looks."""
    line = _line_of(viewer, key)
    return [Step("measure", line.measure, "should move")] if line is not None and line.measure else []


@resolvers.register_down("plan")
def _below_plan(viewer: Viewer, key: str) -> Iterable[Step]:
    """From a plan to its actions: one step that counts them, because they are many."""
    found = _plan_of(key) if may_see(viewer) else None
    if found is None:
        return []
    some = lines(Q(plan=found))
    shown = Shown(counts_said(some), PLAN.format(key=found.pk))
    return [Step("actions", key, "holds", shown, count=max(len(some), 1))]


@resolvers.register_reader("action")
def _read_action(viewer: Viewer, key: str) -> Seen:
    """An action's page as this viewer sees it, ready to be frozen."""
    page = one_action(viewer, key)
    content = {
        "title": page.line.title,
        "sentence": page.sentence,
        **_frozen(page.line),
        "words": page.text.words,
        "owners": [one.name for one in page.owners],
        "closeness": page.closeness.words if page.closeness else "",
        "progress": [[one.as_at.isoformat(), one.said, one.text.words] for one in page.progress[:12]],
        "colours": [[one.on.isoformat(), one.colour, one.set_by, one.by_rule] for one in page.colours],
        "proofs": [
            [one.asked.kind, one.asked.wanted_by.isoformat(), one.held, len(one.looks)]
            for one in page.proofs
            if not one.dropped
        ],
    }
    return Seen(page.line.plain, page.sentence, content, key=str(page.line.pk))


@resolvers.register_reader("plan")
def _read_plan(viewer: Viewer, key: str) -> Seen:
    """A plan's page as this viewer sees it: every action with its colour, who answers for it and by when."""
    page = one_plan(viewer, key)
    content = {
        "title": page.title,
        "sentence": page.sentence,
        "on": page.on.isoformat(),
        "published_on": page.plan.published_on.isoformat(),
        "trail": [[one.what, one.body, one.on.isoformat()] for one in page.steps],
        "actions": [_frozen(one) for one in told(viewer, page.lines)],
    }
    plain = wording.begun(plain_plan(page.plan.kind, page.plan.published_on))
    return Seen(plain, page.sentence, content, key=str(page.plan.pk))


def _frozen(line: Line) -> dict[str, Any]:
    """A line as JSON: numbers, days and colours, who answers for it and by when; not what is to be done."""
    return {
        "number": line.number,
        "responsible": line.responsible,
        "deadline": line.deadline_words,
        "deadline_on": line.deadline_on.isoformat() if line.deadline_on else None,
        "colour": line.colour,
        "set_by": line.set_by,
        "by_rule": line.rated.colour,
        "rule": line.rated.rule,
        "heard_on": line.heard_on.isoformat() if line.heard_on else None,
        "closed_on": line.closed_on.isoformat() if line.closed_on else None,
        "proofs": [line.proofs.asked, line.proofs.held, line.proofs.failed],
    }


def _plan_of(key: str) -> Plan | None:
    try:
        found: Plan | None = Plan.objects.filter(pk=UUID(key)).first()
    except ValueError:
        return None
    return found


def _line_of(viewer: Viewer, key: str) -> Line | None:
    action = _seen_action(viewer, key)
    return next(iter(lines(Q(pk=action.pk), gone=True)), None) if action else None


def _seen_action(viewer: Viewer, key: str) -> Action | None:
    """The action, None for one that is not there or that this viewer may not see."""
    try:
        return get_action(viewer, key)
    except (Http404, Refused):
        return None
