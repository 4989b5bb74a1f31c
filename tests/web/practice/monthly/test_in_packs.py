"""What packs carry: the Director's the lines as written, the Lead Member's what was released; silence is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.web.practice.monthly.conftest import LINES, MEASURE, OCTOBER

from lineofsight import clock
from lineofsight.web.practice.models import MonthLines
from lineofsight.web.practice.monthly import actions, leads
from lineofsight.web.practice.queries.standing import catalogue, standing
from lineofsight.web.reports import packs, rendering

pytestmark = pytest.mark.django_db
TITLE = catalogue()[MEASURE].title
TEXT = "Visits are later than usual; cover begins this month."


def said(office):
    return rendering.document(packs.make(office, OCTOBER))["lines"]


def test_before_anybody_writes_both_packs_say_so(people):
    told = said("dcs")
    assert told["said"] == "Nobody has written about any headline measure yet."
    assert len(told["missing"]) == 25 and told["missing_heading"].endswith("due by 13 November 2026")
    told = said("lead-member")
    assert told["said"] == "Nobody has written about any headline measure yet."
    assert (told["rows"], told["missing"], told["unreleased"]) == ([], [], "")


def test_the_directors_pack_carries_the_lines_and_names_who_has_not_written(written):
    told = said("dcs")
    assert told["said"] == "Lines are written for 1 of the 25 headline measures."
    (one,) = told["rows"]
    assert one["title"] == TITLE
    assert one["paragraphs"] == [
        ["What changed", LINES.changed],
        ["Why", LINES.why],
        ["What next", LINES.next_steps],
    ]
    assert one["said"] == "Person head-of-service, Head of service, 12 November 2026."
    assert len(told["missing"]) == 24
    assert f"{catalogue()['IC01'].title}: Person qa-manager, Quality assurance manager." in told["missing"]


def test_a_measure_nobody_leads_is_named_as_such(lead):
    empty = next(key for key, one in leads.leads(standing()).items() if one is None)
    assert f"{catalogue()[empty].title}: nobody leads it." in said("dcs")["missing"]


def test_the_lead_members_pack_holds_the_released_text_and_nothing_that_was_not_released(viewer_as, written):
    before = packs.make("lead-member", OCTOBER)
    assert LINES.changed not in json.dumps(before.content)
    told = rendering.document(before)["lines"]
    assert told["said"] == "Nothing of what they wrote is released to you yet."
    assert told["unreleased"] == f"Written, and not released to you: {TITLE}."
    assert len(told["missing"]) == 24
    made = actions.release(by=viewer_as("dcs"), measure=MEASURE, text=TEXT)
    pack = packs.make("lead-member", OCTOBER)
    told = rendering.document(pack)["lines"]
    assert pack.edition == before.edition + 1
    assert told["rows"] == [
        {"title": TITLE, "paragraphs": [["", TEXT]], "said": "Released by Person dcs, 12 November 2026."}
    ]
    assert told["unreleased"] == ""
    assert LINES.why not in json.dumps(pack.content)
    actions.take_back(by=viewer_as("dcs"), measure=MEASURE, key=made.pk)
    assert TEXT not in json.dumps(packs.make("lead-member", OCTOBER).content)


def test_new_lines_make_a_new_edition_and_another_day_does_not(lead, written):
    first = packs.make("dcs", OCTOBER)
    with clock.frozen_at(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        assert packs.make("dcs", OCTOBER).pk == first.pk, "being late is told by the page, and changes no pack"
        actions.write(by=lead, measure=MEASURE, told=replace(LINES, why="A second look."))
        second = packs.make("dcs", OCTOBER)
    assert second.edition == first.edition + 1
    assert rendering.document(second)["lines"]["rows"][0]["said"].endswith("20 November 2026, corrected.")


def test_every_form_of_the_pack_carries_them(client_as, written):
    pack = packs.make("dcs", OCTOBER)
    page = client_as("dcs").get("/packs/dcs/2026-10/").content.decode()
    assert LINES.why in page and LINES.why in packs.render(pack, "html").decode()
    assert packs.render(pack, "pdf").startswith(b"%PDF")


def test_lines_for_every_measure_leave_nothing_missing(written):
    kept = MonthLines.objects.get()
    for key in leads.headline():
        if key != MEASURE:
            kept.pk, kept.measure = None, key
            kept.save(force_insert=True)
    told = said("dcs")
    assert told["said"] == "Lines are written for every headline measure."
    assert (told["missing"], told["missing_heading"]) == ([], "")


def test_a_pack_of_before_there_were_lines_is_still_read(people):
    pack = packs.make("dcs", OCTOBER)
    del pack.content["lines"]
    assert rendering.document(pack)["lines"] is None
    assert b"What the leads" not in rendering.html(pack)
    assert rendering.pdf(pack).startswith(b"%PDF")
