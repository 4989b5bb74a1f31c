"""Find a child: by a form's body only, ten at most, and outside one's scope one, unnamed, exactly matched."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pyarrow as pa
import pytest
from django.db import DatabaseError, connection

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.practice.queries import finding
from lineofsight.web.practice.queries import people as cards

FIND = "/children/find/"


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def last():
    return told(ChainEvent.objects.filter(action="children.found").latest("sequence"))


def said(born):
    return f"{born.day} {born:%B %Y}"


@pytest.fixture
def visible(persons):
    """Everybody whose record is not restricted and who has a whole name and a date of birth."""
    return [one for one in persons if not one["restricted"] and one["forename"] and one["surname"] and one["dob"]]


@pytest.fixture
def twin_free(visible):
    """Those who share surname and date of birth with nobody."""
    seen = [(one["surname"].casefold(), one["dob"]) for one in visible]
    return [one for one in visible if seen.count((one["surname"].casefold(), one["dob"])) == 1]


@pytest.fixture
def outside(twin_free, place):
    """A child of another team, whose surname and date of birth mean one child."""
    return next(one for one in twin_free if place.team not in one["scope_teams"])


@pytest.fixture
def inside(twin_free, place):
    """A child of the team manager's own team."""
    return next(one for one in twin_free if place.team in one["scope_teams"])


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Zoë", "zoe"),
        ("ŁUKASZ", "lukasz"),
        ("O’Brien", "obrien"),
        ("O'Brien", "obrien"),
        ("Smith-Jones", "smith jones"),
        ("  de   la  Cruz ", "de la cruz"),
        ("Strauß", "strauss"),
        ("Søren Ærø", "soren aero"),
        ("İpek", "ipek"),
        ("Ngọc", "ngoc"),
        ("---", ""),
    ],
)
def test_names_are_compared_without_case_accents_or_signs(typed, folded):
    assert finding.folded(pa.array([typed]))[0].as_py() == folded


def test_no_name_is_compared_as_no_name():
    assert finding.folded(pa.array([None], pa.string())).to_pylist() == [""]


def test_a_child_is_found_by_beginnings_by_the_day_and_by_the_number(director, visible):
    one = visible[0]
    for asked in (
        finding.Asked(forename=one["forename"][:3].upper(), surname=one["surname"], born=one["dob"]),
        finding.Asked(surname=one["surname"][:3], born=one["dob"]),
        finding.Asked(case_id=one["person_id"]),
        finding.Asked(case_id=one["person_id"], surname=one["surname"]),
    ):
        found = finding.find(director, asked)
        assert refs.ref(keys_in_use(), "identified", one["child_key"]) in [card.ref for card in found.cards]


def test_everything_typed_must_match(director, visible):
    one, another = visible[0], next(x for x in visible if x["dob"] != visible[0]["dob"])
    assert finding.find(director, finding.Asked(surname=one["surname"], born=date(1950, 1, 1))).matched == 0
    assert finding.find(director, finding.Asked(case_id=one["person_id"], born=another["dob"])).matched == 0


def test_the_found_are_those_a_plain_reading_of_the_rule_finds(director, persons):
    """The set-based matching against the rule written out, for many beginnings."""
    surnames = finding.folded(pa.array([one["surname"] for one in persons if not one["restricted"]])).to_pylist()
    parts = [surname.split() for surname in surnames]
    for beginning in sorted({surname.split()[-1][:2] for surname in surnames[:200] if surname})[:30]:
        expected = sum(any(part.startswith(beginning) for part in one) for one in parts)
        assert finding.find(director, finding.Asked(surname=beginning)).matched == expected > 0


def test_more_than_ten_are_counted_and_not_shown(dcs, visible):
    letters = max((one["surname"][:2] for one in visible), key=[one["surname"][:2] for one in visible].count)
    page = dcs.post(FIND, {"surname": letters})
    shown = re.findall(r"/children/[\w-]{43}/", page.content.decode())
    assert "match. Add a date of birth." in text(page) and shown == []
    assert last().children == () and last().detail["matched"] > 10


def test_in_scope_a_name_an_age_a_team_and_a_link_are_shown(manager, inside):
    page = manager.post(FIND, {"surname": inside["surname"], "born": said(inside["dob"])})
    assert cards.name(inside) in text(page)
    assert f"/children/{refs.ref(keys_in_use(), 'identified', inside['child_key'])}/" in page.content.decode()
    assert "One child of those you work with matches." in text(page)


