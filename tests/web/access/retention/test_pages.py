"""The page of retention: every class in words, what is past its time, and legal holds placed and lifted from it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lineofsight import clock
from lineofsight.web.access import chain
from lineofsight.web.access.models import ChainEvent, LegalHold
from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.retention import views
from lineofsight.web.access.retention.classes import classes

PAGE = "/access/retention/"


def _text(response):
    return response.content.decode()


def test_every_class_stands_on_the_page_with_its_length_and_its_reason(client_as):
    told = _text(client_as("information-governance").get(PAGE))
    for one in classes().values():
        assert one.title in told and one.why.replace("’", "’") in told
    assert "6 years, from the day it happened" in told


def test_what_is_past_its_time_and_not_yet_erased_is_counted(client_as, viewer_as):
    client = client_as("information-governance")
    with clock.frozen_at(datetime(2019, 5, 1, tzinfo=UTC)):
        chain.record(viewer=viewer_as("dcs"), action="looked")
    assert "Nothing is past its time" not in _text(client.get(PAGE))
    assert "the log of who looked and what was done (1)" in _text(client.get(PAGE))


def test_nothing_past_its_time_is_said(client_as):
    assert "Nothing is past its time today, as far as the software counts." in _text(
        client_as("information-governance").get(PAGE)
    )


def test_a_file_left_in_the_exports_is_past_its_time_after_a_month(client_as, home):
    import os

    client = client_as("information-governance")
    left = home.exports / "october.pdf"
    left.write_bytes(b"x")
    assert "Nothing is past its time today, as far as the software counts." in _text(client.get(PAGE))
    old = clock.now().timestamp() - 40 * 86_400
    os.utime(left, (old, old))
    assert "files written for somebody (1)" in _text(client.get(PAGE))


def test_the_page_takes_few_queries_however_many_models_there_are(client_as, django_assert_max_num_queries):
    client = client_as("information-governance")
    with django_assert_max_num_queries(20):
        client.get(PAGE)


@pytest.mark.parametrize("office", ["dcs", "administrator", "lead-member", "agency"])
@pytest.mark.parametrize("address", [PAGE, f"{PAGE}hold/"])
def test_other_offices_are_told_who_may(client_as, office, address):
    response = client_as(office).get(address)
    assert response.status_code == 403
    assert "Information governance" in _text(response)


def test_a_hold_is_placed_from_the_page_and_says_what_it_keeps(client_as, home):
    client = client_as("information-governance")
    sent = {"reference": "CL-9", "keeps": "log", "child": "LA-404", "reason": "A claim."}
    told = _text(client.post(f"{PAGE}hold/", sent, follow=True))
    assert "No entry of the log shows a child with that number yet" in told
    assert "CL-9" in told and "about one child" in told and "LA-404" not in told
    assert LegalHold.objects.get().placed_by_key == "p-information-governance"
    assert ChainEvent.objects.filter(action="hold.placed", subject="log").exists()


def test_a_hold_without_a_reason_is_asked_for_one(client_as):
    told = _text(client_as("information-governance").post(f"{PAGE}hold/", {"reference": "CL-9"}))
    assert "Say why it must be kept." in told and "There is a problem" in told
    assert not LegalHold.objects.exists()


def test_a_hold_is_lifted_after_being_asked_and_is_then_gone(client_as):
    client = client_as("information-governance")
    client.post(f"{PAGE}hold/", {"reference": "CL-9", "keeps": "", "child": "", "reason": "A claim."})
    address = f"{PAGE}hold/{LegalHold.objects.get().pk}/lift/"
    assert "CL-9" in _text(client.get(address))
    assert LegalHold.objects.get().lifted_at is None
    client.post(address)
    assert LegalHold.objects.get().lifted_at is not None
    assert client.get(address).status_code == 404
    assert "No legal hold is in force." in _text(client.get(PAGE))


def test_what_nobody_counts_is_never_called_none(client_as, viewer_as):
    from lineofsight.web.access.retention import queries

    rows = {row.kept.slug: row for row in queries.retention_page(viewer_as("information-governance")).rows}
    assert rows["people"].past is None and rows["people"].held > 0
    assert "not counted" in _text(client_as("information-governance").get(PAGE))


def test_one_who_may_hold_nothing_is_offered_nothing_to_hold(client_as, viewer_as, monkeypatch):
    client, reader = client_as("information-governance"), viewer_as("information-governance")
    assert "Place a legal hold" in _text(client.get(PAGE))
    without = replace(reader, capabilities=reader.capabilities - {Capability.HOLD_RECORDS})
    monkeypatch.setattr(views, "viewer_of", lambda request: without)
    assert "Place a legal hold" not in _text(client.get(PAGE))
