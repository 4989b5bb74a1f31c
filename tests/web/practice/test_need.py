"""A child opened for a need: that one page, for its time, and nothing else of anybody."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.http import Http404

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.chain import told
from lineofsight.web.access.identity import actions as identity
from lineofsight.web.access.models import ChainEvent, Holding, Need, Restriction
from lineofsight.web.access.need import actions
from lineofsight.web.access.permissions import Capability
from lineofsight.web.evidence import resolvers
from lineofsight.web.practice import restricting
from lineofsight.web.practice.queries import people as cards
from lineofsight.web.practice.queries import standing

NOW = clock.datetime(2026, 11, 12, 12, tzinfo=clock.UTC)
TICK = timedelta(microseconds=1)
GIVEN = {"purpose": "harm-now", "reason": "The duty manager asked me to look before tonight’s visit."}


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def last(action):
    return told(ChainEvent.objects.filter(action=action).latest("sequence"))


@pytest.fixture
def worker(client_as):
    """The social worker's client."""
    return client_as("social-worker")


@pytest.fixture
def other(persons, place):
    """A child of the worker's own team whom another worker has, with brothers or sisters."""
    return next(
        one
        for one in persons
        if place.team in one["scope_teams"]
        and place.worker not in one["scope_workers"]
        and one["siblings"]
        and not one["restricted"]
    )


@pytest.fixture
def page(other):
    """The address of that child's page."""
    return f"/children/{refs.ref(keys_in_use(), 'identified', other['child_key'])}/"


def at(client, moment):
    """The client's session as it stands at another moment, so that only the need can have lapsed."""
    session = client.session
    session[identity.BEGAN] = session[identity.SEEN] = moment.isoformat()
    session.save()
    return clock.frozen_at(moment)


def test_stating_the_need_opens_the_page_which_says_why_until_when_and_who_was_told(worker, page, other):
    assert worker.get(page).status_code == 404
    form = worker.get(f"{page}need/")
    assert form.status_code == 200
    opened = worker.post(f"{page}need/", GIVEN, follow=True)
    said = text(opened)
    assert opened.redirect_chain == [(page, 302)]
    assert cards.name(other) in said
    assert "Open to you until 13 November 2026 at 12:00pm." in said
    assert "A child may be at risk of harm now" in said and "The duty manager asked me" in said
    assert "Told at once: Person team-manager." in said
    event = last("child.opened")
    assert event.purpose == "A child may be at risk of harm now"
    assert event.children == (other["child_key"],), "the page of one child, and no brother or sister with it"
    assert event.detail["need"] == str(Need.objects.get().pk)


def test_before_the_need_is_stated_nothing_tells_who_the_child_is(worker, page, other):
    form = worker.get(f"{page}need/").content.decode()
    for column in ("forename", "surname"):
        assert other[column] not in form
    assert "Person team-manager" not in form, "whose team it is would tell too"
    refused = worker.post(f"{page}need/", {"purpose": "harm-now", "reason": "too short"}).content.decode()
    assert other["surname"] not in refused and not Need.objects.exists()


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, "Choose why you need to open this child."),
        ({"purpose": "harm-now"}, "Give the reason in words."),
        ({"purpose": "harm-now", "reason": "short"}, "in 20 characters or more"),
        ({"purpose": "curiosity", "reason": GIVEN["reason"]}, "Select a valid choice"),
    ],
)
def test_a_form_that_lacks_something_opens_nothing(worker, page, given, asked):
    response = worker.post(f"{page}need/", given)
    assert response.status_code == 200 and asked in text(response)
    assert worker.get(page).status_code == 404


def test_at_its_time_the_page_is_gone_on_the_next_request(worker, page):
    worker.post(f"{page}need/", GIVEN)
    until = Need.objects.get().until
    with at(worker, until - TICK):
        assert worker.get(page).status_code == 200
    with at(worker, until):
        assert worker.get(page).status_code == 404
        assert last("child.refused").purpose == ""


def test_finished_the_page_is_gone_on_the_next_request(worker, page):
    opened = worker.post(f"{page}need/", GIVEN, follow=True).content.decode()
    address = re.search(r'action="(/access/needs/[^"]+/close/)"', opened)[1]
    assert worker.post(address).status_code == 302
    assert worker.get(page).status_code == 404


