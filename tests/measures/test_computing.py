"""Computations in a real lake: a synthetic authority published, computed, read back, computed again."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.compute as pc
import pytest

from lineofsight import policy, sources, synth
from lineofsight.home import create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake, Snapshot
from lineofsight.measures import computing, definitions, engine, shown, values
from lineofsight.measures.contract import ROWS_SCHEMA


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Snapshot]:
    """A small synthetic authority, in a lake of its own."""
    folder: Path = tmp_path_factory.mktemp("authority")
    (extract,) = synth.write(
        folder / "extracts", children=500, months=30, extracts=1, seed=11, until=date(2026, 10, 31)
    )
    home = create_home(folder / "home", authority="999", authority_name="Westharbour", demo=True)
    create_keys(home)
    lake = Lake(home, open_keys(home))
    return lake, lake.publish(sources.read([extract]))


@pytest.fixture(scope="module")
def computation(published):
    lake, snapshot = published
    return computing.compute(lake, snapshot, policy.load(), policy.roles())


def test_a_computation_is_kept_and_read_back_as_the_contract_says(published, computation):
    lake, _ = published
    rows, table = lake.read(computation, "rows"), lake.read(computation, "values")
    assert rows.schema.names == ROWS_SCHEMA.names
    assert table.schema.names == values.SCHEMA.names
    assert rows.num_rows > 0
    assert set(pc.unique(table["measure"]).to_pylist()) == set(definitions.load())


def test_the_same_again_is_the_same_computation_and_is_not_made_again(published, computation, monkeypatch):
    lake, snapshot = published
    monkeypatch.setattr(computing.engine, "measure", lambda *_: pytest.fail("it was computed again"))
    again = computing.compute(lake, snapshot, policy.load(), policy.roles())
    assert (again.id, again.made_at) == (computation.id, computation.made_at)


def test_another_policy_is_another_computation_and_the_old_one_stays(published, computation):
    lake, snapshot = published
    longer = policy.load().with_rule("cp.visit", 40, "working days")
    other = computing.compute(lake, snapshot, longer, policy.roles())
    assert other.id != computation.id
    assert lake.computation(snapshot, computation.id) is not None
    late = {
        one.id: pc.sum(pc.equal(lake.read(one, "rows", where=pc.field("measure") == "CP08")["met"], False)).as_py()
        for one in (computation, other)
    }
    assert late[other.id] < late[computation.id]


def test_the_id_changes_with_each_of_the_four_it_is_made_of():
    parts = ["snapshot", "definitions", "policy", "roles"]
    ids = {computing.computation_id(*parts)}
    ids |= {computing.computation_id(*[*parts[:n], "other", *parts[n + 1 :]]) for n in range(4)}
    assert len(ids) == 5
    assert all(len(one) == 16 for one in ids)


def test_every_childs_row_has_a_key_and_somebody_who_answers(published, computation):
    lake, snapshot = published
    rows = lake.read(computation, "rows")
    children = rows.filter(pc.is_valid(rows["person_id"]))
    assert children.num_rows > 0
    for column in ("child_key", "team_id", "service_id"):
        assert children[column].null_count == 0, column
    known = set(lake.persons(snapshot, columns=["child_key"])["child_key"].to_pylist())
    assert set(pc.unique(children["child_key"]).to_pylist()) <= known


def test_thirty_months_are_measured_and_every_value_equals_its_rows(published, computation):
    lake, snapshot = published
    rows, table = lake.read(computation, "rows"), lake.read(computation, "values")
    months = computing.month_ends(snapshot.as_at, 30)
    for one in definitions.load().values():
        series = values.series(table, one.id).to_pylist()
        assert tuple(row["as_at"] for row in series) == months
        mine = rows.filter(pc.field("measure") == one.id)
        told = [row for row in series if row["status"] == values.MEASURED]
        if engine.lacking(one, computing.inputs(lake, snapshot, policy.load(), policy.roles())):
            assert told == [], one.id  # so small an authority has no row of some tables, and so no file
            continue
        assert len(told) == (len(months) if one.history else 1), one.id
        for row in (told[0], told[-1]):
            held = mine.filter(pc.field("as_at") == row["as_at"])
            then = held["met"].to_pylist()
            counted = {"met": then.count(True), "not met": then.count(False), "all": len(then)}[one.counts]
            if one.kind in shown.VALUED:
                counted = len(held["value"].drop_null())
            assert row["numerator"] == counted, (one.id, row["as_at"])


def test_a_filled_in_manifest_tells_the_seconds_and_no_child(published, computation):
    lake, snapshot = published
    given = computing.inputs(lake, snapshot, policy.load(), policy.roles())
    assert {one.id for one in definitions.load().values() if not engine.lacking(one, given)} <= set(
        computation.about["seconds"]
    )
    told = str(computation.about)
    for name in lake.persons(snapshot, columns=["surname"])["surname"].to_pylist():
        assert not name or name not in told


def test_a_preview_of_measures_that_are_among_each_other_is_the_same_and_is_kept_nowhere(published, computation):
    lake, snapshot = published
    before = {folder.name for folder in (snapshot.directory / "computations").iterdir()}
    catalogue = definitions.load()

    def outermost(one):
        return outermost(catalogue[one.among]) if one.among else one.id

    # What is published of CP08 is decided together with every measure it is among, and every one among those.
    family = [one.id for one in catalogue.values() if outermost(one) == outermost(catalogue["CP08"])]
    assert len(family) > 2
    tried = computing.preview(lake, snapshot, policy.load(), policy.roles(), only=family)
    kept = lake.read(computation, "values", where=pc.field("measure") == "CP08")
    assert values.series(tried.values, "CP08").to_pylist() == values.series(kept, "CP08").to_pylist()
    assert {folder.name for folder in (snapshot.directory / "computations").iterdir()} == before


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        (date(2026, 10, 31), (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31))),
        (date(2026, 10, 15), (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 15))),
        (date(2024, 3, 1), (date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 1))),
        (date(2026, 1, 31), (date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31))),
    ],
)
def test_months_end_on_their_last_day_and_the_last_is_the_snapshots_own(as_at, expected):
    assert computing.month_ends(as_at, 3) == expected


def test_the_extracts_own_population_comes_before_the_published_one(published):
    _, snapshot = published
    assert set(computing._population(snapshot, (date(2026, 10, 31),)).values()) == {snapshot.population}
    croydon = replace(snapshot, population=None, authority="306")
    assert computing._population(croydon, (date(2026, 10, 31),))[date(2026, 10, 31)] > 50_000
    assert computing._population(replace(snapshot, population=None), (date(2026, 10, 31),)) == {}
