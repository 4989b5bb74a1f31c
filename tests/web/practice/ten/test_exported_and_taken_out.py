"""A child of the ten in a subject access export, taken out by a redaction, and deleted after a year."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lineofsight import clock
from lineofsight.web.access.desk import held
from lineofsight.web.access.models import Redaction
from lineofsight.web.access.retention import actions as retention
from lineofsight.web.access.retention import redacting
from lineofsight.web.practice.models import TenMonth, TenNote, TenPlace, TenRelease
from lineofsight.web.practice.queries.standing import standing
from lineofsight.web.practice.ten import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def talked_about(viewer_as, frozen, proposed):
    """The first child of the list, with a note and a text, standing for a brother or sister."""
    key, by = proposed[0].child_key, viewer_as("dcs")
    actions.write_note(by=by, child_key=key, words="Ask the school.")
    actions.release(by=by, child_key=key, text="A visit was missed.", read_again=True)
    TenPlace.objects.filter(child_key=key).update(siblings=[proposed[1].child_key])
    return key


def test_the_export_tells_why_the_note_and_the_text_and_nobody_elses_key_or_name(talked_about, proposed, persons):
    stand = standing()
    person = next(one["person_id"] for one in persons if one["child_key"] == talked_about)
    parts = {part.name: part for part in held.everything(stand.lake, stand.snapshot, person, talked_about)}
    assert {"ten_reasons", "tenplace", "tennote", "tenrelease"} <= parts.keys()
    said = {name: str(parts[name].rows) for name in ("ten_reasons", "tenplace", "tennote", "tenrelease")}
    assert "Ask the school." in said["tennote"] and "A visit was missed." in said["tenrelease"]
    for reason in proposed[0].reasons:
        assert reason["reason"] in said["ten_reasons"] and reason["reason"] in said["tenplace"]
    whole = "".join(said.values())
    assert "Person dcs" not in whole and proposed[1].child_key not in whole and talked_about not in whole


def test_a_redaction_takes_the_child_the_note_and_the_text_out_and_leaves_the_month(talked_about, proposed):
    redaction = Redaction.objects.create(at=clock.now(), under="snapshots", stand_in="x" * 32, marks=[], by_key="p")
    redacting.take_out({talked_about}, redaction)
    assert not TenPlace.objects.filter(child_key=talked_about).exists()
    assert (TenNote.objects.count(), TenRelease.objects.count(), TenMonth.objects.count()) == (0, 0, 1)


def test_a_redaction_of_the_brother_leaves_the_child_and_forgets_the_brother(talked_about, proposed, viewer_as):
    redaction = Redaction.objects.create(at=clock.now(), under="snapshots", stand_in="x" * 32, marks=[], by_key="p")
    TenPlace.objects.filter(child_key=proposed[1].child_key).delete()
    redacting.take_out({proposed[1].child_key}, redaction)
    assert TenPlace.objects.get(child_key=talked_about).siblings == []
    assert queries.the_ten(viewer_as("dcs")).lines[0].siblings_words == ""


def test_after_a_year_the_whole_month_is_deleted_and_not_a_day_before(talked_about):
    def kept():
        return [model.objects.count() for model in (TenMonth, TenPlace, TenNote, TenRelease)]

    before = kept()
    with clock.frozen_at(datetime(2027, 11, 12, 12, tzinfo=UTC)):
        retention.erase_what_is_past(by="worker")
    assert kept() == before
    with clock.frozen_at(datetime(2027, 11, 13, 12, tzinfo=UTC)):
        retention.erase_what_is_past(by="worker")
    assert kept() == [0, 0, 0, 0]