def test_with_the_office_taken_away_the_page_is_gone_on_the_next_request(worker, page, people):
    worker.post(f"{page}need/", GIVEN)
    assert worker.get(page).status_code == 200
    Holding.objects.filter(person=people["social-worker"]).update(until="2026-11-11")
    assert worker.get(page).status_code == 403


def test_a_second_browser_of_the_same_person_has_it_open_and_nobody_else_does(client_as, worker, page):
    worker.post(f"{page}need/", GIVEN)
    again = client_as("social-worker")
    assert again.get(page).status_code == 200
    said = text(again.post(f"{page}need/", GIVEN, follow=True))
    assert "Open to you until" in said
    assert Need.objects.count() == 1
    assert client_as("reviewing-officer").get(page).status_code in (200, 404)
    outsider = client_as("social-worker")
    Holding.objects.filter(office="reviewing-officer").update(scope_ids=["nobody"])
    assert client_as("reviewing-officer").get(page).status_code == 404
    assert outsider.get(page).status_code == 200


def test_the_need_opens_no_brother_or_sister(worker, page, other, persons, place):
    worker.post(f"{page}need/", GIVEN)
    body = worker.get(page).content.decode()
    by_key = {one["child_key"]: one for one in persons}
    family = [by_key[key] for key in other["siblings"] if place.worker not in by_key[key]["scope_workers"]]
    assert family
    for one in family:
        ref = refs.ref(keys_in_use(), "identified", one["child_key"])
        assert ref not in body
        assert worker.get(f"/children/{ref}/").status_code == 404


def test_the_need_changes_no_list_no_figure_no_file_and_no_evidence(worker, page, other):
    ref = page.split("/")[2]
    lists = ["/measures/", "/exceptions/?format=csv", "/measures/CP01/children/?format=csv", "/exceptions/unallocated/"]
    before = [text(worker.get(one)) for one in lists]
    worker.post(f"{page}need/", GIVEN)
    body = worker.get(page).content.decode()
    assert [text(worker.get(one)) for one in lists] == before
    assert "/records/" not in body and f"/thread/child/{ref}" not in body
    assert worker.get(f"/thread/child/{ref}/").status_code == 404
    assert worker.get(f"/records/seen/?kind=child&key={ref}").status_code in (403, 404)


