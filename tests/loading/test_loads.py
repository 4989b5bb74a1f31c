"""One load, whole: what it refuses, and how the ledger of exceptions is carried from load to load."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow.compute as pc
import pytest
from tests.loading import conftest as small

from lineofsight import clock, loading, sources, synth
from lineofsight.errors import PlainError
from lineofsight.home import create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake


@pytest.fixture(scope="module")
def two_months(tmp_path_factory):
    folder = tmp_path_factory.mktemp("extracts") / "months"
    return [sources.read([path]) for path in synth.write(folder, children=400, extracts=2, seed=5, like="306")]


def made(path, *, authority="306", demo=False):
    home = create_home(path, authority=authority, authority_name="Northmere", demo=demo)
    create_keys(home)
    return home


@pytest.fixture(scope="module")
def loaded_twice(two_months, tmp_path_factory):
    home = made(tmp_path_factory.mktemp("homes") / "home")
    loads = []
    for number, extract in enumerate(two_months):
        with clock.frozen_at(datetime(2026, 11, 1 + number, tzinfo=UTC)):
            loads.append(loading.load(home, extract))
    return Lake(home, open_keys(home)), loads


def test_a_demonstration_home_refuses_an_extract_that_synth_did_not_mark(two_months, tmp_path):
    with pytest.raises(PlainError, match="demonstration"):
        loading.load(made(tmp_path / "demo", demo=True), replace(two_months[0], synthetic=False))


def test_an_extract_of_another_authority_is_refused(two_months, tmp_path):
    with pytest.raises(PlainError, match="one home holds one authority"):
        loading.load(made(tmp_path / "home", authority="301"), two_months[0])


def test_the_same_files_twice_are_one_snapshot_and_one_computation(loaded_twice, two_months):
    lake, loads = loaded_twice
    again = loading.load(lake.home, two_months[1])
    assert not again.new
    assert again.snapshot.id == loads[1].snapshot.id
    assert again.computation.id == loads[1].computation.id


def test_an_exception_met_in_two_loads_is_one_exception_with_a_history(loaded_twice):
    lake, loads = loaded_twice
    first, second = (lake.read(one.computation, "exceptions") for one in loads)
    both = set(first["exception_id"].to_pylist()) & set(
        second.filter(pc.field("state") == "open")["exception_id"].to_pylist()
    )
    assert both
    for row in second.to_pylist():
        if row["exception_id"] in both:
            assert row["first_seen"] == loads[0].snapshot.as_at
            assert len(row["history"]) >= 2
    assert len(set(second["exception_id"].to_pylist())) == second.num_rows


def test_the_first_load_carries_nothing_on(loaded_twice):
    lake, loads = loaded_twice
    assert loading.ledger_before(lake, loads[0].snapshot) is None
    assert loading.ledger_before(lake, loads[1].snapshot).num_rows > 0


def owed(lake, snapshot):
    """The open exceptions without an allocated worker, by child: since which extract each is known."""
    ledger = lake.read(lake.computation(snapshot), "exceptions").to_pylist()
    return {row["person_id"]: row["first_seen"] for row in ledger if (row["measure"], row["state"]) == ("CP10", "open")}


def month(as_at, *waiting):
    staff = {"ssd_involvements": [], "ssd_professionals": []}
    return small.extract(as_at, ssd_person=small.children(6), ssd_cp_plans=small.plans(*waiting), **staff)


def test_an_extract_of_a_month_between_that_comes_late_enters_every_later_history(load, lake):
    load(month(small.SEPTEMBER, "c1"))
    november = load(month(small.NOVEMBER, "c1", "c2"))
    assert owed(lake, november.snapshot) == {"c1": small.SEPTEMBER, "c2": small.NOVEMBER}
    october = load(month(small.OCTOBER, "c1", "c2"), late=60)
    assert [one.snapshot_id for one in october.again] == [november.snapshot.id]
    assert owed(lake, november.snapshot) == {"c1": small.SEPTEMBER, "c2": small.OCTOBER}
    assert lake.read(november.computation, "exceptions").num_rows == 2


def test_a_correction_that_comes_after_the_next_month_is_what_the_next_month_follows(load, lake):
    load(month(small.SEPTEMBER, "c1"))
    october = load(month(small.OCTOBER, "c1"))
    corrected = load(month(small.SEPTEMBER, "c1", "c2"), late=60)
    assert [one.snapshot_id for one in corrected.again] == [october.snapshot.id]
    states = {row["person_id"]: row["state"] for row in lake.read(corrected.again[0], "exceptions").to_pylist()}
    assert states["c2"] != "open"  # September's corrected copy had it, October's extract has not
    assert load(month(small.OCTOBER, "c1"), late=61).again == ()
