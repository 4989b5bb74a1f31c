"""Patterns worth a look: each finds what it says, leaves alone what it should, and is no accusation."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.web.access.desk.conftest import NOW

from lineofsight import clock
from lineofsight.web.access.desk import belonging, sightings
from lineofsight.web.access.desk.patterns import patterns
from lineofsight.web.access.models import ChainEvent, Holding, Looked, Person, ReadingNight


def key(number: int) -> str:
    return f"{number:032x}"


def keys(begins: int, count: int) -> list[str]:
    return [key(number) for number in range(begins, begins + count)]


def found(slug: str, at: datetime = NOW) -> list[sightings.Sighting]:
    with clock.frozen_at(at):
        return sightings.found_by(patterns()[slug]).sightings


def test_every_pattern_has_its_rule_says_why_and_that_it_is_no_accusation():
    assert patterns().keys() == sightings.RULES.keys()
    for one in patterns().values():
        assert "no accusation" in one.may_be and one.why.endswith(".") and one.title
        assert "payload" not in one.sql
    assert [one.order for one in patterns().values()] == [1, 2, 3, 4, 5, 6]


# --- many children in one day -----------------------------------------------------------------------------


def usual_days(look, office, count, children=10):
    for day in range(1, count + 1):
        look(office, NOW - timedelta(days=day), keys(1_000 * day, children), action="children.listed")


def test_a_day_far_over_a_persons_own_usual_day_is_seen_with_both_numbers(people, home, look):
    usual_days(look, "dcs", 8)
    last = look("dcs", NOW, keys(0, 130), action="children.listed")
    (seen,) = found("bulk")
    assert (seen.actor, seen.what, seen.last) == ("p-dcs", "2026-11-12", last.sequence)
    assert seen.reason == "Shown 130 children on 12 November 2026. On a usual day this person is shown about 10."


def test_the_same_children_over_and_over_are_not_many_children(people, home, look):
    usual_days(look, "dcs", 8)
    for minute in range(20):
        look("dcs", NOW + timedelta(minutes=minute), keys(0, 20), action="children.listed")
    assert found("bulk") == []


def test_somebody_whose_every_day_is_large_is_not_seen_for_a_large_day(people, home, look):
    usual_days(look, "analyst", 8, children=120)
    look("analyst", NOW, keys(0, 200), action="children.listed")
    assert found("bulk") == []
    look("analyst", NOW + timedelta(minutes=5), keys(500, 200), action="children.listed")
    assert [seen.reason[:19] for seen in found("bulk")] == ["Shown 400 children "]


def test_many_in_one_hour_are_seen_though_the_day_is_small(people, home, look):
    usual_days(look, "dcs", 8)
    look("dcs", NOW, keys(0, 60), action="children.listed")
    assert len(found("bulk")) == 1


@pytest.mark.parametrize(("children", "seen"), [(59, 0), (60, 1)])
def test_below_the_floor_nothing_is_seen_however_unusual(people, home, look, children, seen):
    usual_days(look, "dcs", 8, children=1)
    look("dcs", NOW, keys(0, children), action="children.listed")
    assert len(found("bulk")) == seen


def test_somebody_without_a_usual_day_is_said_to_have_none(people, home, look):
    look("dcs", NOW - timedelta(days=1), keys(500, 3), action="children.listed")
    look("dcs", NOW, keys(0, 130), action="children.listed")
    (seen,) = found("bulk")
    assert "looked at children on only one other day, so no day is usual yet" in seen.reason


def test_a_day_is_londons_day_and_not_utcs(people, home, look):
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    look("dcs", summer, keys(0, 130), action="children.listed")
    assert [seen.what for seen in found("bulk", summer)] == ["2026-07-02"]


# --- out of hours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "out"),
    [
        (datetime(2026, 11, 11, 6, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 11, 7, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 11, 19, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 11, 20, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 8, 11, 0, tzinfo=UTC), True),  # a Sunday
        (datetime(2026, 7, 6, 6, 0, tzinfo=UTC), False),  # seven in London's summer
        (datetime(2026, 7, 6, 19, 0, tzinfo=UTC), True),  # eight in the evening there
        (datetime(2026, 12, 25, 11, 0, tzinfo=UTC), True),  # a Friday, and a bank holiday
    ],
)
def test_out_of_hours_is_before_seven_from_eight_and_on_days_off_in_london(people, home, look, at, out):
    look("dcs", at, [key(1)])
    assert bool(found("out-of-hours", at + timedelta(days=1))) is out


def test_somebody_at_night_is_one_line_with_how_often_and_when_last(people, home, look):
    night = datetime(2026, 11, 10, 23, 10, tzinfo=UTC)
    look("dcs", night - timedelta(days=1), [key(1)])
    look("dcs", night, [key(1)])
    look("dcs", night + timedelta(minutes=20), [key(2)])
    look("dcs", night.replace(hour=12), [key(3)])
    (seen,) = found("out-of-hours")
    assert seen.reason == (
        "Looked at children three times on two days out of hours, the last time on Tuesday 10 November 2026 at 11:30pm."
    )


def test_a_night_of_file_reading_is_said(people, home, look):
    night = datetime(2026, 11, 10, 22, tzinfo=UTC)
    ReadingNight.objects.create(
        person=people["dcs"], office="dcs", holding=1, drawn_from="all", snapshot="s", begun_at=night,
        until=night + timedelta(hours=9),
    )  # fmt: skip
    look("dcs", night + timedelta(minutes=5), [key(1)])
    assert found("out-of-hours")[0].reason.endswith("That was in a night of file reading.")


def test_a_sign_in_at_night_is_no_look_at_a_child(people, home, look):
    look("dcs", datetime(2026, 11, 10, 23, tzinfo=UTC), [], action="session.began")
    assert found("out-of-hours") == []


# --- own surname ------------------------------------------------------------------------------------------


@pytest.fixture
def heron(persons) -> str:
    """Dot Heron's key."""
    return next(one["child_key"] for one in persons if one["surname"] == "Heron")


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Ann Heron", True),
        ("Councillor Ann HÉRON OBE", True),
        ("Ann Wren-Heron", True),
        ("Ann O’Heron", False),
        ("Heron Smith", False),
        ("Heron", False),
        ("Ann Herons", False),
    ],
)
def test_the_surname_of_reader_and_child_are_compared_without_accents_case_or_titles(people, heron, look, name, same):
    Person.objects.filter(key="p-dcs").update(name=name)
    look("dcs", NOW, [heron])
    assert bool(found("own-surname")) is same


