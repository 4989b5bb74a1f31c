"""The words of a measure tell of no row beyond the viewer's reach."""

from dataclasses import replace

import pyarrow.compute as pc

from lineofsight import policy
from lineofsight.web import home_in_use
from lineofsight.web.access.permissions import Capability
from lineofsight.web.practice.queries import figures, measures, telling
from lineofsight.web.practice.queries.figures import Figure
from lineofsight.web.practice.queries.standing import catalogue, standing


def test_the_longest_told_to_a_team_is_of_the_teams_own_rows(viewer_as, director, place):
    stand = standing()
    manager = viewer_as("team-manager")
    told = [one for one in catalogue().values() if "{longest}" in one.sentence]
    everywhere = {one.id: measures.longest(stand, director, one, stand.as_at) for one in told}
    own = {one.id: measures.longest(stand, manager, one, stand.as_at) for one in told}
    rows = stand.lake.read(stand.computation, "rows", columns=["measure", "value", "team_id"])
    for measure, longest in own.items():
        mine = rows.filter((pc.field("measure") == measure) & (pc.field("team_id") == place.team))
        assert longest is None or longest in mine["value"].to_pylist(), measure
    assert own != everywhere


def test_what_is_owed_stands_beside_a_measure_only_for_who_may_see_it(director):
    without = replace(director, capabilities=director.capabilities - {Capability.SEE_EXCEPTIONS})
    assert any(line.owed for line in measures.measures_list(director).lines)
    assert {line.owed for line in measures.measures_list(without).lines} == {None}


def test_the_longest_is_in_no_sentence_of_what_is_published(director):
    stand = standing()
    worded = [one for one in catalogue().values() if "{longest}" in one.sentence]
    own = figures.own(stand, director)
    told = [(one, own[one.id].headline) for one in worded if one.id in own and own[one.id].headline.numerator]
    full = [measures.answer(stand, director, one, figure) for one, figure in told]
    bare = [measures.answer(stand, replace(director, level="published"), one, figure) for one, figure in told]
    assert told and all(len(short) < len(long) for short, long in zip(bare, full, strict=True))


def test_every_real_change_is_named_so_that_the_parts_add_up():
    tones = ["worse"] * 4 + ["better"] * 2 + ["changed", "none"]
    assert measures.changes_said(tones) == (
        "seven have really changed: four for the worse, two for the better and one not as usual."
    )
    assert measures.changes_said(["changed"]) == "one has really changed: one not as usual."
    assert measures.changes_said(["none"]) == "none has really changed."


def test_a_measure_without_rows_because_of_a_role_word_says_that_as_the_reason(director, monkeypatch):
    stand, definition = standing(), catalogue()["WF08"]
    empty = Figure(stand.as_at, 0, 0, 0, None)
    monkeypatch.setattr(telling, "unmapped", lambda stand: False)
    assert "no row falls under" in measures.answer(stand, director, definition, empty)
    monkeypatch.setattr(telling, "unmapped", lambda stand: True)
    said = measures.answer(stand, director, definition, empty)
    assert "a role word has no meaning in the role map" in said and "no row falls under" not in said
    assert "no row falls under" in measures.answer(stand, director, catalogue()["CP08"], empty)


def test_those_who_cannot_be_told_stand_in_a_measures_own_sentence(director, monkeypatch):
    stand = standing()
    figure = Figure(stand.as_at, 1, 1, 5, 100.0)
    assert measures.answer(stand, director, catalogue()["CP08"], figure).endswith(" For 5 more it cannot be told.")
    monkeypatch.setattr(telling, "unmapped", lambda stand: True)
    said = measures.answer(stand, director, catalogue()["CP10"], figure)
    assert said.endswith("For 5 more it cannot be told: a role word has no meaning in the role map.")
    nobody = replace(figure, numerator=0, denominator=0, value=None)
    assert measures.answer(stand, director, catalogue()["CP10"], nobody).startswith("For 5 it cannot be told: a role")
    assert measures.value_words(catalogue()["CP10"], nobody) == "cannot be told"


def test_a_role_word_is_without_meaning_only_by_the_map_of_the_computation(director, monkeypatch):
    stand = standing()
    monkeypatch.setattr(telling, "_open_words", lambda stand: ("CW", "LPCP"))
    mapped = replace(policy.roles(home_in_use()), kinds={"CW": "allocated_worker"})
    monkeypatch.setattr(policy, "roles", lambda home=None: mapped)
    assert not telling.unmapped(stand)
    assert telling.unmapped(replace(stand, computation=replace(stand.computation, roles_hash=mapped.hash)))
