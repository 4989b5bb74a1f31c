"""Owners are asked for word by a letter that a person sends, with no words of an action; its link grants nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.improvement.conftest import TODAY

from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Refused
from lineofsight.web.improvement.actions import progress
from lineofsight.web.improvement.actions.chasing import sent
from lineofsight.web.improvement.models import ActionOwner, Chaser
from lineofsight.web.improvement.queries.chasing import to_chase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
WEEK = timedelta(weeks=1)
LATE = {"said": "on-track", "deadline_on": TODAY - WEEK, "heard_on": TODAY - 4 * WEEK}
FINE = {"said": "on-track", "heard_on": TODAY}


def test_who_is_silent_or_has_a_deadline_near_or_past_is_asked_once_for_all_their_actions(director, make_action):
    late = make_action(**LATE)
    silent = make_action(said="on-track", heard_on=TODAY - 7 * WEEK)
    make_action(**FINE)
    make_action(closed_on=TODAY, deadline_on=TODAY - WEEK)
    make_action(gone_on=TODAY, **LATE)
    other = make_action(owned_by=None, responsible="Cal Dane", **LATE)
    found = to_chase(director)
    assert [(one.name, one.signs_in, [each.line.pk for each in one.actions]) for one in found.owners] == [
        ("Cal Dane", False, [other.pk]),
        ("Person action-owner", True, [late.pk, silent.pk]),
    ]
    assert found.sentence == "Two owners are to be asked for word of three actions."
    assert found.owners[1].actions[0].why == "Its deadline passed on 5 November 2026."


def test_one_name_under_several_actions_is_one_owner_and_two_owners_of_one_action_are_both_asked(director, make_action):
    first = make_action(owned_by=None, responsible="Cal Dane", **LATE)
    make_action(owned_by=None, responsible="CAL DANE", **LATE)
    ActionOwner.objects.create(action=first, place=2, name="Eve Ford")
    found = to_chase(director)
    assert sorted((one.name.casefold(), len(one.actions)) for one in found.owners) == [("cal dane", 2), ("eve ford", 1)]
    assert found.sentence == "Two owners are to be asked for word of two actions."


def test_who_may_not_read_a_name_writes_to_the_account_or_to_a_colleague_and_of_each_action_by_itself(
    keeper, make_action
):
    make_action(responsible="Anna Ash’s aunt", **LATE)
    unknown = [make_action(owned_by=None, responsible="Anna Ash’s aunt", **LATE) for _ in range(2)]
    found = to_chase(keeper)
    assert [(one.name, one.post, len(one.actions)) for one in found.owners] == [
        ("", "", 1),
        ("", "", 1),
        ("Person action-owner", "", 1),
    ]
    assert [one.letter("")[:14] for one in found.owners] == ["Dear colleague", "Dear colleague", "Dear Person ac"]
    assert {one.actions[0].line.pk for one in found.owners[:2]} == {one.pk for one in unknown}
    assert "Anna" not in repr(found)


def test_what_nobody_is_named_for_is_told_beside(keeper, make_action):
    action = make_action(**LATE)
    action.owners.update(left_on=TODAY)
    found = to_chase(keeper)
    assert not found.owners and [line.pk for line, _ in found.unowned] == [action.pk]
    assert found.sentence == "Nobody is to be asked for word now."


def test_the_letter_names_the_actions_by_number_and_asks_to_sign_in_and_holds_no_words_of_them(keeper, make_action):
    action = make_action(words="See that Anna Ash is visited.", **LATE)
    letter = to_chase(keeper).owners[0].letter("https://sight.example")
    assert letter == (
        "Dear Person action-owner,\n\n"
        "You answer for an action of which Northmere Council has no new word. Please say in one box how it is going, "
        "and by 19 November 2026.\n\n"
        "Action 1 of an inspection plan of 28 July 2026. Its deadline passed on 5 November 2026.\n"
        f"https://sight.example/actions/{action.pk}/say/\n\n"
        "Sign in when you are asked to: the link opens nothing by itself.\n"
    )


def test_that_it_was_sent_is_said_by_a_person_and_kept(keeper, make_action):
    action = make_action(**LATE)
    (chase,) = to_chase(keeper).owners
    (made,) = sent(by=keeper, owners=chase.owners)
    assert (made.action_id, made.why, made.sent_on, made.sent_by_key) == (
        action.pk,
        "Its deadline passed on 5 November 2026.",
        TODAY,
        "p-partnership-manager",
    )
    assert to_chase(keeper).owners[0].actions[0].asked_on == TODAY
    event = ChainEvent.objects.order_by("-sequence").first()
    assert event.action == "improvement.chaser sent" and told(event).detail["actions"] == [str(action.pk)]
    with pytest.raises(PlainError, match="already today"):
        sent(by=keeper, owners=chase.owners)
    assert Chaser.objects.count() == 1


def test_who_gave_word_meanwhile_is_not_chased(keeper, owner, make_action):
    action = make_action(**LATE)
    owners = to_chase(keeper).owners[0].owners
    progress.add_update(by=owner, action=action, words="Begun.", as_at=TODAY, said="on-track")
    for asked, why in ((owners, "meanwhile"), ([10**6], "meanwhile"), ([], "whose letter")):
        with pytest.raises(PlainError, match=why):
            sent(by=keeper, owners=asked)
    assert not Chaser.objects.exists()


def test_only_who_keeps_plans_chases(member, owner, viewer_as, make_action):
    action = make_action(**LATE)
    for viewer in (member, owner, viewer_as("head-of-service")):
        with pytest.raises(Refused):
            to_chase(viewer)
        with pytest.raises(Refused):
            sent(by=viewer, owners=[action.owners.get().pk])


def test_where_the_log_cannot_be_written_nothing_is_said_to_be_sent(keeper, make_action, monkeypatch):
    action = make_action(**LATE)

    def broken(*given, **named):
        raise OSError

    monkeypatch.setattr(chain, "_append", broken)
    with pytest.raises(LogUnavailable):
        sent(by=keeper, owners=[action.owners.get().pk])
    assert not Chaser.objects.exists()
