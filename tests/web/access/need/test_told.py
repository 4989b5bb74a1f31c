"""What the person told sees: on their first page, on their own list, and nobody else does."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import DatabaseError
from django.http import Http404

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access import chain
from lineofsight.web.access.identity import actions as identity
from lineofsight.web.access.models import ChainEvent, Holding, Need, Telling
from lineofsight.web.access.need import actions, queries
from lineofsight.web.access.viewer import CHOSEN

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)
CHILD = "c0ffee00c0ffee00c0ffee00c0ffee00"


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def manager(client_as):
    return client_as("team-manager")


def test_it_stands_on_the_first_page_until_it_is_answered(opened, manager, client_as):
    assert "Somebody opened" not in text(manager.get("/"))
    row = opened().tellings.get()
    page = manager.get("/")
    assert "Somebody opened a child’s page that you answer for" in text(page)
    assert b'href="/access/told/"' in page.content
    assert "Somebody opened" not in text(client_as("head-of-service").get("/"))
    manager.post(f"/access/told/{row.pk}/", {f"{row.pk}-answer": "knew"})
    assert "Somebody opened" not in text(manager.get("/"))


def test_the_list_says_who_why_and_until_when_with_the_page_of_the_child_and_no_name(opened, manager):
    opened()
    page = manager.get("/access/told/")
    said = text(page)
    assert "Person social-worker opened a child’s page on 12 November 2026 at 10:00am" in said
    assert "A child may be at risk of harm now" in said and "The duty manager asked me" in said
    assert "Open until 13 November 2026 at 10:00am" in said
    assert f"/children/{refs.ref(keys_in_use(), 'identified', CHILD)}/" in page.content.decode()
    assert CHILD not in page.content.decode()


def test_an_office_that_sees_no_child_by_name_reads_nothing_of_it(opened, viewer_as):
    row = opened().tellings.get()
    manager = viewer_as("team-manager")
    nameless = replace(manager, level="pseudonymised")
    assert len(queries.told_page(manager)) == 1 and queries.telling_of(manager, row.pk) == row
    assert queries.told_page(nameless) == []
    with pytest.raises(Http404):
        queries.telling_of(nameless, row.pk)


def test_reading_it_is_in_the_log_with_the_child_and_kept_as_the_first_reading(opened, manager):
    opened()
    with clock.frozen_at(NOW + timedelta(minutes=5)):
        manager.get("/access/told/")
    with clock.frozen_at(NOW + timedelta(minutes=9)):
        manager.get("/access/told/")
    assert Telling.objects.get().seen_at == NOW + timedelta(minutes=5)
    event = ChainEvent.objects.filter(action="need.told").latest("sequence")
    assert event.actor == "p-team-manager" and chain.told(event).children == (CHILD,)


def test_where_the_log_cannot_be_written_nothing_is_shown(opened, manager, monkeypatch):
    opened()

    def broken(*given):
        raise DatabaseError

    monkeypatch.setattr("lineofsight.web.access.chain._append", broken)
    response = manager.get("/access/told/")
    assert response.status_code == 503 and b"duty manager" not in response.content
    assert Telling.objects.get().seen_at is None


def test_an_answer_that_lacks_its_words_is_asked_for_again_and_nothing_is_kept(opened, manager):
    row = opened().tellings.get()
    page = manager.post(f"/access/told/{row.pk}/", {f"{row.pk}-answer": "did-not-know", f"{row.pk}-words": ""})
    assert page.status_code == 200 and "Say what should be looked into." in text(page)
    assert Telling.objects.get().answer == ""
    done = manager.post(
        f"/access/told/{row.pk}/", {f"{row.pk}-answer": "did-not-know", f"{row.pk}-words": "Not me."}, follow=True
    )
    assert "You did not know: look into it." in text(done) and "Not me." in text(done)
    again = manager.post(f"/access/told/{row.pk}/", {f"{row.pk}-answer": "knew"})
    assert "answered this already" in text(again)
    assert Telling.objects.get().answer == "did-not-know"


def test_it_says_when_it_was_closed(opened, worker, manager):
    need = opened()
    with clock.frozen_at(NOW + timedelta(minutes=10)):
        actions.close_need(need, by=worker)
        assert "Closed 12 November 2026 at 10:10am" in text(manager.get("/access/told/"))


@pytest.mark.parametrize("office", ["social-worker", "head-of-service", "dcs", "information-governance", "lead-member"])
def test_nobody_else_reads_or_answers_it(opened, client_as, office):
    row = opened().tellings.get()
    client = client_as(office)
    assert "duty manager" not in text(client.get("/access/told/"))
    assert client.post(f"/access/told/{row.pk}/", {f"{row.pk}-answer": "knew"}).status_code == 404
    assert Telling.objects.get().answer == ""


def test_in_an_office_that_sees_no_child_by_name_it_is_counted_and_not_told(opened, people, client_as):
    row = opened().tellings.get()
    other = Holding.objects.create(person=people["team-manager"], office="lead-member", from_date="2026-01-01")
    client = client_as("team-manager")
    session = client.session
    session[CHOSEN] = other.pk
    session[identity.SEEN] = clock.now().isoformat()
    session.save()
    page = client.get("/access/told/")
    assert "duty manager" not in text(page) and "/children/" not in page.content.decode()
    assert "another office" in text(page)
    assert client.post(f"/access/told/{row.pk}/", {f"{row.pk}-answer": "knew"}).status_code == 404


def test_an_empty_list_says_what_it_is_for(manager):
    assert "Nobody has opened a child you answer for" in text(manager.get("/access/told/"))


def test_finished_closes_it_and_only_for_who_opened_it(opened, client_as):
    need = opened()
    address = f"/access/needs/{need.key}/close/"
    for office in ("team-manager", "information-governance", "dcs"):
        assert client_as(office).post(address).status_code == 404
    assert Need.objects.get().closed_at is None
    own = client_as("social-worker")
    assert own.get(address).status_code == 405
    assert own.post(address).status_code == 302
    assert Need.objects.get().closed_at == NOW


def test_only_the_person_told_is_kept_as_having_read_it(opened, viewer_as):
    row = opened().tellings.select_related("person").get()
    actions.note_told([row], by=viewer_as("head-of-service"))
    assert Telling.objects.get().seen_at is None


def test_what_was_typed_stands_in_the_form_again_and_the_others_are_empty(opened, manager):
    first, second = (opened(child=child).tellings.get() for child in (CHILD, CHILD[::-1]))
    page = manager.post(f"/access/told/{first.pk}/", {f"{first.pk}-answer": "did-not-know", f"{first.pk}-words": ""})
    forms = {one.telling.pk: form for one, form in page.context["rows"]}
    assert forms[first.pk].errors == {"words": ["Say what should be looked into."]}
    assert forms[second.pk] is not None and not forms[second.pk].is_bound