def test_outside_scope_an_exact_match_is_pointed_at_without_a_name(manager, outside):
    page = manager.post(FIND, {"surname": outside["surname"], "born": said(outside["dob"])})
    body = page.content.decode()
    assert "One child outside those you work with matches." in text(page)
    assert outside["forename"] not in body and (outside["team_name"] or "no team") not in body
    address = re.search(r'href="(/children/[^"]+/need/)"', body)[1]
    assert manager.get(address).status_code == 200
    assert last().children == (outside["child_key"],) and last().detail["outside"] == 1


def test_outside_scope_the_number_of_the_case_system_is_exact_enough(manager, outside):
    page = manager.post(FIND, {"case_id": f" {outside['person_id']} "})
    assert "One child outside those you work with matches." in text(page)
    assert outside["surname"] not in page.content.decode()


@pytest.mark.parametrize("less", ["surname", "beginning", "born", "forename", "another day"])
def test_outside_scope_anything_less_is_told_nothing(manager, outside, less):
    given = {
        "surname": {"surname": outside["surname"]},
        "beginning": {"surname": outside["surname"][:-1], "born": said(outside["dob"])},
        "born": {"born": said(outside["dob"])},
        "forename": {"forename": outside["forename"], "born": said(outside["dob"])},
        "another day": {"surname": outside["surname"], "born": "1 January 1990"},
    }[less]
    page = manager.post(FIND, given)
    assert "outside those you work with matches" not in text(page)
    assert "/need/" not in page.content.decode()
    assert outside["child_key"] not in last().children


def test_two_outside_scope_are_told_apart_by_a_first_name(viewer_as, visible, place, monkeypatch):
    """Twins, as the matching would give them: counted, and neither is pointed at."""
    twins = [one["child_key"] for one in visible if place.team not in one["scope_teams"]][:2]
    monkeypatch.setattr(finding, "_matching", lambda stand, asked: dict.fromkeys(twins, "kaminskie"))
    asked = finding.Asked(surname="Kaminskie", born=date(2016, 5, 1))
    both = finding.find(viewer_as("team-manager"), asked)
    assert (both.outside, both.outside_ref, both.cards) == (2, "", [])
    assert last().children == () and last().detail["outside"] == 2


def test_a_namesake_outside_scope_is_pointed_at_beside_one_in_scope(viewer_as, inside, outside, monkeypatch):
    """The child who is meant may be the other one: both are told, one by name and one without."""
    keys = {inside["child_key"]: "kaminskie", outside["child_key"]: "kaminskie"}
    monkeypatch.setattr(finding, "_matching", lambda stand, asked: keys)
    found = finding.find(viewer_as("team-manager"), finding.Asked(surname="Kaminskie", born=date(2016, 5, 1)))
    assert [card.name for card in found.cards] == [cards.name(inside)]
    assert found.outside_ref == refs.ref(keys_in_use(), "identified", outside["child_key"])
    assert last().children == (inside["child_key"], outside["child_key"])


def test_an_office_without_the_permission_is_told_of_nobody_outside(viewer_as, outside):
    manager = viewer_as("team-manager")
    without = replace(manager, capabilities=manager.capabilities - {Capability.OPEN_OUTSIDE_SCOPE})
    found = finding.find(without, finding.Asked(case_id=outside["person_id"]))
    assert (found.outside, found.outside_ref, found.cards) == (0, "", [])
    assert last().children == ()


@pytest.mark.parametrize("office", ["dcs", "team-manager"])
def test_a_restricted_record_is_found_by_nobody(viewer_as, persons, office):
    for hidden in [one for one in persons if one["restricted"]][:5]:
        found = finding.find(viewer_as(office), finding.Asked(case_id=hidden["person_id"]))
        assert (found.matched, found.outside, found.cards) == (0, 0, [])
        assert last().children == ()


def test_who_is_named_for_every_restricted_record_finds_it(viewer_as, persons):
    hidden = next(one for one in persons if one["restricted"])
    named = replace(viewer_as("dcs"), sees_restricted=True)
    assert finding.find(named, finding.Asked(case_id=hidden["person_id"])).matched == 1


@pytest.mark.parametrize("office", ["lead-member", "chief-executive", "scrutineer", "agency", "information-governance"])
def test_an_office_that_sees_no_child_by_name_finds_nobody(client_as, viewer_as, office):
    client = client_as(office)
    assert client.get(FIND).status_code == 403
    assert client.post(FIND, {"surname": "Smith"}).status_code == 403
    with pytest.raises(Refused):
        finding.find(viewer_as(office), finding.Asked(surname="Smith"))


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, "Type part of the name"),
        ({"surname": "  "}, "Type part of the name"),
        ({"surname": "S"}, "at least two letters"),
        ({"forename": "A", "surname": "S"}, "at least two letters"),
        ({"born": "the day before"}, "Enter a real date"),
    ],
)
def test_what_could_mean_anybody_is_asked_for_again(dcs, given, asked):
    page = dcs.post(FIND, given)
    assert page.status_code == 200 and asked in text(page)
    assert not ChainEvent.objects.filter(action="children.found").exists()


