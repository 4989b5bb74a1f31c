"""Counts of what is owed are of the viewer's reach."""

import pyarrow.compute as pc

from lineofsight.web.practice.queries import ledger
from lineofsight.web.practice.queries.standing import standing


def test_what_is_owed_is_counted_over_the_teams_own_children_for_its_manager(viewer_as, director, place):
    stand = standing()
    kept = stand.lake.read(stand.computation, "exceptions", columns=["measure"], where=pc.field("state") == "open")
    own = (pc.field("state") == "open") & (pc.field("team_id") == place.team)
    mine = stand.lake.read(stand.computation, "exceptions", columns=["measure"], where=own)
    assert sum(ledger.open_counts(stand, director).values()) == kept.num_rows
    assert 0 < sum(ledger.open_counts(stand, viewer_as("team-manager")).values()) == mine.num_rows < kept.num_rows