def test_what_is_asked_about_a_child_opened_for_a_need_is_frozen_for_nobody(client_as, page, place, persons):
    """A team manager may ask about what they see; not about a page that only a need opens."""
    outside = next(one for one in persons if place.team not in one["scope_teams"] and not one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", outside["child_key"])
    manager = client_as("team-manager")
    manager.post(f"/children/{ref}/need/", GIVEN)
    assert manager.get(f"/children/{ref}/").status_code == 200
    assert manager.get(f"/records/ask/?kind=child&key={ref}").status_code == 404


def test_a_restricted_record_is_never_opened_by_a_need_and_the_attempt_is_logged(worker, persons, viewer_as, people):
    hidden = next(one for one in persons if one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", hidden["child_key"])
    assert worker.get(f"/children/{ref}/need/").status_code == 404
    assert last("child.refused").children == (hidden["child_key"],)
    assert worker.post(f"/children/{ref}/need/", GIVEN).status_code == 404
    assert not Need.objects.exists()


def test_a_record_restricted_after_the_need_was_stated_is_gone_on_the_next_request(worker, page, other):
    worker.post(f"{page}need/", GIVEN)
    assert worker.get(page).status_code == 200
    placed = Restriction.objects.create(
        child_key=other["child_key"],
        kind="protected-address",
        reason="A court said so.",
        from_date="2026-11-12",
        placed_by_key="p-dcs",
    )
    assert worker.get(page).status_code == 404
    assert last("child.refused").children == (other["child_key"],)
    assert worker.get(f"{page}need/").status_code == 404
    placed.delete()
    assert worker.get(page).status_code == 200


@pytest.mark.parametrize(
    "office", ["dcs", "psw", "lead-member", "scrutineer", "information-governance", "administrator"]
)
def test_an_office_without_the_permission_is_refused_the_form(client_as, page, office):
    response = client_as(office).get(f"{page}need/")
    assert response.status_code == 403
    assert "Social worker" in text(response) or "signed in as" in text(response)


@pytest.mark.parametrize("ref", ["x", "A" * 43])
def test_a_forged_ref_has_no_form(worker, ref):
    assert worker.get(f"/children/{ref}/need/").status_code == 404
    assert worker.post(f"/children/{ref}/need/", GIVEN).status_code == 404


def test_a_ref_made_for_another_audience_has_no_form(worker, other):
    for audience in ("lead-member:2026-11", "information-governance:2026-11"):
        ref = refs.ref(keys_in_use(), audience, other["child_key"])
        assert worker.get(f"/children/{ref}/need/").status_code == 404


def test_a_child_in_scope_needs_none(worker, persons, place):
    own = next(one for one in persons if place.worker in one["scope_workers"] and not one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", own["child_key"])
    assert worker.get(f"/children/{ref}/need/").url == f"/children/{ref}/"
    assert worker.post(f"/children/{ref}/need/", GIVEN).url == f"/children/{ref}/"
    assert not Need.objects.exists()


def test_where_nobody_can_be_told_the_form_says_so_and_nothing_opens(worker, page):
    Holding.objects.filter(office__in=["team-manager", "head-of-service", "dcs"]).delete()
    assert "nobody could be told" in text(worker.get(f"{page}need/"))
    response = worker.post(f"{page}need/", GIVEN)
    assert response.status_code == 200 and "nobody could be told" in text(response)
    assert worker.get(page).status_code == 404


def test_past_the_limit_the_form_says_who_can_help(worker, page, viewer_as, people):
    for number in range(5):
        actions.open_for_need(
            by=viewer_as("social-worker"),
            child_key=f"{number:032x}",
            purpose_slug="covering",
            reason=GIVEN["reason"],
            second=[people["team-manager"]],
        )
    said = text(worker.post(f"{page}need/", GIVEN))
    assert "the most one person may" in said and "Person information-governance" in said
    assert worker.get(page).status_code == 404


def test_the_person_told_sees_it_and_opens_the_child(client_as, worker, page, other):
    worker.post(f"{page}need/", GIVEN)
    manager = client_as("team-manager")
    assert "Somebody opened a child’s page that you answer for" in text(manager.get("/"))
    notice = manager.get("/access/told/").content.decode()
    assert other["surname"] not in notice and other["forename"] not in notice
    address = re.search(r'href="(/children/[^"]+/)"', notice)[1]
    assert cards.name(other) in text(manager.get(address))


def test_nothing_stands_above_the_children_without_a_worker(client_as, worker, page):
    worker.post(f"{page}need/", GIVEN)
    first = text(client_as("team-manager").get("/"))
    assert first.index("on a protection plan") < first.index("Somebody opened a child’s page")


def test_the_page_of_a_child_still_takes_three_reads_of_the_lake(
    worker, page, lake_reads, django_assert_max_num_queries
):
    worker.post(f"{page}need/", GIVEN)
    worker.get(page)
    del lake_reads[:]
    with django_assert_max_num_queries(20):
        worker.get(page)
    assert len(lake_reads) <= 3, lake_reads
    standing.forget()


@pytest.mark.parametrize("what", ["", "lift/", "name/", "unname/"])
def test_what_is_open_for_a_need_is_not_restricted_by_that(worker, viewer_as, page, monkeypatch, what):
    """Though their office had the permission: a need is to look, not to decide who else may."""
    assert worker.post(f"{page}need/", GIVEN).status_code == 302 and worker.get(page).status_code == 200
    viewer = viewer_as("social-worker")
    more = replace(viewer, capabilities=viewer.capabilities | {Capability.RESTRICT_RECORDS})
    monkeypatch.setattr(restricting, "viewer_of", lambda request: more)
    assert worker.post(f"{page}restrict/{what}", {"kind": "other", "person": "p-psw"}).status_code == 404


def test_what_is_open_for_a_need_is_not_bound_to_a_record(worker, viewer_as, page):
    assert worker.post(f"{page}need/", GIVEN).status_code == 302 and worker.get(page).status_code == 200
    with pytest.raises(Http404):
        resolvers.see(viewer_as("social-worker"), "child", page.split("/")[2])
