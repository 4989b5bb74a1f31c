"""The formal record: who may sign, what it needs, that it is frozen, and what it fulfils."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from lineofsight.errors import PlainError
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.commitments.actions import (
    Frozen,
    Incomplete,
    Subject,
    correct_record,
    extend,
    mark_missed,
    prepare_record,
    sign_now,
    sign_record,
)
from lineofsight.web.commitments.models import Occurrence, Record, State
from lineofsight.web.commitments.permissions import may_read, may_read_words, may_sign
from lineofsight.web.evidence.frozen import FrozenError
from lineofsight.web.evidence.models import Link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people", "mid_november")]

PACK = Subject("Pack of October 2026", "pack", "dcs/2026-10")
MEASURE = Subject("Children seen in time", "measure", "CP08")


def of(slug, due_on):
    return Occurrence.objects.get(commitment=slug, due_on=due_on)


def test_a_delegate_prepares_and_cannot_sign(viewer_as, told):
    delegate = viewer_as("dcs-delegate")
    draft = prepare_record(PACK, told(), by=delegate, office="dcs")
    with pytest.raises(Refused, match="Only the Director") as refused:
        sign_record(draft, by=delegate)
    assert "You may prepare it" in refused.value.reason
    assert refused.value.held_by == ("Director of Children’s Services",)
    draft.refresh_from_db()
    assert not draft.signed
    signed = sign_record(draft, by=viewer_as("dcs"))
    assert (signed.prepared_by_name, signed.person_name) == ("Person dcs-delegate", "Person dcs")


def test_the_button_and_the_action_agree_on_who_may_sign(viewer_as, told):
    draft = prepare_record(PACK, told(), by=viewer_as("dcs"))
    for office in ("dcs", "dcs-delegate", "lead-member", "chief-executive", "head-of-service", "scrutiny"):
        viewer = viewer_as(office)
        if may_sign(viewer, "dcs", "pack"):
            assert office == "dcs"
            continue
        with pytest.raises(Refused):
            sign_record(draft, by=viewer)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"difference": ""}, "difference"),
        ({"difference": "  "}, "difference"),
        ({"words": ""}, "words"),
        ({"judgement": "content"}, "judgement"),
        ({"judgement": "asked"}, "asked_of"),
        ({"judgement": "asked", "asked_of": "mayor"}, "asked_of"),
        ({"judgement": "asked", "asked_of": "head-of-service"}, "asked_by"),
        ({"judgement": "asked", "asked_of": "head-of-service", "asked_by": date(2026, 11, 11)}, "asked_by"),
        ({"difference": "", "look_again_on": date(2026, 11, 12)}, "look_again_on"),
        ({"held_on": date(2026, 11, 13)}, "held_on"),
    ],
)
def test_a_record_that_lacks_an_answer_is_not_signed_and_says_which(viewer_as, told, changes, field):
    with pytest.raises(Incomplete) as refused:
        sign_now(PACK, told(**changes), by=viewer_as("dcs"))
    assert refused.value.field == field
    assert not Record.objects.signed().exists()
    assert not Link.objects.exists()
    assert not ChainEvent.objects.filter(action="record.signed").exists()


def test_no_difference_yet_is_a_good_answer_with_a_day_to_look_again(viewer_as, told):
    signed = sign_now(PACK, told(difference="", look_again_on=date(2026, 12, 10)), by=viewer_as("dcs"))
    assert signed.signed
    assert signed.look_again_on == date(2026, 12, 10)


def test_a_draft_changed_since_it_was_read_is_neither_written_over_nor_signed(viewer_as, told):
    director, delegate = viewer_as("dcs"), viewer_as("dcs-delegate")
    read = prepare_record(MEASURE, told(), by=delegate, office="dcs")
    prepare_record(MEASURE, told(words="Because it was counted again."), by=delegate, office="dcs", draft=read)
    for late in (
        lambda: prepare_record(MEASURE, told(words="Because."), by=director, draft=read),
        lambda: sign_now(MEASURE, told(words="Because."), by=director, draft=read),
        lambda: sign_record(read, by=director),
    ):
        with pytest.raises(PlainError, match="changed this draft since you read it"):
            late()
    standing = Record.objects.get()
    assert (standing.signed, standing.words) == (False, "Because it was counted again.")
    assert sign_record(standing, by=director).signed


def test_the_chain_hears_of_a_signing_last_and_of_nothing_that_was_rolled_back(viewer_as, told):
    before = ChainEvent.objects.count()
    sign_now(MEASURE, told(), by=viewer_as("dcs"))
    events = ChainEvent.objects.order_by("sequence").values_list("action", flat=True)[before:]
    assert list(events) == ["record.prepared", "record.signed"]


def test_the_database_itself_refuses_a_second_signing_of_a_pack(viewer_as, told):
    signed = sign_now(PACK, told(), by=viewer_as("dcs"))
    draft = prepare_record(PACK, told(), by=viewer_as("dcs"))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        key = draft.pk.hex if connection.vendor == "sqlite" else str(draft.pk)
        cursor.execute(
            "UPDATE commitments_record SET signed_at = prepared_at, digest = 'x' WHERE id = %s",
            [key],
        )
    assert list(Record.objects.signed()) == [signed]


def test_signing_twice_is_refused(viewer_as, told):
    director = viewer_as("dcs")
    signed = sign_now(PACK, told(), by=director)
    with pytest.raises(PlainError, match="signed already"):
        sign_record(signed, by=director)
    with pytest.raises(PlainError, match="signed already"):
        sign_now(PACK, told(), by=director)


def test_a_signed_record_never_changes_by_any_door(viewer_as, told):
    signed = sign_now(PACK, told(), by=viewer_as("dcs"))
    signed.words = "Something else."
    with pytest.raises(FrozenError):
        signed.save()
    with pytest.raises(FrozenError):
        Record.objects.filter(pk=signed.pk).update(judgement="decided")
    with pytest.raises(FrozenError), transaction.atomic():
        Record.objects.bulk_update([signed], ["held_on"])
    with pytest.raises(FrozenError):
        signed.delete()
    with pytest.raises(FrozenError):
        Record.objects.all().delete()
    with pytest.raises(PlainError, match="cannot be changed"):
        prepare_record(PACK, told(words="Else."), by=viewer_as("dcs"), draft=signed)
    assert Record.objects.get(pk=signed.pk).words.startswith("Because every late visit")


def test_a_change_made_underneath_the_program_is_found(viewer_as, told):
    signed = sign_now(PACK, told(), by=viewer_as("dcs"))
    assert Record.objects.get(pk=signed.pk).is_as_signed()
    with connection.cursor() as cursor:
        cursor.execute("update commitments_record set judgement = 'decided'")
    assert not Record.objects.get(pk=signed.pk).is_as_signed()


def test_the_chain_holds_the_digest_of_what_was_signed(viewer_as, told):
    from lineofsight.web.access.chain import told as payload_of

    signed = sign_now(PACK, told(), by=viewer_as("dcs"))
    event = ChainEvent.objects.get(action="record.signed")
    assert event.subject == f"record {signed.pk}"
    assert payload_of(event).detail["digest"] == signed.digest


def test_a_correction_is_a_new_version_and_the_first_stands(viewer_as, told):
    director = viewer_as("dcs")
    first = sign_now(PACK, told(), by=director, rests_on=[Frozen("pack", "p1", "d1")])
    second = correct_record(first, told(judgement="decided", words="Visits are weekly from today."), by=director)
    assert (second.version, second.replaces_id) == (2, first.pk)
    assert second.rests_on == first.rests_on
    assert Record.objects.get(pk=first.pk).is_as_signed()
    assert list(Record.objects.current()) == [second]
    with pytest.raises(PlainError, match="corrected already"):
        correct_record(first, told(), by=director)
    with pytest.raises(Refused):
        correct_record(second, told(), by=viewer_as("dcs-delegate"))


def test_signing_the_months_pack_fulfils_the_commitment_of_that_office(viewer_as, told):
    extend()
    sign_now(PACK, told(), by=viewer_as("dcs"))
    assert of("performance-review", date(2026, 11, 30)).state == State.HELD
    assert of("performance-discussion", date(2026, 11, 30)).state == State.DUE
    sign_now(Subject("Pack", "pack", "lead-member/2026-10"), told(), by=viewer_as("lead-member"))
    assert of("performance-discussion", date(2026, 11, 30)).state == State.HELD


def test_a_record_held_in_time_and_written_late_undoes_missed_and_one_held_late_does_not(viewer_as, told):
    extend()
    mark_missed()
    director = viewer_as("dcs")
    audit = Subject("Audit of one case", "commitment", "case-audit")
    sign_now(audit, told(held_on=date(2026, 10, 30)), by=director)
    assert of("case-audit", date(2026, 10, 31)).state == State.HELD
    late = of("case-audit", date(2026, 9, 30))
    sign_now(audit, told(held_on=date(2026, 11, 2)), by=director, occurrence=late)
    late.refresh_from_db()
    assert late.state == State.MISSED
    assert late.records.count() == 1


def test_one_record_of_a_meeting_held_together_fulfils_it_for_both(viewer_as, told):
    extend()
    forum = Subject("Forum", "commitment", "newly-qualified-forum")
    sign_now(forum, told(present=("lead-member",)), by=viewer_as("dcs"))
    held = of("newly-qualified-forum", date(2026, 11, 30))
    assert held.state == State.HELD
    assert set(held.holders.values_list("state", flat=True)) == {State.HELD}


def test_a_meeting_that_is_held_together_is_not_held_by_one_alone(viewer_as, told):
    extend()
    forum = Subject("Forum", "commitment", "newly-qualified-forum")
    with pytest.raises(Incomplete, match="together with the Lead Member"):
        sign_now(forum, told(), by=viewer_as("dcs"))
    assert of("newly-qualified-forum", date(2026, 11, 30)).state == State.DUE


def test_where_each_attends_the_one_who_was_there_has_and_the_other_has_not(viewer_as, told):
    extend()
    panel = Subject("Fostering panel", "commitment", "fostering-panel")
    sign_now(panel, told(), by=viewer_as("lead-member"))
    occurrence = of("fostering-panel", date(2027, 3, 31))
    states = dict(occurrence.holders.values_list("office", "state"))
    assert states == {"lead-member": State.HELD, "dcs": State.DUE}
    assert occurrence.state == State.DUE
    mark_missed(on=date(2027, 4, 1))
    occurrence.refresh_from_db()
    assert occurrence.state == State.HELD
    assert dict(occurrence.holders.values_list("office", "state"))["dcs"] == State.MISSED


def test_the_quarterly_meeting_with_the_principal_social_worker_is_also_the_months(viewer_as, told):
    extend()
    meeting = Subject("Principal Social Worker", "commitment", "principal-social-worker-quarterly")
    sign_now(meeting, told(present=("dcs",)), by=viewer_as("lead-member"))
    assert of("principal-social-worker-quarterly", date(2026, 12, 31)).state == State.HELD
    assert of("principal-social-worker-monthly", date(2026, 11, 30)).state == State.HELD


def test_two_visits_a_year_need_two_records(viewer_as, told):
    extend()
    visits = Subject("Visits to teams", "commitment", "team-visits")
    sign_now(visits, told(), by=viewer_as("lead-member"))
    assert of("team-visits", date(2027, 3, 31)).state == State.DUE
    second = sign_now(visits, told(held_on=date(2026, 11, 11)), by=viewer_as("lead-member"))
    assert of("team-visits", date(2027, 3, 31)).state == State.HELD
    assert second.occurrence == of("team-visits", date(2027, 3, 31))


def test_a_correction_is_not_a_second_visit(viewer_as, told):
    extend()
    member = viewer_as("lead-member")
    first = sign_now(Subject("Visits to teams", "commitment", "team-visits"), told(), by=member)
    correct_record(first, told(words="Because I saw both teams."), by=member)
    assert of("team-visits", date(2027, 3, 31)).state == State.DUE


def test_what_the_record_rests_on_hangs_below_it(viewer_as, told):
    extend()
    signed = sign_now(PACK, told(), by=viewer_as("dcs"), rests_on=[Frozen("pack", "abc", "d")])
    below = set(Link.objects.filter(from_kind="record").values_list("to_kind", "to_key", "relation"))
    assert ("pack", "abc", "rests on") in below
    assert ("commitment", "performance-review", "fulfils") in below
    assert signed.statement()["rests_on"] == [{"kind": "pack", "key": "abc", "digest": "d"}]


def test_words_typed_by_those_who_see_names_are_not_shown_to_those_who_may_not(viewer_as, told):
    directors = sign_now(MEASURE, told(words="Canary Child was not seen."), by=viewer_as("dcs"))
    members = sign_now(MEASURE, told(), by=viewer_as("lead-member"))
    for office in ("lead-member", "chief-executive", "leader"):
        viewer = viewer_as(office)
        assert may_read(viewer, directors)
        assert not may_read_words(viewer, directors)
        assert may_read_words(viewer, members)
    assert may_read_words(viewer_as("psw"), directors)
    assert not may_read_words(viewer_as("head-of-service"), directors)
    assert not may_read(viewer_as("agency"), members)


def test_who_was_asked_reads_the_question_and_a_narrower_office_that_was_not_does_not(viewer_as, told):
    question = told(judgement="asked", asked_of="head-of-service", asked_by=date(2026, 11, 20))
    asked = sign_now(MEASURE, question, by=viewer_as("dcs"))
    assert may_read_words(viewer_as("head-of-service"), asked)
    assert not may_read_words(viewer_as("team-manager"), asked)


def test_words_that_may_name_a_child_are_not_sent_to_an_office_that_sees_none(viewer_as, told):
    question = told(judgement="asked", asked_of="lead-member", asked_by=date(2026, 11, 20))
    with pytest.raises(Incomplete, match="sees no child by name"):
        sign_now(MEASURE, question, by=viewer_as("dcs"))


def test_a_draft_is_read_by_its_own_office_only(viewer_as, told):
    draft = prepare_record(PACK, told(), by=viewer_as("dcs-delegate"), office="dcs")
    assert may_read(viewer_as("dcs"), draft)
    assert may_read(viewer_as("dcs-delegate"), draft)
    assert not may_read(viewer_as("lead-member"), draft)
    assert not may_read(viewer_as("head-of-service"), draft)


def test_every_text_typed_into_a_record_stands_encrypted(viewer_as, told):
    given = told(words="Canary one", difference="Canary two", with_whom="Canary three")
    sign_now(MEASURE, given, by=viewer_as("dcs"))
    with connection.cursor() as cursor:
        cursor.execute("select words, difference, with_whom from commitments_record")
        stored = " ".join(cursor.fetchone())
    assert "Canary" not in stored
    assert Record.objects.get().words == "Canary one"


def test_a_signed_record_names_the_person_who_signed(viewer_as, told):
    for office in ("lead-member", "dcs"):
        assert sign_now(MEASURE, told(), by=viewer_as(office)).person.key == f"p-{office}"


@pytest.mark.parametrize(
    ("subject", "lacking"), [(PACK, Capability.SIGN_PACK), (MEASURE, Capability.SIGN_RECORD)], ids=["pack", "record"]
)
def test_a_holder_without_the_permission_writes_and_signs_nothing_in_one_step(viewer_as, told, subject, lacking):
    director = viewer_as("dcs")
    barred = replace(director, capabilities=director.capabilities - {lacking})
    with pytest.raises(Refused):
        sign_now(subject, told(), by=barred)
    assert not Record.objects.exists()


def test_a_holder_who_may_not_sign_records_prepares_none_for_themselves(viewer_as, told):
    director = viewer_as("dcs")
    barred = replace(director, capabilities=director.capabilities - {Capability.SIGN_RECORD})
    with pytest.raises(Refused):
        prepare_record(MEASURE, told(), by=barred)
    assert not Record.objects.exists()
