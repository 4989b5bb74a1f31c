"""What plans and actions say in the thread: no words of theirs in a label, nothing for who may not see them."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.http import Http404
from tests.web.improvement.conftest import PUBLISHED, TODAY

from lineofsight.web.access.permissions import Refused
from lineofsight.web.evidence import resolvers, thread
from lineofsight.web.improvement.actions import progress, proof
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.models import Recommendation
from lineofsight.web.improvement.models.words import written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
NAME = "Anna Ash"


def test_an_action_is_named_by_its_number_with_its_colour_and_no_words(director, member, make_action):
    action = make_action(words=f"See {NAME}.", said="off-track", heard_on=TODAY)
    for viewer in (director, member):
        shown = resolvers.resolve(viewer, "action", str(action.pk))
        assert shown.label == "Action 1 of “What the inspection asked of us”"
        assert shown.note == "Red. Its owner says that it is off track."
        assert shown.url == f"/actions/{action.pk}/"


def test_a_plan_is_named_by_its_title_and_publication(member, plan):
    shown = resolvers.resolve(member, "plan", str(plan.pk))
    assert (shown.label, shown.url) == (plan.title, f"/plans/{plan.pk}/")
    assert shown.note == "Published 28 July 2026 by The inspectorate."


def test_who_may_not_see_them_and_what_is_not_there_have_nothing_in_the_thread(owner, viewer_as, member, make_action):
    theirs, other = make_action(), make_action(owned_by="head-of-service")
    assert resolvers.resolve(owner, "action", str(theirs.pk))
    assert resolvers.resolve(owner, "action", str(other.pk)) is None
    for viewer in (owner, viewer_as("scrutiny"), viewer_as("administrator")):
        assert resolvers.resolve(viewer, "plan", str(theirs.plan_id)) is None
        assert not resolvers.steps_down(viewer, "plan", str(theirs.plan_id), True)
        assert not resolvers.steps_up(viewer, "action", str(other.pk), True)
        assert not resolvers.steps_down(viewer, "action", str(other.pk), True)
    assert not resolvers.steps_up(owner, "action", str(theirs.pk), True)
    for kind in ("plan", "action"):
        for key in ("x", str(uuid4())):
            assert resolvers.resolve(member, kind, key) is None
            assert not [*resolvers.steps_down(member, kind, key, True), *resolvers.steps_up(member, kind, key, True)]


def test_an_action_leads_up_to_where_it_comes_from_and_down_to_what_it_should_move(
    director, plan, make_action, make_finding
):
    finding = make_finding()
    advice = Recommendation.objects.create(
        finding=finding, made_by="Inspectors", made_on=PUBLISHED, **written(director, plan.begun_at, "See to it.")
    )
    of_finding = make_action(finding=finding, measure="CP08", target=90)
    of_advice = make_action(finding=finding, recommendation=advice)

    def steps(found):
        return [(one.kind, one.key) for one in found]

    above = resolvers.steps_up(director, "action", str(of_finding.pk), True)
    assert steps(above) == [("finding", str(finding.pk)), ("plan", str(plan.pk))]
    above = resolvers.steps_up(director, "action", str(of_advice.pk), True)
    assert steps(above) == [("recommendation", str(advice.pk)), ("plan", str(plan.pk))]
    assert steps(resolvers.steps_down(director, "action", str(of_finding.pk), True)) == [("measure", "CP08")]
    assert not resolvers.steps_down(director, "action", str(of_advice.pk), True)
    drawn = thread.down(director, "finding", str(finding.pk))
    assert {one.key for one in drawn if one.kind == "action"} == {str(of_finding.pk), str(of_advice.pk)}


def test_what_opened_an_action_again_is_joined_to_it(director, make_action, make_finding):
    action, finding = make_action(rag="green", set_by="plan"), make_finding(title="Late again")
    progress.reopen(
        by=director, action=action, why="It came back.", because_kind="finding", because_key=str(finding.pk)
    )
    (node,) = thread.down(director, "action", str(action.pk))
    assert (node.kind, node.label, node.relation) == ("finding", "Late again", "reopening")


def test_a_plan_leads_down_to_its_actions_in_one_step_that_counts_them(member, make_action, plan):
    for _ in range(3):
        make_action(said="on-track", heard_on=TODAY)
    (step,) = resolvers.steps_down(member, "plan", str(plan.pk), True)
    assert step.count == 3 and step.shown.label.startswith("3 actions: 3 green")


def test_an_action_is_frozen_as_this_viewer_saw_it(director, member, make_action):
    action = make_action(words=f"See {NAME}.")
    progress.add_update(by=director, action=action, words=f"{NAME} was seen.", as_at=TODAY, said="on-track")
    called = proof.ask_proof(by=director, action=action, asked=Asked("document", TODAY, f"{NAME}."))
    proof.give_proof(by=director, proof=called, look=Look(TODAY, True, "There.", reference="1"))
    seen = resolvers.see(director, "action", str(action.pk))
    assert seen.content["words"] == f"See {NAME}." and seen.content["colour"] == "green"
    assert seen.content["proofs"] == [["document", "2026-11-12", True, 1]]
    assert [one[1] for one in seen.content["colours"]] == ["green", "amber", "green", "amber"]
    hidden = resolvers.see(member, "action", str(action.pk))
    assert NAME not in json.dumps(dict(hidden.content), ensure_ascii=False)
    for one in (seen, hidden):
        assert NAME not in one.label + one.sentence
        assert json.loads(json.dumps(dict(one.content))) == dict(one.content)


def test_a_plan_is_frozen_with_every_action_and_none_of_their_words(director, member, make_action, plan):
    make_action(words=f"See {NAME}.", said="off-track", heard_on=TODAY)
    make_action(deadline_on=None)
    for viewer in (director, member):
        seen = resolvers.see(viewer, "plan", str(plan.pk))
        assert seen.sentence == "2 actions: none green, 1 amber, 1 red. None is past its deadline and not green."
        assert [one["colour"] for one in seen.content["actions"]] == ["red", "amber"]
        assert seen.content["on"] == "2026-11-12" and seen.key == str(plan.pk)
        assert NAME not in json.dumps(dict(seen.content), ensure_ascii=False)


def test_who_may_not_see_it_freezes_nothing(owner, viewer_as, make_action, plan):
    other = make_action(owned_by="head-of-service")
    with pytest.raises(Http404):
        resolvers.see(owner, "action", str(other.pk))
    with pytest.raises(Refused):
        resolvers.see(owner, "plan", str(plan.pk))
    with pytest.raises(Refused):
        resolvers.see(viewer_as("scrutiny"), "action", str(other.pk))
