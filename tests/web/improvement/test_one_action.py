"""One action's page: everything of it, for who may see it, and of typed words what they may read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from tests.web.improvement.conftest import PUBLISHED, TODAY

from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.evidence import resolvers
from lineofsight.web.evidence.resolvers import Figure
from lineofsight.web.improvement import marks
from lineofsight.web.improvement.actions import plans, progress, proof
from lineofsight.web.improvement.actions.chasing import sent
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.models import Action, Recommendation
from lineofsight.web.improvement.models.words import written
from lineofsight.web.improvement.permissions import NOT_CLEARED
from lineofsight.web.improvement.queries.one_action import one_action, to_say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
NAME = "Anna Ash"
WEEK = timedelta(weeks=1)


@pytest.fixture
def lived(director, owner, make_action, make_finding, plan):
    """An action with everything: a child is named in all that was typed."""
    finding = make_finding()
    advice = Recommendation.objects.create(
        finding=finding, made_by="Inspectors", made_on=PUBLISHED, **written(director, plan.begun_at, f"See {NAME}.")
    )
    action = make_action(words=f"See {NAME}.", finding=finding, recommendation=advice)
    for said in ("on-track", "at-risk"):
        progress.add_update(by=director, action=action, words=f"{NAME} was seen.", as_at=TODAY, said=said)
    progress.write_mitigation(by=director, action=action, words=f"{NAME} meanwhile.")
    progress.set_colour(by=director, action=action, colour="red", why=f"{NAME} was not seen.")
    called = proof.ask_proof(by=director, action=action, asked=Asked("audit", TODAY + WEEK, f"{NAME}.", sample=1))
    proof.give_proof(by=director, proof=called, look=Look(TODAY, False, f"{NAME} was not there.", looked_at=1))
    mark = marks.of_action(Action.objects.get(pk=action.pk))
    plans.change(by=director, action=action, mark=mark, deadline="1 February 2027", why=f"{NAME} was ill.")
    return action


def test_it_shows_what_was_said_done_set_and_found_the_newest_first(director, lived):
    page = one_action(director, lived.pk)
    assert page.text.words == f"See {NAME}." and page.recommendation.words == f"See {NAME}."
    assert page.finding == (lived.finding.pk, "Supervision")
    assert [one.said for one in page.progress] == ["At risk", "On track"]
    assert [one.kind for one in page.history] == ["change", "mitigation"]
    assert page.mitigation.text.words == f"{NAME} meanwhile."
    assert [(one.colour, one.set_by, one.words) for one in page.colours[:2]] == [
        ("red", "rule", "Red, by the rule."),
        ("red", "person", "Red, as a person set it. By the rule it was amber."),
    ]
    (one,) = page.proofs
    assert (one.held, one.looks[0].held, one.looks[0].looked_at, one.dropped) == (False, False, 1, False)
    assert page.sentence == "Red: somebody looked for the proof, and it did not hold."
    assert (page.keeps, page.judges, page.clears, page.theirs, page.says) == (True, True, True, False, True)
    assert not page.may_close and "red" in page.exceptions


def test_no_word_that_nobody_cleared_is_shown_to_who_sees_no_child_by_name(member, keeper, lived):
    for viewer in (member, keeper):
        page = one_action(viewer, lived.pk)
        assert NAME not in repr([page.text, page.recommendation, page.progress, page.history, page.colours])
        assert NAME not in repr([(one.text, one.looks) for one in page.proofs]) and NAME not in page.sentence
        assert page.text.words == page.progress[0].text.words == NOT_CLEARED and page.text.hidden
        assert page.colours[1].why == NOT_CLEARED and page.colours[1].hidden
    assert one_action(member, lived.pk).mark == "" and one_action(keeper, lived.pk).mark


def test_an_owner_reads_what_is_asked_of_them_and_what_they_said_and_not_what_others_typed(owner, lived):
    progress.add_update(by=owner, action=lived, words="We began.", as_at=TODAY, said="on-track")
    page = one_action(owner, lived.pk)
    assert page.text.words == f"See {NAME}." and page.proofs[0].text.words == f"{NAME}."
    assert [one.text.words for one in page.progress] == ["We began.", NOT_CLEARED, NOT_CLEARED]
    assert page.finding is None and page.recommendation is None and not page.chasers
    assert (page.theirs, page.says, page.keeps, page.judges, page.clears) == (True, True, False, False, False)


def test_who_may_not_see_it_is_refused_and_to_an_owner_others_actions_are_not_there(owner, viewer_as, make_action):
    other = make_action(owned_by="head-of-service")
    with pytest.raises(Http404):
        one_action(owner, other.pk)
    for slug, office in offices().items():
        held = office.capabilities
        if Capability.SEE_IMPROVEMENT in held:
            assert one_action(viewer_as(slug), other.pk).line.pk == other.pk
        elif Capability.UPDATE_ACTIONS not in held:
            with pytest.raises(Refused):
                one_action(viewer_as(slug), other.pk)


@pytest.mark.parametrize("key", ["x", "", "5f0c1d4e-8a51-4d5b-9a5e-6c0f6f0a7b11"])
def test_what_is_not_there_is_no_page(director, key):
    with pytest.raises(Http404):
        one_action(director, key)


def test_an_action_that_is_gone_from_its_table_still_has_its_page(member, make_action):
    assert one_action(member, make_action(gone_on=TODAY).pk).line.gone_on == TODAY


def test_it_says_how_close_it_is_as_this_viewer_may_see(member, make_action, monkeypatch):
    figure = Figure(None, "too small to show", date(2026, 10, 31), "higher", write=lambda value: f"{value:g}%")
    monkeypatch.setitem(resolvers._figures, "measure", lambda viewer, keys: {"CP08": figure})
    page = one_action(member, make_action(measure="CP08", target=90).pk)
    assert page.closeness.words == "Too small to show; the target is 90%."
    assert one_action(member, make_action().pk).closeness is None


def test_it_can_be_closed_once_every_proof_held(director, keeper, make_action):
    action = make_action(said="done", heard_on=TODAY)
    called = proof.ask_proof(by=director, action=action, asked=Asked("document", TODAY, "The policy."))
    assert not one_action(director, action.pk).may_close
    proof.give_proof(by=director, proof=called, look=Look(TODAY, True, "There.", reference="1"))
    assert one_action(director, action.pk).may_close and not one_action(keeper, action.pk).may_close
    proof.close(by=director, action=action)
    assert not one_action(director, action.pk).may_close


def test_a_proof_no_longer_called_for_stands_last_and_says_so(director, make_action):
    action = make_action()
    first = proof.ask_proof(by=director, action=action, asked=Asked("document", TODAY, "The policy."))
    proof.ask_proof(by=director, action=action, asked=Asked("survey", TODAY + WEEK, "Of parents."))
    proof.drop_proof(by=director, proof=first, why="There is none.")
    assert [(one.asked.kind, one.dropped, one.held) for one in one_action(director, action.pk).proofs] == [
        ("survey", False, None),
        ("document", True, None),
    ]


def test_who_was_chased_is_shown_to_who_keeps_plans(keeper, member, make_action):
    action = make_action(deadline_on=TODAY - WEEK)
    sent(by=keeper, owners=[action.owners.get().pk])
    assert len(one_action(keeper, action.pk).chasers) == 1 and not one_action(member, action.pk).chasers


def test_the_page_asks_little_of_the_database_however_much_was_said(director, lived):
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            one_action(director, lived.pk)
        asked.append(len(queries))
        for number in range(12):
            progress.add_update(by=director, action=lived, words=f"Said {number}.", as_at=TODAY, said="at-risk")
            called = proof.ask_proof(by=director, action=lived, asked=Asked("document", TODAY, "The policy."))
            proof.give_proof(by=director, proof=called, look=Look(TODAY, True, "There.", reference="1"))
    assert asked[0] == asked[1] <= 18


def test_the_one_box_page_has_the_words_for_its_owner_and_only_a_name_for_a_keeper_who_may_not_read(
    owner, keeper, member, make_action
):
    action = make_action(words=f"See {NAME}.")
    assert to_say(owner, action.pk)[1].called == f"See {NAME}."
    assert to_say(keeper, action.pk)[1].called == "Action 1 of “What the inspection asked of us”"
    with pytest.raises(Refused):
        to_say(member, action.pk)
