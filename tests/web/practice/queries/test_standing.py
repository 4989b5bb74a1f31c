"""What the pages stand on, and that an older computation, without the files of today, says the same."""

import pyarrow.compute as pc
import pytest

from lineofsight.cases import coming
from lineofsight.lake import Computation
from lineofsight.web.practice.queries import due_soon, standing
from lineofsight.web.practice.queries.homes import reading

ORDER = [(name, "ascending") for name in ("measure", "child_key", "due_on", "reason")]


def told(table):
    return table.sort_by([one for one in ORDER if one[0] in table.column_names]).to_pylist()


@pytest.mark.parametrize("office", ["dcs", "head-of-service", "team-manager", "social-worker"])
def test_what_falls_due_is_the_same_from_its_own_file_as_from_every_row(viewer_as, office, monkeypatch):
    stand, viewer = standing.standing(), viewer_as(office)
    kept = due_soon._read(stand, viewer)
    assert f"{coming.DUE}.parquet" in stand.computation.files
    monkeypatch.setattr(Computation, "keeps", lambda self, name: False)
    assert told(kept) == told(due_soon._read(stand, viewer))
    assert kept.num_rows or office != "dcs"


@pytest.mark.parametrize("office", ["head-of-service", "team-manager", "social-worker"])
def test_the_newest_rows_of_a_scope_are_the_same_from_their_own_file_as_from_every_row(viewer_as, office, monkeypatch):
    stand, viewer = standing.standing(), viewer_as(office)
    wanted = pc.field("measure").isin(coming.measures())
    kept = reading.newest_rows(stand, viewer, wanted)
    monkeypatch.setattr(Computation, "keeps", lambda self, name: False)
    assert told(kept) == told(reading.newest_rows(stand, viewer, wanted))
    assert kept.num_rows


def test_the_values_kept_are_the_authoritys_and_those_of_one_measure_are_of_every_group(viewer_as):
    stand = standing.standing()
    assert set(standing.values(stand)["breakdown"].to_pylist()) == {"authority"}
    of_one = standing.values_of(stand, "CP08")
    assert set(of_one["measure"].to_pylist()) == {"CP08"} and "team" in of_one["breakdown"].to_pylist()
