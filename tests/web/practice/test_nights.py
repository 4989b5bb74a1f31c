"""A night of file reading: drawn by chance, read until the morning, on the record afterwards."""

import random
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import DatabaseError

from lineofsight import clock
from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.chain import told
from lineofsight.web.access.identity import actions as identity
from lineofsight.web.access.models import ChainEvent, ReadingFile, ReadingNight, Restriction
from lineofsight.web.access.need import nights
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.access.viewer import Scope
from lineofsight.web.commitments.actions import extend
from lineofsight.web.commitments.models import Occurrence, Record, State
from lineofsight.web.evidence import resolvers
from lineofsight.web.practice.queries import drawing
from lineofsight.web.practice.queries import people as cards

EVENING = datetime(2026, 11, 12, 19, tzinfo=UTC)
MORNING = datetime(2026, 11, 13, 8, tzinfo=UTC)
READ = "/reading/"
DRAW = {"drawn_from": "on-plan", "how_many": "5"}
PURPOSE = "Night of file reading"


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def last(action):
    return told(ChainEvent.objects.filter(action=action).latest("sequence"))


def at(client, moment):
    """The clock and the client's session at another moment."""
    session = client.session
    session[identity.BEGAN] = session[identity.SEEN] = moment.isoformat()
    session.save()
    return clock.frozen_at(moment)


@pytest.fixture(autouse=True)
def evening(home):
    with clock.frozen_at(EVENING):
        yield


@pytest.fixture
def by_key(persons):
    return {one["child_key"]: one for one in persons}


def address(file):
    return f"/children/{refs.ref(keys_in_use(), 'identified', file.child_key)}/"


# --- the draw ---------------------------------------------------------------------------------------------


def pool(*teams):
    """A pool of so many children a team, nobody related."""
    return {
        f"{team}-{number}": {"team_id": f"T{team}", "siblings": []}
        for team, many in enumerate(teams)
        for number in range(many)
    }


def chance(seed):
    return random.Random(seed).randrange


def test_every_team_is_drawn_before_any_is_drawn_twice():
    drawn = drawing.sample(pool(100, 1, 3, 50), 4, chance(1))
    assert sorted(key[0] for key in drawn) == ["0", "1", "2", "3"]
    more = Counter(key[0] for key in drawing.sample(pool(100, 1, 3, 50), 10, chance(1)))
    assert more["1"] == 1 and max(more.values()) - min(more[one] for one in "03") <= 1


def test_with_fewer_files_than_teams_any_team_can_be_drawn():
    seen = {key[0] for seed in range(200) for key in drawing.sample(pool(500, 1, 1, 1, 1, 1), 3, chance(seed))}
    assert seen == set("012345")


def test_each_child_of_a_team_is_as_likely_as_another():
    counted = Counter(drawing.sample(pool(5), 1, chance(seed))[0] for seed in range(3000))
    assert len(counted) == 5 and min(counted.values()) > 500 and max(counted.values()) < 700


def test_of_brothers_and_sisters_one_is_drawn_and_nobody_twice():
    family = {key: {"team_id": "T1", "siblings": [other for other in "abc" if other != key]} for key in "abc"}
    family |= {"d": {"team_id": "T2", "siblings": []}, "e": {"team_id": None, "siblings": None}}
    for seed in range(50):
        drawn = drawing.sample(family, 10, chance(seed))
        assert len(drawn) == len(set(drawn)) == 3
        assert len(set(drawn) & set("abc")) == 1


def test_an_empty_pool_gives_nothing():
    assert drawing.sample({}, 10, chance(1)) == []


@pytest.mark.parametrize(
    ("drawn_from", "column"), [("on-plan", "on_plan"), ("looked-after", "looked_after"), ("in-need", "in_need")]
)
def test_a_draw_is_from_whom_it_says_and_never_a_restricted_record(director, by_key, drawn_from, column):
    drawn = drawing.draw(director, drawn_from, 30)
    assert all(by_key[key][column] and not by_key[key]["restricted"] for key in drawn.child_keys)
    assert drawn.out_of == sum(one[column] and not one["restricted"] for one in by_key.values())


def test_what_was_restricted_here_is_not_drawn(director, by_key):
    keys = [key for key, one in by_key.items() if one["on_plan"] and not one["restricted"]]
    Restriction.objects.bulk_create(
        Restriction(child_key=key, kind="staff", reason="x", from_date="2026-11-01", placed_by_key="p-dcs")
        for key in keys[1:]
    )
    assert drawing.draw(director, "on-plan", 30).child_keys == [keys[0]]


