"""A record that was merged: its address leads to the one that stays, and what restricted either restricts it."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.lake.extracts import extract_of

from lineofsight import clock, loading
from lineofsight.cases import refs
from lineofsight.home import create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.web.access import merged
from lineofsight.web.access.chain import told
from lineofsight.web.access.desk import subject_access
from lineofsight.web.access.models import ChainEvent, NamedPerson, Restriction
from lineofsight.web.access.restricted import actions, queries
from lineofsight.web.practice.queries import figures, standing

SINCE = date(2026, 10, 1)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A home with Ada, into whose record Bob's was merged, and Cy, whose merge an adoption forbids."""
    made = create_home(tmp_path_factory.mktemp("merged") / "home", authority="306", authority_name="Croydon")
    create_keys(made)
    merges = [("M1", "ADA", "BOB"), ("M2", "ADA", "CY")]
    rows = {
        "ssd_person": [{"pers_person_id": one, "pers_forename": one.title()} for one in ("ADA", "BOB", "CY")],
        "ssd_department": [{"dept_team_id": "T1", "dept_team_name": "North"}],
        "side_restriction": [{"rest_restriction_id": "R", "rest_person_id": "CY", "rest_kind": "Adoption"}],
        "side_merged_record": [
            {"merg_merge_id": one, "merg_person_id": kept, "merg_gone_person_id": gone, "merg_date": SINCE}
            for one, kept, gone in merges
        ],
    }
    with clock.frozen_at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        loading.load(made, extract_of(rows))
    return made


@pytest.fixture
def home(once, monkeypatch):
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(once.path))
    with clock.frozen_at(datetime(2026, 11, 3, 12, tzinfo=UTC)):
        yield open_home(once.path)
    standing.forget()
    figures.forget()


@pytest.fixture
def key(home):
    ring = open_keys(home)
    return lambda person: ring.child_key("306", person)


@pytest.fixture
def address(home, key):
    ring = open_keys(home)
    return lambda person: f"/children/{refs.ref(ring, 'identified', key(person))}/"


def test_the_address_of_a_record_that_went_shows_the_one_that_stays_and_the_log_says_whom(
    client_as, address, key
) -> None:
    page = client_as("dcs").get(address("BOB"))
    assert page.status_code == 200
    assert "Ada" in page.content.decode()
    assert "Bob" not in page.content.decode()
    event = told(ChainEvent.objects.filter(action="child.opened").latest("sequence"))
    assert event.children == (key("ADA"),)


def test_whether_it_opens_is_asked_of_the_record_that_stays(client_as, address, people) -> None:
    assert client_as("social-worker").get(address("BOB")).status_code == 404
    assert client_as("social-worker").get(address("ADA")).status_code == 404


def test_a_merge_that_an_adoption_forbids_leads_nowhere(client_as, address, key) -> None:
    assert merged.kept_for(key("CY")) == key("CY")
    assert client_as("dcs").get(address("CY")).status_code == 404


@pytest.mark.parametrize("on", ["ADA", "BOB"])
def test_a_restriction_on_either_record_holds_for_the_one_that_stays(client_as, address, key, people, on: str) -> None:
    Restriction.objects.create(
        child_key=key(on), kind="protected-address", reason="A court said so", from_date=SINCE, placed_by_key="p-dcs"
    )
    assert queries.placed_here() >= {key("ADA")}
    for one in ("ADA", "BOB"):
        assert client_as("dcs").get(address(one)).status_code == 404
    NamedPerson.objects.create(child_key=key(on), person=people["dcs"], from_date=SINCE, named_by_key="p-psw")
    for one in ("ADA", "BOB"):
        assert client_as("dcs").get(address(one)).status_code == 200


def test_where_both_are_restricted_one_must_be_named_for_both(client_as, address, key, people) -> None:
    for one in ("ADA", "BOB"):
        Restriction.objects.create(
            child_key=key(one), kind="protected-address", reason="A court said so", from_date=SINCE, placed_by_key="x"
        )
    NamedPerson.objects.create(child_key=key("ADA"), person=people["dcs"], from_date=SINCE, named_by_key="p-psw")
    assert client_as("dcs").get(address("ADA")).status_code == 404
    NamedPerson.objects.create(child_key=key("BOB"), person=people["dcs"], from_date=SINCE, named_by_key="p-psw")
    assert client_as("dcs").get(address("ADA")).status_code == 200


def test_a_restriction_placed_on_the_record_that_went_is_told_and_lifted_on_the_one_that_stays(
    viewer_as, key, people
) -> None:
    actions.restrict(
        by=viewer_as("dcs"),
        child_key=key("BOB"), kind="protected-address", reason="A court said so", people=[people["dcs"], people["psw"]],
    )  # fmt: skip
    told_of = queries.restrictions_of(viewer_as("dcs"), key("ADA"))
    assert [one.kind for one in told_of.placed] == ["protected-address"]
    assert {one.key for one in told_of.named} == {"p-dcs", "p-psw"}
    actions.unname(by=viewer_as("dcs"), child_key=key("ADA"), person=people["psw"])
    actions.lift(by=viewer_as("dcs"), child_key=key("ADA"), kind="protected-address")
    assert key("ADA") not in queries.placed_here()


@pytest.mark.parametrize("asked", ["ADA", "BOB"])
def test_a_subject_access_holds_the_rows_of_the_record_that_went_and_who_looked_at_it(
    viewer_as, client_as, address, key, people, asked: str
) -> None:
    Restriction.objects.create(
        child_key=key("BOB"), kind="protected-address", reason="Of Bob", from_date=SINCE, placed_by_key="p-dcs"
    )
    NamedPerson.objects.create(
        child_key=key("BOB"), person=people["information-governance"], from_date=SINCE, named_by_key="p-dcs"
    )
    by = replace(viewer_as("information-governance"), named_for=frozenset({key("ADA")}))
    with zipfile.ZipFile(io.BytesIO(subject_access.export("SAR-1", "Ada herself", asked, by=by).content)) as taken:
        people_rows = next(name for name in taken.namelist() if "ssd_person" in name)
        rows = taken.read(people_rows).decode()
        everything = " ".join(taken.read(name).decode("utf-8", "replace") for name in taken.namelist())
    assert "Ada" in rows
    assert "Bob" in rows
    assert "Cy" not in rows
    assert "Of Bob" in everything
