"""What the Lead Member is told of a measure's lines: a text the Director released, without any small number or team."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from tests.web.practice.monthly.conftest import MEASURE, OCTOBER

from lineofsight.errors import PlainError
from lineofsight.web.access.chain import told
from lineofsight.web.access.models import ChainEvent
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.practice.models import LinesRelease
from lineofsight.web.practice.monthly import actions, permissions, queries
from lineofsight.web.practice.monthly.disclosing import named_team, small_number
from lineofsight.web.practice.queries.standing import standing, teams

pytestmark = pytest.mark.django_db
TEXT = "Visits are later than usual; cover begins this month."


@pytest.fixture
def released(viewer_as, written):
    """A text released about October's lines."""
    return actions.release(by=viewer_as("dcs"), measure=MEASURE, text=TEXT)


def test_the_director_releases_on_the_page_and_takes_back(client_as, written):
    client = client_as("dcs")
    assert client.post(f"/lines/{MEASURE}/release/", {"text": TEXT}).status_code == 302
    kept = LinesRelease.objects.get()
    assert (kept.text, kept.lines, kept.released_by_key) == (TEXT, written, "p-dcs")
    assert queries.released_in(OCTOBER)[MEASURE].text == TEXT
    assert "the Lead Member is told" in client.get("/lines/").content.decode()
    assert TEXT in client.get(f"/lines/{MEASURE}/").content.decode()
    assert client.post(f"/lines/{MEASURE}/take-back/", {"text": kept.pk}).status_code == 302
    assert queries.released_in(OCTOBER) == {}
    kept.refresh_from_db()
    assert kept.taken_back_by_key == "p-dcs" and kept.taken_back_at is not None
    again = client.post(f"/lines/{MEASURE}/take-back/", {"text": kept.pk}, follow=True).content.decode()
    assert "That text is not released." in again
    written_down = ChainEvent.objects.filter(action__startswith="lines.").order_by("sequence")
    events = list(written_down.values_list("action", flat=True))
    assert events[-2:] == ["lines.released", "lines.taken back"]


def test_the_release_is_in_the_log_without_the_text_and_encrypted_where_it_is_kept(released):
    event = ChainEvent.objects.get(action="lines.released")
    assert told(event).detail == {"release": released.pk, "lines": released.lines_id}
    assert event.subject == f"lines {MEASURE} 2026-10"
    assert TEXT not in str(event.__dict__)
    with connection.cursor() as cursor:
        cursor.execute("select text from practice_linesrelease")
        assert TEXT not in str(cursor.fetchone())


@pytest.mark.parametrize("office", ["head-of-service", "dcs-delegate", "psw", "lead-member", "analyst"])
def test_nobody_but_the_director_releases_or_takes_back(client_as, viewer_as, released, office):
    with pytest.raises(Refused):
        actions.release(by=viewer_as(office), measure=MEASURE, text=TEXT)
    with pytest.raises(Refused):
        actions.take_back(by=viewer_as(office), measure=MEASURE, key=released.pk)
    assert client_as(office).post(f"/lines/{MEASURE}/release/", {"text": TEXT}).status_code == 403
    assert client_as(office).post(f"/lines/{MEASURE}/take-back/", {"text": released.pk}).status_code == 403
    assert not permissions.may_release_lines(viewer_as(office))
    if office != "lead-member":
        assert "What the Lead Member is told" not in client_as(office).get(f"/lines/{MEASURE}/").content.decode()
    assert LinesRelease.objects.filter(taken_back_at=None).count() == 1


def test_who_sees_no_lines_releases_none(viewer_as, released):
    director = viewer_as("dcs")
    for other in (
        replace(director, level="pseudonymised"),
        replace(director, capabilities=director.capabilities - {Capability.SEE_MEASURES}),
        replace(director, capabilities=director.capabilities - {Capability.RELEASE_TEXT}),
    ):
        with pytest.raises(Refused):
            actions.release(by=other, measure=MEASURE, text=TEXT)
        with pytest.raises(Refused):
            actions.take_back(by=other, measure=MEASURE, key=released.pk)


def test_nothing_is_released_before_the_lead_has_written(viewer_as, lead):
    with pytest.raises(PlainError, match="has not written"):
        actions.release(by=viewer_as("dcs"), measure=MEASURE, text=TEXT)


def test_a_text_of_another_measure_is_not_taken_back_here(viewer_as, released):
    with pytest.raises(PlainError, match="not released"):
        actions.take_back(by=viewer_as("dcs"), measure="CP10", key=released.pk)


def test_a_text_that_names_a_child_a_team_or_a_small_number_is_refused(client_as, viewer_as, written, persons):
    child = next(one for one in persons if one["surname"] and one["forename"])
    team = next(one.name for one in teams(standing()).values() if one.name)
    for text, why in (
        (f"{child['forename']} {child['surname']} waits.", "names a child"),
        (f"The {team} is behind.", "names a team"),
        ("3 children wait.", "so small"),
        (" ", "Write the text"),
    ):
        with pytest.raises(PlainError, match=why):
            actions.release(by=viewer_as("dcs"), measure=MEASURE, text=text)
    page = client_as("dcs").post(f"/lines/{MEASURE}/release/", {"text": "Only three wait."}).content.decode()
    assert "“three” is a number so small" in page
    assert not LinesRelease.objects.exists()


@pytest.mark.parametrize("text", [
    "Of them 5 were late", "4% were late", "two were late", "Five of these", "one child was not seen", "One of them",
    "1 was late", "it rose by 2.5", "from 12 to 3",
])  # fmt: skip
def test_a_small_number_is_found_however_it_is_written(home, text):
    assert small_number(standing(), text)


@pytest.mark.parametrize("text", [
    "78% were seen", "6 were late", "within 5 working days", "in two weeks", "since 3 October", "the 2nd review",
    "no one knew", "0 were late", "1,250 contacts", "12.4 for each 10,000", "one team is behind",
])  # fmt: skip
def test_a_length_of_time_a_day_and_a_large_number_are_no_small_number(home, text):
    assert small_number(standing(), text) == ""


def test_a_team_is_found_whatever_its_letters(home):
    team = next(one.name for one in teams(standing()).values() if one.name)
    assert named_team(standing(), f"the {team.upper()} is behind") == team
    assert named_team(standing(), "every team is behind") == ""