def test_what_is_said_of_a_same_surname_names_no_child(people, heron, look):
    Person.objects.filter(key="p-dcs").update(name="Ann Heron")
    look("dcs", NOW - timedelta(days=1), [heron])
    last = look("dcs", NOW, [heron])
    (seen,) = found("own-surname")
    assert seen.reason == (
        "Opened the page of a child with the same surname as the reader twice, the last on 12 November 2026."
    )
    assert (seen.what, seen.child, seen.last) == (heron, True, last.sequence)


def test_a_child_on_a_list_or_beside_a_brother_is_not_a_page_opened(people, heron, look):
    Person.objects.filter(key="p-dcs").update(name="Ann Heron")
    look("dcs", NOW, [heron], action="children.listed")
    look("dcs", NOW, [key(1), heron])
    assert found("own-surname") == []


def test_where_nothing_is_loaded_surnames_are_not_measured(people, home, look):
    look("dcs", NOW, [key(1)])
    with clock.frozen_at(NOW):
        told = sightings.found_by(patterns()["own-surname"])
    assert told.sightings == [] and "No extract has been loaded" in told.not_measured


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Miriam Okell", {"okell"}),
        ("Dr Ann Penn-Hallow", {"penn", "hallow"}),
        ("Seán Ó Súilleabháin MBE", {"suilleabhain"}),
        ("Siobhan D'Arcy", {"darcy"}),
        ("Wei Li", set()),
        ("Cher", set()),
    ],
)
def test_a_surname_is_the_last_word_of_a_name_its_halves_apart(name, parts):
    assert belonging.surname_parts(name, 3) == parts


# --- one child again and again ----------------------------------------------------------------------------


def opened(look, office, child, times, days):
    for number in range(times):
        look(office, NOW - timedelta(days=number % days), [child])


@pytest.mark.parametrize(("times", "days", "seen"), [(4, 3, 1), (3, 3, 0), (9, 2, 0)])
def test_a_child_opened_often_on_several_days_from_outside_the_team_is_seen(people, heron, look, times, days, seen):
    opened(look, "psw", heron, times, days)
    told = found("again-and-again")
    assert len(told) == seen
    if seen:
        assert told[0].reason.startswith(
            "Opened the page of one child four times on three days, the last on 12 November"
        )


