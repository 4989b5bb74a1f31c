"""The same mistake twice: flagged, both side by side, and what follows once a person has said so."""

from __future__ import annotations

from datetime import date

import pytest
from tests.web.improvement.conftest import PUBLISHED, TODAY
from tests.web.improvement.findings.conftest import AGAIN, LATE, last_event

from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.evidence.models import Link
from lineofsight.web.improvement.actions import findings as actions
from lineofsight.web.improvement.models import Finding, NotRepeat, Update
from lineofsight.web.improvement.queries import same_again
from lineofsight.web.improvement.queries.one_finding import finding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]


def test_a_finding_that_says_what_a_closed_one_said_is_flagged_with_both_side_by_side(director, repeated):
    first, later = repeated
    beside = finding(director, later.pk).same_again
    assert (beside.compared, beside.closed, beside.note) == (1, 1, "")
    one = beside.likely[0]
    assert (one.key, one.title, one.words, one.theme) == (first.pk, "Supervision", LATE, "Supervision")
    assert (one.found_on, one.closed_on) == (PUBLISHED, TODAY)
    assert one.why == "Both are about supervision; both say: late, recorded, reflective, supervision."


def test_what_is_open_what_was_found_later_and_a_closed_finding_itself_flag_nothing(director, raised, closed):
    raised(title="Still open")
    closed(title="Found later", found_on=TODAY)
    one = raised(title="New", found_on=PUBLISHED)
    assert finding(director, one.pk).same_again == same_again.SameAgain([], 0, 0)
    actions.close(by=director, finding=one, words="Done.")
    assert finding(director, one.pk).same_again == same_again.SameAgain()


def test_once_it_is_said_that_it_came_back_it_is_told_on_both_and_asked_no_more(director, repeated):
    first, later = repeated
    actions.say_it_repeats(by=director, finding=later, earlier=first)
    page, before = finding(director, later.pk), finding(director, first.pk)
    assert page.repeats.key == first.pk and page.came_back and page.same_again.likely == ()
    assert [one.key for one in before.came_back_as] == [later.pk]
    assert page.sentence == "Open, and it had been closed before: nothing is being done about it yet."
    assert Link.objects.filter(from_kind="finding", to_kind="finding", relation="repeats").count() == 1
    assert told(last_event()).detail == {"earlier": str(first.pk), "actions": []}


def test_a_finding_that_came_back_opens_the_green_actions_of_the_earlier_one_again(director, repeated, make_action):
    first, later = repeated
    proved = make_action(finding=first, rag="amber", closed_on=TODAY, number=1)
    green = make_action(finding=first, rag="green", number=2)
    late = make_action(finding=first, rag="red", number=3)
    gone = make_action(finding=first, rag="green", gone_on=TODAY, number=4)
    again = actions.say_it_repeats(by=director, finding=later, earlier=first)
    assert {one.pk for one in again} == {proved.pk, green.pk}
    for one in (proved, green, late, gone):
        one.refresh_from_db()
    assert [one.rag for one in (proved, green, late, gone)] == ["red", "red", "red", "green"]
    assert proved.closed_on is None
    said = Update.objects.get(action=proved)
    assert said.words == "What this action was for was found again on 12 November 2026."
    assert Link.objects.filter(from_kind="action", from_key=str(proved.pk), to_key=str(later.pk)).exists()
    page = finding(director, later.pk)
    assert (page.still_open, [one.earlier for one in page.actions]) == (3, [True] * 4)
    with pytest.raises(PlainError, match="Three of its actions are still open"):
        actions.close(by=director, finding=later, words="Done.")


def test_what_repeats_a_repetition_opens_the_actions_of_both(director, repeated, raised, make_action):
    first, later = repeated
    actions.say_it_repeats(by=director, finding=later, earlier=first)
    actions.close(by=director, finding=later, words="Done.")
    oldest = make_action(finding=first, rag="green", closed_on=TODAY, number=1)
    third = raised(words=AGAIN, found_on=TODAY)
    again = actions.say_it_repeats(by=director, finding=third, earlier=later)
    assert [one.pk for one in again] == [oldest.pk]


