"""Who leads a measure: whoever the Director named, else the holder of the office that leads its area, else nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.web.practice.monthly.conftest import LINES, MEASURE

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent, Holding
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.practice.models import MeasureLead
from lineofsight.web.practice.monthly import actions, leads, permissions, queries
from lineofsight.web.practice.queries.standing import catalogue, standing, teams

pytestmark = pytest.mark.django_db


def lead_of(measure):
    return leads.leads(standing())[measure]


def service_named(word):
    found = {one.service_id for one in teams(standing()).values() if word in (one.service_name or "").casefold()}
    return sorted(found)[0]


def test_every_area_of_the_catalogue_has_a_rule_whose_office_may_write():
    assert {one.area for one in catalogue().values()} == set(leads.areas())
    for rule in leads.areas().values():
        assert Capability.WRITE_LINES in offices()[rule.office].capabilities


def test_where_nobody_was_named_the_head_of_the_areas_service_leads(people):
    Holding.objects.filter(office="head-of-service").update(scope_ids=[service_named("family safeguarding")])
    found = lead_of("CP08")
    assert found is not None
    assert (found.person_key, found.office, found.named) == ("p-head-of-service", "head-of-service", False)
    assert lead_of("LA01") is None, "no head of service holds children looked after"
    Holding.objects.filter(office="head-of-service").update(scope_ids=[service_named("looked after")])
    assert lead_of("CP08") is None
    assert lead_of("LA01").person_key == "p-head-of-service"
    assert lead_of("IC01").office == "qa-manager" and lead_of("WF01").office == "psw"


def test_the_holder_and_not_a_delegate_leads_an_area(people):
    Holding.objects.filter(office="psw").update(as_delegate=True)
    assert lead_of("WF01") is None


def test_the_director_names_somebody_and_it_is_in_the_log(client_as, people):
    holding = Holding.objects.get(office="team-manager")
    answer = client_as("dcs").post(f"/lines/{MEASURE}/lead/", {"lead": holding.pk})
    assert answer.status_code == 302
    found = lead_of(MEASURE)
    assert (found.person_key, found.office, found.named) == ("p-team-manager", "team-manager", True)
    event = ChainEvent.objects.get(action="lines.lead named")
    assert told(event).detail == {"lead": "p-team-manager", "office": "team-manager"}
    assert event.subject == f"measure {MEASURE}"


def test_the_newest_name_holds(viewer_as, lead):
    actions.name_lead(by=viewer_as("dcs-delegate"), measure=MEASURE, holding=Holding.objects.get(office="psw").pk)
    assert lead_of(MEASURE).person_key == "p-psw"
    assert MeasureLead.objects.count() == 2
    with pytest.raises(Refused):
        actions.write(by=lead, measure=MEASURE, told=LINES)


def test_who_no_longer_holds_the_office_no_longer_leads(lead):
    Holding.objects.filter(office="head-of-service").update(until=clock.today().replace(day=1))
    assert lead_of(MEASURE) is None


def test_who_may_no_longer_sign_in_no_longer_leads(lead, people):
    people["head-of-service"].is_active = False
    people["head-of-service"].save()
    assert lead_of(MEASURE) is None


@pytest.mark.parametrize("office", ["head-of-service", "psw", "team-manager", "qa-manager", "analyst", "lead-member"])
def test_nobody_else_names_a_lead(client_as, viewer_as, people, office):
    holding = Holding.objects.get(office="psw").pk
    with pytest.raises(Refused):
        actions.name_lead(by=viewer_as(office), measure=MEASURE, holding=holding)
    assert client_as(office).post(f"/lines/{MEASURE}/lead/", {"lead": holding}).status_code == 403
    assert not permissions.may_name_leads(viewer_as(office))
    if office != "lead-member":
        assert "Name the lead" not in client_as(office).get(f"/lines/{MEASURE}/").content.decode()
    assert not MeasureLead.objects.exists()


def test_who_sees_no_lines_names_no_lead(viewer_as, people):
    holding = Holding.objects.get(office="psw").pk
    for other in (
        replace(viewer_as("dcs"), level="pseudonymised"),
        replace(viewer_as("dcs"), capabilities=viewer_as("dcs").capabilities - {Capability.SEE_MEASURES}),
    ):
        with pytest.raises(Refused):
            actions.name_lead(by=other, measure=MEASURE, holding=holding)


def test_somebody_whose_office_writes_no_lines_is_not_named(client_as, viewer_as, people):
    holding = Holding.objects.get(office="lead-member")
    with pytest.raises(PlainError, match="may lead"):
        actions.name_lead(by=viewer_as("dcs"), measure=MEASURE, holding=holding.pk)
    page = client_as("dcs").post(f"/lines/{MEASURE}/lead/", {"lead": holding.pk}).content.decode()
    assert "Choose one of the people listed." in page
    assert not MeasureLead.objects.exists()


def test_only_a_headline_measure_is_led(client_as, viewer_as, people):
    holding = Holding.objects.get(office="psw").pk
    with pytest.raises(PlainError, match="headline"):
        actions.name_lead(by=viewer_as("dcs"), measure="CP20", holding=holding)
    assert client_as("dcs").post("/lines/CP20/lead/", {"lead": holding}).status_code == 404


def test_a_measure_without_a_lead_is_seen_by_who_names_one(client_as, viewer_as, people):
    Holding.objects.filter(office__in=["head-of-service", "qa-manager", "psw"]).delete()
    assert len(queries.home(viewer_as("dcs")).leaderless) == 25
    assert "25 have no lead." in client_as("dcs").get("/").content.decode()
    assert "name somebody" in client_as("dcs").get("/lines/").content.decode()
    assert "name somebody" not in client_as("analyst").get("/lines/").content.decode()
