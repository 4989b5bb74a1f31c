"""What can be frozen as evidence of these pages: what the viewer saw, and no child's name."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.http import Http404

from lineofsight.cases import refs
from lineofsight.web import keys_in_use
from lineofsight.web.access.permissions import Capability, Refused
from lineofsight.web.evidence import resolvers
from lineofsight.web.practice.queries import figures, people, standing
from lineofsight.web.practice.queries.standing import catalogue


def test_a_measure_is_frozen_as_this_viewer_saw_it_with_its_computation(viewer_as, director):
    exact, masked = (resolvers.see(one, "measure", "CP08").content for one in (director, viewer_as("lead-member")))
    for seen in (exact, masked):
        assert seen["snapshot"]
        assert seen["computation"]
        assert json.loads(json.dumps(seen)) == seen
    assert exact["numerator"] == masked["numerator"]
    assert exact["breakdown"] != masked["breakdown"]


@pytest.mark.parametrize("kind", ["measure", "exceptions"])
def test_no_evidence_holds_a_childs_name(director, persons, kind):
    seen = resolvers.see(director, kind, "CP10" if kind == "measure" else "unallocated")
    said = json.dumps([seen.label, seen.sentence, dict(seen.content)], ensure_ascii=False)
    assert not [one for one in persons if people.name(one) in said]


def test_a_childs_page_is_frozen_under_the_lasting_key_without_a_name(director, persons):
    child = next(one for one in persons if one["on_plan"] and not one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", child["child_key"])
    seen = resolvers.see(director, "child", ref)
    assert seen.key == child["child_key"] == resolvers.lasting_key(director, "child", ref)
    said = json.dumps([seen.label, seen.sentence, dict(seen.content)], ensure_ascii=False)
    assert people.name(child) not in said
    assert child["surname"] not in said


def test_a_child_resolves_for_those_who_may_open_the_page_and_for_nobody_else(viewer_as, director, persons, place):
    other = next(one for one in persons if place.team not in one["scope_teams"] and not one["restricted"])
    assert resolvers.resolve(director, "child", other["child_key"]).url
    assert resolvers.resolve(viewer_as("team-manager"), "child", other["child_key"]) is None
    assert resolvers.resolve(viewer_as("lead-member"), "child", other["child_key"]) is None


def test_an_office_that_may_not_see_the_list_cannot_freeze_it(viewer_as):
    with pytest.raises(Refused):
        resolvers.see(viewer_as("lead-member"), "exceptions", "unallocated")
    assert resolvers.resolve(viewer_as("lead-member"), "exceptions", "unallocated") is None


def test_what_there_is_not_cannot_be_frozen(director):
    for kind, key in (("measure", "XX99"), ("exceptions", "everything"), ("child", "x")):
        with pytest.raises(Http404):
            resolvers.see(director, kind, key)


def test_a_measure_leads_down_to_its_children_for_those_who_may_open_them(viewer_as, director):
    (step,) = resolvers.steps_down(director, "measure", "CP08", True)[:1]
    assert step.shown.url == "/measures/CP08/children/"
    (step,) = resolvers.steps_down(viewer_as("lead-member"), "measure", "CP08", True)[:1]
    assert step.shown.url == ""


def test_a_pack_that_nobody_has_signed_is_not_somebody_who_has_seen_it(director, monkeypatch):
    from lineofsight.web.evidence import thread
    from lineofsight.web.practice import seen

    record = thread.Node("record", "r", "October pack", "", "The Director is satisfied.", "signed", visible=True)
    signed = thread.Node("pack", "1", "October", "", "", "froze", visible=True, branches=(record,))
    waiting = thread.Node("pack", "2", "November", "", "", "froze", visible=True)
    hidden = thread.Node("", "", thread.HIDDEN, "", "", "shows", visible=False)
    monkeypatch.setattr(thread, "up", lambda *given, **asked: (waiting, signed, hidden))
    assert seen.thread_of(director, "measure", "CP08") == (signed,)


def test_on_a_childs_page_only_what_this_viewer_may_see_was_put_on_record_the_newest_first(director, monkeypatch):
    from lineofsight.web.evidence import thread
    from lineofsight.web.practice import seen

    days = [datetime(2026, 11, day, tzinfo=UTC) for day in (2, 9)]
    older, newer = (thread.Node("record", str(day), "Seen", "", "", "is about", True, day) for day in days)
    hidden = thread.Node("", "", thread.HIDDEN, "", "", "is about", visible=False)
    monkeypatch.setattr(thread, "recorded", lambda *given, **asked: (hidden, older, newer))
    assert seen.records_of_child(director, "key") == (newer, older)


def test_a_ref_leads_to_a_child_only_for_who_sees_children_by_name(director, persons):
    key = next(one["child_key"] for one in persons if not one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", key)
    without = replace(director, capabilities=director.capabilities - {Capability.SEE_CHILDREN})
    assert resolvers.lasting_key(director, "child", ref) == key
    assert resolvers.lasting_key(without, "child", ref) is None
    assert resolvers.resolve(director, "child", key) and resolvers.resolve(without, "child", key) is None


@pytest.mark.parametrize(
    ("kind", "key", "lacking"),
    [
        ("measure", "CP08", Capability.SEE_MEASURES),
        ("exceptions", "unallocated", Capability.SEE_EXCEPTIONS),
        ("exceptions", "unallocated", Capability.SEE_CHILDREN),
    ],
)
def test_what_one_may_not_see_is_not_named_in_the_thread(director, kind, key, lacking):
    without = replace(director, capabilities=director.capabilities - {lacking})
    assert resolvers.resolve(director, kind, key) and resolvers.resolve(without, kind, key) is None


def test_a_ref_of_a_child_out_of_reach_or_restricted_leads_nowhere(director, persons):
    key = next(one["child_key"] for one in persons if one["restricted"])
    ref = refs.ref(keys_in_use(), "identified", key)
    assert resolvers.lasting_key(director, "child", ref) is None and resolvers.resolve(director, "child", key) is None


def test_figures_for_other_rooms_are_the_authoritys_with_the_masks_of_the_viewers_level(director, viewer_as, place):
    own = figures.authority(standing.standing(), "identified")
    shown = resolvers.figures(director, "measure", ["CP08", "CP10", "XX99"])
    assert set(shown) == {"CP08", "CP10"}
    for key, one in shown.items():
        assert (one.value, one.as_at) == (own[key].headline.value, own[key].headline.as_at)
        assert one.better == catalogue()[key].better
        snapshot = standing.standing().snapshot.id
        assert one.rests_on[0] == "figure" and one.rests_on[1].startswith(f"{key}@{snapshot}@")
        assert one.words == one.write(one.value)
    manager = resolvers.figures(viewer_as("team-manager"), "measure", ["CP08"])
    assert manager["CP08"].value == shown["CP08"].value


def test_a_figure_that_is_hidden_or_not_measured_has_words_and_no_number(viewer_as):
    level = viewer_as("action-owner").level
    own = figures.authority(standing.standing(), level)
    none = [key for key, one in own.items() if one.headline.hidden or not one.headline.measured]
    assert any(own[key].headline.hidden for key in none)
    for key, one in resolvers.figures(viewer_as("action-owner"), "measure", none).items():
        assert one.value is None and one.words, key


def test_who_may_see_no_measure_gets_no_figure(director):
    without = replace(director, capabilities=director.capabilities - {Capability.SEE_MEASURES})
    assert resolvers.figures(without, "measure", ["CP08"]) == {}


def test_who_may_not_see_the_authoritys_figures_gets_those_of_their_own_rows(viewer_as):
    manager = viewer_as("team-manager")
    without = replace(manager, capabilities=manager.capabilities - {Capability.SEE_AUTHORITY_VALUES})
    own = figures.own(standing.standing(), without)["CP08"].headline
    assert resolvers.figure(without, "measure", "CP08").value == own.value
