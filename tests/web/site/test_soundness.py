"""The database is looked at whole. What a flipped bit of one of its pages does is tried in tests/faults."""

import pytest
from django.db import connection

from lineofsight.web.access.models import Holding
from lineofsight.web.reports import verification
from lineofsight.web.reports.models import Release
from lineofsight.web.site import soundness

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


@pytest.fixture
def copied(people):
    soundness.keep_second_copies()
    yield
    soundness.forget_second_copies()


def _do(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_database_as_it_was_written_is_sound(copied):
    assert list(soundness.problems()) == []
    assert soundness.verdict().ok


def test_making_the_second_copies_again_changes_nothing(copied):
    before = soundness._second_copies()
    soundness.keep_second_copies()
    assert soundness._second_copies() == before
    assert bool(before) == (connection.vendor == "sqlite")


def test_every_table_of_ours_that_is_no_chain_has_a_second_copy_of_each_plain_column():
    held = dict(soundness._tables())
    assert set(held["access_holding"]) == {field.column for field in Holding._meta.concrete_fields}
    assert "text" not in held["reports_release"]
    assert "access_chainevent" not in held


def test_a_sealed_text_that_no_longer_opens_is_found_by_its_key(copied):
    made = Release.objects.create(
        office="lead-member",
        month="2026-10-01",
        text="Visits are late.",
        released_at="2026-11-01T09:00Z",
        released_by="p",
    )
    _do("UPDATE reports_release SET text = 'A' || substr(text, 2, 30) || 'B' || substr(text, 33)")
    (said,) = soundness.problems()
    assert f"release {made.pk}" in said
    assert "no longer opens" in said
    assert not soundness.verdict().ok


def test_a_database_behind_the_code_is_told_from_one_that_is_not():
    assert not soundness.pending()


@pytest.fixture
def unreadable(monkeypatch):
    """`unreadable(of, name)`: SQLite complains of a name that is damaged, and the complaint cannot be read."""

    def complains(*_):
        raise UnicodeDecodeError("utf-8", b"malformed \xf3", 10, 11, "invalid continuation byte")

    return lambda of, name: monkeypatch.setattr(of, name, complains)


def test_a_database_whose_own_names_are_damaged_is_told_of_in_a_sentence(copied, unreadable):
    unreadable(soundness, "_sqlite" if connection.vendor == "sqlite" else "_postgresql")
    assert list(soundness.problems()) == [
        "The database is damaged and cannot be read whole: a name in it is malformed."
    ]


def test_what_a_damaged_database_stops_is_said_and_what_it_had_said_stands(copied, unreadable):
    unreadable(verification, "everything")
    (stopped,) = soundness.everything()
    assert (stopped.ok, stopped.state) == (False, "altered")
    assert "cannot be read whole" in stopped.sentence
    unreadable(soundness, "_sqlite" if connection.vendor == "sqlite" else "_postgresql")
    assert [one.ok for one in soundness.everything()] == [False, False]


def test_a_sound_database_is_followed_by_every_other_verdict(copied):
    assert len(soundness.everything()) == 1 + len(list(verification.everything()))
    assert all(one.ok for one in soundness.everything())