def test_the_childs_own_team_service_and_worker_are_not_outside(people, persons, heron, look):
    child = next(one for one in persons if one["child_key"] == heron)
    team = child["scope_teams"][0]
    Holding.objects.filter(office="team-manager").update(scope_ids=[team])
    opened(look, "team-manager", heron, 6, 4)
    assert found("again-and-again") == []
    Holding.objects.filter(office="team-manager").update(scope_ids=["another team"])
    assert [seen.actor for seen in found("again-and-again")] == ["p-team-manager"]


def test_an_office_taken_away_puts_its_holder_outside(people, persons, heron, look):
    child = next(one for one in persons if one["child_key"] == heron)
    Holding.objects.filter(office="team-manager").update(scope_ids=child["scope_teams"])
    opened(look, "team-manager", heron, 6, 4)
    Holding.objects.filter(office="team-manager").update(until=NOW.date() - timedelta(days=1))
    assert len(found("again-and-again")) == 1


# --- first files ------------------------------------------------------------------------------------------


def test_the_first_file_of_each_kind_is_seen_and_the_second_is_not(people, home, look):
    first = look("analyst", NOW - timedelta(days=2), [key(1)], action="children.listed", format="csv")
    look("analyst", NOW - timedelta(days=1), [key(1)], action="children.listed", format="csv")
    look("analyst", NOW, [key(1)], action="pack.taken", form="pdf")
    look("analyst", NOW, [key(1)], action="children.listed", format="page")
    assert {(seen.what, seen.last) for seen in found("first-file")} >= {("csv", first.sequence)}
    assert {seen.what for seen in found("first-file")} == {"csv", "pdf"}


def test_a_file_first_taken_long_ago_is_no_longer_news(people, home, look):
    look("analyst", NOW - timedelta(days=40), [key(1)], action="children.listed", format="csv")
    look("analyst", NOW, [key(1)], action="children.listed", format="csv")
    assert found("first-file") == []


# --- looked into ------------------------------------------------------------------------------------------


def test_what_was_looked_into_goes_from_the_list_and_comes_back_only_when_it_goes_on(people, home, look):
    night = datetime(2026, 11, 10, 23, tzinfo=UTC)
    look("dcs", night, [key(1)])
    (seen,) = found("out-of-hours")
    Looked.objects.create(
        pattern=seen.pattern, about=seen.about, actor=seen.actor, up_to=seen.last, reason=seen.reason,
        words="an emergency", at=NOW, by_key="p-information-governance",
    )  # fmt: skip
    assert found("out-of-hours") == []
    look("dcs", NOW, [key(1)])
    assert found("out-of-hours") == []
    look("dcs", night + timedelta(days=1), [key(1)])
    assert len(found("out-of-hours")) == 1


def test_no_reason_of_any_pattern_names_a_child(people, persons, look):
    for one in persons:
        for day in range(4):
            look("psw", NOW.replace(hour=22) - timedelta(days=day), [one["child_key"]], format="csv")
    Person.objects.filter(key="p-psw").update(name=f"Ann {persons[0]['surname']}")
    with clock.frozen_at(NOW):
        told = [seen.reason for one in sightings.found() for seen in one.sightings]
    assert len(told) > 12
    words = {one[part] for one in persons for part in ("forename", "surname") if one[part]}
    assert not [text for text in told if words & set(re.findall(r"\w+", text))]
    assert ChainEvent.objects.count() == 4 * len(persons)


# --- stopped ----------------------------------------------------------------------------------------------


def test_who_was_stopped_for_looking_too_fast_is_seen_with_how_often(people, home, look):
    look("dcs", NOW - timedelta(days=3), [], action="looking.stopped")
    last = look("dcs", NOW, [], action="looking.stopped")
    look("leader", NOW - timedelta(days=40), [], action="looking.stopped")
    (seen,) = found("stopped")
    assert (seen.actor, seen.last) == ("p-dcs", last.sequence)
    assert seen.reason.startswith("Searched for children, or opened their pages, as fast as is allowed twice")
    assert seen.reason.endswith("the last time on 12 November 2026 at 12:00pm.")
