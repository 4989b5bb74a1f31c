"""Plans and their tables: as at any day, with their trail, and what turned since."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from tests.web.improvement.conftest import PUBLISHED, TODAY
from tests.web.improvement.plan_tables import row, table

from lineofsight.errors import PlainError
from lineofsight.plans.table import Owner
from lineofsight.web.access.permissions import Refused
from lineofsight.web.improvement.actions import plans as writers
from lineofsight.web.improvement.actions import progress, proof
from lineofsight.web.improvement.actions.loading import NewPlan, load_table
from lineofsight.web.improvement.actions.proof import Asked, Look
from lineofsight.web.improvement.models import Action, Plan
from lineofsight.web.improvement.permissions import NOT_CLEARED
from lineofsight.web.improvement.queries.plans import get_plan, one_plan, plans, turned_since
from lineofsight.web.improvement.queries.tables import table_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mid_november")]
NEW = NewPlan("After the inspection", "inspection", PUBLISHED, "The inspectorate")
AS_AT, NEXT = date(2026, 10, 5), date(2026, 11, 2)
ROWS = (
    row("Hold supervision on time", "Ada Brook / Ben Ash, Head of Nursing", rag="amber"),
    row("Send the notes within a week", "Cal Dane", rag="green", deadline="ASAP"),
)


def load(by, plan, *rows, as_at=AS_AT, **changes):
    named = {"file_name": "plan.docx", "sha256": f"{as_at}", **changes}
    return load_table(by=by, plan=plan, table=table(*rows), as_at=as_at, **named).plan


def test_plans_are_listed_open_ones_first_with_their_actions_counted(director, member, make_action, plan):
    make_action(said="on-track", heard_on=TODAY)
    over = Plan.objects.create(
        title="Over",
        level="pseudonymised",
        kind="single-issue",
        published_on=TODAY,
        published_by="B",
        begun_at=plan.begun_at,
        begun_by_key="p",
        closed_on=TODAY,
    )
    writers.add_step(by=director, plan=plan, what="agreed", body="The board", on=PUBLISHED)
    writers.add_step(by=director, plan=plan, what="reported", body="Scrutiny", on=TODAY)
    first, second = plans(member)
    assert (first.plan, first.title, first.counts) == (plan, "What the inspection asked of us", {"green": 1})
    assert first.newest.body == "a body that is not named here" and plans(director)[0].newest.body == "Scrutiny"
    assert first.sentence == "1 action: 1 green, none amber, none red. None is past its deadline and not green."
    assert (second.plan, second.sentence, second.newest) == (over, "There are no actions here.", None)


def test_a_plan_shows_its_trail_what_was_loaded_and_what_is_gone(director, member, keeper):
    plan = load(director, NEW, *ROWS)
    load(director, plan, ROWS[0], as_at=NEXT)
    writers.add_step(by=director, plan=plan, what="agreed", body="The board", on=AS_AT, asked="What of Anna Ash?")
    writers.add_step(by=keeper, plan=plan, what="reported", body="Scrutiny", on=NEXT)
    page = one_plan(member, plan.pk)
    assert [(one.what, one.body, one.asked, one.hidden) for one in page.steps] == [
        ("Agreed by", "a body that is not named here", NOT_CLEARED, True),
        ("Reported to", "Scrutiny", "", False),
    ]
    assert [(one.body, one.asked) for one in one_plan(director, plan.pk).steps] == [
        ("The board", "What of Anna Ash?"),
        ("Scrutiny", ""),
    ]
    assert [(number, on) for _, number, _, on in page.gone] == [(2, NEXT)]
    newest, first = page.loads
    assert newest.sentence == "1 row: none moved, none new, 1 gone; nothing to ask."
    assert first.sentence == "2 rows: none moved, 2 new, none gone; 1 thing to ask or look at."
    assert first.hidden and first.not_understood[0]["value"] == "" and first.not_understood[0]["row"] == 3
    assert one_plan(director, plan.pk).loads[1].not_understood[0]["value"] == "ASAP"
    assert [one.number for one in page.lines] == [1] and page.sentence.startswith("1 action:")
    assert len(one_plan(member, plan.pk, AS_AT).lines) == 2
    assert (page.keeps, page.judges) == (False, False)


def test_what_is_not_there_or_may_not_be_seen_or_is_to_come(member, owner, plan):
    for key in ("x", uuid4()):
        with pytest.raises(Http404):
            get_plan(member, key)
    with pytest.raises(Refused):
        one_plan(owner, plan.pk)
    for read in (one_plan, lambda by, key, on: table_of(by, plan, on)):
        with pytest.raises(PlainError, match="not known"):
            read(member, plan.pk, TODAY + timedelta(days=1))
    for read in (lambda: table_of(owner, plan), lambda: turned_since(owner, plan, PUBLISHED)):
        with pytest.raises(Refused):
            read()


def test_it_may_be_closed_when_nothing_is_open(director, keeper, make_action, plan):
    make_action()
    assert not one_plan(director, plan.pk).may_close
    Action.objects.update(closed_on=TODAY)
    assert one_plan(director, plan.pk).may_close and not one_plan(keeper, plan.pk).may_close


def test_the_next_report_shows_what_turned_since_the_last_the_worse_first(director, member, on_day, plan, make_action):
    with on_day(date(2026, 9, 1)):
        proved, better, same = (make_action(said="on-track", heard_on=date(2026, 9, 1)) for _ in range(3))
        for one in (better, same):
            progress.set_colour(by=director, action=one, colour="red", why="It has not begun.")
        called = proof.ask_proof(by=director, action=proved, asked=Asked("document", TODAY, "The policy."))
        proof.give_proof(by=director, proof=called, look=Look(date(2026, 9, 1), True, "There.", reference="1"))
        proof.close(by=director, action=proved)
    with on_day(date(2026, 10, 9)):
        assert turned_since(member, plan, date(2026, 9, 1)) == []
    progress.add_update(by=director, action=better, words="Begun.", as_at=TODAY, said="on-track")
    progress.back_to_rule(by=director, action=better)
    proof.give_proof(by=director, proof=called, look=Look(TODAY, False, "It is gone."))
    found = turned_since(member, plan, date(2026, 10, 9))
    assert [(one.line.pk, one.before, one.line.colour, one.worse) for one in found] == [
        (proved.pk, "green", "red", True),
        (better.pk, "red", "green", False),
    ]
    assert found[0].line.words is None  # nobody cleared them
    assert turned_since(director, plan, date(2026, 10, 9))[0].line.words


def test_the_table_that_comes_out_is_the_table_that_went_in(director):
    plan = load(director, NEW, *ROWS)
    out = table_of(director, plan)
    fields = ("action", "responsible", "owners", "deadline", "progress", "rag")
    assert [[getattr(one, name) for name in fields] for one in out.rows] == [
        [getattr(one, name) for name in fields] for one in ROWS
    ]
    assert out.rows[0].owners == (Owner("Ada Brook"), Owner("Ben Ash", "Head of Nursing"))
    assert out.headings[3] == "Progress update as at 12 November 2026" and out.progress_as_at == TODAY
    assert not out.not_understood and [one.place.row for one in out.rows] == [2, 3]


def test_as_at_a_day_the_table_has_the_progress_and_the_colour_of_that_day(director, member):
    plan = load(director, NEW, *ROWS, cleared=True)
    load(
        director,
        plan,
        row("Hold supervision on time", ROWS[0].responsible, rag="red", progress="It stopped."),
        as_at=NEXT,
    )
    then, now = table_of(director, plan, AS_AT), table_of(director, plan)
    assert [(one.rag, one.progress) for one in then.rows] == [
        ("amber", "Begun: hold supervision on time."),
        ("green", "Begun: send the notes within a week."),
    ]
    assert [(one.rag, one.progress) for one in now.rows] == [("red", "It stopped.")]
    assert [(one.action, one.progress) for one in table_of(member, plan).rows] == [
        ("Hold supervision on time", NOT_CLEARED)
    ]
    assert table_of(member, plan, AS_AT).rows[0].progress.startswith("Begun")
    assert table_of(director, plan, PUBLISHED).rows == ()


def test_a_table_of_many_is_read_in_as_many_queries(director):
    asked = []
    for number, size in enumerate((5, 60)):
        rows = [row(f"Action {one}", f"Owner {one}") for one in range(size)]
        plan = load(director, NEW, *rows, sha256=str(number))
        with CaptureQueriesContext(connection) as queries:
            table_of(director, plan)
            one_plan(director, plan.pk)
            turned_since(director, plan, PUBLISHED)
        asked.append(len(queries))
    assert asked[0] == asked[1] < 30
