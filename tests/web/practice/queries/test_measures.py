"""The words of a measure tell of no row beyond the viewer's reach."""

import pyarrow.compute as pc

from lineofsight.web.practice.queries import measures
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
