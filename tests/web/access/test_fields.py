"""Typed text never stands in the clear in the database file (DESIGN 5 H)."""

import shutil
from pathlib import Path

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models

from lineofsight.errors import PlainError
from lineofsight.home import create_home
from lineofsight.keys import create_keys
from lineofsight.web.access.fields import EncryptedJSONField, EncryptedTextField

CANARY = "Zephyrine Quillfeather-Ng said ‘not again’"


@pytest.fixture
def note(transactional_db, home):
    """A model with both fields, for as long as the test lasts."""
    from django.test.utils import isolate_apps

    with isolate_apps("lineofsight.web.access"):

        class Note(models.Model):
            words = EncryptedTextField(blank=True)
            facts = EncryptedJSONField(null=True)

            class Meta:
                app_label = "access"

        with connection.schema_editor() as editor:
            editor.create_model(Note)
        yield Note
        with connection.schema_editor() as editor:
            editor.delete_model(Note)


def test_what_was_typed_comes_back_and_does_not_stand_in_the_database(note, tmp_path):
    made = note.objects.create(words=CANARY, facts={"said": CANARY, "times": 2, "who": [CANARY]})
    made.refresh_from_db()
    assert (made.words, made.facts["times"], made.facts["said"]) == (CANARY, 2, CANARY)
    with connection.cursor() as cursor:
        cursor.execute("select words, facts from access_note")
        stored = cursor.fetchone()
    assert all("Zephyrine" not in text and "times" not in text for text in stored)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("pragma wal_checkpoint(truncate)")
        files = Path(connection.settings_dict["NAME"]).parent.glob("test*")
        held = b"".join(shutil.copy(file, tmp_path / "copy").read_bytes() for file in files)
        assert b"access_note" in held and b"Zephyrine" not in held and b"Quillfeather" not in held


def test_the_same_words_look_different_each_time(note):
    for _ in range(2):
        note.objects.create(words=CANARY)
    with connection.cursor() as cursor:
        cursor.execute("select count(distinct words) from access_note")
        assert cursor.fetchone() == (2,)


def test_nothing_typed_stays_nothing(note):
    made = note.objects.create(words="", facts=None)
    made.refresh_from_db()
    assert (made.words, made.facts) == ("", None)


def test_content_cannot_be_looked_up_but_emptiness_can(note):
    note.objects.create(words=CANARY, facts=None)
    for lookup in ("words", "words__contains", "facts__exact"):
        with pytest.raises(FieldError):
            note.objects.filter(**{lookup: CANARY}).exists()
    assert note.objects.filter(facts__isnull=True).count() == 1


def test_text_altered_moved_or_of_another_home_is_an_error_never_words(note, tmp_path, monkeypatch):
    made = note.objects.create(words=CANARY, facts={"a": 1})
    for change in ("words = facts", "words = 'AAAA' || substr(words, 5)", "words = 'plain words'"):
        with connection.cursor() as cursor:
            cursor.execute("select words from access_note")
            kept = cursor.fetchone()[0]
            cursor.execute(f"update access_note set {change}")
        with pytest.raises((PlainError, ValueError)):
            note.objects.get(pk=made.pk)
        with connection.cursor() as cursor:
            cursor.execute("update access_note set words = %s", [kept])
    assert note.objects.get(pk=made.pk).words == CANARY
    other = create_home(tmp_path / "other", authority="306", authority_name="Other")
    create_keys(other)
    monkeypatch.setenv("LINEOFSIGHT_HOME", str(other.path))
    with pytest.raises(PlainError):
        note.objects.get(pk=made.pk)
