"""The words of a measure tell of no row beyond the viewer's reach."""

from dataclasses import replace

import pyarrow.compute as pc

from lineofsight.web.access.permissions import Capability
from lineofsight.web.practice.queries import figures, measures
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
