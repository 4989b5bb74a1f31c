"""Who sees which child: the same in every format, and nothing at all unless the log holds it first."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import pyarrow.compute as pc
import pytest
from django.db import DatabaseError

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent, Holding
from lineofsight.web.practice.queries import people as cards
from lineofsight.web.practice.queries import rows, standing

ROWS = "/measures/CP01/children/"
PAGES = ["/measures/CP08/children/", "/measures/CP10/children/", "/exceptions/", "/exceptions/unallocated/"]


def names_in(response):
    """Every child's name that a list gives, whatever its format."""
    kind = response["Content-Type"]
    if kind.startswith("text/csv"):
        return [row[0] for row in list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))[1:]]
    if "spreadsheet" in kind:
        return first_column(response.content)
    return re.findall(r'href="/children/[^"]+/">([^<]+)</a>', response.content.decode())


def first_column(content):
    """The texts of the first column of a workbook's first sheet, without its heading."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
        shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314
        texts = ["".join(one.itertext()) for one in shared.findall("x:si", space)]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314
        cells = sheet.findall(".//x:c", space)
    return [texts[int(c.find("x:v", space).text)] for c in cells if re.fullmatch(r"A\d+", c.get("r"))][1:]


def keys_behind(place=None):
    """The children on a plan now, of one team or of all, as the rows themselves say."""
    stand = standing.standing()
    where = (pc.field("measure") == "CP01") & (pc.field("as_at") == stand.as_at)
    if place:
        where = where & (pc.field("team_id") == place.team)
    return set(stand.lake.read(stand.computation, "rows", columns=["child_key"], where=where)["child_key"].to_pylist())


def names_of(persons, keys):
    return sorted(cards.name(one) for one in persons if one["child_key"] in keys and not one["restricted"])


def last_event(action):
    return told(ChainEvent.objects.filter(action=action).latest("sequence"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_team_manager_is_given_the_children_of_the_team_and_no_other(manager, place, persons, form):
    mine, everyone = names_of(persons, keys_behind(place)), names_of(persons, keys_behind())
    assert 0 < len(mine) < len(everyone)
    assert sorted(names_in(manager.get(ROWS, {"format": form}))) == mine


def test_the_pages_of_a_list_together_show_what_the_file_holds(manager, place, persons):
    shown, page = [], 1
    while True:
        response = manager.get(ROWS, {"page": page})
        shown += names_in(response)
        if response.context["found"].next is None:
            break
        page += 1
    assert sorted(shown) == names_of(persons, keys_behind(place))


def test_a_list_cannot_be_widened_by_asking_for_another_team(manager, place):
    assert names_in(manager.get(ROWS, {"team": place.other_team, "format": "csv"})) == []


def test_a_child_of_another_team_is_no_page_and_the_attempt_is_logged(manager, place, persons):
    other = next(one for one in persons if place.team not in one["scope_teams"] and not one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", other["child_key"])
    assert manager.get(f"/children/{ref}/").status_code == 404
    assert last_event("child.refused").children == (other["child_key"],)
    assert not ChainEvent.objects.filter(action="child.opened").exists()


def test_a_child_of_the_team_is_a_page_and_the_log_says_whose(manager, place, persons):
    own = next(one for one in persons if place.team in one["scope_teams"] and not one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", own["child_key"])
    response = manager.get(f"/children/{ref}/")
    assert response.status_code == 200
    assert cards.name(own) in response.content.decode()
    assert own["child_key"] in last_event("child.opened").children


@pytest.mark.parametrize(("ref", "status"), [("x", 404), ("A" * 43, 404), ("../../etc/passwd", 404), ("%00", 400)])
def test_a_forged_ref_is_no_page(dcs, ref, status):
    assert dcs.get(f"/children/{ref}/").status_code == status


def test_a_ref_made_for_another_audience_opens_nothing(dcs, persons):
    ref = refs.ref(keys_in_use(), "lead-member:2026-11", persons[0]["child_key"])
    assert dcs.get(f"/children/{ref}/").status_code == 404


def test_a_restricted_record_is_absent_everywhere_even_for_the_director(dcs, persons):
    hidden = [one for one in persons if one["restricted"]]
    assert hidden, "the synthetic authority has adopted children"
    for one in hidden[:5]:
        ref = refs.ref(keys_in_use(), "identified", one["child_key"])
        assert dcs.get(f"/children/{ref}/").status_code == 404
    keys = {one["child_key"] for one in hidden}
    for measure in ("CP01", "CN01", "LA01"):
        dcs.get(f"/measures/{measure}/children/", {"format": "csv"})
        assert not keys & set(last_event("children.listed").children)


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    "office", ["lead-member", "chief-executive", "scrutineer", "scrutiny", "agency", "action-owner"]
)
def test_an_office_that_sees_no_child_is_refused_with_who_holds_the_permission(client_as, office, address):
    response = client_as(office).get(address)
    assert response.status_code == 403
    assert "You need permission to" in response.content.decode()
    assert "Team manager" in response.content.decode()


def test_the_lead_member_is_refused_a_childs_page_whatever_the_ref(client_as, persons):
    client = client_as("lead-member")
    for audience in ("identified", "lead-member:2026-11"):
        ref = refs.ref(keys_in_use(), audience, persons[0]["child_key"])
        assert client.get(f"/children/{ref}/").status_code == 403


def test_no_page_of_a_lead_member_leads_to_a_child_or_holds_a_name(client_as, persons):
    client = client_as("lead-member")
    names = {cards.name(one) for one in persons}
    for measure in standing.catalogue():
        page = client.get(f"/measures/{measure}/").content.decode()
        assert "/children/" not in page
        assert not [name for name in names if name in page]
    listed = client.get("/measures/").content.decode()
    assert "/exceptions/" not in listed
    assert "/children/" not in listed


def test_every_list_logs_exactly_the_children_it_shows(dcs, persons):
    by_key = {one["child_key"]: cards.name(one) for one in persons}
    for form in ("page", "csv"):
        response = dcs.get("/measures/CN01/children/", {"format": form} if form == "csv" else {"page": 2})
        event = last_event("children.listed")
        assert sorted(by_key[key] for key in event.children) == sorted(names_in(response))
        assert event.detail["format"] == form
    assert len(event.children) > rows.PAGE


@pytest.mark.parametrize("address", [*PAGES, ROWS + "?format=csv", ROWS + "?format=xlsx", "/exceptions/?format=csv"])
def test_nothing_is_shown_when_the_log_cannot_be_written(dcs, persons, monkeypatch, address):
    def broken(self, *args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(ChainEvent, "save", broken)
    response = dcs.get(address)
    assert response.status_code == 503
    body = response.content.decode(errors="replace")
    assert not [one for one in persons if cards.name(one) in body]


def test_a_childs_page_is_not_shown_when_the_log_cannot_be_written(dcs, persons, monkeypatch):
    child = next(one for one in persons if one["on_plan"] and not one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", child["child_key"])

    def broken(self, *args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(ChainEvent, "save", broken)
    response = dcs.get(f"/children/{ref}/")
    assert response.status_code == 503
    assert child["surname"] not in response.content.decode()


def test_the_log_is_written_before_a_name_is_read(dcs, lake_reads, monkeypatch):
    order = []
    save = ChainEvent.save
    monkeypatch.setattr(
        ChainEvent, "save", lambda self, *a, **k: (order.append(list(lake_reads)), save(self, *a, **k))[1]
    )
    dcs.get("/measures/CP08/children/")
    dcs.get("/measures/CP08/children/")
    before_second = order[-1]
    assert before_second[-1] == "rows.parquet"
    assert lake_reads[-1] == "persons.parquet"
    assert len(before_second) < len(lake_reads)


def test_the_director_is_shown_no_worker_in_any_list_or_file(dcs, home):
    stand = standing.standing()
    workers = {one.name for one in standing.workers(stand).values() if one.name}
    for address in ("/exceptions/", "/exceptions/?format=csv", "/measures/CP08/children/", ROWS + "?format=csv",
                    "/exceptions/?state=cleared", "/measures/WF08/", "/measures/"):  # fmt: skip
        body = dcs.get(address).content.decode("utf-8-sig")
        assert not [name for name in workers if name in body], address


def test_workers_are_listed_to_their_own_managers_only(dcs, client_as):
    refused = dcs.get("/measures/WF08/children/")
    assert refused.status_code == 403
    assert "Team manager" in refused.content.decode()
    for office in ("team-manager", "head-of-service"):
        assert client_as(office).get("/measures/WF08/children/").status_code == 200


def test_workers_stand_in_the_order_of_their_names_and_never_ranked(client_as):
    found = client_as("head-of-service").get("/measures/WF08/children/", {"which": "all"}).context["found"]
    names = [row.name for row in found.rows]
    assert len(names) > 1
    assert names == sorted(names)


def test_a_social_worker_sees_what_is_held_about_them_and_nobody_else(client_as, place, home):
    found = client_as("social-worker").get("/measures/WF08/children/", {"which": "all"}).context["found"]
    own = standing.workers(standing.standing())[place.worker].name
    assert [row.name for row in found.rows] == [own]


def test_after_a_transfer_the_old_team_keeps_the_count_but_not_the_name(manager, place, persons):
    stand = standing.standing()
    scope = {one["child_key"]: one["scope_teams"] for one in persons}
    where = (pc.field("measure") == "CN01") & (pc.field("team_id") == place.team)
    past = stand.lake.read(stand.computation, "rows", columns=["as_at", "child_key"], where=where).to_pylist()
    moved = [row for row in past if place.team not in scope[row["child_key"]]]
    assert moved, "children have moved on from this team"
    as_at = moved[-1]["as_at"]
    found = manager.get("/measures/CN01/children/", {"as_at": as_at.isoformat(), "format": "csv"})
    listed = names_in(found)
    assert listed.count(cards.ELSEWHERE.name) == sum(row["as_at"] == as_at for row in moved)
    assert len(listed) == sum(row["as_at"] == as_at for row in past)


def test_a_scope_without_children_is_an_empty_list_that_says_so(client_as, people):
    Holding.objects.filter(office="social-worker").update(scope_ids=["nobody"])
    client = client_as("social-worker")
    for address in (*PAGES, ROWS):
        response = client.get(address)
        assert response.status_code == 200
        assert names_in(response) == []
    assert names_in(client.get(ROWS, {"format": "csv"})) == []
    assert client.get("/measures/CP01/").status_code == 200
