"""The chronology narrowed: one kind or several together, from a day, until a day; both days are in it."""

from datetime import date

import pytest
from django.http import Http404

from lineofsight.lake import event_kinds
from lineofsight.web.practice.queries import story

DAY = date(2026, 10, 30)


def event(kind, on=DAY, title="Something", ended_on=None):
    return story.Event(on, kind, title, "", ended_on, "", "", "t")


EVENTS = [
    event("child_protection_visit"),
    event("core_group", date(2026, 10, 29)),
    event("looked_after_visit", date(2026, 10, 28)),
    event("legal_status", date(2026, 10, 27)),
]


def shown(**asked):
    page = story.told(EVENTS, story.Narrowed(**asked), 1)
    return [one.kind for month in page.months for one in month.events]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ({}, ["child_protection_visit", "core_group", "looked_after_visit", "legal_status"]),
        ({"kind": "visits"}, ["child_protection_visit", "looked_after_visit"]),
        ({"kind": "meetings"}, ["core_group"]),
        ({"kind": "legal"}, ["legal_status"]),
        ({"kind": "core_group"}, ["core_group"]),
        ({"since": date(2026, 10, 29)}, ["child_protection_visit", "core_group"]),
        ({"until": date(2026, 10, 28)}, ["looked_after_visit", "legal_status"]),
        ({"kind": "visits", "since": date(2026, 10, 28), "until": date(2026, 10, 29)}, ["looked_after_visit"]),
        ({"since": date(2026, 10, 30), "until": date(2026, 10, 1)}, []),
    ],
)
def test_the_chronology_is_narrowed_by_kind_and_by_days_that_are_in_it(asked, kinds):
    assert shown(**asked) == kinds
    assert story.Narrowed(**asked).any == bool(asked)


def test_a_kind_that_no_table_tells_of_this_child_is_no_page_and_several_together_are_an_empty_one():
    with pytest.raises(Http404):
        story.told(EVENTS, story.Narrowed("conference"), 1)
    page = story.told(EVENTS[:1], story.Narrowed("legal"), 1)
    assert (page.total, page.kind, page.pages) == (0, "legal", 1)


def test_the_choices_say_how_many_there_are_of_each():
    page = story.told(EVENTS, story.Narrowed("visits"), 1)
    assert [(key, count) for key, _, count in page.together] == [("visits", 2), ("meetings", 1), ("legal", 1)]
    assert {key: count for key, _, count in page.kinds} == {one.kind: 1 for one in EVENTS}


def test_what_is_told_together_weighs_or_lasts_is_a_kind_that_there_is():
    together = {kind for _, kinds in story.TOGETHER.values() for kind in kinds}
    assert together | story.WEIGHTY | set(story.PLANS) <= set(event_kinds())


def test_an_event_says_what_it_is_about_and_whether_it_is_work_that_goes_on():
    involved = event("involvement", title="Allocated worker: Wanda Example")
    assert (involved.about, involved.works_now, involved.weighty) == ("Wanda Example", True, False)
    assert not event("involvement", ended_on=DAY).works_now
    assert not event("placement").works_now
    assert event("private_fostering", title="Private fostering began").plan_title == "Privately fostered"
