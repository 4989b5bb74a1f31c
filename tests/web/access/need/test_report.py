"""The monthly report: every need, who was told, how often the child was opened, and what was made of it."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import DatabaseError

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access import chain
from lineofsight.web.access.models import ChainEvent, Need
from lineofsight.web.access.need import actions, report
from lineofsight.web.access.permissions import Refused

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)
CHILD, OTHER = "c0ffee00c0ffee00c0ffee00c0ffee00", "beef0000beef0000beef0000beef0000"
MONTH, DECEMBER = datetime(2026, 11, 1).date(), datetime(2026, 12, 1).date()
TICK = timedelta(microseconds=1)


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def governance(viewer_as):
    return viewer_as("information-governance")


@pytest.fixture
def desk(client_as):
    return client_as("information-governance")


def look(viewer, at, child=CHILD, action="child.opened", others=()):
    with clock.frozen_at(at):
        chain.record(viewer=viewer, action=action, child_keys=[child, *others])


def test_a_row_says_who_why_whom_was_told_and_what_they_answered(opened, governance, viewer_as):
    row = opened().tellings.select_related("person", "need").get()
    actions.answer_telling(row, by=viewer_as("team-manager"), answer="did-not-know", words="Nobody asked me.")
    (found,) = report.report(governance, MONTH).rows
    assert (found.person, found.office) == ("Person social-worker", "Social worker")
    assert found.purpose == "A child may be at risk of harm now"
    assert found.reason.startswith("The duty manager")
    assert [(one.person, one.answer, one.words) for one in found.told] == [
        ("Person team-manager", "did-not-know", "Nobody asked me.")
    ]
    assert found.unexpected and found.open and found.review == ""


def test_a_child_is_a_code_of_this_office_and_month_the_same_within_it_and_another_in_the_next(
    opened, worker, governance
):
    actions.close_need(opened(), by=worker)
    actions.close_need(opened(), by=worker)
    with clock.frozen_at(NOW + timedelta(days=30)):
        opened()
        later = report.report(governance, DECEMBER).rows[0].child
        first, second = (one.child for one in report.report(governance, MONTH).rows)
    assert first == second != later
    whole = refs.ref(keys_in_use(), "information-governance:2026-11", CHILD)
    assert whole.startswith(first) and len(first) == 8
    assert not refs.ref(keys_in_use(), "identified", CHILD).startswith(first)


def test_pages_seen_are_that_persons_openings_of_that_child_while_it_was_open(opened, worker, governance, viewer_as):
    need = opened()
    look(worker, NOW)
    look(worker, NOW + timedelta(hours=3))
    look(worker, need.until - TICK)
    look(worker, need.until)  # too late
    look(worker, NOW - TICK)  # too early
    look(worker, NOW + timedelta(hours=1), child=OTHER)
    look(worker, NOW + timedelta(hours=1), child=OTHER, others=[CHILD])  # a brother's page that named the child
    look(worker, NOW + timedelta(hours=1), action="child.refused")
    look(viewer_as("team-manager"), NOW + timedelta(hours=1))
    assert report.report(governance, MONTH).rows[0].pages == 3


def test_pages_seen_stop_where_the_need_was_closed(opened, worker, governance):
    need = opened()
    look(worker, NOW + timedelta(minutes=5))
    with clock.frozen_at(NOW + timedelta(minutes=45)):
        actions.close_need(need, by=worker)
    look(worker, NOW + timedelta(minutes=45))
    with clock.frozen_at(NOW + timedelta(hours=2)):
        found = report.report(governance, MONTH).rows[0]
    assert (found.pages, found.open, found.lasted) == (1, False, "45 minutes")


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "less than a minute"),
        (1, "1 minute"),
        (200, "3 hours 20 minutes"),
        (60, "1 hour"),
        (1440, "1 day"),
        (1501, "1 day 1 hour"),
        (4320, "3 days"),
    ],
)
def test_how_long_it_was_open_is_said_in_words(opened, governance, minutes, said):
    need = opened()
    Need.objects.filter(pk=need.pk).update(until=need.opened_at + timedelta(minutes=minutes))
    with clock.frozen_at(NOW + timedelta(days=5)):
        assert report.report(governance, MONTH).rows[0].lasted == said


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), "2026-10"),
        (datetime(2026, 11, 1, 0, 0, tzinfo=UTC), "2026-11"),
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), "2026-06"),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), "2026-07"),
    ],
)
def test_the_month_is_londons(opened, governance, at, month):
    with clock.frozen_at(at):
        opened()
    (line,) = report.months(governance)
    assert f"{line.month:%Y-%m}" == month
    assert len(report.report(governance, line.month).rows) == 1


def test_what_is_not_reviewed_when_its_month_is_over_stands_on_the_first_page(opened, governance, worker, desk):
    need = opened()
    last = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    with clock.frozen_at(last):
        assert report.overdue(governance) is None
    with clock.frozen_at(last + timedelta(seconds=1)):
        assert (report.overdue(governance).month, report.overdue(governance).needs) == (MONTH, 1)
        assert report.overdue(worker) is None
        actions.review_need(need, by=governance, outcome="in-order", words="")
        assert report.overdue(governance) is None


def test_what_the_person_told_did_not_know_of_stands_on_the_first_page_at_once(opened, governance, worker, viewer_as):
    need = opened()
    assert report.unexpected_waiting(governance) == 0
    row = need.tellings.select_related("person", "need").get()
    actions.answer_telling(row, by=viewer_as("team-manager"), answer="did-not-know", words="Look, please.")
    assert report.unexpected_waiting(governance) == 1
    assert report.unexpected_waiting(worker) == 0
    actions.review_need(need, by=governance, outcome="asked-about", words="Asked.")
    assert report.unexpected_waiting(governance) == 0


@pytest.mark.parametrize("office", ["dcs", "team-manager", "lead-member", "administrator", "psw"])
def test_nobody_else_reads_the_report(opened, viewer_as, client_as, office):
    opened()
    with pytest.raises(Refused):
        report.report(viewer_as(office), MONTH)
    with pytest.raises(Refused):
        report.months(viewer_as(office))
    client = client_as(office)
    assert client.get("/access/needs/").status_code == 403
    assert client.get("/access/needs/2026-11/").status_code == 403
    assert client.get("/access/needs/2026-11/?format=csv").status_code == 403


def test_reading_the_report_is_in_the_log_first_and_without_it_nothing_is_shown(opened, desk, monkeypatch):
    opened()
    desk.get("/access/needs/2026-11/")
    event = ChainEvent.objects.filter(action="needs.read").latest("sequence")
    assert event.subject == "2026-11" and chain.told(event).children == (CHILD,)

    def broken(*given):
        raise DatabaseError

    monkeypatch.setattr("lineofsight.web.access.chain._append", broken)
    response = desk.get("/access/needs/2026-11/")
    assert response.status_code == 503 and b"duty manager" not in response.content


def test_the_page_and_the_file_hold_the_same(opened, worker, viewer_as, desk):
    row = opened(reason="=cmd|' /C calc'!A0 was what the manager typed").tellings.select_related("person", "need").get()
    actions.answer_telling(row, by=viewer_as("team-manager"), answer="knew", words="We spoke at nine.")
    look(worker, NOW)
    page = text(desk.get("/access/needs/2026-11/"))
    response = desk.get("/access/needs/2026-11/?format=csv")
    assert response["Content-Disposition"] == 'attachment; filename="needs-2026-11.csv"'
    assert response["Cache-Control"] == "no-store"
    heads, cells = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    found = dict(zip(heads, cells, strict=True))
    assert found["Reason"].startswith("'=cmd"), "a spreadsheet would run it"
    assert found["Pages seen"] == "1" and "opened once" in page
    for heading in ("Person", "Office", "Purpose", "Reviewed"):
        assert found[heading] in page
    assert found["Child (code of this month)"].removeprefix("'") in page
    assert "Person team-manager: knew of it" in page and "Person team-manager: knew of it" in found["Told"]
    assert "We spoke at nine." in page and "We spoke at nine." in found["Told"]


def test_neither_the_page_nor_the_file_leads_to_a_child_or_holds_its_key(opened, desk):
    opened()
    for address in ("/access/needs/2026-11/", "/access/needs/2026-11/?format=csv"):
        body = desk.get(address).content.decode()
        assert "/children/" not in body and CHILD not in body
        assert refs.ref(keys_in_use(), "identified", CHILD) not in body


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "november", "2026-11-01", "1999-01", "2026-00"])
def test_a_month_that_cannot_be_is_no_page(desk, month):
    assert desk.get(f"/access/needs/{month}/").status_code == 404


def test_a_format_that_there_is_not_is_no_page(desk):
    assert desk.get("/access/needs/2026-11/?format=pdf").status_code == 404


def test_an_empty_month_and_an_empty_list_say_so(desk):
    assert "Nobody opened a child outside those they work with" in text(desk.get("/access/needs/2026-11/"))
    assert "Nobody has opened a child outside" in text(desk.get("/access/needs/"))


def test_a_review_is_kept_from_the_page(opened, desk):
    need = opened()
    address = f"/access/needs/{need.key}/review/"
    refused = desk.post(address, {f"{need.key}-outcome": "asked-about", f"{need.key}-words": ""})
    assert refused.status_code == 200 and "Say what you asked, and of whom." in text(refused)
    done = desk.post(address, {f"{need.key}-outcome": "in-order", f"{need.key}-words": ""}, follow=True)
    assert done.redirect_chain[0][0] == "/access/needs/2026-11/"
    assert "all reviewed" in text(done) and "In order" in text(done)
    assert Need.objects.get().review == "in-order"
    assert desk.get(address).status_code == 405


def test_a_review_from_another_office_or_of_no_need_is_no_page(opened, client_as, desk):
    need = opened()
    address = f"/access/needs/{need.key}/review/"
    assert client_as("team-manager").post(address, {f"{need.key}-outcome": "in-order"}).status_code == 404
    assert desk.post("/access/needs/00000000-0000-0000-0000-000000000000/review/").status_code == 404
    assert Need.objects.get().review == ""


def test_who_opened_it_themselves_is_not_given_the_form(opened, worker, governance):
    opened()
    found = report.report(replace(governance, person_key=worker.person_key), MONTH).rows[0]
    assert found.own


def test_the_report_takes_few_questions_of_the_database_however_many_needs(
    opened, desk, worker, django_assert_max_num_queries
):
    for number in range(5):
        need = opened(child=f"{number:032x}", second=("team-manager", "head-of-service"))
        look(worker, NOW, child=f"{number:032x}")
        actions.close_need(need, by=worker)
    with django_assert_max_num_queries(20):
        desk.get("/access/needs/2026-11/")


def test_the_first_page_of_information_governance_says_what_waits_and_nobody_elses_does(
    opened, client_as, viewer_as, governance
):
    need = opened()
    row = need.tellings.select_related("person", "need").get()
    assert "not reviewed" not in text(client_as("information-governance").get("/"))
    actions.answer_telling(row, by=viewer_as("team-manager"), answer="did-not-know", words="Look, please.")
    with clock.frozen_at(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        page = client_as("information-governance").get("/")
        assert "One opening outside scope not reviewed" in text(page)
        assert 'href="/access/needs/2026-11/"' in page.content.decode()
        assert "One child was opened without the manager knowing" in text(page)
        for office in ("team-manager", "administrator", "lead-member"):
            assert "not reviewed" not in text(client_as(office).get("/"))
        actions.review_need(need, by=governance, outcome="in-order", words="")
        assert "not reviewed" not in text(client_as("information-governance").get("/"))


def test_at_the_very_moment_it_ends_a_need_is_open_no_more_and_its_month_is_over(opened, governance):
    need = opened()
    with clock.frozen_at(need.until - TICK):
        assert report.report(governance, MONTH).rows[0].open
    with clock.frozen_at(need.until):
        assert not report.report(governance, MONTH).rows[0].open
    with clock.frozen_at(datetime(2026, 12, 1, tzinfo=UTC) - TICK):
        assert not report.report(governance, MONTH).over
    with clock.frozen_at(datetime(2026, 12, 1, tzinfo=UTC)):
        assert report.report(governance, MONTH).over


def test_the_file_says_until_when_a_need_is_open_and_afterwards_how_long_it_was(opened, governance):
    need = opened()
    assert report.sheet(report.report(governance, MONTH)).rows[0][6] == "open until 2026-11-13 10:00"
    with clock.frozen_at(need.until):
        assert report.sheet(report.report(governance, MONTH)).rows[0][6] == "1 day"


def test_the_list_of_months_counts_what_the_person_told_did_not_know_of(opened, governance, viewer_as):
    row = opened().tellings.select_related("person", "need").get()
    opened(child=OTHER)
    assert [one.unexpected for one in report.months(governance)] == [0]
    actions.answer_telling(row, by=viewer_as("team-manager"), answer="did-not-know", words="Nobody asked me.")
    assert [(one.needs, one.unexpected) for one in report.months(governance)] == [(2, 1)]


def test_a_need_found_in_order_and_ones_own_is_not_asked_about_again(opened, governance, desk):
    first, second = opened(), opened(child=OTHER)
    actions.review_need(first, by=governance, outcome=actions.IN_ORDER, words="")
    shown = {one.key: form for one, form in desk.get("/access/needs/2026-11/").context["rows"]}
    assert shown[str(first.pk)] is None and shown[str(second.pk)] is not None


def test_a_review_that_lacks_its_words_stands_with_the_fault_beside_them_and_the_others_as_they_were(opened, desk):
    first, second = opened(), opened(child=OTHER)
    sent = {f"{first.key}-outcome": "asked-about", f"{first.key}-words": " "}
    page = desk.post(f"/access/needs/{first.key}/review/", sent)
    shown = {one.key: form for one, form in page.context["rows"]}
    assert shown[str(first.key)].errors == {"words": ["Say what you asked, and of whom."]}
    assert not shown[str(second.key)].is_bound


def test_a_need_asked_about_has_its_review_in_the_form_and_ones_own_has_none(opened, governance, worker, desk):
    asked = opened()
    actions.review_need(asked, by=governance, outcome=actions.ASKED_ABOUT, words="Whether it was needed.")
    own = opened(child=OTHER, by=replace(worker, person_key=governance.person_key))
    shown = {one.key: form for one, form in desk.get("/access/needs/2026-11/").context["rows"]}
    assert shown[str(asked.key)].initial == {"outcome": "asked-about", "words": "Whether it was needed."}
    assert shown[str(own.key)] is None
