"""A night of file reading: frozen when drawn, open until the morning, noted by its reader alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import Http404

from lineofsight import clock
from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent, ReadingFile, ReadingNight
from lineofsight.web.access.need import nights, queries, reading
from lineofsight.web.access.permissions import IN_PERSON, Refused

EVENING = datetime(2026, 11, 12, 19, tzinfo=UTC)
KEYS = [f"{number:032x}" for number in range(1, 5)]
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def evening(morning):
    with clock.frozen_at(EVENING):
        yield


@pytest.fixture
def director(viewer_as):
    return viewer_as("dcs")


def drawn(by, keys=KEYS, drawn_from="on-plan"):
    return reading.draw_night(by=by, drawn_from=drawn_from, snapshot="a-snapshot", child_keys=keys)


@pytest.mark.parametrize(
    ("at", "closes"),
    [
        (EVENING, datetime(2026, 11, 13, 8, tzinfo=UTC)),
        (datetime(2026, 11, 13, 1, tzinfo=UTC), datetime(2026, 11, 13, 8, tzinfo=UTC)),
        (datetime(2026, 11, 13, 8, tzinfo=UTC), datetime(2026, 11, 14, 8, tzinfo=UTC)),
        (datetime(2026, 11, 13, 7, 59, 59, tzinfo=UTC), datetime(2026, 11, 13, 8, tzinfo=UTC)),
        (datetime(2026, 7, 1, 20, tzinfo=UTC), datetime(2026, 7, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),  # the clocks go forward
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),  # and back
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), datetime(2026, 7, 1, 7, tzinfo=UTC)),
    ],
)
def test_files_close_at_eight_by_londons_clocks(director, at, closes):
    assert reading.morning_after(at) == closes


def test_the_homes_own_policy_sets_the_hour(director, home):
    (home.path / "policy.toml").write_text(
        '[[threshold]]\nkey = "reading.closes"\nnumber = 6\nunit = "o’clock"\nkind = "local"\nsource = "Ours"\n'
        "from = 2020-01-01\n"
    )
    assert reading.morning_after(EVENING) == datetime(2026, 11, 13, 6, tzinfo=UTC)


def test_a_draw_is_frozen_in_its_order_and_stands_in_the_chain_with_its_children(director):
    night = drawn(director)
    assert list(night.files.values_list("place", "child_key")) == list(enumerate(KEYS, 1))
    said = told(ChainEvent.objects.filter(action="night.drawn").latest("sequence"))
    assert said.children == tuple(KEYS) and said.purpose == "Night of file reading"
    assert said.detail["instead_of"] == []


def test_the_files_are_open_to_their_reader_until_the_morning_and_not_a_moment_longer(director):
    night = drawn(director)
    with clock.frozen_at(night.until - TICK):
        opening = queries.night_opening(director, KEYS[2])
        assert (opening.kind, opening.file, opening.purpose) == ("night", 3, "Night of file reading")
        assert nights.tonight(director).open
    with clock.frozen_at(night.until):
        assert queries.night_opening(director, KEYS[2]) is None
        assert nights.tonight(director) is None


def test_they_are_nobody_elses(director, viewer_as):
    night = drawn(director)
    other = viewer_as("psw")
    assert queries.night_opening(other, KEYS[0]) is None
    assert nights.nights(other) == []
    with pytest.raises(Http404):
        nights.night(other, str(night.pk))
    with pytest.raises(Http404):
        nights.night_row(other, str(night.pk))


def test_they_are_not_open_in_another_holding_of_the_same_person_or_without_the_permission(director):
    drawn(director)
    assert queries.night_opening(director, KEYS[0])
    assert queries.night_opening(replace(director, holding_id=director.holding_id + 1000), KEYS[0]) is None
    assert queries.night_opening(replace(director, capabilities=director.capabilities - IN_PERSON), KEYS[0]) is None
    assert nights.tonight(replace(director, holding_id=director.holding_id + 1000)) is None


@pytest.mark.parametrize("other", [{"person_key": "p-psw"}, {"office": "psw"}], ids=["person", "office"])
def test_a_night_is_listed_to_the_same_person_in_the_same_office_alone(director, other):
    drawn(director)
    assert len(nights.nights(director)) == 1
    assert nights.nights(replace(director, **other)) == []


def test_a_file_opens_to_no_other_person_though_the_holding_were_the_same(director):
    drawn(director)
    assert queries.night_opening(replace(director, person_key="p-psw"), KEYS[0]) is None


def test_a_delegate_reads_no_files(director):
    delegate = replace(director, delegate=True, capabilities=director.capabilities - IN_PERSON)
    with pytest.raises(Refused):
        drawn(delegate)
    with pytest.raises(Refused):
        nights.nights(delegate)


@pytest.mark.parametrize("office", ["lead-member", "team-manager", "social-worker", "administrator", "scrutineer"])
def test_an_office_without_the_permission_holds_no_night(viewer_as, office):
    with pytest.raises(Refused):
        drawn(viewer_as(office))
    assert not ReadingNight.objects.exists()


def test_drawing_again_closes_the_first_draw_and_is_seen(director):
    first = drawn(director)
    with clock.frozen_at(EVENING + timedelta(minutes=10)):
        second = drawn(director, KEYS[::-1], "looked-after")
        assert [(one.draw, one.open) for one in nights.nights(director)] == [(2, True), (1, False)]
        assert nights.night(director, str(first.pk)).ended_at == EVENING + timedelta(minutes=10)
        assert queries.night_opening(director, KEYS[0]).key == str(second.pk)
    said = told(ChainEvent.objects.filter(action="night.drawn").latest("sequence"))
    assert said.detail["instead_of"] == [str(first.pk)]


def test_a_night_of_another_evening_counts_from_one(director):
    drawn(director)
    with clock.frozen_at(EVENING + timedelta(days=1)):
        drawn(director)
        assert [one.draw for one in nights.nights(director)] == [1, 1]


def test_nothing_drawn_is_no_night(director):
    with pytest.raises(PlainError, match="no child to draw"):
        drawn(director, [])
    with pytest.raises(PlainError, match="Choose"):
        drawn(director, drawn_from="girls-in-year-six")
    assert not ReadingNight.objects.exists()


def test_the_first_opening_is_kept_and_not_the_second(director):
    night = drawn(director)
    reading.note_opened(str(night.pk), 2)
    with clock.frozen_at(EVENING + timedelta(hours=1)):
        reading.note_opened(str(night.pk), 2)
    assert list(night.files.values_list("opened_at", flat=True)) == [None, EVENING, None, None]
    assert nights.tonight(director).opened == 1


def test_a_note_is_encrypted_and_read_by_its_reader_alone(director, viewer_as):
    night = drawn(director)
    file = night.files.select_related("night__person").get(place=1)
    reading.write_words(file, by=director, words="  CANARY: the plan is two years old.  ")
    assert nights.tonight(director).files[0].words == "CANARY: the plan is two years old."
    with connection.cursor() as cursor:
        cursor.execute("select words from access_readingfile where place = 1")
        assert "CANARY" not in cursor.fetchone()[0]
    for office in ("psw", "lead-member", "information-governance"):
        with pytest.raises(Refused):
            reading.write_words(file, by=viewer_as(office), words="mine")
    noted = told(ChainEvent.objects.filter(action="night.noted").latest("sequence"))
    assert noted.children == (file.child_key,) and "CANARY" not in str(noted)
    assert nights.counted(str(night.pk)).night.noted == 0, "what is counted for others holds no note"


def test_whoever_reads_no_files_any_more_notes_nothing_and_closes_nothing(director):
    night = ReadingNight.objects.select_related("person").get(pk=drawn(director).pk)
    now = replace(director, capabilities=director.capabilities - IN_PERSON)
    with pytest.raises(Refused):
        reading.write_words(night.files.select_related("night__person").get(place=1), by=now, words="late")
    with pytest.raises(Refused):
        reading.close_night(night, by=now)


def test_a_note_is_not_kept_once_the_night_is_over(director):
    night = drawn(director)
    file = night.files.select_related("night__person").get(place=1)
    with clock.frozen_at(night.until), pytest.raises(PlainError, match="over"):
        reading.write_words(file, by=director, words="late")
    assert not ReadingFile.objects.get(place=1).words


def test_finished_closes_the_night_once(director, viewer_as):
    night = ReadingNight.objects.select_related("person").get(pk=drawn(director).pk)
    with pytest.raises(Refused):
        reading.close_night(night, by=viewer_as("psw"))
    with clock.frozen_at(EVENING + timedelta(hours=2)):
        reading.close_night(night, by=director)
        reading.close_night(night, by=director)
        assert nights.tonight(director) is None
    assert ChainEvent.objects.filter(action="night.closed").count() == 1
    assert nights.night(director, str(night.pk)).ended_at == EVENING + timedelta(hours=2)


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_night_that_there_is_not_is_none(director, key):
    assert nights.counted(key) is None
    with pytest.raises(Http404):
        nights.night(director, key)


@pytest.mark.parametrize("other", [{"person_key": "p-psw"}, {"holding_id": 9_999}], ids=["person", "holding"])
def test_a_note_is_of_the_same_person_in_the_same_holding(director, other):
    file = drawn(director).files.select_related("night__person").get(place=1)
    with pytest.raises(Refused, match="Only the person who drew"):
        reading.write_words(file, by=replace(director, **other), words="mine")


def test_closing_a_night_at_the_very_moment_it_ends_changes_nothing(director):
    night = ReadingNight.objects.select_related("person").get(pk=drawn(director).pk)
    with clock.frozen_at(night.until):
        reading.close_night(night, by=director)
    assert ReadingNight.objects.get().closed_at is None
