"""The log as information governance sees it: who, what, how many children; never which."""

import re

import pytest

from lineofsight.web.access import chain
from lineofsight.web.access.models import ChainEvent, ChainHead
from lineofsight.web.access.offices import offices

CHILD = "c0ffee00c0ffee00c0ffee00c0ffee00"


def test_the_log_counts_children_and_names_none(client_as, viewer_as):
    viewer = viewer_as("dcs").for_purpose("monthly look")
    chain.record(viewer=viewer, action="children.listed", subject="measure CP10", child_keys=[CHILD] * 3)
    text = client_as("information-governance").get("/access/log/").content.decode()
    assert "Person dcs" in text and "Director of Children’s Services" in text
    assert "Children listed" in text and "measure CP10" in text and "because: monthly look" in text
    assert re.search(r'cell--numeric">3<span class="los-log__unit"> children shown', text)
    assert CHILD not in text


def test_reading_the_log_is_itself_in_the_log(client_as):
    client = client_as("information-governance")
    client.get("/access/log/")
    assert "Log read" in client.get("/access/log/").content.decode()
    assert ChainEvent.objects.filter(actor="p-information-governance", action="log.read").count() == 2


def test_the_log_is_filtered_by_person_and_by_action_in_the_address(client_as, viewer_as):
    chain.record(viewer=viewer_as("dcs"), action="looked", subject="first")
    chain.record(viewer=viewer_as("psw"), action="looked", subject="second")
    chain.record(viewer=viewer_as("psw"), action="signed", subject="third")
    client = client_as("information-governance")

    def subjects(address):
        return [row.subject for row in client.get(address).context["page"].rows]

    assert subjects("/access/log/?person=p-psw") == ["third", "second"]
    assert subjects("/access/log/?action=looked") == ["second", "first"]
    assert subjects("/access/log/?person=p-psw&action=signed") == ["third"]
    assert subjects("/access/log/?person=nobody-here") == []


def test_older_events_are_one_link_away_and_keep_the_filter(client_as, viewer_as):
    viewer = viewer_as("dcs")
    for number in range(60):
        chain.record(viewer=viewer, action="looked", subject=f"page {number}")
    client = client_as("information-governance")
    page = client.get("/access/log/?person=p-dcs")
    assert len(page.context["page"].rows) == 50
    older = re.search(r'href="(\?[^"]+)" rel="next"', page.content.decode())[1].replace("&amp;", "&")
    assert "person=p-dcs" in older
    rows = client.get(f"/access/log/{older}").context["page"].rows
    assert [row.subject for row in rows] == [f"page {number}" for number in range(9, -1, -1)]


def test_an_erased_payload_says_that_what_it_told_is_no_longer_held(client_as, viewer_as):
    event = chain.record(viewer=viewer_as("dcs"), action="looked", child_keys=[CHILD])
    ChainEvent.objects.filter(pk=event.pk).update(payload=None)
    assert "no longer held" in client_as("information-governance").get("/access/log/").content.decode()


def test_an_altered_payload_is_marked_and_does_not_break_the_page(client_as, viewer_as):
    event = chain.record(viewer=viewer_as("dcs"), action="looked", child_keys=[CHILD])
    ChainEvent.objects.filter(pk=event.pk).update(payload=b"\x01" + b"0" * 60)
    answer = client_as("information-governance").get("/access/log/")
    assert answer.status_code == 200 and "Altered" in answer.content.decode()


def test_when_the_log_cannot_be_written_nothing_is_shown(client_as, viewer_as):
    chain.record(viewer=viewer_as("dcs"), action="looked", subject="measure CP10")
    ChainHead.objects.all().delete()
    answer = client_as("information-governance").get("/access/log/")
    text = answer.content.decode()
    assert answer.status_code == 503
    assert "The log cannot be written, so nothing is shown" in text and "measure CP10" not in text


@pytest.mark.parametrize("slug", [slug for slug in offices() if slug != "information-governance"])
def test_every_other_office_is_refused_the_log(client_as, slug):
    assert client_as(slug).get("/access/log/").status_code == 403