def test_what_a_person_said_is_something_else_is_not_asked_again(director, repeated, on_day):
    first, later = repeated
    said = actions.say_it_does_not(by=director, finding=later, earlier=first)
    assert (said.said_by_name, last_event().action) == ("Person dcs", "improvement.finding does not repeat")
    assert finding(director, later.pk).same_again.likely == []
    count = ChainEvent.objects.count()
    assert actions.say_it_does_not(by=director, finding=later, earlier=first) == said
    assert (NotRepeat.objects.count(), ChainEvent.objects.count()) == (1, count)


def test_two_findings_that_cannot_follow_each_other_are_refused(director, repeated, raised, closed):
    first, later = repeated
    other = raised(title="Open", found_on=date(2026, 1, 5))
    newer = closed(title="Newer", found_on=TODAY)
    older = raised(title="Older", found_on=date(2026, 1, 5))
    for finding_, earlier, said in (
        (later, later, "does not repeat itself"),
        (later, other, "still open"),
        (first, newer, "after this one"),
        (newer, first, "is closed, so it cannot come back"),
        (older, first, "after this one"),
    ):
        with pytest.raises(PlainError, match=said):
            actions.say_it_repeats(by=director, finding=finding_, earlier=earlier)
    with pytest.raises(PlainError, match="after this one"):
        actions.say_it_does_not(by=director, finding=first, earlier=later)
    assert not Finding.objects.exclude(repeats=None).exists()


def test_it_is_said_once_that_a_finding_came_back(director, repeated, closed):
    first, later = repeated
    actions.say_it_repeats(by=director, finding=later, earlier=first)
    with pytest.raises(PlainError, match="said already"):
        actions.say_it_repeats(by=director, finding=later, earlier=closed(title="Another"))
    with pytest.raises(PlainError, match="said already"):
        actions.say_it_does_not(by=director, finding=later, earlier=first)


def test_no_finding_repeats_what_repeats_it(director, closed, raised):
    one, other = closed(found_on=TODAY), raised(found_on=TODAY)
    actions.say_it_repeats(by=director, finding=other, earlier=one)
    actions.close(by=director, finding=other, words="Done.")
    actions.reopen(by=director, finding=one, why="Not so.")
    with pytest.raises(PlainError, match="itself repeats this one"):
        actions.say_it_repeats(by=director, finding=one, earlier=other)


def test_findings_that_two_people_joined_in_a_ring_at_once_are_gone_round_once(director, raised):
    some = [raised(title=f"Finding {number}") for number in range(3)]
    for one, other in zip(some, [*some[1:], some[0]], strict=True):
        Finding.objects.filter(pk=one.pk).update(repeats=other)
    assert Finding.objects.get(pk=some[0].pk).carried() == [one.pk for one in some]
    assert finding(director, some[0].pk).repeats.key == some[1].pk


def test_only_the_newest_closed_are_compared_and_the_page_says_so(director, repeated, closed, monkeypatch):
    _, later = repeated
    closed(title="Dental checks", words="The dentist was not asked.")
    monkeypatch.setattr(same_again, "COMPARED", 1)
    beside = finding(director, later.pk).same_again
    assert (beside.compared, beside.closed) == (1, 2)
    assert beside.note == "Compared with the 1 closed last; 1 closed earlier were not."


def test_what_is_kept_to_compare_holds_no_word(director, repeated):
    _, later = repeated
    finding(director, later.pk)
    kept = same_again._says
    assert kept and all(isinstance(digest, int) for some in kept.values() for digest in some)


def test_what_is_kept_to_compare_does_not_grow_without_end(director, repeated, closed, monkeypatch):
    _, later = repeated
    monkeypatch.setattr(same_again, "_KEPT", 2)
    for number in range(4):
        closed(title=f"Finding {number}")
        finding(director, later.pk)
    assert len(same_again._says) <= 5
    assert finding(director, later.pk).same_again.likely
