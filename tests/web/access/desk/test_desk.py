"""The desk's pages: who looked at one child, by person, by reason; what is worth a look; and that no child is named."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.web.access.desk.conftest import NOW

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web.access import chain
from lineofsight.web.access.desk import looks
from lineofsight.web.access.house import keys_in_use
from lineofsight.web.access.models import ChainEvent, ChainHead, Looked, Need
from lineofsight.web.access.offices import offices

CHILD, OTHER = "c0ffee00c0ffee00c0ffee00c0ffee00", "0123456789abcdef0123456789abcdef"
FRONT, FIND, PEOPLE, REASONS = "/access/desk/", "/access/desk/child/", "/access/desk/people/", "/access/desk/reasons/"
PAGES = (FRONT, FIND, PEOPLE, REASONS, "/access/desk/looked-into/", "/access/desk/look/bulk/", "/access/log/")


@pytest.fixture(autouse=True)
def now():
    with clock.frozen_at(NOW):
        yield


@pytest.fixture
def ig(client_as):
    return client_as("information-governance")


def told():
    return [(event.action, chain.told(event)) for event in ChainEvent.objects.order_by("sequence")]


def page(client, address, **asked):
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1]))


# --- one child --------------------------------------------------------------------------------------------


def test_a_child_is_asked_for_by_the_case_systems_id_and_the_address_carries_neither_id_nor_key(ig, look):
    key = keys_in_use().child_key("306", "4711")
    look("dcs", NOW - timedelta(hours=1), [key])
    answer = ig.post(FIND, {"child": " 4711 "})
    assert answer.status_code == 302
    assert "4711" not in answer.url and key not in answer.url
    found = page(ig, answer.url)
    assert "One person has been shown this child, 1 time in all." in found
    assert "Person dcs" in found and "Opened a child’s page" in found
    assert key not in found and "4711" not in found


def test_a_child_is_asked_for_by_a_code_that_some_office_was_shown_this_month_or_before(ig, look):
    look("dcs", NOW - timedelta(hours=1), [CHILD])
    for audience in ("lead-member:2026-11", "lead-member:2026-09", "scrutineer:2025-12", "identified"):
        code = refs.ref(keys_in_use(), audience, CHILD)
        assert looks.child_key(looks.ref_of(code)) == CHILD


def test_the_search_is_in_the_log_by_the_child_alone_and_is_told_on_the_page_next_time(ig, look):
    key = keys_in_use().child_key("306", "4711")
    address = ig.post(FIND, {"child": "4711"}).url
    before = ChainEvent.objects.count()
    assert "Nobody has been shown a child with this id or code." in page(ig, address)
    assert [(action, event.children) for action, event in told()[before:]] == [("log.child", (key,))]
    assert "4711" not in str([event.detail for _, event in told()])
    assert "searched for this child once before" in page(ig, address)


def test_who_when_why_and_how_often_are_told_and_a_brothers_page_is_said_to_be_one(ig, look):
    look("dcs", NOW - timedelta(days=3), [CHILD, OTHER])
    look("dcs", NOW - timedelta(days=1), [CHILD])
    look("team-manager", NOW - timedelta(hours=3), [OTHER, CHILD])
    look("psw", NOW - timedelta(hours=2), [CHILD], purpose="a complaint")
    look("head-of-service", NOW - timedelta(hours=1), [CHILD], action="child.refused")
    found = page(ig, f"{FIND}{refs.ref(keys_in_use(), looks.AUDIENCE, CHILD)}/")
    assert "Three people have been shown this child, 4 times in all." in found
    assert "because: a complaint" in found
    assert "Opened the page of a brother or sister" in found
    assert "One try to open this child was refused." in found
    assert re.search(r"Person dcs 2 2 2 9 November 2026 at 12:00pm 11 November 2026 at 12:00pm", found)
    assert re.search(r"Person team-manager 0 1 1", found)
    assert CHILD not in found


def test_a_need_the_child_was_opened_for_is_told(ig, people):
    Need.objects.create(
        person=people["head-of-service"], office="head-of-service", holding=1, child_key=CHILD, purpose="complaint",
        reason="A secret reason", opened_at=NOW, until=NOW + timedelta(hours=4),
    )  # fmt: skip
    with clock.frozen_at(NOW):
        chain.record(actor="p-head-of-service", action="need.opened", child_keys=[CHILD])
    found = page(ig, f"{FIND}{refs.ref(keys_in_use(), looks.AUDIENCE, CHILD)}/")
    assert "Person head-of-service , Head of service" in found and "A secret reason" not in found


@pytest.mark.parametrize("audience", ["identified", "lead-member:2026-11"])
def test_a_ref_of_any_other_page_is_no_page_here(ig, audience):
    ref = refs.ref(keys_in_use(), audience, CHILD)
    assert ig.get(f"{FIND}{ref}/").status_code == 404
    assert ig.get("/access/log/", {"child": ref}).status_code == 404
    assert not ChainEvent.objects.filter(action__in=("log.child", "log.read")).exists()


def test_the_log_of_one_child_is_filtered_by_the_desks_ref(ig, look):
    look("dcs", NOW - timedelta(hours=2), [CHILD], action="children.listed")
    look("dcs", NOW - timedelta(hours=1), [OTHER], action="children.listed")
    ref = refs.ref(keys_in_use(), looks.AUDIENCE, CHILD)
    found = ig.get("/access/log/", {"child": ref})
    assert [(row.sequence, row.action) for row in found.context["page"].rows] == [
        (3, "Read the log"),
        (1, "Saw a list of children"),
    ]
    assert CHILD not in found.content.decode()


# --- by person, by reason, by days ------------------------------------------------------------------------


def test_by_person_counts_pages_children_days_files_and_reasons(ig, look):
    look("dcs", NOW - timedelta(days=2), [CHILD, OTHER])
    look("dcs", NOW - timedelta(days=1), [CHILD], action="children.listed", format="csv")
    look("psw", NOW - timedelta(days=1), [CHILD], purpose="a complaint")
    look("psw", NOW - timedelta(days=45), [CHILD])
    found = page(ig, PEOPLE)
    assert "Two people were shown children or took a file since 14 October 2026." in found
    assert re.search(r"Person dcs 2 3 2 1 0 11 November 2026", found)
    assert re.search(r"Person psw 1 1 1 0 1 11 November 2026", found)


def test_days_are_londons_and_the_last_day_is_whole(ig, look):
    look("dcs", NOW.replace(month=7, day=1, hour=22, minute=59), [CHILD])
    look("psw", NOW.replace(month=7, day=1, hour=23, minute=1), [CHILD])
    assert "Person psw" not in page(ig, PEOPLE, begins="1/7/2026", ends="1 July 2026")
    assert "Person dcs" not in page(ig, PEOPLE, begins="2026-07-02", ends="2/7/26")
    assert "Nobody was shown a child" in page(ig, PEOPLE, begins="3 July 2026", ends="4 July 2026")
    assert "The last day is before the first." in page(ig, PEOPLE, begins="4 July 2026", ends="3 July 2026")


def test_by_reason_groups_the_same_words_and_says_where_none_was_asked(ig, look):
    for office in ("dcs", "psw", "psw"):
        look(office, NOW, [CHILD], purpose="a complaint")
    look("psw", NOW, [CHILD, OTHER])
    found = page(ig, REASONS)
    assert re.search(r"A complaint 3 2 3", found)
    assert re.search(r"None was asked: within their own work 1 1 2", found)


def test_the_log_is_filtered_by_reason_and_days(ig, look):
    look("dcs", NOW - timedelta(days=5), [CHILD], purpose="a complaint")
    look("dcs", NOW - timedelta(days=1), [CHILD], purpose="a complaint")
    look("dcs", NOW - timedelta(days=1), [CHILD], purpose="an audit")
    reason = next(one.digest for one in ig.get(REASONS).context["reasons"] if one.words == "a complaint")

    def rows(**asked):
        return [row.sequence for row in ig.get("/access/log/", asked).context["page"].rows]

    assert rows(reason=reason) == [2, 1]
    assert rows(reason=reason, begins="11 November 2026") == [2]
    assert rows(person="p-dcs", ends="8 November 2026") == [1]
    assert "a complaint" not in str(ChainEvent.objects.values_list("subject", flat=True))


# --- worth a look -----------------------------------------------------------------------------------------


@pytest.fixture
def at_night(look):
    return look("dcs", NOW - timedelta(hours=14), [CHILD])


def test_the_front_page_says_what_is_worth_a_look_and_that_it_is_no_accusation(ig, at_night):
    found = page(ig, FRONT)
    assert (
        "One thing in the last 30 days is worth a look. Each is a reason to ask somebody, and no accusation." in found
    )
    assert "Looked at children once on one day out of hours, the last time on Wednesday 11 November 2026" in found
    assert "Looked for and not found" in found and "Many children in one day" in found
    assert "Not measured" in found, "no extract is loaded, so surnames and teams cannot be compared"


def test_a_sighting_shows_its_events_and_is_looked_into_with_words(ig, at_night):
    address = re.search(r'href="(/access/desk/look/out-of-hours/[^"]+)"', ig.get(FRONT).content.decode())[1]
    assert address == "/access/desk/look/out-of-hours/p-dcs/hours/"
    assert "Opened a child’s page" in page(ig, address)
    empty = ig.post(address, {"words": "  "})
    assert empty.status_code == 200 and "Say what you found." in empty.content.decode()
    assert ig.post(address, {"words": "On call: Person dcs was telephoned."}).status_code == 302
    assert "Nothing in the last 30 days waits" in page(ig, FRONT)
    assert ig.get(address).status_code == 404
    kept = page(ig, "/access/desk/looked-into/")
    assert "On call: Person dcs was telephoned." in kept and "Person information-governance" in kept
    looked = Looked.objects.get()
    assert (looked.pattern, looked.about, looked.up_to) == ("out-of-hours", "p-dcs|hours", at_night.sequence)
    event = ChainEvent.objects.get(action="log.looked-into")
    assert chain.told(event).detail == {"of": "p-dcs"}


def test_what_was_found_stands_encrypted(ig, at_night):
    ig.post("/access/desk/look/out-of-hours/p-dcs/hours/", {"words": "a canary sentence"})
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select words, reason from access_looked")
        assert "canary" not in str(cursor.fetchall())


def test_a_child_stands_in_a_sightings_address_by_the_desks_ref_only(client_as, people, persons, look, lake_home):
    child = persons[0]
    people["dcs"].name = f"Ann {child['surname']}"
    people["dcs"].save()
    look("dcs", NOW - timedelta(hours=1), [child["child_key"]])
    ig = client_as("information-governance")
    front = ig.get(FRONT).content.decode()
    address = re.search(r'href="(/access/desk/look/own-surname/[^"]+)"', front)[1]
    assert child["child_key"] not in front and child["surname"] not in front.replace(people["dcs"].name, "")
    ref = address.rstrip("/").rpartition("/")[2]
    assert looks.child_key(ref) == child["child_key"]
    one = ig.get(address)
    assert one.status_code == 200 and child["forename"] not in one.content.decode()
    event = ChainEvent.objects.order_by("-sequence").first()
    assert (event.action, chain.told(event).children) == ("log.pattern", (child["child_key"],))
    assert ig.get(address.replace(ref, refs.ref(keys_in_use(), "identified", child["child_key"]))).status_code == 404


def test_nobody_looks_into_what_they_did_themselves(client_as, look):
    look("information-governance", NOW - timedelta(hours=14), [CHILD], action="subject.read")
    ig = client_as("information-governance")
    address = "/access/desk/look/out-of-hours/p-information-governance/hours/"
    answer = ig.post(address, {"words": "It was me."})
    assert "Somebody else must look into what you did yourself." in answer.content.decode()
    assert not Looked.objects.exists()


def test_a_log_that_does_not_agree_with_its_anchors_is_said_at_the_top(ig, at_night, home):
    chain.anchor_head(home)
    assert "It agrees with all 2 of its anchors, the newest of 12 November 2026." in page(ig, FRONT)
    ChainEvent.objects.filter(sequence=at_night.sequence).update(hash="0" * 64)
    assert "The log does not agree with its anchors" in page(ig, FRONT)
    assert "The log does not agree with its anchors" in page(ig, "/")


def test_the_front_page_is_one_event_and_today_too(ig):
    for address in (FRONT, "/"):
        before = ChainEvent.objects.count()
        ig.get(address)
        assert [action for action, _ in told()[before:]] == ["log.desk"]


# --- who may, and when the log fails ----------------------------------------------------------------------


@pytest.mark.parametrize("slug", [slug for slug in offices() if slug != "information-governance"])
def test_every_other_office_is_refused_every_page_of_the_desk(client_as, slug):
    client = client_as(slug)
    ref = refs.ref(keys_in_use(), looks.AUDIENCE, CHILD)
    for address in (*PAGES, f"{FIND}{ref}/", "/access/desk/look/bulk/p-dcs/2026-11-12/", "/access/subject-access/"):
        assert client.get(address).status_code == 403, address
    assert client.post(FIND, {"child": "4711"}).status_code == 403


@pytest.mark.parametrize("address", [one for one in PAGES if one != FIND])
def test_no_page_of_the_desk_is_shown_when_the_log_cannot_be_written(ig, look, address):
    look("dcs", NOW, [CHILD])
    ChainHead.objects.all().delete()
    answer = ig.get(address)
    assert answer.status_code == 503 and "Person dcs" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/access/desk/look/no-such/", "/access/desk/look/bulk/p-dcs/2026-01-01/"])
def test_a_pattern_or_a_sighting_there_is_not_is_no_page(ig, address):
    assert ig.get(address).status_code == 404
