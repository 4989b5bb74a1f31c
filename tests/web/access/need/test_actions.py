"""Opening a child for a need: for a reason, for a time, with somebody told, and never more than the policy allows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import DatabaseError, connection

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import LogUnavailable, told
from lineofsight.web.access.models import ChainEvent, Holding, Need, Telling
from lineofsight.web.access.need import actions, queries
from lineofsight.web.access.need.purposes import purposes
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import viewer_in

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)
CHILD, OTHER = "c0ffee00c0ffee00c0ffee00c0ffee00", "beef0000beef0000beef0000beef0000"
TICK = timedelta(microseconds=1)


def last(action):
    return ChainEvent.objects.filter(action=action).latest("sequence")


def test_a_need_opens_one_child_and_says_so_in_the_chain(opened, worker, people):
    need = opened()
    assert queries.open_needs(worker) == {CHILD}
    event = last("need.opened")
    said = told(event)
    assert (event.actor, event.subject, said.children) == ("p-social-worker", "harm-now", (CHILD,))
    assert said.purpose == "A child may be at risk of harm now"
    assert said.detail["reason"] == need.reason
    assert said.detail["told"] == ["p-team-manager"]
    assert said.detail["need"] == str(need.key)


def test_nothing_of_the_child_or_the_reason_stands_in_the_chain_or_the_table_in_the_clear(opened):
    opened(reason="Because CANARY Featherstonehaugh was seen alone at the station")
    event = last("need.opened")
    assert CHILD not in f"{event.actor}{event.action}{event.subject}{event.digest}"
    with connection.cursor() as cursor:
        cursor.execute("select reason from access_need")
        stored = cursor.fetchone()[0]
        cursor.execute("select subject from access_chainevent")
        subjects = " ".join(row[0] for row in cursor.fetchall())
    assert "CANARY" not in stored + subjects and CHILD not in subjects
    assert b"CANARY" not in bytes(event.payload)


@pytest.mark.parametrize(("slug", "hours"), [("harm-now", 24), ("covering", 24), ("complaint", 72), ("review", 72)])
def test_each_purpose_opens_for_the_hours_of_its_policy_and_not_a_moment_longer(opened, worker, slug, hours):
    need = opened(purpose=slug)
    assert need.until == NOW + timedelta(hours=hours)
    with clock.frozen_at(need.until - TICK):
        assert queries.open_needs(worker) == {CHILD}
        assert queries.need_opening(worker, CHILD).until == need.until
    with clock.frozen_at(need.until):
        assert queries.open_needs(worker) == frozenset()
        assert queries.need_opening(worker, CHILD) is None


def test_the_homes_own_policy_sets_the_hours(opened, home):
    (home.path / "policy.toml").write_text(
        '[[threshold]]\nkey = "need.open"\nnumber = 2\nunit = "hours"\nkind = "local"\nsource = "Ours"\n'
        "from = 2020-01-01\n"
    )
    assert opened().until == NOW + timedelta(hours=2)


def test_every_purpose_has_words_a_hint_and_a_policy(home, db):
    for one in purposes().values():
        assert one.words and one.hint and one.lasts() >= timedelta(hours=1)
        assert len(one.slug) <= 40


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "   ",
        "urgent",
        "nineteen letters ab",
        "xxxxxxxxxxxxxxxxxxxxxxxx",
        "a\n\n\n\n\n\n b            c",
        "1 2 3 4 5 6 7 8 9 10 11 12",
    ],
)
def test_a_reason_that_is_none_opens_nothing(opened, reason):
    with pytest.raises(actions.Incomplete) as lacking:
        opened(reason=reason)
    assert lacking.value.field == "reason"
    assert not Need.objects.exists() and not Telling.objects.exists()


def test_a_reason_of_twenty_characters_in_words_is_one(opened):
    assert opened(reason="twenty letters a b c").reason == "twenty letters a b c"


def test_a_purpose_that_is_none_of_ours_opens_nothing(opened):
    with pytest.raises(PlainError, match="Choose why"):
        opened(purpose="curiosity")
    assert not Need.objects.exists()


def test_without_a_second_person_nothing_opens_and_the_attempt_is_in_the_log(opened, worker):
    with pytest.raises(actions.NobodyToTell, match="nobody could be told"):
        opened(second=())
    assert not Need.objects.exists()
    said = told(last("need.refused"))
    assert (said.children, said.detail["why"]) == ((CHILD,), "nobody to tell")


def test_the_asker_is_never_the_second_person(opened, worker):
    with pytest.raises(actions.NobodyToTell):
        opened(second=("social-worker",))
    need = opened(second=("social-worker", "team-manager"))
    assert [one.person.key for one in need.tellings.all()] == ["p-team-manager"]


@pytest.mark.parametrize(
    "office", ["dcs", "psw", "lead-member", "information-governance", "administrator", "scrutineer"]
)
def test_an_office_without_the_permission_opens_nothing(opened, viewer_as, office):
    with pytest.raises(Refused):
        opened(by=viewer_as(office))
    assert not Need.objects.exists()


def test_an_office_that_sees_no_child_by_name_opens_nothing_though_it_had_the_permission(opened, worker):
    with pytest.raises(Refused):
        opened(by=replace(worker, level="pseudonymised"))
    assert not Need.objects.exists()


def test_the_same_child_is_not_opened_twice_at_once_and_can_be_again_afterwards(opened, worker):
    first = opened()
    with pytest.raises(actions.AlreadyOpen):
        opened()
    actions.close_need(first, by=worker)
    assert opened().pk != first.pk
    assert Need.objects.count() == 2


def test_so_many_in_a_day_and_no_more_and_it_says_who_can_help(opened):
    for number in range(5):
        opened(child=f"{number:032x}")
    with pytest.raises(actions.TooMany) as many:
        opened(child=OTHER)
    assert "5 children" in str(many.value) and "Person information-governance" in str(many.value)
    assert told(last("need.refused")).detail["why"] == "too many"
    assert Need.objects.count() == 5
    with clock.frozen_at(NOW + timedelta(hours=24) - TICK), pytest.raises(actions.TooMany):
        opened(child=OTHER)
    with clock.frozen_at(NOW + timedelta(hours=24)):
        opened(child=OTHER)


def test_closing_does_not_give_back_what_was_counted(opened, worker):
    for number in range(5):
        actions.close_need(opened(child=f"{number:032x}"), by=worker)
    with pytest.raises(actions.TooMany):
        opened(child=OTHER)


def test_closed_it_opens_nothing_and_closing_again_changes_nothing(opened, worker):
    need = opened()
    with clock.frozen_at(NOW + timedelta(hours=1)):
        actions.close_need(need, by=worker)
        assert queries.open_needs(worker) == frozenset()
    with clock.frozen_at(NOW + timedelta(hours=2)):
        assert actions.close_need(need, by=worker).closed_at == NOW + timedelta(hours=1)
    assert told(last("need.closed")).children == (CHILD,)
    assert ChainEvent.objects.filter(action="need.closed").count() == 1


def test_nobody_else_closes_it(opened, viewer_as):
    need = opened()
    with pytest.raises(Refused):
        actions.close_need(need, by=viewer_as("team-manager"))
    assert Need.objects.get().closed_at is None


def test_a_need_opens_nothing_to_another_person(opened, viewer_as):
    opened()
    assert queries.open_needs(viewer_as("reviewing-officer")) == frozenset()
    assert queries.open_needs(viewer_as("dcs")) == frozenset()


def test_a_need_opens_nothing_in_another_office_of_the_same_person(opened, people):
    opened()
    other = Holding.objects.create(
        person=people["social-worker"], office="team-manager", from_date="2026-01-01", scope_ids=["T7"]
    )
    assert queries.open_needs(viewer_in(other)) == frozenset()


ANOTHER = [{"person_key": "p-dcs"}, {"office": "team-manager"}, {"holding_id": 9_999}]


@pytest.mark.parametrize("other", ANOTHER, ids=["person", "office", "holding"])
def test_what_differs_in_person_office_or_holding_opens_nothing_by_that_need(opened, worker, other):
    opened()
    assert queries.open_needs(worker) == {CHILD}
    assert queries.open_needs(replace(worker, **other)) == frozenset()


@pytest.mark.parametrize("other", ANOTHER[1:], ids=["office", "holding"])
def test_what_is_open_in_one_office_can_be_opened_in_another_as_well(opened, worker, other):
    first = opened()
    assert opened(by=replace(worker, **other)).pk != first.pk


def test_what_others_opened_today_takes_nothing_from_ones_own(opened, viewer_as):
    for number in range(5):
        opened(child=f"{number:032x}")
    assert opened(by=viewer_as("reviewing-officer"), child=f"{0:032x}").person.key == "p-reviewing-officer"


def test_who_holds_no_office_opens_nothing(opened, worker):
    with pytest.raises(Refused, match="in an office that you hold"):
        opened(by=replace(worker, holding_id=None))
    assert not Need.objects.exists()


def test_an_office_taken_away_and_given_again_does_not_bring_the_need_back(opened, people):
    opened()
    Holding.objects.filter(person=people["social-worker"]).update(until="2026-11-11")
    again = Holding.objects.create(
        person=people["social-worker"], office="social-worker", from_date="2026-11-12", scope_ids=["W1"]
    )
    assert queries.open_needs(viewer_in(again)) == frozenset()


def test_a_permission_taken_from_the_office_closes_what_was_open(opened, worker):
    opened()
    without = replace(worker, capabilities=worker.capabilities - {Capability.OPEN_OUTSIDE_SCOPE})
    assert queries.open_needs(without) == frozenset()
    assert queries.need_opening(without, CHILD) is None


def test_when_the_log_cannot_be_written_nothing_opens_and_nobody_is_told(opened, monkeypatch, settings):
    settings.EMAIL_HOST = "mail.example"

    def broken(*given):
        raise DatabaseError

    monkeypatch.setattr("lineofsight.web.access.chain._append", broken)
    with pytest.raises(LogUnavailable):
        opened(address="https://los.example/access/told/")
    assert not Need.objects.exists() and not Telling.objects.exists() and mail.outbox == []


def test_a_letter_goes_to_the_second_person_and_says_nothing_about_the_child(
    opened, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.example"
    with django_capture_on_commit_callbacks(execute=True):
        need = opened(reason="CANARY was seen alone at the station", address="https://los.example/access/told/")
    (letter,) = mail.outbox
    assert letter.to == ["team-manager@northmere.example"]
    assert "https://los.example/access/told/" in letter.body
    whole = f"{letter.subject}{letter.body}{letter.message()}"
    for never in ("CANARY", CHILD, "harm", "Person social-worker", "Social worker", str(need.key)):
        assert never not in whole


def test_without_a_mail_server_no_letter_is_tried(opened, settings, django_capture_on_commit_callbacks):
    settings.EMAIL_HOST = ""
    with django_capture_on_commit_callbacks(execute=True):
        opened(address="https://los.example/access/told/")
    assert mail.outbox == []


def test_a_mail_server_that_fails_stops_nothing_and_leaves_no_words_in_the_log(
    opened, settings, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST = "mail.example"

    def fails(*given):
        raise ConnectionRefusedError("team-manager@northmere.example")

    monkeypatch.setattr("lineofsight.web.access.need.telling.send_mail", fails)
    with django_capture_on_commit_callbacks(execute=True):
        opened(address="https://los.example/access/told/")
    assert Telling.objects.count() == 1
    assert "ConnectionRefusedError" in caplog.text and "northmere" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_open_a_child_once_and_hold_to_the_limit(opened, worker):
    """Eight at once, for four children, by one person whose limit is five a day: one each, and never a sixth."""
    for number in range(3):
        opened(child=f"{number:032x}")
    start, ended = Barrier(8), []

    def run(child):
        with clock.frozen_at(NOW):
            start.wait()
            try:
                opened(child=child)
                ended.append("opened")
            except actions.NotOpened as refused:
                ended.append(refused.why)
            finally:
                connection.close()

    threads = [Thread(target=run, args=(f"{100 + number % 4:032x}",)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(ended) == 8
    assert ended.count("opened") == 2
    assert Need.objects.count() == 5
    assert Need.objects.values("child_key").distinct().count() == 5


def test_the_person_told_answers_once_with_words_where_it_should_be_looked_into(opened, viewer_as):
    manager = viewer_as("team-manager")
    row = opened().tellings.select_related("person", "need").get()
    with pytest.raises(actions.Incomplete) as lacking:
        actions.answer_telling(row, by=manager, answer="did-not-know", words=" ")
    assert lacking.value.field == "words"
    with pytest.raises(actions.Incomplete):
        actions.answer_telling(row, by=manager, answer="maybe", words="")
    actions.answer_telling(row, by=manager, answer="did-not-know", words="Nobody asked me.")
    said = told(last("need.answered"))
    assert said.children == (CHILD,) and said.detail["words"] == "Nobody asked me."
    with pytest.raises(PlainError, match="already"):
        actions.answer_telling(row, by=manager, answer="knew", words="")
    stored = Telling.objects.get()
    assert (stored.answer, stored.words, stored.seen_at) == ("did-not-know", "Nobody asked me.", NOW)


def test_nobody_else_answers(opened, viewer_as):
    row = opened().tellings.select_related("person", "need").get()
    for office in ("social-worker", "dcs", "information-governance"):
        with pytest.raises(Refused):
            actions.answer_telling(row, by=viewer_as(office), answer="knew", words="")
    assert Telling.objects.get().answer == ""


def test_information_governance_reviews_and_asks_first_with_words(opened, viewer_as):
    governance, need = viewer_as("information-governance"), opened()
    with pytest.raises(actions.Incomplete):
        actions.review_need(need, by=governance, outcome="asked-about", words="")
    actions.review_need(need, by=governance, outcome="asked-about", words="Asked the worker’s manager.")
    actions.review_need(need, by=governance, outcome="in-order", words="Explained.")
    with pytest.raises(PlainError, match="already"):
        actions.review_need(need, by=governance, outcome="asked-about", words="Once more.")
    need.refresh_from_db()
    assert (need.review, need.review_words, need.reviewed_by_key) == ("in-order", "Explained.", governance.person_key)
    events = ChainEvent.objects.filter(action="need.reviewed").order_by("sequence")
    assert [one.subject for one in events] == ["asked-about", "in-order"]
    assert told(events[0]).detail["words"] == "Asked the worker’s manager."


def test_nobody_reviews_without_the_permission_or_their_own(opened, viewer_as, worker):
    need = opened()
    for office in ("dcs", "team-manager", "administrator", "social-worker"):
        with pytest.raises(Refused):
            actions.review_need(need, by=viewer_as(office), outcome="in-order", words="")
    own = replace(worker, capabilities=worker.capabilities | {Capability.SEE_LOG})
    with pytest.raises(Refused, match="themselves"):
        actions.review_need(need, by=own, outcome="in-order", words="")
    assert Need.objects.get().review == ""


def test_a_reason_of_the_fewest_words_is_a_reason(opened):
    assert opened(reason=" ".join(["considerable"] * actions.FEWEST_WORDS)).reason.startswith("considerable")


def test_closing_a_need_at_the_very_moment_it_ends_changes_nothing(opened, worker):
    need = opened()
    with clock.frozen_at(need.until):
        assert actions.close_need(need, by=worker).closed_at is None