def test_two_draws_differ(director):
    draws = {tuple(drawing.draw(director, "everyone", 10).child_keys) for _ in range(5)}
    assert len(draws) == 5


# --- the night --------------------------------------------------------------------------------------------


def test_drawn_files_are_listed_by_name_and_marked_when_they_are_read(dcs, by_key):
    page = dcs.post(READ, DRAW, follow=True)
    files = list(ReadingFile.objects.order_by("place"))
    assert len(files) == 5 and ReadingNight.objects.get().until == MORNING
    assert "5 files drawn out of" in text(page)
    for file in files:
        assert cards.name(by_key[file.child_key]) in text(page)
        assert address(file) in page.content.decode()
    assert last("night.listed").children and last("night.listed").purpose == PURPOSE
    read = dcs.get(address(files[1]))
    assert "File 2 of your night of file reading" in text(read)
    assert last("child.opened").purpose == PURPOSE
    assert last("child.opened").children[0] == files[1].child_key
    again = text(dcs.get(READ))
    assert again.count("Opened 7:00pm") == 1 and again.count("Not opened") == 4
    assert "One is opened." in again


def test_a_child_who_was_not_drawn_is_read_without_that_purpose(dcs, persons):
    dcs.post(READ, DRAW)
    drawn = set(ReadingFile.objects.values_list("child_key", flat=True))
    other = next(one for one in persons if one["child_key"] not in drawn and not one["restricted"])
    dcs.get(f"/children/{refs.ref(keys_in_use(), 'identified', other['child_key'])}/")
    assert last("child.opened").purpose == ""


def test_in_the_morning_the_list_shows_counts_and_no_child_and_the_notes_stand_for_their_reader_alone(
    dcs, client_as, by_key
):
    dcs.post(READ, DRAW)
    night, file = ReadingNight.objects.get(), ReadingFile.objects.get(place=1)
    dcs.get(address(file))
    dcs.post(f"/reading/{night.pk}/files/1/", {"words": "The plan is two years old."})
    with at(dcs, MORNING - timedelta(seconds=1)):
        assert cards.name(by_key[file.child_key]) in text(dcs.get(READ))
    with at(dcs, MORNING):
        page = dcs.get(READ)
        assert "/children/" not in re.sub(r'href="/children/find/"', "", page.content.decode())
        assert not [one for one in ReadingFile.objects.all() if cards.name(by_key[one.child_key]) in text(page)]
        past = dcs.get(f"/reading/{night.pk}/")
        assert "Five files were drawn by chance and one opened." in text(past)
        assert "The plan is two years old." in text(past)
        assert "/children/" not in past.content.decode()
        dcs.get(address(file))
        assert last("child.opened").purpose == "", "an ordinary look again"
    for office in ("psw", "qa-manager", "lead-member", "information-governance", "head-of-service"):
        client = client_as(office)
        assert client.get(f"/reading/{night.pk}/").status_code in (403, 404)
        assert client.post(f"/reading/{night.pk}/files/1/", {"words": "mine"}).status_code in (403, 404)
        assert client.post(f"/reading/{night.pk}/close/").status_code in (403, 404)
    assert ReadingFile.objects.get(place=1).words == "The plan is two years old."


def test_a_note_sent_too_late_is_said_not_to_be_kept(dcs):
    dcs.post(READ, DRAW)
    night = ReadingNight.objects.get()
    with at(dcs, MORNING):
        response = dcs.post(f"/reading/{night.pk}/files/1/", {"words": "late"})
        assert response.status_code == 409 and "was not kept" in text(response)
    assert ReadingFile.objects.get(place=1).words == ""


@pytest.mark.parametrize(("number", "words"), [(9, "no such file"), (1, "x" * 10_001)])
def test_a_note_on_no_file_or_without_measure_is_no_page(dcs, number, words):
    dcs.post(READ, DRAW)
    night = ReadingNight.objects.get()
    assert dcs.post(f"/reading/{night.pk}/files/{number}/", {"words": words}).status_code == 404


