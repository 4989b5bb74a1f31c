"""Who can be named for a restricted record, and how two people of one name are told apart."""

from dataclasses import replace

from lineofsight import clock
from lineofsight.web.access.models import Holding
from lineofsight.web.access.offices import offices
from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.restricted import queries


def test_who_can_be_named_holds_an_office_of_names_that_sees_children_both_and_not_one(people, monkeypatch):
    assert {people["dcs"], people["psw"]} <= set(queries.people_to_name())
    known = dict(offices())
    known["dcs"] = replace(known["dcs"], level="pseudonymised")
    known["psw"] = replace(known["psw"], capabilities=known["psw"].capabilities - {Capability.SEE_CHILDREN})
    monkeypatch.setattr(queries, "offices", lambda: known)
    found = queries.people_to_name()
    assert people["team-manager"] in found
    assert people["dcs"] not in found and people["psw"] not in found


def test_the_offices_of_a_person_are_told_by_title_and_one_that_is_no_more_is_left_out(people):
    for slug in ("scrutiny", "of-another-version"):
        Holding.objects.create(person=people["dcs"], office=slug, from_date=clock.today())
    titles = sorted(offices()[slug].title for slug in ("dcs", "scrutiny"))
    assert queries.offices_of([people["dcs"]]) == {"p-dcs": titles}
    assert queries.offices_of([]) == {}
