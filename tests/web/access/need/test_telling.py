"""Who is told: the manager nearest the child, else the service, else the Director; never the one who asks."""

import pytest

from lineofsight.web.access.models import Holding, Person
from lineofsight.web.access.need.telling import second_people

CHILD = {"team_id": "T1", "scope_teams": ["T1", "T2"], "service_id": "S1"}


def keys(child=CHILD, asker="p-social-worker"):
    return [one.key for one in second_people(child, asker)]


def appoint(key, office, ids, **given):
    person = Person.objects.create(key=key, name=f"Name {key}", email=f"{key}@northmere.example")
    return Holding.objects.create(person=person, office=office, from_date="2026-01-01", scope_ids=ids, **given)


pytestmark = pytest.mark.usefixtures("people")


def test_the_managers_of_every_team_that_works_with_the_child_are_told():
    appoint("second", "team-manager", ["T2", "T9"])
    appoint("elsewhere", "team-manager", ["T3"])
    assert sorted(keys()) == ["p-team-manager", "second"]


def test_without_a_manager_the_head_of_the_service_is_told_else_the_director(people):
    Holding.objects.filter(office="team-manager").delete()
    assert keys() == ["p-head-of-service"]
    assert keys({**CHILD, "service_id": "S2"}) == ["p-dcs"]


def test_a_manager_who_asks_is_passed_over_and_the_next_above_is_told():
    assert keys(asker="p-team-manager") == ["p-head-of-service"]


def test_a_director_who_asks_leaves_nobody():
    Holding.objects.filter(office__in=["team-manager", "head-of-service"]).delete()
    assert keys(asker="p-dcs") == []


@pytest.mark.parametrize("given", [{"until": "2026-11-11"}, {"from_date": "2026-11-13"}, {"as_delegate": True}])
def test_only_who_holds_the_office_today_and_in_person_is_told(given):
    Holding.objects.filter(office="team-manager").update(**given)
    assert keys() == ["p-head-of-service"]


@pytest.mark.parametrize("given", [{"until": "2026-11-12"}, {"from_date": "2026-11-12"}])
def test_the_first_and_the_last_day_of_an_office_count(given):
    Holding.objects.filter(office="team-manager").update(**given)
    assert keys() == ["p-team-manager"]


def test_an_account_that_is_shut_is_not_told():
    Person.objects.filter(key="p-team-manager").update(is_active=False)
    assert keys() == ["p-head-of-service"]


def test_a_manager_of_a_whole_service_answers_for_its_children_and_not_for_others():
    Holding.objects.filter(office="team-manager").update(scope_kind="service", scope_ids=["S1"])
    assert keys() == ["p-team-manager"]
    assert keys({**CHILD, "service_id": "S2"}) == ["p-dcs"]


def test_a_child_whom_no_team_holds_is_the_services():
    assert keys({"team_id": None, "scope_teams": [], "service_id": "S1"}) == ["p-head-of-service"]
    assert keys({"team_id": None, "scope_teams": None, "service_id": None}) == ["p-dcs"]


def test_somebody_who_holds_two_offices_is_told_once(people):
    Holding.objects.create(
        person=people["team-manager"], office="team-manager", from_date="2026-01-01", scope_ids=["T2"]
    )
    assert keys() == ["p-team-manager"]
