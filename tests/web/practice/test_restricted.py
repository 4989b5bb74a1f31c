"""Restricted records are absent from every path for whoever is not named, from the next request on (rule 7.3)."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pyarrow.compute as pc
import pytest
from tests.web.practice.test_scope import last_event, names_in

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.lake import Lake
from lineofsight.web import keys_in_use
from lineofsight.web.access.models import ChainEvent, NamedPerson, Need, Restriction
from lineofsight.web.access.permissions import Capability
from lineofsight.web.access.restricted.kinds import words_of
from lineofsight.web.access.restricted.queries import restricted_page
from lineofsight.web.practice import queries
from lineofsight.web.practice.queries import people as cards
from lineofsight.web.practice.queries import standing

LISTS = ["/measures/CP01/children/", "/measures/CN01/children/", "/exceptions/", "/exceptions/unallocated/"]


def ref_of(key):
    return refs.ref(keys_in_use(), "identified", key)


def restrict(*keys, kind="protected-address"):
    Restriction.objects.bulk_create(
        Restriction(child_key=key, kind=kind, reason="x", from_date=clock.today(), placed_by_key="p-dcs")
        for key in keys
    )


def name(person, *keys):
    NamedPerson.objects.bulk_create(
        NamedPerson(child_key=key, person=person, from_date=clock.today(), named_by_key="p-dcs") for key in keys
    )


@pytest.fixture
def unallocated(home):
    """The keys of the children with no social worker, open to all before a test restricts them."""
    stand = standing.standing()
    where = (pc.field("measure") == "CP10") & (pc.field("as_at") == stand.as_at) & ~pc.field("met")
    keys = stand.lake.read(stand.computation, "rows", columns=["child_key"], where=where)["child_key"].to_pylist()
    assert keys
    return sorted(keys)


@pytest.fixture
def child(unallocated, persons):
    """One of them, as a row of the people table."""
    return next(one for one in persons if one["child_key"] == unallocated[0] and not one["restricted"])


def everything(client):
    """Every list of children, every file of one, as one text."""
    found = []
    for address in LISTS:
        found.append(client.get(address).content.decode())
        if "unallocated" not in address:
            more = {"which": "all"} if "measures" in address else {}
            found.append(client.get(address, {"format": "csv", **more}).content.decode("utf-8-sig"))
            found += names_in(client.get(address, {"format": "xlsx", **more}))
    return "\n".join(found)


@pytest.mark.parametrize("office", ["dcs", "qa-manager", "analyst"])
def test_a_record_restricted_here_is_gone_from_every_list_and_file_on_the_next_request(client_as, child, office):
    client, full = client_as(office), cards.name(child)
    assert full in everything(client)
    restrict(child["child_key"])
    assert full not in everything(client)
    assert client.get(f"/children/{ref_of(child['child_key'])}/").status_code == 404
    Restriction.objects.update(until=clock.today().replace(year=2025))
    assert full in everything(client)


def test_counts_still_hold_the_child_and_the_page_says_how_many_are_withheld(dcs, unallocated):
    before = {address: dcs.get(address) for address in (*LISTS, "/", "/measures/CP10/")}
    total = before["/measures/CP01/children/"].context["found"].total
    restrict(*unallocated)
    gone = len(unallocated)
    page = dcs.get("/measures/CP01/children/")
    found = page.context["found"]
    withheld = before["/measures/CP01/children/"].context["found"].withheld
    assert (found.total, found.withheld) == (total - gone, withheld + gone)
    assert "that only named people may open" in page.content.decode()
    assert dcs.get("/measures/CP10/").context["page"].sentence == before["/measures/CP10/"].context["page"].sentence
    waiting = dcs.get("/exceptions/unallocated/").context["found"]
    assert waiting.urgent == before["/exceptions/unallocated/"].context["found"].urgent
    assert (len(waiting.children), waiting.withheld) == (0, gone)
    owed = dcs.get("/exceptions/", {"kind": "CP10"})
    assert owed.context["found"].withheld == gone
    assert "of records that only named people may open" in owed.content.decode()
    assert owed.context["found"].longest_unallocated == before["/exceptions/"].context["found"].longest_unallocated
    assert dcs.get("/").context["urgent"] == before["/"].context["urgent"]


def test_whoever_is_named_sees_the_record_again_and_nobody_else_does(client_as, people, child):
    restrict(child["child_key"])
    name(people["dcs"], child["child_key"])
    address, full = f"/children/{ref_of(child['child_key'])}/", cards.name(child)
    assert client_as("dcs").get(address).status_code == 200
    assert full in everything(client_as("dcs"))
    assert client_as("qa-manager").get(address).status_code == 404
    assert full not in everything(client_as("qa-manager"))
    NamedPerson.objects.update(until=clock.today().replace(year=2025))
    assert client_as("dcs").get(address).status_code == 404


def test_the_log_of_a_list_holds_no_child_that_was_withheld(dcs, child):
    restrict(child["child_key"])
    for address, action in ((LISTS[0], "children.listed"), ("/exceptions/", "exceptions.listed")):
        dcs.get(address, {"format": "csv"})
        assert child["child_key"] not in last_event(action).children


def test_a_brothers_page_neither_names_nor_counts_a_restricted_sibling(dcs, persons):
    by_key = {one["child_key"]: one for one in persons}
    family = next(
        one
        for one in persons
        if len(one["siblings"]) > 1
        and not any(by_key[key]["restricted"] for key in (one["child_key"], *one["siblings"]))
    )
    gone = family["siblings"][0]
    before = dcs.get(f"/children/{ref_of(family['child_key'])}/").context["child"]
    restrict(gone)
    response = dcs.get(f"/children/{ref_of(family['child_key'])}/")
    after = response.context["child"]
    assert len(after.siblings) == len(before.siblings) - 1
    assert after.siblings_withheld == before.siblings_withheld == 0
    assert ref_of(gone) not in response.content.decode()
    assert gone not in last_event("child.opened").children


def test_what_the_extract_restricts_is_absent_by_kind_and_named_people_see_it(client_as, people, persons):
    told = {one["restriction"] for one in persons if one["restricted"]}
    assert {"adoption", "protected-address"} <= told
    for kind in sorted(told):
        child = next(one for one in persons if one["restriction"] == kind)
        address = f"/children/{ref_of(child['child_key'])}/"
        assert client_as("dcs").get(address).status_code == 404
        name(people["dcs"], child["child_key"])
        assert client_as("dcs").get(address).status_code == 200


def test_a_need_never_opens_a_restricted_record(client_as, people, place, persons):
    other = next(one for one in persons if place.team not in one["scope_teams"] and not one["restricted"])
    from datetime import timedelta

    from lineofsight.web.access.models import Holding

    client = client_as("team-manager")
    Need.objects.create(
        person=people["team-manager"],
        office="team-manager",
        holding=Holding.objects.get(person=people["team-manager"]).pk,
        child_key=other["child_key"],
        purpose="duty",
        reason="the duty team called about a visit tonight",
        opened_at=clock.now(),
        until=clock.now() + timedelta(hours=4),
    )
    address = f"/children/{ref_of(other['child_key'])}/"
    assert client.get(address).status_code == 200
    restrict(other["child_key"])
    assert client.get(address).status_code == 404
    assert client.get(f"{address}need/").status_code == 404
    assert last_event("child.refused").children == (other["child_key"],)


def test_finding_a_child_finds_no_restricted_record_by_any_box(dcs, child):
    boxes = [
        {"forename": child["forename"], "surname": child["surname"]},
        {"case_id": child["person_id"]},
        {"surname": child["surname"], "born": child["dob"].isoformat()},
    ]
    for box in boxes:
        assert ref_of(child["child_key"]) in dcs.post("/children/find/", box).content.decode()
    restrict(child["child_key"])
    for box in boxes:
        body = dcs.post("/children/find/", box).content.decode()
        assert ref_of(child["child_key"]) not in body
        assert child["child_key"] not in last_event("children.found").children


def test_evidence_and_the_thread_lead_to_no_restricted_child(dcs, child):
    address = f"/thread/child/{ref_of(child['child_key'])}/"
    assert dcs.get(address).status_code == 200
    restrict(child["child_key"])
    assert dcs.get(address).status_code == 404


def test_no_kept_answer_outlives_a_restriction(director, child):
    """The same viewer, asked again in the same process: nothing kept may answer for the row that was added."""
    key = child["child_key"]
    assert queries.get_child(director, ref_of(key)).name == cards.name(child)
    stand = standing.standing()
    assert key not in standing.withheld(stand, director)
    assert not standing.belonging(stand, [key])[key]["restricted"]
    restrict(key)
    assert key in standing.withheld(stand, director)
    assert standing.belonging(stand, [key])[key]["restricted"]


# The pages.


def test_the_directors_page_of_a_child_leads_to_its_restriction_and_a_managers_does_not(dcs, manager, persons, place):
    child = next(one for one in persons if place.team in one["scope_teams"] and not one["restricted"])
    address = f"/children/{ref_of(child['child_key'])}/"
    assert f"{address}restrict/" in dcs.get(address).content.decode()
    assert "/restrict/" not in manager.get(address).content.decode()
    assert manager.get(f"{address}restrict/").status_code == 403


def test_a_record_is_restricted_on_its_page_and_the_placer_no_longer_sees_it(dcs, people, child):
    address = f"/children/{ref_of(child['child_key'])}/restrict/"
    body = dcs.get(address).content.decode()
    assert "for you too, unless you name yourself" in body
    given = {"kind": "protected-address", "reason": "An order of the family court", "people": ["p-qa-manager"]}
    done = dcs.post(address, given)
    assert (done.status_code, done["Location"]) == (302, "/access/restricted/")
    assert dcs.get(address).status_code == 404
    assert NamedPerson.objects.get().person == people["qa-manager"]


def test_the_placer_who_names_themselves_sees_why_who_and_can_lift_it(dcs, people, child):
    address = f"/children/{ref_of(child['child_key'])}/restrict/"
    dcs.post(address, {"kind": "other", "reason": "Threats to the family", "people": ["p-dcs", "p-qa-manager"]})
    body = dcs.get(address).content.decode()
    assert "Threats to the family" in body
    assert "Person qa-manager" in body
    assert dcs.post(f"{address}unname/", {"person": "p-qa-manager"}).status_code == 302
    assert dcs.post(f"{address}name/", {"person": "p-psw"}).status_code == 302
    assert {one.person.key for one in NamedPerson.objects.in_force(clock.today())} == {"p-dcs", "p-psw"}
    assert dcs.post(f"{address}lift/", {"kind": "other"}).status_code == 302
    assert "Restrict " in dcs.get(address).content.decode()
    assert not Restriction.objects.in_force(clock.today()).exists()


@pytest.mark.parametrize("lacking", ["kind", "reason", "people"])
def test_what_is_left_out_is_asked_for_beside_its_question(dcs, child, lacking):
    address = f"/children/{ref_of(child['child_key'])}/restrict/"
    given = {"kind": "other", "reason": "Threats", "people": ["p-dcs"]}
    del given[lacking]
    response = dcs.post(address, given)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not Restriction.objects.exists()


def test_the_page_of_restricted_records_counts_kinds_and_names_nobody_to_one_not_named(dcs, people, persons, child):
    restrict(child["child_key"])
    body = dcs.get("/access/restricted/").content.decode()
    hidden = [one for one in persons if one["restricted"]]
    assert "Adoption" in body
    assert "Protected address" in body
    for one in (*hidden, child):
        assert cards.name(one) not in body
        assert ref_of(one["child_key"]) not in body
    name(people["dcs"], child["child_key"])
    body = dcs.get("/access/restricted/").content.decode()
    assert cards.name(child) in body
    assert last_event("restricted.listed").children == (child["child_key"],)
    assert sum(cards.name(one) in body for one in hidden) == 0


def test_the_page_counts_what_the_extract_restricts(dcs, persons):
    found = dcs.get("/access/restricted/").context["page"]
    assert found.total == sum(one["restricted"] for one in persons)
    assert sum(kind.by_extract for kind in found.kinds) == found.total


def test_a_person_is_named_by_the_childs_number_and_the_number_is_kept_nowhere(dcs, people, persons):
    child = next(one for one in persons if one["restriction"] == "adoption")
    given = {"case_id": child["person_id"], "person": "p-psw"}
    assert dcs.post("/access/restricted/", given).status_code == 302
    assert NamedPerson.objects.get().child_key == child["child_key"]
    event = last_event("record.person named")
    assert child["person_id"] not in str(event)
    wrong = dcs.post("/access/restricted/", {"case_id": "nobody", "person": "p-psw"})
    assert "That record is not restricted." in wrong.content.decode()


@pytest.mark.parametrize("office", ["team-manager", "lead-member", "scrutiny", "administrator", "social-worker"])
def test_the_page_is_refused_to_an_office_with_nothing_to_do_there(client_as, office):
    client = client_as(office)
    assert client.get("/access/restricted/").status_code == 403
    assert client.post("/access/restricted/", {"case_id": "1", "person": "p-psw"}).status_code == 403


def test_a_named_worker_sees_their_own_list_and_no_counts(client_as, people, persons):
    child = next(one for one in persons if one["restriction"] == "protected-address")
    name(people["psw"], child["child_key"])
    body = client_as("psw").get("/access/restricted/").content.decode()
    assert cards.name(child) in body
    assert "By the extract" not in body
    assert not re.search(r"name=\"case_id\"", body)


def test_each_named_person_reads_since_when_they_themselves_are_named(viewer_as, people, persons):
    child = next(one for one in persons if one["restriction"] == "protected-address")
    name(people["dcs"], child["child_key"])
    NamedPerson.objects.create(
        child_key=child["child_key"], person=people["psw"], from_date=date(2026, 1, 5), named_by_key="p-dcs"
    )
    assert [one.since for one in restricted_page(viewer_as("dcs")).mine] == [clock.today()]
    assert [one.since for one in restricted_page(viewer_as("psw")).mine] == [date(2026, 1, 5)]


def test_one_named_who_sees_no_child_by_name_any_more_reads_no_name(viewer_as, people, persons):
    child = next(one for one in persons if one["restriction"] == "protected-address")
    name(people["dcs"], child["child_key"])
    director = viewer_as("dcs")
    assert len(restricted_page(director).mine) == 1
    for other in ({"level": "pseudonymised"}, {"capabilities": director.capabilities - {Capability.SEE_CHILDREN}}):
        assert restricted_page(replace(director, **other)).mine == []


@pytest.mark.parametrize("what", ["", "lift/", "name/", "unname/"])
def test_who_may_not_restrict_is_refused_before_the_child_is_opened(client_as, child, what):
    sent = {"kind": "other", "person": "p-psw"}
    answer = client_as("qa-manager").post(f"/children/{ref_of(child['child_key'])}/restrict/{what}", sent)
    assert answer.status_code == 403
    assert not ChainEvent.objects.filter(action="child.opened").exists()


def test_the_page_counts_each_kind_by_itself_by_the_extract_and_here(director, persons, unallocated):
    told = Counter(words_of(one["restriction"] or "adoption") for one in persons if one["restricted"])
    assert len(told) > 1
    restrict(*unallocated, kind="protected-address")
    restrict(unallocated[0], kind="other")
    here = {words_of("protected-address"): len(unallocated), words_of("other"): 1}
    found = {one.words: (one.by_extract, one.placed_here) for one in restricted_page(director).kinds}
    assert found == {words: (told[words], here.get(words, 0)) for words in {*told, *here}}


def test_what_a_restriction_of_an_older_extract_is_for_reads_as_adoption(director, persons, monkeypatch):
    schema = type("Old", (), {"names": ["child_key", "restricted"]})
    sealed = type("Sealed", (), {"dataset": type("Dataset", (), {"schema": schema})})
    monkeypatch.setattr(Lake, "sealed_file", lambda *given: sealed)
    found = restricted_page(director)
    assert [(one.words, one.by_extract) for one in found.kinds] == [(words_of("adoption"), found.total)]


def test_each_record_on_ones_list_has_the_words_of_its_own_restrictions(viewer_as, people, persons):
    sealed = next(one for one in persons if one["restriction"] == "adoption")
    one, two = [one for one in persons if not one["restricted"] and cards.name(one) != cards.name(sealed)][:2]
    restrict(one["child_key"], kind="protected-address")
    restrict(two["child_key"], sealed["child_key"], kind="other")
    name(people["dcs"], *(each["child_key"] for each in (sealed, one, two)))
    found = {each.address.strip("/").split("/")[-1]: each.words for each in restricted_page(viewer_as("dcs")).mine}
    assert found == {
        ref_of(one["child_key"]): [words_of("protected-address")],
        ref_of(two["child_key"]): [words_of("other")],
        ref_of(sealed["child_key"]): sorted([words_of("adoption"), words_of("other")]),
    }


def test_an_empty_list_of_ones_own_is_not_read_and_not_in_the_log(viewer_as, people, child, monkeypatch):
    name(people["dcs"], child["child_key"])
    assert restricted_page(viewer_as("dcs")).mine == []
    restrict(child["child_key"])
    with monkeypatch.context() as patch:
        patch.setattr("lineofsight.web.access.restricted.queries._newest", lambda: None)
        assert restricted_page(viewer_as("dcs")).mine == []
    assert not ChainEvent.objects.filter(action="restricted.listed").exists()
