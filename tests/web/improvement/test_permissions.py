"""Who may see, keep, judge, say and clear: each office by its capabilities, and each check with its boolean twin."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lineofsight import clock
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.improvement import permissions as rules
from lineofsight.web.improvement.models import Update
from lineofsight.web.improvement.models.words import generated, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
CHECKS = {
    "see": (rules.check_see, rules.may_see, Capability.SEE_IMPROVEMENT),
    "keep": (rules.check_keep, rules.may_keep, Capability.KEEP_IMPROVEMENT),
    "judge": (rules.check_judge, rules.may_judge, Capability.JUDGE_PROOF),
    "own": (rules.check_own, rules.may_own, Capability.UPDATE_ACTIONS),
}


def agrees(check, may, *told):
    """Whether the check lets pass; the twin says the same."""
    try:
        check(*told)
    except Refused as refused:
        assert refused.reason and not may(*told)
        return False
    assert may(*told)
    return True


@pytest.mark.parametrize("what", CHECKS)
def test_each_office_may_what_its_capability_says_and_the_twin_agrees(viewer_as, what):
    check, may, capability = CHECKS[what]
    for slug, office in offices().items():
        assert agrees(check, may, viewer_as(slug)) == (capability in office.capabilities), slug


def test_an_action_is_seen_by_who_sees_all_and_by_its_owner(viewer_as, owner, make_action):
    theirs, other = make_action(), make_action(owned_by="head-of-service")
    see = rules.check_see_action, rules.may_see_action
    assert agrees(*see, owner, theirs) and not agrees(*see, owner, other)
    for slug, office in offices().items():
        if slug != "action-owner":
            assert agrees(*see, viewer_as(slug), theirs) == (Capability.SEE_IMPROVEMENT in office.capabilities), slug
    powerless = replace(owner, capabilities=owner.capabilities - {Capability.UPDATE_ACTIONS})
    assert not agrees(*see, powerless, theirs)


def test_how_an_action_goes_is_said_by_its_owner_and_by_who_keeps_the_plans(viewer_as, owner, make_action):
    theirs, other = make_action(), make_action(owned_by="head-of-service")
    say = rules.check_say, rules.may_say
    assert agrees(*say, owner, theirs) and not agrees(*say, owner, other)
    for slug, office in offices().items():
        if slug != "action-owner":
            assert agrees(*say, viewer_as(slug), theirs) == (Capability.KEEP_IMPROVEMENT in office.capabilities), slug
    powerless = replace(owner, capabilities=owner.capabilities - {Capability.UPDATE_ACTIONS})
    assert not agrees(*say, powerless, theirs)


def test_words_are_cleared_by_who_keeps_or_judges_and_sees_children_by_name(viewer_as):
    clear = rules.check_clear, rules.may_clear
    may = {slug for slug in offices() if agrees(*clear, viewer_as(slug))}
    assert may == {"dcs", "dcs-delegate", "psw", "qa-manager"}
    director = viewer_as("dcs")
    for lacking in ({Capability.SEE_CHILDREN}, {Capability.KEEP_IMPROVEMENT, Capability.JUDGE_PROOF}):
        assert not agrees(*clear, replace(director, capabilities=director.capabilities - lacking))
    for enough in (Capability.KEEP_IMPROVEMENT, Capability.JUDGE_PROOF):
        other = {Capability.KEEP_IMPROVEMENT, Capability.JUDGE_PROOF} - {enough}
        assert agrees(*clear, replace(director, capabilities=director.capabilities - other))
    assert not agrees(*clear, replace(director, level="pseudonymised"))


@pytest.mark.parametrize("level", ["identified", "pseudonymised", "published", "none"])
@pytest.mark.parametrize("typed_at", ["identified", "pseudonymised", "published"])
@pytest.mark.parametrize("cleared", [False, True])
@pytest.mark.parametrize("theirs", [False, True])
@pytest.mark.parametrize("wrote", [False, True])
def test_words_are_shown_by_a_table_of_truth(director, level, typed_at, cleared, theirs, wrote):
    by, at = replace(director, level=typed_at), clock.now()
    update = Update(**(generated if cleared else written)(by, at, "Anna Ash was not seen."))
    viewer = replace(director, level=level, person_key="p-dcs" if wrote else "p-other")
    shown = level == "identified" or typed_at != "identified" or cleared or theirs or wrote
    assert rules.may_read_words(viewer, update, theirs=theirs) == shown


@pytest.mark.parametrize("level", ["identified", "pseudonymised", "published", "none"])
@pytest.mark.parametrize("cleared", [False, True])
@pytest.mark.parametrize("by_key", ["", "p-dcs", "p-other"])
def test_a_reason_is_shown_by_a_table_of_truth(director, level, cleared, by_key):
    viewer = replace(director, level=level)
    shown = level == "identified" or cleared or by_key == "p-dcs"
    assert rules.may_read_reason(viewer, clock.now() if cleared else None, by_key) == shown


def test_words_of_nobody_are_not_those_of_a_viewer_without_a_key(director):
    nobody = replace(director, level="published", person_key="")
    assert not rules.may_read_reason(nobody, None, "")
