"""Occurrences: made ahead, settled daily, moved and cancelled with a reason, and never rewritten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.models import ChainEvent, Holding, Person
from lineofsight.web.access.permissions import Refused
from lineofsight.web.commitments import protocol
from lineofsight.web.commitments.actions import cancel, extend, mark_missed, move, plan
from lineofsight.web.commitments.models import Occurrence, OccurrenceHolder, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]


def of(slug, due_on):
    return Occurrence.objects.get(commitment=slug, due_on=due_on)


def test_two_years_of_occurrences_are_made_once_and_only_once():
    made = extend()
    assert made == Occurrence.objects.count() > 0
    assert extend() == 0
    monthly = Occurrence.objects.filter(commitment="performance-review")
    assert monthly.count() == 24
    assert monthly.first().due_on == date(2025, 11, 30)
    assert monthly.last().due_on == date(2027, 10, 31)


def test_every_dated_commitment_has_its_occurrences_and_no_other_has_any():
    extend()
    with_some = set(Occurrence.objects.values_list("commitment", flat=True))
    assert with_some == {c.slug for c in protocol.in_force().commitments if c.cadence.dated}


def test_a_joint_commitment_is_one_occurrence_with_two_holders():
    extend()
    forum = of("newly-qualified-forum", date(2026, 11, 30))
    assert [(h.office, h.person_name) for h in forum.holders.all()] == [
        ("dcs", "Person dcs"),
        ("lead-member", "Person lead-member"),
    ]
    assert forum.period_start == date(2026, 10, 1)


def test_what_has_passed_unheld_is_missed_once_and_the_chain_says_so():
    extend()
    missed = mark_missed()
    assert missed > 0
    assert of("performance-review", date(2026, 10, 31)).state == State.MISSED
    assert of("performance-review", date(2026, 11, 30)).state == State.DUE
    events = ChainEvent.objects.filter(action="commitments.missed").count()
    assert mark_missed() == 0
    assert ChainEvent.objects.filter(action="commitments.missed").count() == events == 1


def test_on_its_last_day_a_commitment_is_still_due_and_the_day_after_it_is_missed():
    extend()
    mark_missed(on=date(2026, 11, 30))
    assert of("performance-review", date(2026, 11, 30)).state == State.DUE
    mark_missed(on=date(2026, 12, 1))
    assert of("performance-review", date(2026, 11, 30)).state == State.MISSED


def test_what_is_as_agreed_or_broken_is_never_missed():
    extend()
    mark_missed(on=date(2036, 1, 1))
    undated = {c.slug for c in protocol.in_force().commitments if not c.cadence.dated}
    assert not Occurrence.objects.filter(commitment__in=undated).exists()
    assert "childrens-broken-line" in undated


def test_a_change_of_office_holder_changes_what_is_to_come_and_never_the_past():
    extend()
    mark_missed()
    past, coming = (of("case-audit", day) for day in (date(2026, 10, 31), date(2026, 12, 31)))
    Holding.objects.filter(office="dcs").update(until=date(2026, 11, 20))
    new = Person.objects.create(key="new", name="New Director", email="new@northmere.example")
    Holding.objects.create(person=new, office="dcs", from_date=date(2026, 11, 21))
    with clock.frozen_at(datetime(2026, 11, 21, 9, tzinfo=UTC)):
        extend()
    assert past.holders.get().person_name == "Person dcs"
    assert coming.holders.get().person_name == "New Director"
    assert past.holders.get().state == State.MISSED


def test_a_vacant_office_is_said_and_nothing_is_owed_for_a_past_when_nobody_held_it():
    Holding.objects.filter(office="dcs").update(from_date=date(2026, 11, 1), until=date(2026, 11, 5))
    extend()
    assert not Occurrence.objects.filter(commitment="case-audit", due_on__lt=date(2026, 11, 1)).exists()
    assert of("case-audit", date(2026, 11, 30)).holders.get().person_name == "nobody held this office"


def test_two_occurrences_of_a_commitment_on_one_day_cannot_be():
    extend()
    one = of("case-audit", date(2026, 11, 30))
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.create(
            commitment=one.commitment, period_start=one.period_start, period_end=one.period_end, due_on=one.due_on
        )


def test_moving_keeps_the_first_and_names_it(viewer_as):
    extend()
    first = of("how-is-it-for-you", date(2026, 11, 30))
    moved = move(first, date(2026, 12, 4), "The team was in court.", by=viewer_as("dcs"))
    first.refresh_from_db()
    assert (first.state, first.reason) == (State.MOVED, "The team was in court.")
    assert moved.moved_from == first
    assert moved.period_start <= date(2026, 11, 30) < moved.period_end
    assert moved.holders.get().state == State.DUE
    mark_missed(on=date(2026, 12, 5))
    moved.refresh_from_db()
    assert moved.state == State.MISSED
    assert OccurrenceHolder.objects.get(occurrence=first).state == State.MOVED


def test_moving_onto_a_day_that_is_taken_or_past_is_refused(viewer_as):
    extend()
    first = of("how-is-it-for-you", date(2026, 11, 30))
    with pytest.raises(PlainError, match="one on that day already"):
        move(first, date(2026, 12, 31), "Too busy.", by=viewer_as("dcs"))
    with pytest.raises(PlainError, match="a day ahead"):
        move(first, date(2026, 11, 11), "Too busy.", by=viewer_as("dcs"))
    first.refresh_from_db()
    assert first.state == State.DUE


@pytest.mark.parametrize("reason", ["", "   "])
def test_cancelling_without_a_reason_is_refused(viewer_as, reason):
    extend()
    with pytest.raises(PlainError, match="Say why"):
        cancel(of("case-audit", date(2026, 11, 30)), reason, by=viewer_as("dcs"))


def test_cancelled_is_not_missed_and_cannot_be_cancelled_again(viewer_as):
    extend()
    audit = of("case-audit", date(2026, 11, 30))
    cancel(audit, "The Director was on leave.", by=viewer_as("dcs-delegate"))
    mark_missed(on=date(2027, 1, 1))
    audit.refresh_from_db()
    assert audit.state == State.CANCELLED
    with pytest.raises(PlainError, match="cancelled already"):
        cancel(audit, "Again.", by=viewer_as("dcs"))


def test_somebody_elses_commitment_is_neither_moved_nor_cancelled(viewer_as):
    extend()
    audit = of("case-audit", date(2026, 11, 30))
    for office in ("lead-member", "head-of-service", "chief-executive"):
        with pytest.raises(Refused):
            cancel(audit, "No.", by=viewer_as(office))
        with pytest.raises(Refused):
            move(audit, date(2026, 12, 3), "No.", by=viewer_as(office))


def test_a_date_is_added_where_the_source_gives_no_frequency_and_can_then_be_missed(viewer_as):
    board = protocol.commitment("improvement-board")
    made = plan(board, date(2026, 11, 25), by=viewer_as("lead-member"))
    assert made.holders.count() == 2
    mark_missed(on=date(2026, 11, 26))
    made.refresh_from_db()
    assert made.state == State.MISSED


def test_a_date_is_not_added_to_a_rule_nor_in_the_past(viewer_as):
    with pytest.raises(PlainError, match="follows its own rule: every month"):
        plan(protocol.commitment("case-audit"), date(2026, 12, 1), by=viewer_as("dcs"))
    with pytest.raises(PlainError, match="added ahead"):
        plan(protocol.commitment("improvement-board"), clock.today() - timedelta(days=1), by=viewer_as("dcs"))


def test_the_reason_typed_stands_encrypted_in_the_database(viewer_as):
    from django.db import connection

    extend()
    audit = cancel(of("case-audit", date(2026, 11, 30)), "Canary Child was at court.", by=viewer_as("dcs"))
    with connection.cursor() as cursor:
        cursor.execute("select reason from commitments_occurrence where id = %s", [audit.pk])
        assert "Canary" not in cursor.fetchone()[0]
    assert Occurrence.objects.get(pk=audit.pk).reason == "Canary Child was at court."


def test_what_is_added_moved_and_cancelled_is_in_the_log_with_who_did_it(viewer_as):
    extend()
    plan(protocol.commitment("improvement-board"), date(2026, 11, 25), by=viewer_as("lead-member"))
    move(of("how-is-it-for-you", date(2026, 11, 30)), date(2026, 12, 4), "In court.", by=viewer_as("dcs"))
    cancel(of("case-audit", date(2026, 11, 30)), "On leave.", by=viewer_as("dcs-delegate"))
    events = ChainEvent.objects.order_by("sequence").values_list("action", "actor")
    assert [one for one in events if one[0].startswith("commitment")] == [
        ("commitments.extended", "system"),
        ("commitment.planned", "p-lead-member"),
        ("commitment.moved", "p-dcs"),
        ("commitment.cancelled", "p-dcs-delegate"),
    ]


def test_a_date_is_added_by_an_office_of_the_commitment_alone_and_once(viewer_as):
    board = protocol.commitment("improvement-board")
    for office in ("head-of-service", "chief-executive"):
        with pytest.raises(Refused):
            plan(board, date(2026, 11, 25), by=viewer_as(office))
    plan(board, date(2026, 11, 25), by=viewer_as("lead-member"))
    with pytest.raises(PlainError, match="one on that day already"):
        plan(board, date(2026, 11, 25), by=viewer_as("dcs"))
    assert Occurrence.objects.count() == 1