def test_signs_that_are_nobodys_name_match_nobody(director):
    for typed in ("---", "%", "..", "__"):
        assert finding.find(director, finding.Asked(surname=typed)).matched == 0


def test_words_in_the_address_are_not_read_and_nothing_is_shown_by_address(dcs, visible):
    one = visible[0]
    page = dcs.get(f"{FIND}?surname={one['surname']}&case_id={one['person_id']}")
    body = page.content.decode()
    assert page.status_code == 200 and one["forename"] not in body and one["person_id"] not in body
    assert not ChainEvent.objects.filter(action="children.found").exists()


def test_the_answer_is_kept_by_no_cache_and_leads_nowhere_that_holds_the_words(dcs, visible):
    one = visible[0]
    page = dcs.post(FIND, {"surname": one["surname"], "born": said(one["dob"])})
    assert "no-store" in page["Cache-Control"]
    body = page.content.decode()
    assert one["surname"] not in re.search(r"<title>(.*?)</title>", body)[1]
    assert not [
        href for href in re.findall(r'(?:href|action)="([^"]*)"', body) if one["surname"].lower() in href.lower()
    ]
    assert all("autocomplete" in box for box in re.findall(r'<input type="text"[^>]*>', body))


def test_what_was_typed_stands_in_no_log_no_event_and_no_table(dcs, caplog, capsys):
    typed = {"forename": "CANARYNE", "surname": "Featherstonehaugh", "born": "17 March 2013", "case_id": "CANARY77"}
    with caplog.at_level("DEBUG"):
        dcs.post(FIND, typed)
    event = ChainEvent.objects.filter(action="children.found").latest("sequence")
    assert told(event).detail == {
        "boxes": ["forename", "surname", "born", "case_id"],
        "shown": 0,
        "matched": 0,
        "outside": 0,
    }
    streams = capsys.readouterr()
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        assert "access_chainevent" in tables
        stored = ""
        for table in tables:
            cursor.execute(f"select * from {table}")
            stored += str(cursor.fetchall())
    everything = f"{caplog.text}{streams.out}{streams.err}{event.subject}{event.action}{told(event)}{stored}"
    for never in ("CANARYNE", "Featherstonehaugh", "CANARY77", "17 March"):
        assert never.lower() not in everything.lower()


def test_where_the_log_cannot_be_written_nobody_is_found(dcs, visible, monkeypatch):
    def broken(*given):
        raise DatabaseError

    monkeypatch.setattr("lineofsight.web.access.chain._append", broken)
    one = visible[0]
    page = dcs.post(FIND, {"surname": one["surname"], "born": said(one["dob"])})
    assert page.status_code == 503 and one["forename"] not in page.content.decode()


def test_a_search_takes_three_reads_of_the_lake_at_most(manager, inside, lake_reads, django_assert_max_num_queries):
    manager.post(FIND, {"surname": inside["surname"]})
    del lake_reads[:]
    with django_assert_max_num_queries(20):
        manager.post(FIND, {"surname": inside["surname"], "born": said(inside["dob"])})
    assert len(lake_reads) <= 3, lake_reads


def test_before_the_first_extract_the_page_says_what_to_do(dcs, monkeypatch):
    from lineofsight.web.practice.queries.standing import NothingLoaded

    def nothing():
        raise NothingLoaded("Nothing has been loaded yet.")

    monkeypatch.setattr("lineofsight.web.practice.queries.finding.standing", nothing)
    page = dcs.post(FIND, {"surname": "Smith"})
    assert page.status_code == 200 and "Nothing loaded yet" in text(page)


def test_the_way_there_stands_on_what_we_know_for_those_who_may(dcs, client_as):
    assert f'href="{FIND}"' in dcs.get("/measures/").content.decode()
    assert FIND not in client_as("lead-member").get("/measures/").content.decode()


@pytest.mark.parametrize(("office", "may"), [("team-manager", True), ("dcs", False)])
def test_the_page_speaks_of_a_need_only_to_an_office_that_may_state_one(client_as, office, may):
    assert client_as(office).get("/children/find/").context["may_need"] is may
