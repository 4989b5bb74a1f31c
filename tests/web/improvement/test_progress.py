"""What is said of an action stands for ever; its colour follows the rule until a person sets another with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.web.improvement.conftest import PUBLISHED, TODAY

from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Refused
from lineofsight.web.evidence.models import Link
from lineofsight.web.improvement.actions import progress, proof
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.models import Action, Plan, Rating, Update

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
WORDS = "Two teams hold it every month now."
WEEK = timedelta(weeks=1)


def newest():
    return ChainEvent.objects.order_by("-sequence").first()


def say(by, action, said="on-track", as_at=TODAY, words=WORDS):
    return progress.add_update(by=by, action=action, words=words, as_at=as_at, said=said)


def stands(action):
    now = Action.objects.get(pk=action.pk)
    return now.rag, now.set_by, now.said, now.heard_on


def turns(action):
    return [(one.rag, one.set_by, one.rule) for one in action.ratings.order_by("rated_at", "id")]


def test_an_owner_says_how_it_goes_and_the_colour_follows(owner, make_action):
    action = make_action()
    made = say(owner, action)
    assert (made.words, made.level, made.written_by_key) == (WORDS, "published", "p-action-owner")
    assert stands(action) == ("green", "rule", "on-track", TODAY)
    assert turns(action)[-1] == ("green", "rule", "on-track")
    event = newest()
    assert (event.action, event.subject, event.actor) == (
        "improvement.progress said",
        f"action {action.pk}",
        "p-action-owner",
    )
    assert WORDS not in str(told(event).detail) and told(event).detail["colour"] == "green"


def test_an_update_of_an_earlier_day_stands_in_its_place_and_does_not_become_the_newest(keeper, make_action):
    action = make_action()
    say(keeper, action, "at-risk", TODAY - WEEK)
    say(keeper, action, "off-track", TODAY - 3 * WEEK)
    assert stands(action) == ("amber", "rule", "at-risk", TODAY - WEEK)
    assert list(action.updates.values_list("said", flat=True)) == ["off-track", "at-risk"]
    say(keeper, action, "off-track", TODAY - WEEK)
    assert stands(action)[0] == "red"


def test_nothing_that_was_said_is_ever_written_over(keeper, make_action):
    action = make_action()
    for number in range(3):
        say(keeper, action, words=f"Said {number}.")
    assert [one.words for one in action.updates.all()] == ["Said 0.", "Said 1.", "Said 2."]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"words": " \n"}, "in your words"),
        ({"words": "x" * 10_001}, "10,000"),
        ({"said": ""}, "on track"),
        ({"said": "splendid"}, "on track"),
        ({"as_at": TODAY + timedelta(days=1)}, "future"),
    ],
)
def test_an_update_that_says_nothing_or_is_of_a_day_to_come_is_refused(owner, make_action, changes, why):
    action = make_action()
    with pytest.raises(PlainError, match=why):
        say(owner, action, **changes)
    assert not Update.objects.exists()


def test_only_an_owner_or_who_keeps_the_plans_says_how_it_goes(viewer_as, member, owner, make_action):
    action = make_action(owned_by="head-of-service")
    for viewer in (member, owner, viewer_as("analyst")):
        with pytest.raises(Refused):
            say(viewer, action)
    say(viewer_as("head-of-service"), action)


def test_who_no_longer_owns_it_no_longer_says(owner, make_action):
    action = make_action()
    action.owners.update(left_on=TODAY)
    with pytest.raises(Refused):
        say(owner, action)


def test_a_person_sets_another_colour_with_a_reason_and_the_rule_stands_beside_it(director, make_action):
    action = make_action()
    made = progress.set_colour(by=director, action=action, colour="red", why="Nobody has begun.")
    assert (made.rag, made.set_by, made.by_rule, made.rule) == ("red", "person", "amber", "nothing-said")
    assert (made.why, made.why_cleared_at) == ("Nobody has begun.", None)
    say(director, action, "on-track")
    assert stands(action)[:2] == ("red", "person")
    back = progress.back_to_rule(by=director, action=action)
    assert stands(action)[:2] == ("green", "rule") and back.rule == "on-track"
    assert [one[:2] for one in turns(action)] == [("amber", "rule"), ("red", "person"), ("green", "rule")]


def test_a_colour_needs_a_reason_a_judge_and_a_colour_there_is(director, keeper, make_action):
    action = make_action()
    with pytest.raises(PlainError, match="Say why"):
        progress.set_colour(by=director, action=action, colour="red", why=" ")
    with pytest.raises(PlainError, match="Choose"):
        progress.set_colour(by=director, action=action, colour="blue", why="So it is.")
    for write in (progress.set_colour, progress.back_to_rule):
        with pytest.raises(Refused):
            write(by=keeper, action=action, **({"colour": "red"} if write is progress.set_colour else {}), why="So.")
    with pytest.raises(PlainError, match="decides already"):
        progress.back_to_rule(by=director, action=action)
    assert stands(action)[:2] == ("amber", "rule")


def test_nobody_sets_green_while_proof_that_is_called_for_has_not_held(director, make_action):
    action = make_action()
    asked = Asked("document", TODAY + WEEK, "The policy as it was agreed.")
    called = proof.ask_proof(by=director, action=action, asked=asked)
    with pytest.raises(PlainError, match="green needs it"):
        progress.set_colour(by=director, action=action, colour="green", why="It is well.")
    proof.give_proof(by=director, proof=called, look=Look(TODAY, True, "It is there.", reference="CB/12"))
    progress.set_colour(by=director, action=action, colour="green", why="It is well.")
    assert stands(action)[:2] == ("green", "person")


def test_a_green_action_is_opened_again_red_and_stays_so_until_a_person_says_otherwise(director, make_action, on_day):
    action = make_action(rag="green", set_by="plan")
    made = progress.reopen(
        by=director, action=action, why="The same was found again.", because_kind="finding", because_key="f1"
    )
    assert (made.kind, made.words, made.cleared) == ("reopened", "The same was found again.", False)
    assert stands(action)[:2] == ("red", "person")
    link = Link.objects.get(from_kind="action", from_key=str(action.pk))
    assert (link.to_kind, link.to_key) == ("finding", "f1")
    with on_day(TODAY + WEEK):
        say(director, action, "on-track", TODAY + WEEK)
        assert progress.rate_all(on=TODAY + WEEK) == 0
    assert stands(action)[0] == "red"


def test_what_is_open_and_not_green_cannot_be_opened_again_nor_without_a_reason_nor_by_who_does_not_judge(
    director, keeper, make_action
):
    with pytest.raises(PlainError, match="nothing to open"):
        progress.reopen(by=director, action=make_action(), why="So it is.")
    green = make_action(rag="green", set_by="plan")
    with pytest.raises(PlainError, match="Say why"):
        progress.reopen(by=director, action=green, why="")
    with pytest.raises(Refused):
        progress.reopen(by=keeper, action=green, why="So it is.")
    assert stands(green)[0] == "green"


def test_opening_an_action_again_opens_its_plan_again(director, plan, make_action):
    action = make_action(rag="green", closed_on=TODAY)
    Plan.objects.filter(pk=plan.pk).update(closed_on=TODAY, closed_by_name="Person dcs")
    progress.reopen(by=director, action=action, why="It came back.")
    plan.refresh_from_db()
    assert (plan.closed_on, plan.closed_by_name) == (None, "")
    assert Action.objects.get(pk=action.pk).closed_on is None


def test_what_is_done_meanwhile_is_kept_each_time_and_is_no_word_of_how_it_goes(owner, member, make_action):
    action = make_action(heard_on=PUBLISHED)
    for words in ("Agency staff until June.", "Two new posts from May."):
        progress.write_mitigation(by=owner, action=action, words=words)
    kept = action.updates.filter(kind="mitigation").order_by("pk")
    assert [one.words for one in kept] == ["Agency staff until June.", "Two new posts from May."]
    assert stands(action)[3] == PUBLISHED
    with pytest.raises(PlainError, match="meanwhile"):
        progress.write_mitigation(by=owner, action=action, words="")
    with pytest.raises(Refused):
        progress.write_mitigation(by=member, action=action, words="Something.")


def test_each_day_the_rule_changes_what_it_decides_once_and_tells_of_it_once(director, make_action, on_day):
    late, stale, fine = (make_action(said="on-track", heard_on=TODAY, rag="green") for _ in range(3))
    Action.objects.filter(pk=late.pk).update(deadline_on=TODAY)
    Action.objects.filter(pk=stale.pk).update(heard_on=TODAY - 6 * WEEK)
    Action.objects.filter(pk=fine.pk).update(deadline_on=date(2027, 6, 1))
    events = ChainEvent.objects.count()
    tomorrow = TODAY + timedelta(days=1)
    assert progress.rate_all(on=TODAY) == 0
    assert ChainEvent.objects.count() == events
    with on_day(tomorrow):
        assert (progress.rate_all(on=tomorrow), progress.rate_all(on=tomorrow)) == (2, 0)
    assert [stands(one)[0] for one in (late, stale, fine)] == ["red", "amber", "green"]
    rated = Rating.objects.filter(on=tomorrow)
    assert {(one.action_id, one.rule) for one in rated} == {(late.pk, "past-deadline"), (stale.pk, "no-word")}
    assert ChainEvent.objects.count() == events + 1
    assert (newest().action, newest().actor) == ("improvement.rated", "worker")
    assert told(newest()).detail == {"on": "2026-11-13", "red": 1, "amber": 1, "green": 0}


def test_the_daily_rating_leaves_what_a_person_or_the_plan_set_and_what_is_closed_or_gone(make_action, on_day):
    kept = [
        make_action(rag="green", set_by="person"),
        make_action(rag="green", set_by="plan"),
        make_action(rag="green", closed_on=TODAY),
        make_action(rag="green", gone_on=TODAY),
    ]
    later = date(2027, 6, 1)
    with on_day(later):
        assert progress.rate_all(on=later) == 0
    assert {stands(one)[0] for one in kept} == {"green"}


@pytest.mark.parametrize("write", ["update", "colour", "reopen", "mitigation", "rate"])
def test_where_the_log_cannot_be_written_nothing_is(director, make_action, monkeypatch, write):
    action = make_action(rag="green", set_by="plan")
    if write == "rate":
        Action.objects.filter(pk=action.pk).update(set_by="rule")

    def broken(*given, **named):
        raise OSError

    monkeypatch.setattr(chain, "_append", broken)
    with pytest.raises(LogUnavailable):
        {
            "update": lambda: say(director, action, "off-track"),
            "colour": lambda: progress.set_colour(by=director, action=action, colour="red", why="So."),
            "reopen": lambda: progress.reopen(by=director, action=action, why="So."),
            "mitigation": lambda: progress.write_mitigation(by=director, action=action, words="So."),
            "rate": lambda: progress.rate_all(on=TODAY),
        }[write]()
    assert stands(action)[0] == "green"
    assert not action.updates.exists() and action.ratings.count() == 1
