"""What is past its time is erased, by the day; what a legal hold keeps is not; the chain holds throughout."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access import chain
from lineofsight.web.access.models import (
    ChainChild,
    ChainEvent,
    Invitation,
    LegalHold,
    Need,
    Session,
    SubjectAccess,
    Telling,
)
from lineofsight.web.access.permissions import Refused
from lineofsight.web.access.retention import actions
from lineofsight.web.access.retention.classes import FILE
from lineofsight.web.site import work

TODAY = date(2026, 11, 22)
# Six years before: the last day whose events are past their time on the 22nd, and the first whose are not.
PAST, KEPT = date(2020, 11, 21), date(2020, 11, 22)
BY = "worker"


def _shown_on(viewer, day, *children, hour=12):
    with clock.frozen_at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC)):
        event = chain.record(viewer=viewer, action="child.opened", child_keys=children)
    if not ChainChild.objects.filter(sequence=event.pk).exists():
        ChainChild.objects.bulk_create(ChainChild(sequence=event.pk, child_key=key) for key in children)
    return event


def _erase(on=TODAY):
    with clock.frozen_at(datetime(on.year, on.month, on.day, 12, tzinfo=UTC)):
        return actions.erase_what_is_past(by=BY)


def _need(person, then):
    return Need.objects.create(
        person=person, office="psw", holding=1, child_key="aa11", purpose="x", reason="r", opened_at=then, until=then
    )


@pytest.fixture
def viewer(viewer_as):
    return viewer_as("dcs").for_purpose("a look")


def test_an_event_is_erased_the_day_after_its_last_day_and_no_sooner(viewer):
    old, young = _shown_on(viewer, PAST, "aa11"), _shown_on(viewer, KEPT, "bb22")
    assert _erase() == {"log": 1}
    old.refresh_from_db(), young.refresh_from_db()
    assert chain.told(old) is None
    assert chain.told(young).children == ("bb22",)
    assert list(ChainChild.objects.values_list("child_key", flat=True)) == ["bb22"]
    assert _erase(TODAY + timedelta(days=1)) == {"log": 1}


def test_a_day_begins_at_midnight_in_london(viewer):
    with clock.frozen_at(datetime(2020, 7, 31, 22, 59, tzinfo=UTC)):
        july = chain.record(viewer=viewer, action="looked")
    with clock.frozen_at(datetime(2020, 7, 31, 23, 1, tzinfo=UTC)):
        august = chain.record(viewer=viewer, action="looked")
    _erase(date(2026, 8, 1))
    july.refresh_from_db(), august.refresh_from_db()
    assert july.payload is None and august.payload is not None


def test_the_chain_verifies_after_an_erasure_and_says_how_many_were_erased(viewer, home):
    for _ in range(3):
        _shown_on(viewer, PAST, "aa11")
    with clock.frozen_at(datetime(2020, 11, 21, 13, tzinfo=UTC)):
        chain.anchor_head(home)
    _erase()
    assert chain.verify_chain(home, payloads=True).ok
    said = ChainEvent.objects.get(action=actions.ERASED)
    assert (said.actor, said.subject) == (BY, "log")
    assert chain.told(said).detail == {"count": 3} and chain.told(said).children == ()


def test_nothing_past_its_time_writes_nothing(viewer):
    _shown_on(viewer, KEPT, "aa11")
    before = ChainEvent.objects.count()
    assert _erase() == {}
    assert ChainEvent.objects.count() == before


def test_erasing_twice_does_its_work_once(viewer):
    _shown_on(viewer, PAST, "aa11")
    assert _erase() == {"log": 1}
    assert _erase() == {}


def test_more_than_one_batch_is_erased_over_several_rounds(viewer, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    for _ in range(5):
        _shown_on(viewer, PAST, "aa11")
    assert [_erase() for _ in range(4)] == [{"log": 2}, {"log": 2}, {"log": 1}, {}]


def test_a_hold_on_one_child_keeps_what_showed_that_child_until_it_is_lifted(viewer, viewer_as, home):
    from lineofsight.web.access.house import keys_in_use

    held = keys_in_use().child_key(home.authority, "LA-7")
    theirs, other = _shown_on(viewer, PAST, held, "bb22"), _shown_on(viewer, PAST, "bb22")
    by = viewer_as("information-governance")
    hold = actions.place_hold(by=by, reference="CL-1", reason="A claim is expected.", keeps="log", child=" LA-7 ")
    assert hold.child_key == held
    assert _erase() == {"log": 1}
    theirs.refresh_from_db(), other.refresh_from_db()
    assert theirs.payload is not None and other.payload is None
    actions.lift_hold(by=by, hold=hold)
    assert _erase() == {"log": 1}


@pytest.mark.parametrize("keeps", ["", "log"])
def test_a_hold_on_a_class_or_on_everything_keeps_all_of_it(viewer, viewer_as, keeps):
    _shown_on(viewer, PAST, "aa11")
    actions.place_hold(by=viewer_as("information-governance"), reference="I-1", reason="An inquiry.", keeps=keeps)
    assert _erase() == {}


def test_a_hold_on_another_class_keeps_nothing_of_this_one(viewer, viewer_as):
    _shown_on(viewer, PAST, "aa11")
    actions.place_hold(by=viewer_as("information-governance"), reference="I-1", reason="x", keeps="invitations")
    assert _erase() == {"log": 1}


def test_needs_tellings_and_exports_go_with_the_log_the_telling_before_its_need(people, home):
    then = datetime(2020, 11, 21, 9, tzinfo=UTC)
    need = _need(people["psw"], then)
    Telling.objects.create(need=need, person=people["dcs"], told_at=then + timedelta(days=2), words="seen")
    SubjectAccess.objects.create(child_key="aa11", reference="SAR-1", asked_by="x", made_at=then, made_by_key="ig")
    SubjectAccess.objects.create(
        child_key="aa11", reference="SAR-2", asked_by="x", made_at=then + timedelta(days=1), made_by_key="ig"
    )
    assert _erase() == {"log": 3}
    assert not Need.objects.exists() and not Telling.objects.exists()
    assert SubjectAccess.objects.get().reference == "SAR-2"


def test_a_hold_on_a_child_keeps_the_reasons_for_opening_that_child(people, home):
    then = datetime(2020, 11, 21, 9, tzinfo=UTC)
    need = _need(people["psw"], then)
    Telling.objects.create(need=need, person=people["dcs"], told_at=then)
    LegalHold.objects.create(
        keeps="log", child_key="aa11", reference="R", reason="r", placed_at=then, placed_by_key="ig"
    )
    assert _erase() == {}
    assert Need.objects.exists() and Telling.objects.exists()


def test_a_need_with_more_tellings_than_one_batch_waits_for_them(people, home, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    then = datetime(2020, 11, 21, 9, tzinfo=UTC)
    need = _need(people["psw"], then)
    for office in ("dcs", "qa-manager"):
        Telling.objects.create(need=need, person=people[office], told_at=then)
    assert [_erase(), _erase()] == [{"log": 1}, {"log": 2}]
    assert not Need.objects.exists()


def test_a_lapsed_invitation_forgets_whom_it_was_for_after_a_month(people, home):
    def invited(number, expires):
        return Invitation.objects.create(
            name="Ada Example", email="ada@northmere.example", office="psw", from_date=expires.date(),
            secret_digest=f"{number:064d}", made_by_key="admin", made_at=expires,
            expires_at=expires,
        )  # fmt: skip

    old, young = invited(1, datetime(2026, 10, 21, 9, tzinfo=UTC)), invited(2, datetime(2026, 10, 22, 9, tzinfo=UTC))
    assert _erase() == {"invitations": 1}
    old.refresh_from_db(), young.refresh_from_db()
    assert (old.name, old.email, old.office) == ("", "", "psw")
    assert young.email == "ada@northmere.example"


def test_a_session_is_deleted_the_day_after_it_ended_at_the_latest(people, home):
    ends = {"old": datetime(2026, 11, 21, 12, tzinfo=UTC), "today": datetime(2026, 11, 22, 1, tzinfo=UTC)}
    for key, moment in ends.items():
        Session.objects.create(session_key=key, session_data="x", expire_date=moment)
    assert _erase() == {"sessions": 1}
    assert list(Session.objects.values_list("session_key", flat=True)) == ["today"]


def test_the_authority_s_own_length_is_the_one_that_counts(viewer, home):
    _shown_on(viewer, PAST, "aa11")
    (home.path / FILE).write_text('[log]\nmonths = 84\nwhy = "Our schedule."\n')
    assert _erase() == {}
    assert _erase(date(2027, 11, 22)) == {"log": 1}


def test_when_the_chain_cannot_be_written_nothing_is_erased(viewer, monkeypatch):
    event = _shown_on(viewer, PAST, "aa11")

    def fails(**told):
        raise chain.LogUnavailable

    monkeypatch.setattr(actions, "record", fails)
    with pytest.raises(chain.LogUnavailable):
        _erase()
    event.refresh_from_db()
    assert event.payload is not None


def test_the_worker_erases_what_is_past_its_time(viewer):
    _shown_on(viewer, PAST, "aa11")
    assert work.erase_what_is_past in work.STEPS
    with clock.frozen_at(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        work.erase_what_is_past()
    assert ChainEvent.objects.get(action=actions.ERASED).actor == work.BY


@pytest.mark.parametrize("office", ["dcs", "administrator", "lead-member", "analyst"])
def test_a_hold_is_placed_and_lifted_by_information_governance_alone(viewer_as, office):
    made = actions.place_hold(by=viewer_as("information-governance"), reference="C", reason="r")
    with pytest.raises(Refused):
        actions.place_hold(by=viewer_as(office), reference="C", reason="r")
    with pytest.raises(Refused):
        actions.lift_hold(by=viewer_as(office), hold=made)
    assert LegalHold.objects.get().lifted_at is None


def test_a_hold_needs_a_reference_a_reason_and_a_known_class_and_is_lifted_once(viewer_as):
    by = viewer_as("information-governance")
    for wrong in ({"reference": " ", "reason": "r"}, {"reference": "C", "reason": " "}):
        with pytest.raises(PlainError):
            actions.place_hold(by=by, **wrong)
    with pytest.raises(PlainError):
        actions.place_hold(by=by, reference="C", reason="r", keeps="nonsense")
    hold = actions.place_hold(by=by, reference="C", reason="r")
    actions.lift_hold(by=by, hold=hold)
    with pytest.raises(PlainError):
        actions.lift_hold(by=by, hold=hold)
    assert list(ChainEvent.objects.order_by("sequence").values_list("action", flat=True)) == [
        actions.HELD,
        actions.LIFTED,
    ]


def test_the_reason_of_a_hold_stands_encrypted(viewer_as):
    from django.db import connection

    actions.place_hold(by=viewer_as("information-governance"), reference="C", reason="Because of Ada Example.")
    with connection.cursor() as cursor:
        cursor.execute("select reason from access_legalhold")
        assert "Ada" not in cursor.fetchone()[0]
