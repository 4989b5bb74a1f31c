"""Every page of the practice room: its words, its cost, and what it says when there is nothing to say."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.home import create_home
from lineofsight.keys import create_keys
from lineofsight.measures import definitions, fairness
from lineofsight.web import keys_in_use
from lineofsight.web.commitments import seeing
from lineofsight.web.commitments.models import Judgement
from lineofsight.web.commitments.records import Told
from lineofsight.web.practice.queries import case_system, figures, measures, people, standing
from lineofsight.web.practice.queries.standing import catalogue

FRESH = datetime(2026, 11, 2, 12, tzinfo=UTC)
PAGES = [
    "/measures/",
    "/measures/CP08/",
    "/measures/RF02/?by=ethnicity",
    "/measures/CP08/children/",
    "/measures/RF02/children/?which=all",
    "/exceptions/",
    "/exceptions/?state=cleared",
    "/exceptions/unallocated/",
    "/children/easily-lost/",
    "/children/easily-lost/?group=EL10",
]


def child_address(persons, **wanted):
    """The address of the first child that has what is wanted and is not restricted."""
    found = [p for p in persons if not p["restricted"] and all(p[name] == value for name, value in wanted.items())]
    return f"/children/{refs.ref(keys_in_use(), 'identified', found[0]['child_key'])}/"


@pytest.mark.parametrize("office", ["dcs", "head-of-service", "team-manager", "social-worker", "reviewing-officer"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_at_most_twenty_queries_and_three_reads_of_the_lake(client_as, lake_reads, office, address):
    client = client_as(office)
    if "by=ethnicity" in address and office != "dcs":
        assert client.get(address).status_code == 404  # a narrower scope is divided by its teams only
        return
    assert client.get(address).status_code == 200
    lake_reads.clear()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    assert len(asked) <= 20
    assert len(lake_reads) <= 3, lake_reads


def test_a_childs_page_costs_at_most_twenty_queries_and_three_reads_of_the_lake(dcs, lake_reads, persons):
    family = next(p for p in persons if p["siblings"] and not p["restricted"])
    address = child_address(persons, child_key=family["child_key"])
    dcs.get(address)
    lake_reads.clear()
    with CaptureQueriesContext(connection) as asked:
        assert dcs.get(address).status_code == 200
    assert len(asked) <= 20
    assert sorted(lake_reads) == ["events.parquet", "exceptions.parquet", "persons.parquet"]


def test_no_title_or_address_on_any_page_holds_a_name_and_nothing_is_kept(dcs, persons):
    names = {people.name(p) for p in persons}
    for address in [*PAGES, child_address(persons, on_plan=True)]:
        response = dcs.get(address)
        body = response.content.decode()
        title = re.search(r"<title>(.*?)</title>", body, re.DOTALL).group(1)
        assert title.strip()
        assert not [name for name in names if name in title]
        assert "no-store" in response["Cache-Control"]
        for one in re.findall(r'(?:href|action)="([^"]*)"', body):
            assert not [name for name in names if name in one or name.split()[-1] in one.split("/")]


@pytest.mark.parametrize(
    "address",
    [
        "/measures/XX99/",
        "/measures/XX99/children/",
        "/measures/CP08/?by=postcode",
        "/measures/CP08/children/?as_at=2019-01-31",
        "/measures/CP08/children/?as_at=yesterday",
        "/measures/CP08/children/?which=nobody",
        "/measures/CP08/children/?page=0",
        "/measures/CP08/children/?page=9999",
        "/measures/CP08/children/?page=-1",
        "/measures/CP08/children/?format=docx",
        "/exceptions/?state=forgotten",
        "/exceptions/?kind=XX99",
        "/exceptions/?page=9999",
        "/exceptions/?format=pdf",
    ],
)
def test_what_there_is_not_is_no_page(dcs, address):
    assert dcs.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/measures/", "/measures/CP08/", "/exceptions/", "/exceptions/unallocated/"])
def test_pages_are_read_and_never_posted_to(dcs, address):
    assert dcs.post(address).status_code == 405


def test_past_its_age_a_list_says_when_it_was_true_and_is_not_drawn_as_work(dcs):
    body = dcs.get("/exceptions/").content.decode()
    assert "What was owed and not done" in body
    assert "This was true on 31 October 2026." in body
    assert "practice-rows--past" in body


def test_while_the_extract_is_fresh_the_list_is_work_to_do(client_as):
    with clock.frozen_at(FRESH):
        body = client_as("dcs").get("/exceptions/").content.decode()
    assert '<h1 class="govuk-heading-l">Owed and not done</h1>' in body
    assert "This was true on" not in body
    assert "practice-rows--past" not in body


def test_the_unallocated_stand_first_then_the_longest_over(dcs):
    found = dcs.get("/exceptions/").context["found"]
    kinds = [row.measure for row in found.rows]
    first = kinds.count("CP10")
    assert first
    assert kinds[:first] == ["CP10"] * first
    over = [row.days_over for row in found.rows[first:] if row.days_over is not None]
    assert over == sorted(over, reverse=True)


def test_each_exception_says_since_when_how_long_who_must_act_and_its_history(dcs):
    row = dcs.get("/exceptions/").context["found"].rows[0]
    assert row.owed_since
    assert row.days_over >= 0
    assert row.owner
    assert row.state == "open"
    assert row.history
    assert row.reason


def test_the_list_of_exceptions_narrows_by_kind_team_and_worker(client_as, place):
    client = client_as("head-of-service")
    whole = client.get("/exceptions/").context["found"]
    kind = whole.kinds[-1]
    narrowed = client.get("/exceptions/", {"kind": kind.key}).context["found"]
    assert narrowed.total == kind.count
    assert {row.measure for row in narrowed.rows} == {kind.key}
    team = client.get("/exceptions/", {"team": place.team}).context["found"]
    assert 0 < team.total <= whole.total
    worker = whole.workers[0]
    assert client.get("/exceptions/", {"worker": worker.key}).context["found"].total == worker.count


def test_above_the_line_of_management_workers_are_counted_by_team_and_not_filtered_by(dcs):
    found = dcs.get("/exceptions/").context["found"]
    assert found.workers == []
    assert found.by_team
    assert all(row.child is not None for row in found.rows)
    owed = {line.id: line.owed for line in dcs.get("/measures/").context["list"].lines}
    of_workers = [key for key, one in definitions.load().items() if one.of_workers]
    assert {"WF08", "WF10"} <= set(of_workers)
    assert sum(one.count for one in found.by_team) == sum(owed[key] or 0 for key in of_workers)


def test_the_number_owed_on_the_list_of_measures_is_the_number_in_the_list_of_exceptions(dcs):
    for line in dcs.get("/measures/").context["list"].lines:
        if line.owed and line.opens:
            assert dcs.get("/exceptions/", {"kind": line.id}).context["found"].total == line.owed


def test_a_measure_shows_its_number_its_policy_and_who_checked_it(dcs):
    body = dcs.get("/measures/CP08/").content.decode()
    page = dcs.get("/measures/CP08/").context["page"]
    figure = page.line.figure
    assert f"{figure.numerator} of {figure.denominator} children on a plan" in body
    assert "10 working days" in body
    assert "local" in body
    assert page.definition.author in body
    assert page.definition.checker in body
    charts = [f'id="{name}-{width}-title"' for name in ("series", "spread") for width in ("wide", "narrow")]
    assert all(one in body for one in charts)
    assert body.count("<svg") == len(charts)
    assert "style=" not in body


def test_a_measure_without_a_published_counterpart_says_so_and_one_with_gives_its_source(dcs):
    assert "Nothing is published that this could stand beside." in dcs.get("/measures/CP08/").content.decode()
    body = dcs.get("/measures/AS01/").content.decode()
    assert "Open Government Licence" in body
    assert "England" in body


def test_the_lead_member_sees_small_groups_hidden_and_the_authority_exactly(client_as, dcs):
    exact = dcs.get("/measures/CP08/").context["page"]
    page = client_as("lead-member").get("/measures/CP08/").context["page"]
    assert page.line.value == exact.line.value
    hidden = [one for one in page.breakdown.groups if one.hidden]
    assert hidden
    for one in hidden:
        assert one.value == measures.TOO_SMALL
        assert (one.of, one.interval, one.change) == ("", "", "")


def test_scrutiny_sees_no_number_that_is_not_rounded(client_as):
    client = client_as("scrutiny")
    for line in client.get("/measures/").context["list"].lines:
        if line.figure.numerator is not None:
            assert line.figure.numerator % 5 == 0, line.id
    body = client.get("/measures/CP10/").content.decode()
    assert "longest" not in body


def test_an_interval_stands_beside_every_way_of_dividing_people(dcs):
    for by in ("age", "ethnicity", "sex"):
        body = dcs.get("/measures/AS01/", {"by": by}).content.decode()
        assert fairness.NOT_A_CAUSE in body
        assert "95% interval" in body
    assert fairness.NOT_A_CAUSE not in dcs.get("/measures/AS01/", {"by": "team"}).content.decode()


def test_what_is_not_measured_names_what_is_missing_and_is_never_a_number(dcs, monkeypatch):
    stand = standing.standing()
    series = dict(figures.authority(stand, "identified"))
    missing = figures.Figure(stand.as_at, None, None, 0, None, ("ssd_cp_visits",), measured=False)
    series["CP08"] = figures.Series([missing], missing)
    monkeypatch.setattr(figures, "own", lambda stand, viewer: series)
    listed = dcs.get("/measures/").content.decode()
    assert "Not measured: the extract lacks the table" in listed
    assert "One is not measured." in listed
    page = dcs.get("/measures/CP08/").content.decode()
    assert "ssd_cp_visits" in page
    assert "<svg" not in page
    assert "Show the" not in page


def test_before_anything_is_loaded_a_page_says_so_and_what_to_do(client_as, tmp_path, monkeypatch):
    client = client_as("dcs")
    empty = create_home(tmp_path / "empty", authority="999", authority_name="Westharbour")
    create_keys(empty)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(empty.path))
    for address in ("/measures/", "/measures/CP08/", "/exceptions/", "/children/x/"):
        body = client.get(address).content.decode()
        assert "Nothing has been loaded yet" in body
        assert "lineofsight load" in body


def test_measures_stand_along_the_childs_journey(dcs):
    areas = [area.lines[0].definition.area for area in dcs.get("/measures/").context["list"].areas]
    assert areas == sorted(areas, key=measures.JOURNEY.index)
    assert sum(len(area.lines) for area in dcs.get("/measures/").context["list"].areas) == len(catalogue())


def test_on_a_narrow_screen_every_value_has_its_label(dcs):
    for address in ("/measures/", "/measures/CP08/children/", "/exceptions/", "/exceptions/unallocated/"):
        body = dcs.get(address).content.decode()
        rows = body[body.index("<tbody") : body.rindex("</tbody>")]
        cells = re.findall(r"<td[^>]*>", rows)
        assert cells
        assert all("data-label=" in cell for cell in cells), address


def test_what_is_owed_stands_on_the_first_page_of_those_alone_who_may_see_it(client_as):
    told = {office: client_as(office).get("/").content.decode() for office in ("dcs", "lead-member")}
    assert "What was owed on 31 October 2026" in told["dcs"]
    assert "exceptions open" in told["dcs"] and "exceptions open" not in told["lead-member"]
    assert "What was owed" not in told["lead-member"]


def test_what_could_not_be_measured_is_named_and_linked_on_the_first_page(dcs, home, monkeypatch):
    whole = figures.own

    def without(stand, viewer):
        found = dict(whole(stand, viewer))
        headline = replace(
            found["CP08"].headline, measured=False, numerator=None, value=None, missing=("ssd_cp_visits",)
        )
        return found | {"CP08": replace(found["CP08"], headline=headline)}

    monkeypatch.setattr(figures, "own", without)
    text = dcs.get("/").content.decode()
    title = catalogue()["CP08"].title
    assert "could not be measured: " in text
    assert f'href="/measures/CP08/">{title}</a>' in text.partition("could not be measured: ")[2].partition("</p>")[0]


def test_the_ways_on_from_what_we_know_are_a_list_without_dots_between(client_as, home):
    for office in ("dcs", "lead-member", "social-worker"):
        head = client_as(office).get("/measures/").content.decode().partition("<table")[0]
        assert "·" not in head.partition("<main")[2]


def test_a_childs_page_narrows_its_chronology_by_kind_and_days_kept_in_the_address(dcs, persons):
    address = child_address(persons, on_plan=True)
    page = dcs.get(address, {"kind": "visits", "from": "2026-01-01", "to": "2026-10-31"})
    asked = page.context["chronology"].asked
    assert (asked.kind, asked.since, asked.until) == ("visits", date(2026, 1, 1), date(2026, 10, 31))
    body = page.content.decode()
    assert 'value="visits" selected' in body and 'value="2026-01-01"' in body and 'value="2026-10-31"' in body
    for wrong in ({"from": "yesterday"}, {"to": "31/10/2026"}, {"kind": "nothing"}):
        assert dcs.get(address, wrong).status_code == 404
    later = dcs.get(address, {"from": "2027-01-01"}).content.decode()
    assert "Nothing of this kind is recorded between these days." in later


def test_a_childs_page_says_who_prints_it_the_case_systems_number_and_who_is_in_charge(dcs, persons, home, monkeypatch):
    person = next(p for p in persons if p["on_plan"] and p["worker_id"] and not p["restricted"])
    address = child_address(persons, child_key=person["child_key"])
    body = dcs.get(address).content.decode()
    assert "Printed by Person dcs, Director of Children’s Services, 12 November 2026" in body
    assert f"Number in the case system: <strong>{person['person_id']}</strong>" in body
    assert "Team manager</span>" in body and "Head of service</span>" in body
    linked = replace(home, case_system="https://cases.example/{id}")
    monkeypatch.setattr(case_system, "home_in_use", lambda: linked)
    assert f'href="https://cases.example/{person["person_id"]}" rel="noreferrer"' in dcs.get(address).content.decode()


def test_a_childs_page_says_that_there_is_no_audit_or_finding_until_somebody_puts_one_on_record(dcs, director, persons):
    person = next(p for p in persons if p["on_plan"] and not p["restricted"])
    address = child_address(persons, child_key=person["child_key"])
    assert "None. No audit, finding or record of this child is held here" in dcs.get(address).content.decode()
    page = seeing.look(director, "child", address.split("/")[2])
    told = Told(clock.today(), Judgement.SATISFIED, "Duty saw the child.", difference="The child was seen.")
    seeing.record_page(page, told, by=director)
    body = dcs.get(address).content.decode()
    assert "Who has put on record that they saw this child’s page" in body
    assert "None. No audit" not in body
    assert not dcs.get(address, {"known": "2026-09-30"}).context["thread"]