def test_drawing_again_the_same_evening_is_seen(dcs):
    dcs.post(READ, DRAW)
    page = dcs.post(READ, {**DRAW, "drawn_from": "looked-after"}, follow=True)
    assert "Drawn twice this evening." in text(page)
    assert ReadingNight.objects.count() == 2
    dcs.post(READ, DRAW)
    assert "Drawn 3 times this evening." in text(dcs.get(READ))
    assert ReadingNight.objects.open_at(EVENING).count() == 1


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, "Choose what the files are drawn from."),
        ({"drawn_from": "on-plan", "how_many": "2"}, "Draw at least 3 files."),
        ({"drawn_from": "on-plan", "how_many": "31"}, "Draw at most 30 files"),
        ({"drawn_from": "on-plan", "how_many": "ten"}, "Enter a whole number."),
        ({"drawn_from": "my neighbours", "how_many": "10"}, "Select a valid choice"),
    ],
)
def test_a_draw_that_lacks_something_is_asked_for_again(dcs, given, asked):
    response = dcs.post(READ, given)
    assert response.status_code == 200 and asked in text(response)
    assert not ReadingNight.objects.exists()


def test_a_file_restricted_after_the_draw_stands_without_a_name_and_does_not_open(dcs, by_key):
    dcs.post(READ, DRAW)
    file = ReadingFile.objects.get(place=3)
    Restriction.objects.create(
        child_key=file.child_key, kind="staff", reason="x", from_date="2026-11-01", placed_by_key="p-dcs"
    )
    page = dcs.get(READ)
    assert cards.name(by_key[file.child_key]) not in text(page)
    assert "A record that may not be opened any more" in text(page)
    assert dcs.get(address(file)).status_code == 404
    assert ReadingFile.objects.get(place=3).opened_at is None
    assert file.child_key not in last("night.listed").children


def test_where_the_log_cannot_be_written_no_file_is_listed_opened_or_marked(dcs, by_key, monkeypatch):
    dcs.post(READ, DRAW)
    file = ReadingFile.objects.get(place=1)

    def broken(*given):
        raise DatabaseError

    monkeypatch.setattr("lineofsight.web.access.chain._append", broken)
    for one in (READ, address(file)):
        response = dcs.get(one)
        assert response.status_code == 503 and by_key[file.child_key]["surname"] not in response.content.decode()
    assert dcs.post(READ, DRAW).status_code == 503
    assert ReadingNight.objects.count() == 1 and ReadingFile.objects.get(place=1).opened_at is None


@pytest.mark.parametrize("office", ["team-manager", "lead-member", "analyst", "social-worker", "administrator"])
def test_an_office_without_the_permission_has_no_night(client_as, office):
    client = client_as(office)
    assert client.get(READ).status_code == 403
    assert client.post(READ, DRAW).status_code == 403
    assert not ReadingNight.objects.exists()


def test_the_principal_social_worker_holds_one_too(client_as):
    page = client_as("psw").post(READ, DRAW, follow=True)
    assert "drawn by chance" in text(page)


def test_finished_before_the_morning_it_is_closed(dcs, by_key):
    dcs.post(READ, DRAW)
    night, file = ReadingNight.objects.get(), ReadingFile.objects.get(place=1)
    page = dcs.post(f"/reading/{night.pk}/close/", follow=True)
    assert "You noted nothing that night." in text(page)
    assert cards.name(by_key[file.child_key]) not in text(dcs.get(READ))
    dcs.get(address(file))
    assert last("child.opened").purpose == ""


def test_the_night_goes_on_the_record_and_keeps_the_commitment(dcs):
    extend()
    dcs.post(READ, DRAW)
    night, file = ReadingNight.objects.get(), ReadingFile.objects.get(place=1)
    assert "Once you have opened a file" in text(dcs.get(READ))
    seen = f"/records/seen/?kind=reading-night&key={night.pk}"
    assert dcs.get(seen).status_code == 409
    dcs.get(address(file))
    assert seen.replace("&", "&amp;") in dcs.get(READ).content.decode()
    form = dcs.get(seen)
    mark = re.search(r'name="seen" value="([^"]+)"', form.content.decode())[1]
    answer = {
        "seen": mark,
        "judgement": "satisfied",
        "words": "I read five files. The children's own words are in four of them.",
        "difference": "The fifth plan was rewritten with the child.",
    }
    done = dcs.post(seen, answer, follow=True)
    record = Record.objects.get()
    assert record.signed and record.about_kind == "reading-night"
    assert "Night of file reading, 12 November 2026" in text(done)
    assert Occurrence.objects.get(commitment="case-audit", due_on="2026-11-30").state == State.HELD
    assert file.child_key not in str(record.statement())


