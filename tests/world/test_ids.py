"""A vendor that gives every event another id each month changes no figure and no exception."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.world.conftest import LARGE, SEEDS
from tests.world.making import LAST
from tests.world.tables import Month

from lineofsight import clock, loading, sources, synth
from lineofsight.home import create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake

pytestmark = pytest.mark.full
PEOPLE = 2_000


def two_ledgers(place, *, anew: bool):
    """Two months of the authority, with new ids of events each month or the same: all that was computed of each."""
    home = create_home(place / "home", authority="999", authority_name="Fernbridge")
    create_keys(home)
    lake, found = Lake(home, open_keys(home)), []
    for plain in synth.write(place / "plain", children=PEOPLE, months=24, extracts=2, seed=SEEDS[LARGE], until=LAST):
        as_at = date.fromisoformat(plain.name)
        with Month(plain, as_at, SEEDS[LARGE]) as month:
            if anew:
                month.draw_ids_anew()
            month.write(place / plain.name)
        with clock.frozen_at(datetime.combine(as_at + timedelta(days=2), time(), UTC)):
            loaded = loading.load(home, sources.read([place / plain.name]))
        assert loaded.computation is not None
        found.append({name: lake.read(loaded.computation, name) for name in ("rows", "values", "exceptions")})
    return found


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    place = tmp_path_factory.mktemp("ids")
    return tuple(two_ledgers(place / str(anew), anew=anew) for anew in (True, False))


def told(table, *without: str) -> list[dict]:
    rows = [{name: value for name, value in row.items() if name not in without} for row in table.to_pylist()]
    return sorted(rows, key=repr)


def test_no_figure_depends_on_the_ids_of_events(both):
    for anew, same in zip(*both, strict=True):
        assert told(anew["values"]) == told(same["values"])


def test_no_row_of_a_measure_depends_on_the_ids_of_events_but_for_the_id_itself(both):
    for anew, same in zip(*both, strict=True):
        assert told(anew["rows"], "event_id", "child_key") == told(same["rows"], "event_id", "child_key")


def test_no_exception_depends_on_the_ids_of_events(both):
    """Keys and the ids made of them are each home's own."""
    own = ("exception_id", "child_key", "history")
    assert both[0][-1]["exceptions"].num_rows
    for anew, same in zip(*both, strict=True):
        assert told(anew["exceptions"], *own) == told(same["exceptions"], *own)
