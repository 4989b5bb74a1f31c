"""Who leads the work with a child, two beside each other where there are two, and who is over them."""

from dataclasses import dataclass
from datetime import date

import pytest

from lineofsight.web.practice.queries import responsible, story
from lineofsight.web.practice.queries.standing import standing, teams

SINCE = date(2026, 5, 11)


@dataclass(frozen=True)
class Worker:
    """A worker as the pages know one."""

    name: str
    team_id: str | None = None
    job_title: str | None = None
    registration: str | None = None
    fte: float | None = None


@dataclass(frozen=True)
class Team:
    """A team's service."""

    service_id: str


@pytest.fixture
def known(monkeypatch):
    """`known(workers, teams)`: what the extract says of them; gives something to stand on."""

    def told(workers, teams=None):
        monkeypatch.setattr(responsible, "workers", lambda stand: workers)
        monkeypatch.setattr(responsible, "teams", lambda stand: teams or {"T1": Team("S1")})
        responsible._over.cache_clear()
        return object()

    yield told
    responsible._over.cache_clear()


def involved(title, worker_id="w1", on=SINCE, ended_on=None):
    return story.Event(on, "involvement", title, "", ended_on, "East", "", "ssd_involvements", worker_id)


def test_two_leads_stand_beside_each_other_the_allocated_worker_first(known):
    stand = known({"w1": Worker("Wanda", registration="SW1", job_title="Social Worker"), "w2": Worker("Fay")})
    found = responsible.leads(
        stand,
        [involved("Family help lead: Fay", "w2"), involved("Allocated worker: Wanda"), involved("Duty worker: D")],
    )
    assert [(one.role, one.name, one.registered) for one in found] == [
        ("Allocated worker", "Wanda", True),
        ("Family help lead", "Fay", False),
    ]
    assert (found[0].title, found[0].team, found[0].since) == ("Social Worker", "East", SINCE)


def test_work_that_ended_a_role_without_a_person_and_an_unknown_worker_lead_to_nothing_more(known):
    stand = known({})
    assert (
        responsible.leads(stand, [involved("Allocated worker: Gone", ended_on=SINCE), involved("Allocated worker")])
        == []
    )
    (one,) = responsible.leads(stand, [involved("Allocated worker: New")])
    assert (one.name, one.title, one.registered) == ("New", "", False)


def test_the_manager_is_the_teams_and_the_head_the_services(known):
    stand = known(
        {
            "w1": Worker("Deputy", "T1", "Deputy Team Manager"),
            "w2": Worker("Mo", "T1", "Team Manager"),
            "w3": Worker("Ma", "T1", "Team manager"),
            "w4": Worker("Hal", "S1", "Head of Service"),
            "w5": Worker("Elsewhere", "T2", "Team Manager"),
        },
        {"T1": Team("S1"), "T2": Team("S1")},
    )
    assert responsible.in_charge(stand, "T1") == responsible.InCharge("Mo", "Hal")
    assert responsible.in_charge(stand, "T2") == responsible.InCharge("Elsewhere", "Hal")
    assert responsible.in_charge(stand, None) == responsible.in_charge(stand, "T9") == responsible.InCharge()


def test_the_synthetic_authoritys_teams_have_their_managers(director, persons, home):
    stand = standing()
    held = [one for one in persons if one["on_plan"]]
    assert all(responsible.in_charge(stand, one["team_id"]).manager for one in held if one["team_id"] in teams(stand))
