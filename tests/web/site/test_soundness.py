"""The database is looked at whole. What a flipped bit of one of its pages does is tried in tests/faults."""

import pytest
from django.db import connection

from lineofsight.web.access.models import Holding
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
