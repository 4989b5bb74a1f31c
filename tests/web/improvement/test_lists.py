"""The list of actions, the exceptions and a person's own: counted right, filtered, and never slower for being many."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.improvement.conftest import PUBLISHED, TODAY

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.permissions import Refused
from lineofsight.web.improvement.actions import progress, proof
from lineofsight.web.improvement.actions.proof import Asked as AskedFor
from lineofsight.web.improvement.actions.proof import Look
from lineofsight.web.improvement.models import Action, ActionOwner, Plan, ProofAsked, ProofGiven, Rating, Update
from lineofsight.web.improvement.models.words import written
from lineofsight.web.improvement.queries.actions import PAGE, Asked, actions_list
from lineofsight.web.improvement.queries.exceptions import exceptions, kinds, kinds_of
from lineofsight.web.improvement.queries.lines import lines
from lineofsight.web.improvement.queries.mine import mine
from lineofsight.web.improvement.queries.plans import plans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
FRESH = {"said": "on-track", "heard_on": TODAY}
WEEK = timedelta(weeks=1)
MOST_QUERIES = 20


def plan_of(title, **changes):
    given = {
        "level": "pseudonymised",
        "kind": "improvement",
        "published_on": PUBLISHED,
        "published_by": "The board",
        "begun_at": clock.now(),
    }
    return Plan.objects.create(title=title, begun_by_key="p", begun_by_name="P", **{**given, **changes})


def numbers(page):
    return [one.line.number for one in page.rows]


def test_the_sentence_counts_the_colours_in_force_and_what_is_past_its_deadline(member, make_action):
    make_action(**FRESH)
    make_action(said="off-track", heard_on=TODAY)
    make_action(deadline_on=TODAY - WEEK, **FRESH)
    make_action(rag="green", set_by="plan", deadline_on=TODAY - WEEK)
    page = actions_list(member, Asked())
    assert page.sentence == "4 actions: 2 green, none amber, 2 red. One is past its deadline and not green."
    assert page.counts == {"green": 2, "red": 2} and page.total == 4
    assert [one.line.colour for one in page.rows] == ["green", "red", "red", "green"]


def test_a_colour_by_the_rule_is_todays_before_the_days_rating_was_made(member, make_action):
    make_action(rag="green", deadline_on=TODAY - timedelta(days=1), **FRESH)
    (row,) = actions_list(member, Asked()).rows
    assert (row.line.colour, row.line.because) == ("red", "Its deadline has passed and it is not closed.")


def test_where_the_rule_differs_from_the_colour_that_was_set_both_are_said(member, make_action):
    make_action(rag="green", set_by="plan", deadline_on=TODAY - WEEK, **FRESH)
    make_action(rag="red", set_by="person", **FRESH)
    make_action(rag="green", set_by="plan", **FRESH)
    said = [one.line.because for one in actions_list(member, Asked()).rows]
    assert said == [
        "Green, as the plan’s table had it. By the rule it is red: its deadline has passed and it is not closed.",
        "Red, as a person set it. By the rule it is green: its owner says that it is on track or done, and no "
        "proof that it calls for is missing.",
        "Green, as the plan’s table had it.",
    ]


def test_every_filter_leaves_what_it_says_and_the_sentence_says_the_same(director, make_action, make_finding, plan):
    other = plan_of("One issue")
    complaint = make_finding(source="complaint")
    make_action(**FRESH)
    make_action(said="off-track", heard_on=TODAY, finding=complaint)
    make_action(plan=other, deadline_on=None, deadline_kind="unclear", responsible="Cal Dane", owned_by=None, **FRESH)
    assert len(actions_list(director, Asked()).rows) == 3
    cal, somebody = (ActionOwner.objects.get(action__number=1, action__plan=one).pk for one in (other, plan))
    for asked, left in (
        (Asked(plan=other.pk), ["Cal Dane"]),
        (Asked(plan=uuid4()), []),
        (Asked(colour="red"), ["Person action-owner"]),
        (Asked(colour="blue"), []),
        (Asked(owner=cal), ["Cal Dane"]),
        (Asked(owner=somebody), ["Person action-owner"] * 2),
        (Asked(owner=99_999), []),
        (Asked(source="complaint"), ["Person action-owner"]),
        (Asked(source="rumour"), []),
        (Asked(kind="unclear"), ["Cal Dane"]),
        (Asked(kind="anything"), []),
        (Asked(plan=plan.pk, colour="green", kind="unproved"), ["Person action-owner"]),
    ):
        page = actions_list(director, asked)
        assert [one.line.responsible for one in page.rows] == left, asked
        assert page.sentence.startswith(f"{len(left)} action" if left else "There are no actions here"), asked
    page = actions_list(director, Asked())
    assert page.owners == [(cal, "Cal Dane"), (somebody, "Person action-owner")]
    assert dict(page.plans) == {plan.pk: plan.title, other.pk: "One issue"} and page.plan == ""
    assert ("complaint", "Complaint") in page.sources


def test_a_page_holds_thirty_and_a_page_that_is_not_there_is_the_nearest(member, make_action):
    for _ in range(PAGE + 2):
        make_action()
    first, last, beyond, before = (actions_list(member, Asked(page=page)) for page in (1, 2, 99, -1))
    assert (len(first.rows), len(last.rows), first.pages, first.total) == (30, 2, 2, 32)
    assert numbers(beyond) == numbers(last) and numbers(before) == numbers(first)


def test_actions_that_are_gone_or_of_a_closed_plan_are_not_in_the_list_of_all(member, make_action):
    closed = plan_of("Over", closed_on=TODAY)
    make_action(gone_on=TODAY)
    make_action(plan=closed, closed_on=TODAY)
    assert actions_list(member, Asked()).total == 0
    assert actions_list(member, Asked(plan=closed.pk)).sentence.startswith("1 action: 1 green")


def test_words_nobody_cleared_are_not_in_the_list_of_who_sees_no_child_by_name(director, member, keeper, make_action):
    make_action(words="See that Anna Ash is visited.")
    make_action(by=keeper, words="Hold supervision.")
    assert actions_list(director, Asked()).rows[0].line.words == "See that Anna Ash is visited."
    page = actions_list(member, Asked())
    assert [one.line.words for one in page.rows] == [None, "Hold supervision."]
    assert "Anna" not in repr(page)


def test_who_may_not_see_the_list_is_refused(owner, viewer_as):
    for viewer in (owner, viewer_as("social-worker"), viewer_as("administrator"), viewer_as("scrutiny")):
        for read in (lambda by: actions_list(by, Asked()), exceptions, plans):
            with pytest.raises(Refused):
                read(viewer)


def test_a_day_to_come_is_not_known(member):
    with pytest.raises(PlainError, match="not known"):
        actions_list(member, Asked(on=TODAY + timedelta(days=1)))


def test_as_at_a_day_the_list_has_the_colours_and_progress_of_that_day(director, member, make_action, on_day):
    with on_day(date(2026, 9, 1)):
        action = make_action()
    with on_day(date(2026, 9, 10)):
        progress.add_update(by=director, action=action, words="Begun.", as_at=date(2026, 9, 9), said="on-track")
        make_action()
    with on_day(date(2026, 10, 10)):
        progress.set_colour(by=director, action=action, colour="red", why="It stopped.")
    seen = {}
    for on in (date(2026, 8, 1), date(2026, 9, 5), date(2026, 9, 20), date(2026, 10, 10), TODAY):
        seen[on] = [(one.colour, one.set_by, one.heard_on) for one in lines(on=on)]
    first = date(2026, 9, 9)
    assert seen[date(2026, 8, 1)] == []
    assert seen[date(2026, 9, 5)] == [("amber", "rule", None)]
    assert seen[date(2026, 9, 20)] == [("green", "rule", first), ("amber", "rule", None)]
    assert seen[date(2026, 10, 10)][0] == ("red", "person", first)
    assert seen[TODAY][0][:2] == ("red", "person")
    page = actions_list(member, Asked(on=date(2026, 9, 20)))
    assert page.sentence.startswith("2 actions: 1 green, 1 amber, none red.")


def test_what_was_closed_or_gone_or_proved_later_was_not_so_on_an_earlier_day(director, make_action, on_day):
    with on_day(date(2026, 9, 1)):
        action, gone = make_action(), make_action()
        called = proof.ask_proof(
            by=director, action=action, asked=AskedFor("document", date(2026, 9, 30), "The policy.")
        )
    with on_day(date(2026, 9, 20)):
        look = Look(date(2026, 9, 20), True, "There.", reference="1")
        proof.give_proof(by=director, proof=called, look=look)
        proof.close(by=director, action=action)
        Action.objects.filter(pk=gone.pk).update(gone_on=date(2026, 9, 20))
    before, then = lines(on=date(2026, 9, 10)), lines(on=date(2026, 9, 20))
    assert [(one.colour, one.closed_on) for one in before] == [("amber", None), ("amber", None)]
    assert [(one.colour, one.closed_on) for one in then] == [("green", date(2026, 9, 20))]
    assert (before[0].proofs.held, then[0].proofs.held) == (0, 1)
    with on_day(date(2026, 10, 1)):
        progress.reopen(by=director, action=action, why="It came back.")
    assert lines(on=date(2026, 9, 20))[0].proofs.held == 1
    assert lines()[0].proofs.held == 0


def test_each_kind_of_exception_holds_what_it_says_and_nothing_else(director, member, make_action):
    made = {
        "fine": make_action(**FRESH),
        "red": make_action(said="off-track", heard_on=TODAY),
        "late": make_action(rag="amber", set_by="person", deadline_on=TODAY - WEEK, **FRESH),
        "late but green": make_action(rag="green", set_by="plan", deadline_on=TODAY - WEEK, **FRESH),
        "silent": make_action(said="on-track", heard_on=TODAY - 7 * WEEK),
        "to come": make_action(rag="green", set_by="plan", **FRESH),
        "unclear": make_action(deadline_on=None, deadline_kind="unclear", **FRESH),
        "closed": make_action(rag="green", closed_on=TODAY, deadline_on=None, heard_on=TODAY - 20 * WEEK),
    }
    for name in ("to come", "fine"):
        asked = AskedFor("document", TODAY + WEEK, "The policy.")
        called = proof.ask_proof(by=director, action=made[name], asked=asked)
    proof.give_proof(by=director, proof=called, look=Look(TODAY, True, "There.", reference="1"))
    found = {one.pk: kinds_of(one) for one in lines()}
    assert {name: found[one.pk] for name, one in made.items()} == {
        "fine": (),
        "red": ("red",),
        "late": ("late",),
        "late but green": ("unproved",),
        "silent": ("silent",),
        "to come": ("proof-to-come",),
        "unclear": ("unclear",),
        "closed": (),
    }
    page = exceptions(member)
    assert [one.count for one in page.kinds] == [1, 1, 1, 1, 1, 1] and (page.total, page.any) == (8, 6)
    assert page.sentence == (
        "Of 8 actions, one is red, one is past its deadline and not green, one has had no word for six weeks, one is "
        "green without proof, one is green on proof still to come and one has no clear deadline."
    )


def test_with_nothing_in_exception_or_nothing_at_all_it_is_said(member, make_action, plan):
    assert exceptions(member).sentence == "There are no actions yet."
    make_action(deadline_on=date(2027, 6, 1))
    assert exceptions(member).sentence == "Of 1 action, none is in exception."
    assert exceptions(member, uuid4()).total == 0


def test_the_first_few_of_each_kind_have_their_words_where_they_may_be_read(director, member, make_action):
    for number in range(7):
        make_action(said="off-track", heard_on=TODAY, words=f"Words {number}.")
    red = exceptions(director).kinds[0]
    assert [words for _, words in red.first] == [f"Words {number}." for number in range(5)] and red.more == 2
    hidden = exceptions(member).kinds[0].first
    assert hidden[0][1] == "Action 1 of “What the inspection asked of us”"


def test_an_owner_sees_their_own_actions_with_their_words_and_nobody_elses(owner, make_action):
    make_action(words="See that Anna Ash is visited.", **FRESH)
    make_action(owned_by="head-of-service", words="Not theirs.")
    left = make_action(words="Theirs no longer.")
    left.owners.update(left_on=TODAY)
    make_action(closed_on=TODAY)
    page = mine(owner)
    assert [one.words for one in page.rows] == ["See that Anna Ash is visited."]
    assert (page.sentence, page.closed) == ("You answer for one action. No word is due now.", 1)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"deadline_on": TODAY - WEEK}, "Its deadline passed on 5 November 2026."),
        ({"deadline_on": TODAY - WEEK, "heard_on": TODAY - WEEK}, ""),
        ({"deadline_on": TODAY - 8 * WEEK, "heard_on": TODAY - 3 * WEEK}, "Its deadline passed on 17 September 2026."),
        ({"heard_on": TODAY - 7 * WEEK}, "Nobody has said for six weeks how it is going."),
        (
            {"heard_on": TODAY, "deadline_on": None, "deadline_question": "“When Ann can” is no day. Which is meant?"},
            "It is not clear by when it is to be done.",
        ),
        ({"heard_on": TODAY - 3 * WEEK, "deadline_on": TODAY + WEEK}, "Its deadline is 19 November 2026."),
        ({"heard_on": TODAY, "deadline_on": TODAY + WEEK}, ""),
        ({"heard_on": TODAY - 3 * WEEK}, ""),
    ],
)
def test_word_is_due_when_it_is_late_silent_unclear_or_near(owner, make_action, changes, why):
    make_action(said="on-track", **changes)
    (own,) = mine(owner).rows
    assert own.due == why
    assert mine(owner).sentence.endswith("Word is due of one." if why else "No word is due now.")


def test_who_owns_nothing_is_told_so_and_who_cannot_own_is_refused(owner, member, make_action):
    assert mine(owner).sentence == "You answer for no open action."
    make_action(closed_on=TODAY)
    assert mine(owner).sentence == "You answer for no open action. 1 action of yours is closed on proof."
    with pytest.raises(Refused):
        mine(member)


@pytest.fixture
def many(director, people):
    """`many(200)`: that many actions in ten plans, with owners, updates, ratings and proof."""

    def made(count):
        some = [plan_of(f"Plan {number}") for number in range(10)]
        now = clock.now()
        typed = written(director, now, "Hold it.")
        actions = [
            Action(
                plan=some[number % 10],
                number=number,
                responsible=f"Owner {number % 50}",
                deadline_kind="date",
                deadline_on=TODAY + timedelta(days=number % 90 - 30),
                said="on-track",
                heard_on=TODAY - timedelta(days=number % 60),
                rag="green",
                measure="CP08" if number % 3 else "",
                target=90.0 if number % 3 else None,
                **typed,
            )
            for number in range(count)
        ]
        Action.objects.bulk_create(actions)
        ActionOwner.objects.bulk_create(
            ActionOwner(action=one, place=1, name=one.responsible, person=people["action-owner"]) for one in actions
        )
        Update.objects.bulk_create(Update(action=one, as_at=TODAY, said="on-track", **typed) for one in actions)
        Rating.objects.bulk_create(
            Rating(action=one, on=PUBLISHED, rag="green", set_by="rule", by_rule="green", rule="on-track", rated_at=now)
            for one in actions
        )
        asked = ProofAsked.objects.bulk_create(
            ProofAsked(action=one, kind="document", wanted_by=TODAY, **typed) for one in actions[::2]
        )
        ProofGiven.objects.bulk_create(ProofGiven(proof=one, looked_on=TODAY, held=True, **typed) for one in asked[::2])

    return made


READERS = {
    "list": lambda viewers: actions_list(viewers["member"], Asked(page=2)),
    "list by owner": lambda viewers: actions_list(viewers["member"], Asked(owner="Owner 7", kind="late")),
    "list as at": lambda viewers: actions_list(viewers["member"], Asked(on=TODAY - WEEK)),
    "exceptions": lambda viewers: exceptions(viewers["director"]),
    "plans": lambda viewers: plans(viewers["member"]),
    "mine": lambda viewers: mine(viewers["owner"]),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_page_asks_more_of_the_database_for_more_actions(director, member, owner, many, reader):
    viewers = {"director": director, "member": member, "owner": owner}
    asked = []
    for count in (40, 300):
        many(count)
        with CaptureQueriesContext(connection) as queries:
            READERS[reader](viewers)
        asked.append(len(queries))
    assert max(asked) <= MOST_QUERIES and asked[0] == asked[1]


def test_the_kinds_are_named_once_each():
    slugs = [one.slug for one in kinds()]
    assert len(set(slugs)) == len(slugs) == 6
