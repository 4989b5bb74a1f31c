"""What a finding and a recommendation say in the thread, and what is frozen of them."""

from __future__ import annotations

import pytest
from django.http import Http404
from tests.web.improvement.conftest import TODAY
from tests.web.improvement.findings.conftest import LATE, NAME

from lineofsight.web.evidence import resolvers, thread
from lineofsight.web.improvement.actions import findings as actions
from lineofsight.web.improvement.marks import mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]


def test_a_finding_says_in_the_thread_where_it_was_found_and_how_it_stands(director, member, repeated):
    first, later = repeated
    actions.say_it_repeats(by=director, finding=later, earlier=first)
    assert resolvers.resolve(member, "finding", str(first.pk)).note == (
        "Audit, found on 28 July 2026: closed on 12 November 2026."
    )
    shown = resolvers.resolve(member, "finding", str(later.pk))
    assert (shown.label, shown.note) == (
        "A finding of an inspection, 12 November 2026",
        "Inspection, found on 12 November 2026: open, and it came back.",
    )
    assert resolvers.resolve(director, "finding", str(later.pk)).label == "Supervision, again"


@pytest.mark.parametrize("key", ["", "x", "1", "5f0c1d4e-8a51-4d5b-9a5e-6c0f6f0a7b11", "9" * 30, "١"])
def test_a_key_that_leads_nowhere_resolves_to_nothing(director, key):
    for kind in ("finding", "recommendation"):
        assert resolvers.resolve(director, kind, key) is None
        assert thread.down(director, kind, key) == () and thread.up(director, kind, key) == ()
    with pytest.raises(Http404):
        resolvers.see(director, "finding", key)


def test_the_thread_leads_from_a_finding_down_to_its_actions_and_to_what_it_repeats(
    director, owner, repeated, make_action
):
    first, later = repeated
    action = make_action(finding=later)
    assert resolvers.steps_down(owner, "finding", str(later.pk), True) == []
    actions.say_it_repeats(by=director, finding=later, earlier=first)
    below = {(node.kind, node.key, node.relation) for node in thread.down(director, "finding", str(later.pk))}
    assert below == {("finding", str(first.pk), "repeats"), ("action", str(action.pk), "answered by")}


def test_a_recommendation_names_its_body_and_leads_up_to_its_finding(director, member, owner, raised):
    one = raised()
    made = actions.recommend(by=director, finding=one, words=f"For {NAME}.", made_by="The board", made_on=TODAY)
    shown = resolvers.resolve(member, "recommendation", str(made.pk))
    assert (shown.label, shown.note) == (
        "A recommendation",
        "On 12 November 2026, because of: A finding of an audit, 28 July 2026",
    )
    shown = resolvers.resolve(director, "recommendation", str(made.pk))
    assert (shown.label, shown.note) == (
        "Recommendation of The board",
        "On 12 November 2026, because of: Supervision",
    )
    assert resolvers.resolve(owner, "recommendation", str(made.pk)) is None
    assert thread.up(owner, "recommendation", str(made.pk)) == ()
    above = thread.up(director, "recommendation", str(made.pk))
    assert [(node.kind, node.key) for node in above] == [("finding", str(one.pk))]


def test_what_is_frozen_of_a_finding_is_what_its_page_says_and_of_its_words_the_mark(director, raised, make_action):
    one = raised()
    make_action(finding=one, number=1)
    seen = resolvers.see(director, "finding", str(one.pk))
    assert (seen.label, seen.sentence) == ("A finding of an audit, 28 July 2026", "Open: its only action is open.")
    assert seen.content["words"] == mark(LATE)
    assert LATE not in repr(seen)
