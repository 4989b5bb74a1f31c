"""The only writers of plans: begun, agreed and reported, their actions added and changed, and closed.

A deadline stands as it was written; its day follows from the plan's publication, and none from "as soon as possible".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.plans.deadlines import Deadline, read_deadline
from lineofsight.web.access.chain import record
from lineofsight.web.access.models import Person
from lineofsight.web.access.viewer import Viewer
from lineofsight.web.improvement import marks, wording
from lineofsight.web.improvement.actions import owners, rating
from lineofsight.web.improvement.actions.owners import Named, one_line
from lineofsight.web.improvement.actions.progress import check_words, locked, subject
from lineofsight.web.improvement.measuring import check_measure, check_target
from lineofsight.web.improvement.models import (
    Action,
    ActionOwner,
    Finding,
    Plan,
    PlanStep,
    Recommendation,
    Update,
)
from lineofsight.web.improvement.models.words import quoted, written
from lineofsight.web.improvement.permissions import check_change, check_judge, check_keep

TITLE, NAME, DEADLINE = 200, 120, 200


@dataclass(frozen=True)
class Told:
    """A new action: what is to be done, by whom, by when as it is written, and what it comes from and should move."""

    words: str
    owners: Sequence[Named]
    deadline: str
    finding: Finding | None = None
    recommendation: Recommendation | None = None
    measure: str = ""
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None


def begin_plan(*, by: Viewer, kind: str, title: str, published_on: date, published_by: str) -> Plan:
    """Begin a plan. Deadlines are counted from its publication. Raises Refused, PlainError."""
    check_keep(by)
    with transaction.atomic():
        made = new_plan(by, kind, title, published_on, published_by)
        record(viewer=by, action="improvement.plan begun", subject=f"plan {made.pk}", detail={"kind": kind})
    return made


def new_plan(by: Viewer, kind: str, title: str, published_on: date, published_by: str) -> Plan:
    """A plan, inside the transaction of who tells of it. Raises PlainError."""
    if kind not in Plan.Kind.values:
        raise PlainError("Choose whether it follows an inspection, is for improvement, or is on a single issue.")
    if published_on > clock.today():
        raise PlainError("Deadlines are counted from the publication: its day cannot be in the future.")
    made: Plan = Plan.objects.create(
        kind=kind,
        title=one_line(title, TITLE, "Give the plan a title."),
        published_on=published_on,
        published_by=one_line(published_by, NAME, "Say who published what the plan answers."),
        level=by.level,
        begun_at=clock.now(),
        begun_by_key=by.person_key,
        begun_by_name=by.person_name,
    )
    return made


def add_step(*, by: Viewer, plan: Plan, what: str, body: str, on: date, asked: str = "") -> PlanStep:
    """Say which body agreed a plan or was told of it, when, and what it asked. Raises Refused, PlainError."""
    check_keep(by)
    if what not in PlanStep.What.values:
        raise PlainError("Say whether the plan was agreed by this body or reported to it.")
    if on > clock.today():
        raise PlainError("A plan was agreed or reported today or before.")
    if asked.strip():
        check_words(asked, "Say what it asked.")
    with transaction.atomic():
        made = PlanStep.objects.create(
            plan=plan,
            what=what,
            body=one_line(body, NAME, "Say which body it was."),
            on=on,
            asked=asked.strip(),
            asked_cleared_at=None if by.level == "identified" else clock.now(),
            written_at=clock.now(),
            written_by_key=by.person_key,
            written_by_name=by.person_name,
        )
        detail = {"step": made.pk, "what": what, "on": on.isoformat()}
        record(viewer=by, action="improvement.plan step", subject=f"plan {plan.pk}", detail=detail)
    return made


def close_plan(*, by: Viewer, plan: Plan) -> Plan:
    """Close a plan whose every action is closed on proof, or gone from it. Raises Refused, PlainError."""
    check_judge(by)
    with transaction.atomic():
        now = open_plan(plan)
        still = Action.objects.filter(plan=now, closed_on=None, gone_on=None).count()
        if still:
            verb = wording.verb(still, "is", "are")
            many = wording.begun(wording.spelled(still))
            raise PlainError(f"{many} of its actions {verb} open: close what is open on proof first.")
        now.closed_on, now.closed_by_name = clock.today(), by.person_name
        now.save(update_fields=["closed_on", "closed_by_name"])
        record(viewer=by, action="improvement.plan closed", subject=f"plan {now.pk}")
    return now


def add_action(*, by: Viewer, plan: Plan, told: Told) -> Action:
    """Add an action to a plan. It has its first colour by the rule.

    Raises Refused; PlainError without words or an owner, and for a closed plan or finding.
    """
    check_keep(by)
    check_words(told.words, "Say what is to be done.")
    named = owners.tidy(told.owners)
    people = owners.people(named)
    finding = _finding_of(told)
    measured = _measured(told)
    with transaction.atomic():
        now = open_plan(plan)
        deadline = read_deadline(_deadline_words(told.deadline), now.published_on)
        made = Action.objects.create(
            plan=now,
            number=(Action.objects.filter(plan=now).aggregate(last=Max("number"))["last"] or 0) + 1,
            finding=finding,
            recommendation=told.recommendation,
            responsible=owners.responsible(named),
            rag="amber",
            **dated(deadline),
            **measured,
            **written(by, clock.now(), told.words),
        )
        ActionOwner.objects.bulk_create(owners.rows(made, named, people))
        first = rating.first(made, by=by)
        detail = {"plan": str(now.pk), "number": made.number, "colour": first.rag}
        record(viewer=by, action="improvement.action added", subject=subject(made), detail=detail)
    return made


def change(
    *,
    by: Viewer,
    action: Action,
    mark: str,
    owned_by: Sequence[Named] | None = None,
    deadline: str | None = None,
    why: str = "",
) -> Action:
    """Change who answers for an action, or its deadline. What stood before is kept as an update, with the reason.

    Who may not read what stands there cannot change it; what is typed where children are known by name is to be cleared
    again. Raises Refused; PlainError where somebody else changed it since it was read, or a new deadline has no reason.
    """
    check_change(by, action)
    named = owners.tidy(owned_by) if owned_by is not None else None
    people = owners.people(named or ())
    with transaction.atomic():
        now = locked(action)
        marks.check_mark(mark, marks.of_action(now))
        cleared, before = now.cleared, set(now.owners.filter(left_on=None).values_list("name", "post"))
        said = [
            *(_move(now, deadline, why) if deadline is not None else ()),
            *(_hand_over(now, named, people) if named is not None else ()),
        ]
        if said:
            words = " ".join([*said, *([f"Why: {why.strip()}"] if why.strip() else [])])
            Update.objects.create(
                action=now,
                kind=Update.Kind.CHANGE,
                as_at=clock.today(),
                **quoted(by, clock.now(), words, cleared=cleared),
            )
            typed_anew(now, by, _known(named, people, before) and (deadline is None or is_plain(now)))
            rating.settle(now, by=by)
        detail = {"owners": named is not None, "deadline": now.deadline_on.isoformat() if now.deadline_on else ""}
        record(viewer=by, action="improvement.action changed", subject=subject(now), detail=detail)
    return now


def set_measure(
    *, by: Viewer, action: Action, measure: str, baseline: float | None, baseline_on: date | None, target: float | None
) -> Action:
    """Say which measure an action should move, and from where to where; "" for none. Raises Refused, PlainError."""
    check_keep(by)
    told = Told("", (), "", measure=measure, baseline=baseline, baseline_on=baseline_on, target=target)
    measured = _measured(told)
    with transaction.atomic():
        now = locked(action)
        for name, value in measured.items():
            setattr(now, name, value)
        now.save(update_fields=list(measured))
        detail = {"measure": measure, "baseline": measured["baseline"], "target": measured["target"]}
        record(viewer=by, action="improvement.measure set", subject=subject(now), detail=detail)
    return now


def answer(*, by: Viewer, action: Action, finding: Finding | None) -> Action:
    """Say which finding an action answers; None for none. An action that is open keeps its finding open.

    Raises Refused, and PlainError for a finding that is closed.
    """
    check_keep(by)
    with transaction.atomic():
        now = locked(action)
        if finding is not None and finding.closed_on is not None:
            raise PlainError("That finding is closed. Open it again first.")
        now.finding, now.recommendation = finding, None
        now.save(update_fields=["finding", "recommendation"])
        detail = {"finding": str(finding.pk) if finding else ""}
        record(viewer=by, action="improvement.finding answered", subject=subject(now), detail=detail)
    return now


def typed_anew(action: Action, by: Viewer, nothing_new: bool) -> None:
    """After who answers for an action, or its deadline, was typed anew: where children are known by name nobody has
    read it for the others yet, so that its words are to be cleared again; not where it says `nothing_new`."""
    if by.level != "identified" or nothing_new or not action.cleared:
        return
    fields = {"level": by.level, "cleared_at": None, "cleared_by_key": "", "cleared_by_name": ""}
    fields |= {"written_by_key": by.person_key, "written_by_name": by.person_name, "office": by.office}
    for name, value in fields.items():
        setattr(action, name, value)
    action.save(update_fields=list(fields))


def _known(named: Sequence[Named] | None, people: Mapping[str, Person], before: Collection[tuple[str, str]]) -> bool:
    """Whether nothing new is typed of these owners: each stood there before, or is an account by its own name."""
    accounts = {(one.name, "") for one in people.values()}
    return all((one.name, one.post) in before or (one.name, one.post) in accounts for one in named or ())


def is_plain(action: Action) -> bool:
    """Whether a deadline is one that reads as a day and says nothing beside it."""
    return action.deadline_on is not None and "(" not in action.deadline_words


def dated(deadline: Deadline) -> dict[str, Any]:
    """The fields of an action that a deadline gives."""
    return {
        "deadline_words": deadline.words[:DEADLINE],
        "deadline_kind": deadline.kind,
        "deadline_on": deadline.on,
        "deadline_question": deadline.question[:300],
    }


def deadline_said(words: str, on: date | None) -> str:
    """'“within 3 months” (28 October 2026)', '“ongoing” (no day)'."""
    return f"“{words or 'none'}” ({wording.day(on) or 'no day'})"


def open_plan(plan: Plan) -> Plan:
    """The plan, locked. Raises PlainError where it is closed."""
    now: Plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if now.closed_on is not None:
        raise PlainError(f"This plan was closed on {wording.day(now.closed_on)}.")
    return now


def _move(action: Action, words: str, why: str) -> list[str]:
    """Give the action another deadline; what to say of it, nothing where it is the same."""
    deadline = read_deadline(_deadline_words(words), action.plan.published_on)
    if (deadline.words, deadline.on) == (action.deadline_words, action.deadline_on):
        return []
    check_words(why, "Say why the deadline is another now.")
    before = deadline_said(action.deadline_words, action.deadline_on)
    fields = dated(deadline)
    for name, value in fields.items():
        setattr(action, name, value)
    action.save(update_fields=list(fields))
    return [f"Deadline moved from {before} to {deadline_said(deadline.words, deadline.on)}."]


def _hand_over(action: Action, named: Sequence[Named], people: dict[str, Person]) -> list[str]:
    """Give the action other owners; what to say of it, nothing where they are called the same."""
    before = action.responsible
    owners.place(action, named, people)
    if action.responsible == before:
        return []
    return [f"Owner changed from “{before}” to “{action.responsible}”."]


def _finding_of(told: Told) -> Finding | None:
    """The finding an action comes from, its recommendation's where that is named. Raises PlainError."""
    finding = told.finding or (told.recommendation.finding if told.recommendation else None)
    if told.recommendation is not None and told.recommendation.finding_id != finding.pk:  # type: ignore[union-attr]
        raise PlainError("That recommendation was made on another finding.")
    if finding is not None and finding.closed_on is not None:
        raise PlainError("That finding is closed. Open it again before it gets an action.")
    return finding


def _measured(told: Told) -> dict[str, Any]:
    """The fields of what an action should move. Raises PlainError."""
    if not told.measure:
        if told.baseline is not None or told.target is not None:
            raise PlainError("Say which measure the baseline and the target are of.")
        return {"measure": "", "baseline": None, "baseline_on": None, "target": None}
    check_measure(told.measure)
    check_target(told.measure, told.target, told.baseline)
    if (told.baseline is None) != (told.baseline_on is None):
        raise PlainError("A baseline has its value and its day.")
    if told.baseline_on is not None and told.baseline_on > clock.today():
        raise PlainError("A baseline is what was measured before: its day cannot be in the future.")
    return {
        "measure": told.measure,
        "baseline": told.baseline,
        "baseline_on": told.baseline_on,
        "target": told.target,
    }


def _deadline_words(words: str) -> str:
    return one_line(words, DEADLINE, "") if words.strip() else ""
