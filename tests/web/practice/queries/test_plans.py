"""The plans of a child: since when, last reviewed, next due, and the one that should stand and does not."""

from dataclasses import dataclass
from datetime import date

import pytest

from lineofsight.lake import event_kinds
from lineofsight.web.practice.queries import plans, story

AS_AT = date(2026, 10, 31)


@dataclass(frozen=True)
class Row:
    """As much of an exception, or of what falls due, as the plans ask for."""

    measure: str
    owed_since: date | None = None
    due_on: date | None = None


def event(kind, on, title="Plan", ended_on=None):
    return story.Event(on, kind, title, "", ended_on, "", "", "t")


def told(events, owed=(), coming=()):
    return plans.plans(sorted(events, key=lambda one: one.on, reverse=True), AS_AT, owed, coming)


def test_a_plan_tells_its_last_review_and_by_when_the_next_is_due():
    events = [
        event("child_protection_plan", date(2026, 5, 11), "Child protection plan began: neglect"),
        event("child_protection_review", date(2026, 8, 6)),
        event("child_protection_review", date(2026, 3, 1)),
    ]
    (plan,) = told(events, coming=[Row("CP07", due_on=date(2027, 2, 6)), Row("CP08", due_on=date(2026, 11, 2))])
    assert (plan.title, plan.about, plan.since) == ("Child protection plan", "neglect", date(2026, 5, 11))
    assert (plan.reviewed_on, plan.due_on, plan.overdue) == (date(2026, 8, 6), date(2027, 2, 6), False)


def test_a_review_that_is_owed_is_overdue_since_the_day_it_was_due():
    events = [event("child_protection_plan", date(2026, 5, 11))]
    (plan,) = told(events, owed=[Row("CP07", owed_since=date(2026, 8, 11)), Row("CP08", owed_since=date(2026, 1, 1))])
    assert (plan.reviewed_on, plan.due_on, plan.overdue) == (None, date(2026, 8, 11), True)


def test_a_review_before_the_plan_began_is_of_another_plan_and_one_on_that_day_is_not():
    begun = event("child_protection_plan", date(2026, 5, 11))
    (before,) = told([begun, event("child_protection_review", date(2026, 5, 10))])
    (on_it,) = told([begun, event("child_protection_review", date(2026, 5, 11))])
    assert (before.reviewed_on, on_it.reviewed_on) == (None, date(2026, 5, 11))


def test_a_looked_after_child_without_a_care_plan_is_told_so_and_nobody_else_is():
    (missing,) = told([event("care_episode", date(2026, 5, 11))])
    assert (missing.title, missing.missing, missing.since) == ("Care plan", True, None)
    assert told([event("care_episode", date(2026, 5, 11), ended_on=date(2026, 6, 1))]) == []
    assert told([event("referral", date(2026, 5, 11))]) == []


def test_a_pathway_plan_is_told_from_its_reviews_alone():
    (plan,) = told([event("pathway_plan_review", date(2026, 4, 2)), event("pathway_plan_review", date(2025, 9, 2))])
    assert (plan.title, plan.about, plan.since, plan.reviewed_on) == ("Pathway plan", "", None, date(2026, 4, 2))


def test_a_plan_that_ended_or_has_not_begun_yet_does_not_stand():
    ended = event("child_in_need_plan", date(2026, 5, 11), ended_on=date(2026, 10, 1))
    later = event("child_in_need_plan", date(2026, 11, 1))
    assert told([ended, later]) == []


def test_every_plan_names_kinds_of_events_that_there_are():
    for one in plans._known():
        assert {one["kind"], *one["reviews"], one.get("owed_with", one["kind"])} <= set(event_kinds())


@pytest.mark.parametrize("plan", ["child_protection_plan", "child_in_need_plan"])
def test_by_when_a_plan_is_to_be_reviewed_is_measured(home, plan):
    (one,) = told([event(plan, date(2026, 5, 11))])
    assert one.told