def test_the_thread_of_a_night_has_counts_for_others_and_no_child(dcs, client_as, by_key):
    dcs.post(READ, DRAW)
    night = ReadingNight.objects.get()
    dcs.get(address(ReadingFile.objects.get(place=1)))
    thread = dcs.get(f"/thread/reading-night/{night.pk}/")
    assert thread.status_code == 200 and "5 files drawn by chance" in text(thread)
    other = client_as("qa-manager").get(f"/thread/reading-night/{night.pk}/")
    assert other.status_code == 200 and f"/reading/{night.pk}/" not in other.content.decode()
    assert client_as("lead-member").get(f"/thread/reading-night/{night.pk}/").status_code == 404
    for file in ReadingFile.objects.all():
        assert by_key[file.child_key]["surname"] not in text(thread) + text(other)


def test_the_first_page_leads_back_to_tonights_files(dcs, client_as):
    assert "Tonight’s file reading" not in text(dcs.get("/"))
    dcs.post(READ, DRAW)
    assert "0 of 5 files opened" in text(dcs.get("/"))
    assert "Tonight’s file reading" not in text(client_as("psw").get("/"))


def test_tonights_page_takes_few_questions(dcs, lake_reads, django_assert_max_num_queries):
    dcs.post(READ, {**DRAW, "how_many": "30"})
    dcs.get(READ)
    del lake_reads[:]
    with django_assert_max_num_queries(20):
        dcs.get(READ)
    assert len(lake_reads) <= 3, lake_reads


def test_who_reads_files_of_some_teams_draws_from_those_teams(director, place, by_key):
    narrower = replace(director, scope=Scope("team", frozenset([place.team])))
    drawn = drawing.draw(narrower, "everyone", 30)
    assert drawn.child_keys and all(place.team in by_key[key]["scope_teams"] for key in drawn.child_keys)


def test_neither_the_draw_nor_the_list_is_for_an_office_without_the_permission(dcs, director, viewer_as):
    dcs.post(READ, DRAW)
    night = nights.tonight(director)
    for office in ("team-manager", "qa-manager", "lead-member"):
        with pytest.raises(Refused):
            drawing.draw(viewer_as(office), "everyone", 3)
        with pytest.raises(Refused):
            drawing.listed(viewer_as(office), night)


def test_even_who_is_named_for_every_restricted_record_draws_none_of_them(director, by_key):
    drawn = drawing.draw(replace(director, sees_restricted=True), "everyone", len(by_key)).child_keys
    assert drawn and not [key for key in drawn if by_key[key]["restricted"]]


def test_a_drawn_file_that_is_restricted_or_out_of_reach_stands_without_a_name(director, by_key, place):
    restricted = next(key for key, one in by_key.items() if one["restricted"])
    inside = next(key for key, one in by_key.items() if place.team in one["scope_teams"] and not one["restricted"])
    outside = next(key for key, one in by_key.items() if place.team not in one["scope_teams"] and not one["restricted"])
    night = SimpleNamespace(
        key="a-night", files=[SimpleNamespace(child_key=one) for one in (restricted, inside, outside)]
    )
    narrower = replace(director, sees_restricted=True, scope=Scope("team", frozenset({place.team})))
    named = [one.card != drawing.GONE for one in drawing.listed(replace(director, sees_restricted=True), night)]
    assert named == [False, True, True]
    assert [one.card != drawing.GONE for one in drawing.listed(narrower, night)] == [False, True, False]


def test_a_night_leads_to_its_page_only_for_a_reader_who_still_reads_files(dcs, director):
    dcs.post("/reading/", DRAW)
    key = str(ReadingNight.objects.get().pk)
    no_more = replace(director, capabilities=director.capabilities - {Capability.READ_FILES})
    assert resolvers.resolve(director, "reading-night", key).url
    assert not resolvers.resolve(no_more, "reading-night", key).url


def test_a_night_is_put_on_the_record_by_who_signs_records(dcs, director, monkeypatch):
    dcs.post(READ, DRAW)
    night = ReadingNight.objects.get()
    for may_sign in (True, False):
        less = set() if may_sign else {Capability.SIGN_RECORD}
        reader = replace(director, capabilities=director.capabilities - less)
        monkeypatch.setattr("lineofsight.web.practice.nights.viewer_of", lambda request, reader=reader: reader)
        assert dcs.get(READ).context["may_record"] is may_sign
        with at(dcs, MORNING):
            assert dcs.get(f"{READ}{night.pk}/").context["may_record"] is may_sign
