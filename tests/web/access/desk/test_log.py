"""The log as information governance sees it: who, what, how many children; never which."""

import csv
import io
import re

import pytest

from lineofsight.web.access import chain
from lineofsight.web.access.desk import log as desk_log
from lineofsight.web.access.models import ChainEvent, ChainHead
from lineofsight.web.access.offices import offices

# What the log says of "measure CP10".
WAITING = "Children on a plan with no allocated social worker"
CHILD = "c0ffee00c0ffee00c0ffee00c0ffee00"
OTHERS = ("0" * 32, "1" * 32)


def test_the_log_counts_children_and_names_none(client_as, viewer_as):
    viewer = viewer_as("dcs").for_purpose("monthly look")
    chain.record(viewer=viewer, action="children.listed", subject="measure CP10", child_keys=[CHILD, *OTHERS, CHILD])
    text = client_as("information-governance").get("/access/log/").content.decode()
    assert "Person dcs" in text and "Director of Children’s Services" in text
    assert (
        "Saw a list of children" in text and WAITING in text and "CP10" not in text and "because: monthly look" in text
    )
    assert re.search(r'cell--numeric">3<span class="los-log__unit"> children shown', text)
    assert CHILD not in text


def test_reading_the_log_is_itself_in_the_log(client_as):
    client = client_as("information-governance")
    client.get("/access/log/")
    assert "Read the log" in client.get("/access/log/").content.decode()
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
    assert "The log cannot be written, so nothing is shown" in text and WAITING not in text


@pytest.mark.parametrize("slug", [slug for slug in offices() if slug != "information-governance"])
def test_every_other_office_is_refused_the_log(client_as, slug):
    assert client_as(slug).get("/access/log/").status_code == 403


def test_the_log_is_taken_as_csv_with_exactly_what_is_filtered_and_no_child_in_it(client_as, viewer_as):
    viewer = viewer_as("dcs").for_purpose("=cmd()")
    for number in range(60):
        chain.record(viewer=viewer, action="looked", subject=f"page {number}", child_keys=[CHILD])
    chain.record(viewer=viewer_as("psw"), action="looked", subject="another")
    client = client_as("information-governance")
    answer = client.get("/access/log/?person=p-dcs&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="log-\d{4}-\d\d-\d\d.csv"', answer["Content-Disposition"])
    rows = list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert tuple(rows[0]) == desk_log.COLUMNS
    assert [row[5] for row in rows[1:]] == [f"page {number}" for number in range(59, -1, -1)]
    assert {row[7] for row in rows[1:]} == {"1"} and {row[6] for row in rows[1:]} == {"'=cmd()"}
    assert CHILD not in answer.content.decode()
    event = ChainEvent.objects.latest("sequence")
    assert event.action == "log.taken"
    assert chain.told(event).detail["rows"] == 60 and chain.told(event).detail["person"] == "p-dcs"


def test_a_log_too_long_for_one_file_says_so_and_takes_nothing(client_as, viewer_as, monkeypatch):
    monkeypatch.setattr(desk_log, "MOST_TAKEN", 3)
    for _ in range(4):
        chain.record(viewer=viewer_as("dcs"), action="looked")
    answer = client_as("information-governance").get("/access/log/?format=csv")
    assert answer.status_code == 409 and "Choose fewer days" in answer.content.decode()
    assert not ChainEvent.objects.filter(action="log.taken").exists()
