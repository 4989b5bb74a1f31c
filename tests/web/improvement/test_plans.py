"""Plans are begun, agreed and reported; their actions keep the deadline as written, and every change of it with why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.web.improvement.conftest import PUBLISHED, TODAY

from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Refused
from lineofsight.web.improvement import marks
from lineofsight.web.improvement.actions import plans
from lineofsight.web.improvement.actions.owners import MOST, Named
from lineofsight.web.improvement.actions.plans import Told
from lineofsight.web.improvement.models import Action, ActionOwner, Plan, PlanStep, Recommendation, Update
from lineofsight.web.improvement.models.words import written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
BEGUN = {
    "kind": "inspection",
    "title": "After the inspection",
    "published_on": PUBLISHED,
    "published_by": "The inspectorate",
}
ADA, BEN = Named("Ada Brook"), Named("Ben Ash", "Head of Nursing")
TOLD = Told("Hold supervision every month.", [ADA, BEN], "within 3 months")


def newest():
    return ChainEvent.objects.order_by("-sequence").first()


def owners(action):
    kept = action.owners.filter(left_on=None).order_by("place")
    return [(one.place, one.name, one.post, one.person.key if one.person else "") for one in kept]


def change(by, action, **changes):
    action = Action.objects.get(pk=action.pk)
    return plans.change(by=by, action=action, mark=changes.pop("mark", marks.of_action(action)), **changes)


def test_a_plan_is_begun_by_who_keeps_plans(keeper, owner, member):
    made = plans.begin_plan(by=keeper, **BEGUN)
    assert (made.begun_by_key, made.closed_on) == ("p-partnership-manager", None)
    assert (newest().action, newest().subject) == ("improvement.plan begun", f"plan {made.pk}")
    for viewer in (owner, member):
        with pytest.raises(Refused):
            plans.begin_plan(by=viewer, **BEGUN)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "dream"}, "Choose"),
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "200"),
        ({"published_by": ""}, "who published"),
        ({"published_on": TODAY + timedelta(days=1)}, "future"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(keeper, changes, why):
    with pytest.raises(PlainError, match=why):
        plans.begin_plan(by=keeper, **{**BEGUN, **changes})
    assert not Plan.objects.exists()


def test_who_agreed_a_plan_and_who_was_told_of_it_is_kept_with_what_they_asked(director, keeper, plan):
    for what, body, on, by in (
        ("agreed", "The partnership’s board", PUBLISHED, director),
        ("reported", "Scrutiny", TODAY, keeper),
    ):
        plans.add_step(by=by, plan=plan, what=what, body=body, on=on, asked="Is it enough?")
    board, scrutiny = PlanStep.objects.order_by("on")
    assert (board.what, board.body, board.asked, board.asked_cleared_at) == (
        "agreed",
        "The partnership’s board",
        "Is it enough?",
        None,
    )
    assert scrutiny.asked_cleared_at is not None  # an office that sees no child by name typed it


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"what": "liked"}, "agreed by this body"),
        ({"body": " "}, "which body"),
        ({"on": TODAY + timedelta(days=1)}, "today or before"),
        ({"asked": "x" * 10_001}, "10,000"),
    ],
)
def test_a_step_that_cannot_be_is_refused(keeper, plan, changes, why):
    given = {"what": "agreed", "body": "Scrutiny", "on": TODAY, "asked": "  "}
    with pytest.raises(PlainError, match=why):
        plans.add_step(by=keeper, plan=plan, **{**given, **changes})
    plans.add_step(by=keeper, plan=plan, **given)


def test_an_action_is_added_with_its_deadline_worked_out_from_publication_and_a_first_colour(keeper, plan):
    made = plans.add_action(by=keeper, plan=plan, told=TOLD)
    assert (made.number, made.responsible) == (1, "Ada Brook / Ben Ash, Head of Nursing")
    assert (made.deadline_words, made.deadline_kind, made.deadline_on) == (
        "within 3 months",
        "months",
        date(2026, 10, 28),
    )
    assert owners(made) == [(1, "Ada Brook", "", ""), (2, "Ben Ash", "Head of Nursing", "")]
    assert (made.rag, made.set_by) == ("red", "rule")  # its deadline had passed when it was written
    first = made.ratings.get()
    assert (first.rag, first.rule, first.on) == ("red", "past-deadline", TODAY)
    assert plans.add_action(by=keeper, plan=plan, told=TOLD).number == 2
    assert told(newest()).detail["number"] == 2


def test_a_deadline_that_names_no_day_is_kept_with_the_question_it_raises(keeper, plan):
    made = plans.add_action(by=keeper, plan=plan, told=replace(TOLD, deadline="As soon as possible"))
    assert (made.deadline_on, made.deadline_kind, made.deadline_words) == (None, "unclear", "As soon as possible")
    assert made.deadline_question and made.rag == "amber"
    empty = plans.add_action(by=keeper, plan=plan, told=replace(TOLD, deadline=" "))
    assert (empty.deadline_kind, empty.deadline_on) == ("none", None) and empty.deadline_question


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"words": " "}, "what is to be done"),
        ({"owners": []}, "who answers"),
        ({"owners": [Named(" ")]}, "who answers"),
        ({"owners": [Named("x" * 121)]}, "120"),
        ({"owners": [Named("A", "x" * 121)]}, "120"),
        ({"owners": [ADA, Named(" Ada  Brook ")]}, "once"),
        ({"owners": [Named(f"Owner {number}") for number in range(MOST + 1)]}, str(MOST)),
        ({"owners": [Named("x" * 110 + str(number)) for number in range(4)]}, "300"),
        ({"owners": [replace(ADA, person="nobody")]}, "account"),
        ({"deadline": "x" * 201}, "200"),
        ({"measure": "XX99"}, "catalogue"),
        ({"target": 90.0}, "which measure"),
        ({"measure": "CP08", "baseline": 90.0, "baseline_on": PUBLISHED, "target": 41.0}, "better"),
        ({"measure": "CP08", "baseline": 41.0, "target": 90.0}, "its day"),
        ({"measure": "CP08", "baseline": 41.0, "baseline_on": TODAY + timedelta(days=1)}, "future"),
        ({"measure": "CP08", "baseline": 141.0, "baseline_on": PUBLISHED}, "100"),
    ],
)
def test_an_action_that_cannot_be_is_refused(keeper, plan, changes, why):
    with pytest.raises(PlainError, match=why):
        plans.add_action(by=keeper, plan=plan, told=replace(TOLD, **changes))
    assert not Action.objects.exists()


def test_an_action_comes_from_an_open_finding_or_from_what_was_recommended_on_it(keeper, plan, make_finding):
    finding, other = make_finding(), make_finding(title="Recording")
    advice = Recommendation.objects.create(
        finding=finding, made_by="Inspectors", made_on=PUBLISHED, **written(keeper, plan.begun_at, "See to it.")
    )
    made = plans.add_action(by=keeper, plan=plan, told=replace(TOLD, recommendation=advice))
    assert (made.finding, made.recommendation) == (finding, advice)
    with pytest.raises(PlainError, match="another finding"):
        plans.add_action(by=keeper, plan=plan, told=replace(TOLD, recommendation=advice, finding=other))
    other.closed_on = TODAY
    other.save()
    with pytest.raises(PlainError, match="closed"):
        plans.add_action(by=keeper, plan=plan, told=replace(TOLD, finding=other))


def test_a_deadline_is_moved_with_a_reason_and_what_it_was_is_kept(keeper, plan):
    made = plans.add_action(by=keeper, plan=plan, told=TOLD)
    with pytest.raises(PlainError, match="Say why"):
        change(keeper, made, deadline="31 January 2027")
    moved = change(keeper, made, deadline="31 January 2027", why="The funding came late.")
    assert (moved.deadline_on, moved.deadline_kind) == (date(2027, 1, 31), "date")
    kept = made.updates.get()
    assert (kept.kind, kept.words) == (
        "change",
        "Deadline moved from “within 3 months” (28 October 2026) to “31 January 2027” (31 January 2027). "
        "Why: The funding came late.",
    )
    assert Action.objects.get(pk=made.pk).rag == "amber"  # no longer past its deadline
    assert Action.objects.get(pk=made.pk).heard_on is None  # nobody said how it goes


def test_a_change_that_changes_nothing_leaves_no_update(keeper, plan):
    made = plans.add_action(by=keeper, plan=plan, told=TOLD)
    change(keeper, made, deadline="within 3 months", owned_by=[ADA, BEN])
    assert not Update.objects.exists()


def test_owners_change_and_who_they_are_here_is_said_and_who_left_keeps_their_row(keeper, plan):
    made = plans.add_action(by=keeper, plan=plan, told=TOLD)
    ada = made.owners.get(place=1)
    change(keeper, made, owned_by=[Named("Cal Dane"), replace(ADA, person="p-action-owner")], why="Ben Ash has left.")
    assert owners(made) == [(1, "Cal Dane", "", ""), (2, "Ada Brook", "", "p-action-owner")]
    assert made.owners.get(place=2, left_on=None).pk == ada.pk
    assert made.owners.exclude(left_on=None).get().left_on == TODAY
    assert made.updates.get().words == (
        "Owner changed from “Ada Brook / Ben Ash, Head of Nursing” to “Cal Dane / Ada Brook”. Why: Ben Ash has left."
    )
    change(keeper, made, owned_by=[BEN])
    assert [one.name for one in ActionOwner.objects.all()].count("Ben Ash") == 2


def test_what_somebody_else_changed_meanwhile_is_not_written_over(keeper, director, plan):
    made = plans.add_action(by=keeper, plan=plan, told=TOLD)
    read = marks.of_action(made)
    change(director, made, deadline="31 January 2027", why="The funding came late.")
    with pytest.raises(PlainError, match="Somebody else has changed"):
        change(keeper, made, mark=read, owned_by=[ADA])
    assert len(owners(made)) == 2


def test_an_action_gets_a_measure_to_move_and_may_lose_it_again(keeper, plan):
    made = plans.add_action(by=keeper, plan=plan, told=TOLD)
    aim = {"measure": "CP08", "baseline": 41.0, "baseline_on": PUBLISHED, "target": 90.0}
    plans.set_measure(by=keeper, action=made, **aim)
    assert {name: getattr(Action.objects.get(pk=made.pk), name) for name in aim} == aim
    with pytest.raises(PlainError):
        plans.set_measure(by=keeper, action=made, **{**aim, "target": 40.0})
    plans.set_measure(by=keeper, action=made, measure="", baseline=None, baseline_on=None, target=None)
    assert Action.objects.get(pk=made.pk).measure == ""


def test_a_plan_is_closed_when_nothing_of_it_is_open_and_takes_no_action_then(director, keeper, plan, make_action):
    make_action()
    closed, gone = make_action(closed_on=TODAY), make_action(gone_on=TODAY)
    with pytest.raises(PlainError, match="One of its actions is open"):
        plans.close_plan(by=director, plan=plan)
    Action.objects.exclude(pk__in=[closed.pk, gone.pk]).update(closed_on=TODAY)
    with pytest.raises(Refused):
        plans.close_plan(by=keeper, plan=plan)
    plans.close_plan(by=director, plan=plan)
    plan.refresh_from_db()
    assert (plan.closed_on, plan.closed_by_name) == (TODAY, "Person dcs")
    for write in (
        lambda: plans.close_plan(by=director, plan=plan),
        lambda: plans.add_action(by=keeper, plan=plan, told=TOLD),
    ):
        with pytest.raises(PlainError, match="closed on 12 November 2026"):
            write()


def test_who_does_not_keep_plans_writes_nothing_of_them(owner, member, viewer_as, plan, make_action):
    action = make_action()
    for viewer in (owner, member, viewer_as("head-of-service"), viewer_as("analyst")):
        for write in (
            lambda by: plans.add_step(by=by, plan=plan, what="agreed", body="Scrutiny", on=TODAY),
            lambda by: plans.add_action(by=by, plan=plan, told=TOLD),
            lambda by: change(by, action, deadline="31 January 2027", why="So."),
            lambda by: plans.set_measure(
                by=by, action=action, measure="", baseline=None, baseline_on=None, target=None
            ),
            lambda by: plans.close_plan(by=by, plan=plan),
        ):
            with pytest.raises(Refused):
                write(viewer)
    assert Action.objects.count() == 1 and not PlanStep.objects.exists() and not Update.objects.exists()


@pytest.mark.parametrize("write", ["plan", "step", "action", "change", "measure", "close"])
def test_where_the_log_cannot_be_written_nothing_is(director, plan, make_action, monkeypatch, write):
    action = make_action(closed_on=TODAY if write == "close" else None)
    mark = marks.of_action(action)

    def broken(*given, **named):
        raise OSError

    monkeypatch.setattr(chain, "_append", broken)
    aim = {"measure": "CP08", "baseline": None, "baseline_on": None, "target": 90.0}
    with pytest.raises(LogUnavailable):
        {
            "plan": lambda: plans.begin_plan(by=director, **BEGUN),
            "step": lambda: plans.add_step(by=director, plan=plan, what="agreed", body="Scrutiny", on=TODAY),
            "action": lambda: plans.add_action(by=director, plan=plan, told=TOLD),
            "change": lambda: change(director, action, mark=mark, owned_by=[ADA]),
            "measure": lambda: plans.set_measure(by=director, action=action, **aim),
            "close": lambda: plans.close_plan(by=director, plan=plan),
        }[write]()
    assert Plan.objects.get().closed_on is None
    kept = Action.objects.get()
    assert (kept.measure, kept.responsible) == ("", "Person action-owner")
    assert not PlanStep.objects.exists() and not Update.objects.exists()
