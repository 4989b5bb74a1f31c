"""Three lines a month: written by the measure's lead, due on a working day, corrected with what stood before kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection
from tests.web.practice.monthly.conftest import LINES, MEASURE, OCTOBER

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.practice.models import MonthLines
from lineofsight.web.practice.monthly import actions, permissions, queries, schedule
from lineofsight.web.practice.monthly.actions import Three

pytestmark = pytest.mark.django_db
IN_TIME = datetime(2026, 11, 9, 12, tzinfo=UTC)
LATE = datetime(2026, 11, 16, 12, tzinfo=UTC)
SENT = {"changed": LINES.changed, "why": LINES.why, "next_steps": LINES.next_steps}


def row(found, measure=MEASURE):
    return next(one for one in found.rows if one.measure.id == measure)


def test_lines_are_due_on_the_tenth_working_day_of_the_month_after(home):
    assert schedule.due_on(OCTOBER) == date(2026, 11, 13)
    assert schedule.due_on(date(2026, 11, 1)) == date(2026, 12, 14)
    assert schedule.due_on(date(2026, 12, 1)) == date(2027, 1, 15), "New Year's Day is no working day"


def test_the_lead_writes_on_the_page_and_everybody_who_sees_the_figures_reads(client_as, lead):
    client = client_as("head-of-service")
    assert client.post(f"/lines/{MEASURE}/", SENT).status_code == 302
    for office in ("head-of-service", "dcs", "analyst", "social-worker"):
        page = client_as(office).get(f"/measures/{MEASURE}/").content.decode()
        assert LINES.changed in page and LINES.why in page and LINES.next_steps in page
    kept = MonthLines.objects.get()
    assert (kept.month, kept.version, kept.as_at) == (OCTOBER, 1, date(2026, 10, 31))
    assert (kept.written_by_key, kept.written_by_name, kept.office) == (
        "p-head-of-service",
        "Person head-of-service",
        "head-of-service",
    )


@pytest.mark.parametrize("empty", SENT)
def test_all_three_lines_are_asked_for(client_as, lead, empty):
    page = client_as("head-of-service").post(f"/lines/{MEASURE}/", {**SENT, empty: " "}).content.decode()
    assert "There is a problem" in page and "Say " in page
    assert not MonthLines.objects.exists()
    with pytest.raises(PlainError, match="all three"):
        actions.write(by=lead, measure=MEASURE, told=replace(LINES, **{empty: " "}))


def test_lines_that_name_a_child_are_refused_and_kept_in_the_form(client_as, lead, persons):
    child = next(one for one in persons if one["surname"] and one["forename"])
    said = f"{child['forename']} {child['surname']} was not seen."
    page = client_as("head-of-service").post(f"/lines/{MEASURE}/", {**SENT, "why": said}).content.decode()
    assert "This names a child" in page
    assert not MonthLines.objects.exists()


@pytest.mark.parametrize("office", ["dcs", "dcs-delegate", "psw", "qa-manager", "team-manager", "analyst"])
def test_nobody_but_the_lead_writes(client_as, viewer_as, lead, office):
    with pytest.raises(Refused):
        actions.write(by=viewer_as(office), measure=MEASURE, told=LINES)
    assert client_as(office).post(f"/lines/{MEASURE}/", SENT).status_code == 403
    assert "Keep the three lines" not in client_as(office).get(f"/lines/{MEASURE}/").content.decode()
    assert not MonthLines.objects.exists()


def test_an_empty_form_of_who_may_not_is_refused_and_not_answered(client_as, lead):
    assert client_as("dcs").post(f"/lines/{MEASURE}/", {}).status_code == 403
    assert client_as("psw").post(f"/lines/{MEASURE}/lead/", {}).status_code == 403
    assert client_as("psw").post(f"/lines/{MEASURE}/release/", {}).status_code == 403


def test_in_the_past_nobody_is_asked_to_write(client_as, lead):
    client = client_as("head-of-service")
    assert "Write your three lines" in client.get(f"/measures/{MEASURE}/").content.decode()
    past = client.get(f"/measures/{MEASURE}/", {"known": "2026-09-30"}).content.decode()
    assert "What its lead says of September 2026" in past and "Write your three lines" not in past


def test_a_lead_writes_only_in_the_office_they_lead_it_in_and_while_it_may_write(lead):
    for other in (replace(lead, office="team-manager"), replace(lead, person_key="p-else")):
        with pytest.raises(Refused, match="leads this measure and writes its lines"):
            actions.write(by=other, measure=MEASURE, told=LINES)
    for missing in (Capability.WRITE_LINES, Capability.SEE_MEASURES, Capability.SEE_AUTHORITY_VALUES):
        with pytest.raises(Refused):
            actions.write(by=replace(lead, capabilities=lead.capabilities - {missing}), measure=MEASURE, told=LINES)
    with pytest.raises(Refused, match="every number"):
        actions.write(by=replace(lead, level="pseudonymised"), measure=MEASURE, told=LINES)


def test_a_measure_that_nobody_leads_is_written_about_by_nobody(lead):
    with pytest.raises(Refused, match="Nobody leads"):
        permissions.check_write_lines(lead, None)
    assert not permissions.may_write_lines(lead, None)
    with pytest.raises(Refused, match="Nobody leads"):
        actions.write(by=lead, measure="CP20", told=LINES)


def test_a_correction_is_kept_beside_what_stood_before(client_as, lead, written):
    corrected = replace(LINES, why="Two managers left in September.")
    actions.write(by=lead, measure=MEASURE, told=corrected)
    assert list(MonthLines.objects.values_list("version", flat=True)) == [1, 2]
    page = client_as("dcs").get(f"/measures/{MEASURE}/").content.decode()
    assert "Corrected: what stood before" in page and LINES.why in page and corrected.why in page
    written_down = ChainEvent.objects.filter(action__startswith="lines.").order_by("sequence")
    events = list(written_down.values_list("action", flat=True))
    assert events == ["lines.lead named", "lines.written", "lines.corrected"]


def test_the_same_three_lines_are_not_written_twice(lead, written):
    with pytest.raises(PlainError, match="stand already"):
        actions.write(by=lead, measure=MEASURE, told=Three(f" {LINES.changed} ", LINES.why, LINES.next_steps))
    assert MonthLines.objects.count() == 1


def test_the_words_are_encrypted_and_in_no_log(written):
    with connection.cursor() as cursor:
        cursor.execute("select changed, why, next_steps from practice_monthlines")
        assert not any(line in str(value) for value in cursor.fetchone() for line in SENT.values())
    event = ChainEvent.objects.get(action="lines.written")
    assert event.subject == f"lines {MEASURE} 2026-10"
    assert told(event).detail["version"] == 1
    assert LINES.changed not in str(event.__dict__)


def test_nothing_is_written_when_the_chain_cannot_be(lead, monkeypatch):
    def broken(self, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(ChainEvent, "save", broken)
    with pytest.raises(Exception):  # noqa: B017  whatever the chain raises
        actions.write(by=lead, measure=MEASURE, told=LINES)
    assert not MonthLines.objects.exists()


def test_who_has_not_written_is_seen_and_since_when_they_are_late(client_as, lead):
    with clock.frozen_at(IN_TIME):
        page = client_as("dcs").get("/lines/").content.decode()
        assert "Lines are written for 0 of the 25 headline measures. The others are due by 13 November 2026." in page
        assert "Late since" not in page
    with clock.frozen_at(LATE):
        assert "Late since 13 Nov" in client_as("dcs").get("/lines/").content.decode()
        assert "late since 13 November 2026" in client_as("dcs").get("/").content.decode()


def test_on_the_day_itself_nothing_is_late(client_as, viewer_as, lead):
    with clock.frozen_at(datetime(2026, 11, 13, 12, tzinfo=UTC)):
        assert not queries.this_month(viewer_as("dcs")).late
        assert not row(queries.this_month(viewer_as("dcs"))).late
        actions.write(by=lead, measure=MEASURE, told=LINES)
        assert not row(queries.this_month(viewer_as("dcs"))).was_late


def test_lines_written_late_stay_told_as_late_and_a_correction_of_those_in_time_is_not(viewer_as, lead):
    with clock.frozen_at(IN_TIME):
        actions.write(by=lead, measure=MEASURE, told=LINES)
    with clock.frozen_at(LATE):
        actions.write(by=lead, measure=MEASURE, told=replace(LINES, why="A second look."))
        found = row(queries.this_month(viewer_as("dcs")))
        assert not found.late and not found.was_late
        MonthLines.objects.all().delete()
        actions.write(by=lead, measure=MEASURE, told=LINES)
        assert row(queries.this_month(viewer_as("dcs"))).was_late


def test_the_lead_is_reminded_on_their_first_page_until_they_have_written(client_as, lead):
    client = client_as("head-of-service")
    page = client.get("/").content.decode()
    assert "Your three lines about October 2026" in page and f'href="/lines/{MEASURE}/"' in page
    actions.write(by=lead, measure=MEASURE, told=LINES)
    assert f'href="/lines/{MEASURE}/"' not in client.get("/").content.decode()


def test_who_leads_nothing_is_reminded_of_nothing(client_as, lead):
    for office in ("team-manager", "analyst"):
        assert "Your three lines" not in client_as(office).get("/").content.decode()


def test_the_first_page_of_an_office_that_writes_no_lines_asks_for_none(viewer_as, people):
    for office in ("lead-member", "scrutiny", "analyst"):
        with pytest.raises(Refused):
            permissions.check_write_lines(viewer_as(office), None)


@pytest.mark.parametrize("office", ["lead-member", "chief-executive", "leader", "scrutineer", "scrutiny", "agency"])
def test_who_sees_no_small_number_reads_no_lines(client_as, viewer_as, written, office):
    assert client_as(office).get("/lines/").status_code == 403
    assert client_as(office).get(f"/lines/{MEASURE}/").status_code == 403
    page = client_as(office).get(f"/measures/{MEASURE}/").content.decode()
    assert LINES.changed not in page and "What its lead says" not in page
    for read in (queries.this_month, queries.home):
        with pytest.raises(Refused):
            read(viewer_as(office))
    with pytest.raises(Refused):
        queries.story(viewer_as(office), MEASURE)
    assert not permissions.may_see_lines(viewer_as(office))


def test_a_measure_that_is_no_headline_has_no_lines(client_as, viewer_as, people):
    assert client_as("dcs").get("/lines/CP20/").status_code == 404
    assert client_as("dcs").get("/lines/nothing/").status_code == 404
    assert queries.story(viewer_as("dcs"), "CP20") is None
    assert "What its lead says" not in client_as("dcs").get("/measures/CP20/").content.decode()


def test_the_lines_of_earlier_months_stand_on_the_measures_page(client_as, written):
    MonthLines.objects.update(month=date(2026, 9, 1))
    page = client_as("dcs").get(f"/measures/{MEASURE}/").content.decode()
    assert "What was said in earlier months" in page and LINES.why in page
    assert "Not written yet. They are due by 13 November 2026." in page


def test_only_who_reads_the_lines_is_led_to_them(client_as, people):
    assert 'href="/lines/"' in client_as("dcs").get("/measures/").content.decode()
    assert 'href="/lines/"' in client_as("dcs").get("/").content.decode()
    for office in ("lead-member", "scrutiny"):
        for address in ("/", "/measures/"):
            assert 'href="/lines/"' not in client_as(office).get(address).content.decode()


def test_the_headline_measures_come_first_and_the_rest_behind_a_link(client_as, people):
    client = client_as("dcs")
    first = client.get("/measures/").content.decode()
    assert 'href="/measures/CP10/"' in first and 'href="/measures/CP20/"' not in first
    assert 'href="?show=every"' in first
    every = client.get("/measures/", {"show": "every"}).content.decode()
    assert 'href="/measures/CP10/"' in every and 'href="/measures/CP20/"' in every
