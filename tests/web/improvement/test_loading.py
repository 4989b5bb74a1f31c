"""The committee's table makes a plan; the next is compared with it. Nothing is lost, guessed or deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.improvement.conftest import PUBLISHED, TODAY
from tests.web.improvement.plan_tables import COMMITTEE, COUNTED, INSPECTED, committee_table, row, table

from lineofsight.errors import PlainError
from lineofsight.plans.table import NotUnderstood, Owner, Place
from lineofsight.web.access import chain
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.improvement.actions import progress, proof
from lineofsight.web.improvement.actions.loading import NewPlan, load_table
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.models import Action, ActionOwner, Plan, PlanLoad, Rating, Update
from lineofsight.web.improvement.queries.actions import Asked as AskedFor
from lineofsight.web.improvement.queries.actions import actions_list
from lineofsight.web.improvement.queries.comparing import compare
from lineofsight.web.improvement.queries.exceptions import exceptions
from lineofsight.web.improvement.queries.tables import table_of

pytestmark = pytest.mark.django_db
NEW = NewPlan("After the inspection", "inspection", PUBLISHED, "The inspectorate")
THREE = (
    row("Hold supervision on time", "Ada Brook", rag="amber"),
    row("Send the notes within a week", "Cal Dane", rag="green"),
    row("Appoint a named midwife", "Tess Underwood, Director of Midwifery", rag="red", deadline="ASAP"),
)
AS_AT = date(2026, 10, 5)
NEXT = AS_AT + timedelta(weeks=4)


@pytest.fixture
def loaded(mid_november, director):
    """The three actions, loaded as at 5 October."""
    return load(director, NEW, table(*THREE)).plan


def load(by, plan, read, as_at=AS_AT, sha256="a" * 64, **changes):
    return load_table(by=by, plan=plan, table=read, file_name="plan.docx", sha256=sha256, as_at=as_at, **changes)


def next_load(by, plan, *rows, as_at=NEXT, **changes):
    return load(by, plan, table(*rows), as_at, "b" * 64, **changes)


def action(plan, number):
    return Action.objects.get(plan=plan, number=number)


def notes(one):
    return [update.words for update in one.updates.filter(kind="change").order_by("pk")]


def test_the_shape_of_a_real_plan_gives_14_green_5_amber_3_red_and_seven_past_their_deadline_and_not_green(
    director, member, on_day
):
    with on_day(date(2012, 9, 1)):
        made = load(director, replace(NEW, published_on=INSPECTED), committee_table(), COUNTED, cleared=True).plan
    kinds = Action.objects.filter(plan=made).values_list("deadline_words", "deadline_on")
    by_when = {words: [on for said, on in kinds if said == words] for words, _ in kinds}
    assert by_when == {
        "Immediate": [INSPECTED] * 2,
        "within 3 months": [date(2012, 9, 28)] * 16,
        "within 6 months": [date(2012, 12, 28)] * 4,
    }
    with on_day(COMMITTEE):
        page = actions_list(member, AskedFor(plan=made.pk))
        assert page.sentence == ("22 actions: 14 green, 5 amber, 3 red. Seven are past their deadline and not green.")
        assert {kind.slug: count for kind, count in page.kinds} == {
            "red": 3,
            "late": 7,
            "silent": 22,
            "unproved": 14,
            "proof-to-come": 0,
            "unclear": 0,
        }
        assert page.rows[0].line.words == "A manager looks at each contact before it is signed off"
        same = [one for one in page.rows if one.line.words == "Keep records and chronologies up to date"]
        assert [one.line.responsible for one in same] == ["Ada Brook", "Gil Hart"]
    with on_day(TODAY):  # as at the committee's day it says the same for ever
        assert actions_list(member, AskedFor(plan=made.pk, on=COMMITTEE)).sentence == page.sentence
        again = exceptions(member, made.pk, COMMITTEE)
        assert next(one.count for one in again.kinds if one.kind.slug == "late") == 7
        assert [one.rag for one in table_of(member, made, COMMITTEE).rows] == [
            one.rag for one in committee_table().rows
        ]


def test_the_first_table_makes_the_plan_with_every_row_as_it_stands(loaded, director):
    assert (loaded.title, loaded.published_on, loaded.begun_by_key) == ("After the inspection", PUBLISHED, "p-dcs")
    third = action(loaded, 3)
    assert (third.words, third.rag, third.set_by) == ("Appoint a named midwife", "red", "plan")
    assert (third.deadline_words, third.deadline_on, third.heard_on, third.said) == ("ASAP", None, AS_AT, "")
    assert list(third.owners.values_list("name", "post")) == [("Tess Underwood", "Director of Midwifery")]
    said = third.updates.get()
    assert (said.words, said.as_at, said.kind, said.load.file_name, said.cleared) == (
        "Begun: appoint a named midwife.",
        AS_AT,
        "progress",
        "plan.docx",
        False,
    )
    rated = third.ratings.get()
    assert (rated.rag, rated.set_by, rated.on, rated.by_rule) == ("red", "plan", AS_AT, "amber")
    kept = PlanLoad.objects.get().told
    assert (kept["rows"], kept["colours"], kept["cleared"]) == (3, {"green": 1, "amber": 1, "red": 1}, False)
    (asked,) = kept["not_understood"]
    assert (asked["row"], asked["column"], asked["value"]) == (4, "deadline", "ASAP") and asked["why"]
    event = ChainEvent.objects.order_by("-sequence").first()
    assert (event.action, event.subject) == ("improvement.table loaded", f"plan {loaded.pk}")
    assert told(event).detail["new"] == 3 and "midwife" not in str(told(event).detail)


def test_what_was_not_understood_in_the_file_is_kept_with_its_row(mid_november, director):
    read = table(*THREE, not_understood=(NotUnderstood(Place("p", "table 1", 9), "RAG", "Blue", "Only three."),))
    kept = load(director, NEW, read).told["not_understood"]
    assert {"table": "table 1", "row": 9, "column": "RAG", "value": "Blue", "why": "Only three."} in kept


def test_a_row_without_a_colour_has_the_rules(mid_november, director):
    plan = load(director, NEW, table(replace(THREE[0], rag=None, rag_written="Blue"))).plan
    one = action(plan, 1)
    assert (one.rag, one.set_by) == ("amber", "rule")


def test_cells_that_are_too_long_for_a_list_lose_nothing(mid_november, director):
    long = "within three months, or " * 12
    many = " / ".join(f"Owner number {number}" for number in range(30))
    plan = load(director, NEW, table(row("Hold it", many, deadline=long.strip(), progress="x" * 60_000))).plan
    one = action(plan, 1)
    assert len(one.deadline_words) == 200 and len(one.responsible) <= 300 and one.owners.count() == 12
    assert len(one.updates.get().words) == 60_000
    values = [each["value"] for each in PlanLoad.objects.get().told["not_understood"]]
    assert long.strip() in values and many in values


def test_cells_that_hold_what_no_list_can_show_are_loaded_without_it(mid_november, director):
    hostile = "Ada\x00 Brook\u202e, <script>alert(1)"
    plan = load(director, NEW, table(row('=HYPERLINK("x")', hostile, progress="\x00" + "<b>bold</b>"))).plan
    one = action(plan, 1)
    assert "\x00" not in one.responsible and one.responsible.startswith("Ada Brook")
    assert one.owners.get().name == "Ada Brook" and one.words == '=HYPERLINK("x")'
    assert one.updates.get().words.endswith("<b>bold</b>")


def test_nobody_named_is_asked_about(mid_november, director):
    plan = load(director, NEW, table(row("Hold it", ""))).plan
    assert action(plan, 1).responsible == "" and not ActionOwner.objects.exists()
    assert any(each["column"] == "person responsible" for each in PlanLoad.objects.get().told["not_understood"])


def test_the_next_table_is_compared_and_only_what_moved_moves(loaded, director):
    moved = (
        replace(THREE[0], rag="red", deadline="31 January 2027"),
        replace(THREE[2], progress="Two people applied.", responsible="Una Vale", owners=(Owner("Una Vale"),)),
        row("Paint the waiting room", "Eve Ford"),
    )
    before = compare(director, loaded, table(*moved))
    assert [(one.number, [change[0] for change in one.changes]) for one in before.moved] == [
        (1, ["Colour", "Deadline"]),
        (3, ["Person responsible", "Progress"]),
    ]
    assert [one.words for one in before.new] == ["Paint the waiting room"]
    assert [(one.number, one.words) for one in before.gone] == [(2, "Send the notes within a week")]
    assert before.sentence == "2 moved, 1 new, 1 gone and none as before."
    assert Action.objects.count() == 3 and PlanLoad.objects.count() == 1  # it only compared
    kept = next_load(director, loaded, *moved).told
    assert (len(kept["moved"]), kept["new"], kept["gone"]) == (2, [{"number": 4, "place": "table 1, row 4"}], [2])
    first, second, third, fourth = (action(loaded, number) for number in (1, 2, 3, 4))
    assert (first.rag, first.set_by, first.deadline_on) == ("red", "plan", date(2027, 1, 31))
    assert notes(first) == [
        "Deadline moved from “within 3 months” (28 October 2026) to “31 January 2027” (31 January 2027)."
    ]
    assert first.updates.filter(kind="progress").count() == 1  # nobody said anything new
    assert (second.gone_on, second.rag) == (NEXT, "green") and notes(second) == [
        "No longer in the plan’s table, as at 2 November 2026."
    ]
    assert third.responsible == "Una Vale" and third.owners.get(left_on=None).name == "Una Vale"
    assert (third.heard_on, third.updates.filter(kind="progress").count()) == (NEXT, 2)
    assert fourth.gone_on is None and fourth.rag == "green"
    assert Rating.objects.filter(action=third).count() == 1  # its colour is the same


def test_a_table_that_says_the_same_changes_nothing(loaded, director):
    found = compare(director, loaded, table(*THREE))
    assert (found.moved, found.new, found.gone, list(found.same)) == ([], [], [], [1, 2, 3])
    before = list(Action.objects.order_by("number").values())
    counts = Update.objects.count(), Rating.objects.count()
    next_load(director, loaded, *THREE)
    assert before == list(Action.objects.order_by("number").values())
    assert counts == (Update.objects.count(), Rating.objects.count())


def test_what_is_gone_and_comes_back_is_the_same_again_with_its_history(loaded, director, on_day):
    next_load(director, loaded, *THREE[:2])
    with on_day(date(2026, 12, 10)):
        found = compare(director, loaded, table(*THREE))
        assert [(one.number, one.changes) for one in found.moved] == [(3, [("In the table", "gone", "back")])]
        load(director, loaded, table(*THREE), date(2026, 12, 7), "c" * 64)
    third = action(loaded, 3)
    assert third.gone_on is None and Action.objects.count() == 3
    assert notes(third)[-1] == "In the plan’s table again, as at 7 December 2026."


def test_an_action_written_anew_is_asked_and_is_the_same_once_a_person_says_so(loaded, director, keeper):
    anew = replace(THREE[0], action="Hold supervision on time in every team")
    found = compare(director, loaded, table(anew, *THREE[1:]))
    (question,) = found.questions
    assert (question.row, question.number, question.before) == (0, 1, "Hold supervision on time")
    assert len(found.new) == len(found.gone) == 1
    hidden = compare(keeper, loaded, table(anew, *THREE[1:]))
    assert hidden.questions[0].before != question.before and hidden.gone[0].words == hidden.questions[0].before
    next_load(director, loaded, anew, *THREE[1:], same={0: 1})
    one = action(loaded, 1)
    assert one.words == "Hold supervision on time in every team" and Action.objects.count() == 3
    assert notes(one) == ["Written anew. Before it said: Hold supervision on time"]


def test_who_sees_no_child_by_name_never_opens_words_by_writing_them_anew(loaded, keeper, member):
    anew = replace(THREE[0], action="Hold supervision on time in every team")
    next_load(keeper, loaded, anew, *THREE[1:], same={0: 1})
    one = action(loaded, 1)
    assert one.cleared  # who wrote it sees no child by name
    kept = one.updates.get(kind="change")
    assert not kept.cleared and "Before it said" in kept.words


def test_a_colour_that_a_person_set_or_that_proof_decides_stands_against_the_table(loaded, director):
    by_person, closed, failed = (action(loaded, number) for number in (1, 2, 3))
    progress.set_colour(by=director, action=by_person, colour="red", why="Nobody has begun.")
    asked = Asked("document", TODAY, "The list.")
    called = proof.ask_proof(by=director, action=closed, asked=asked)
    proof.give_proof(by=director, proof=called, look=Look(TODAY, True, "There.", reference="1"))
    proof.close(by=director, action=closed)
    called = proof.ask_proof(by=director, action=failed, asked=asked)
    proof.give_proof(by=director, proof=called, look=Look(TODAY, False, "Not there."))
    rows = replace(THREE[0], rag="green"), replace(THREE[1], rag="amber"), replace(THREE[2], rag="green")
    stays = [one.stays for one in compare(director, loaded, table(*rows)).moved]
    assert stays == [
        "The table says green; red stays: a person set it here.",
        "The table says amber; green stays: it was closed on proof.",
        "The table says green; red stays: a proof did not hold.",
    ]
    kept = next_load(director, loaded, *rows).told
    assert [one["stays"] for one in kept["moved"]] == stays
    assert [(action(loaded, number).rag, action(loaded, number).set_by) for number in (1, 2, 3)] == [
        ("red", "person"),
        ("green", "rule"),
        ("red", "rule"),
    ]


def test_a_colour_that_the_table_no_longer_has_is_the_rules_again(loaded, director):
    rows = replace(THREE[0], rag=None), *THREE[1:]
    (moved,) = compare(director, loaded, table(*rows)).moved
    assert moved.changes == [("Colour", "amber", "by the rule")]
    next_load(director, loaded, *rows)
    assert action(loaded, 1).set_by == "rule"


def test_the_owners_words_since_stand_over_an_older_table(loaded, director):
    one = action(loaded, 1)
    progress.add_update(by=director, action=one, words="It stopped.", as_at=TODAY, said="off-track")
    next_load(director, loaded, replace(THREE[0], progress="It goes well."), *THREE[1:])
    now = action(loaded, 1)
    assert (now.said, now.heard_on) == ("off-track", TODAY)
    assert list(now.updates.values_list("as_at", flat=True)) == [AS_AT, NEXT, TODAY]


def test_the_person_an_owner_is_stays_known_when_another_joins(loaded, director, people):
    ActionOwner.objects.filter(action__number=1).update(person=people["action-owner"])
    both = replace(THREE[0], responsible="Eve Ford / Ada Brook", owners=(Owner("Eve Ford"), Owner("Ada Brook")))
    next_load(director, loaded, both, *THREE[1:])
    kept = action(loaded, 1).owners.filter(left_on=None).order_by("place")
    assert [(one.name, one.person_id is not None) for one in kept] == [("Eve Ford", False), ("Ada Brook", True)]


def test_whoever_loads_it_may_clear_its_words_where_they_see_children_by_name(mid_november, director, keeper):
    plan = load(director, NEW, table(*THREE), cleared=True).plan
    one = action(plan, 1)
    assert (one.cleared, one.cleared_by_key, one.updates.get().cleared) == (True, "p-dcs", True)
    assert PlanLoad.objects.get().told["cleared"]
    other = load(keeper, NEW, table(*THREE), sha256="d" * 64, cleared=True).plan
    assert action(other, 1).cleared


def test_nobody_clears_words_by_loading_them_who_may_not_clear_them(mid_november, director):
    blind = replace(director, capabilities=director.capabilities - {Capability.SEE_CHILDREN})
    with pytest.raises(Refused):
        load(blind, NEW, table(*THREE), cleared=True)
    assert not Plan.objects.exists()


def test_a_later_table_whose_words_were_read_clears_those_that_are_the_same(loaded, director):
    next_load(director, loaded, *THREE, cleared=True)
    assert all(one.cleared for one in Action.objects.all())


@pytest.mark.parametrize("again", ["same plan", "new plan"])
def test_the_same_file_of_the_same_day_is_loaded_once(loaded, director, again):
    with pytest.raises(PlainError, match="loaded already as at 5 October 2026: “After the inspection”"):
        load(director, loaded if again == "same plan" else NEW, table(*THREE))
    assert (Plan.objects.count(), PlanLoad.objects.count()) == (1, 1)


def test_a_table_of_an_earlier_day_than_the_last_or_of_a_day_to_come_or_of_nothing_is_refused(loaded, director):
    for rows, as_at, why in (
        (THREE, AS_AT - timedelta(days=1), "as at 5 October 2026 is loaded already"),
        (THREE, TODAY + timedelta(days=1), "future"),
        ((), NEXT, "No action was found"),
    ):
        with pytest.raises(PlainError, match=why):
            load(director, loaded, table(*rows), as_at, "b" * 64)
    assert not Action.objects.filter(gone_on__isnull=False).exists()


def test_another_plans_table_is_said_to_be_unlike(loaded, director):
    other = compare(director, loaded, table(row("Paint the waiting room"), row("Buy chairs")))
    assert other.unlike and len(other.gone) == 3
    assert not compare(director, loaded, table(*THREE)).unlike


def test_only_who_keeps_plans_compares_and_loads(loaded, member, owner, viewer_as):
    for viewer in (member, owner, viewer_as("head-of-service")):
        with pytest.raises(Refused):
            compare(viewer, loaded, table(*THREE))
        with pytest.raises(Refused):
            next_load(viewer, loaded, *THREE)


def test_where_the_log_cannot_be_written_nothing_is_loaded(mid_november, director, monkeypatch):
    def broken(*given, **named):
        raise OSError

    monkeypatch.setattr(chain, "_append", broken)
    with pytest.raises(LogUnavailable):
        load(director, NEW, table(*THREE))
    assert not Plan.objects.exists() and not Action.objects.exists()


def test_a_table_of_any_size_is_compared_and_first_loaded_in_as_many_queries(mid_november, director):
    def of(size):
        return table(*(row(f"Action {number} about {number * 7}", f"Owner {number % 40}") for number in range(size)))

    load(director, NEW, of(2))
    asked = []
    for size, sha256 in ((20, "1" * 64), (200, "2" * 64)):
        with CaptureQueriesContext(connection) as first:
            plan = load(director, NEW, of(size), sha256=sha256).plan
        with CaptureQueriesContext(connection) as second:
            compare(director, plan, of(size))
        asked.append((len([one for one in first if "INSERT" not in one["sql"]]), len(second)))
    assert asked[0] == asked[1]
