"""Snapshots are immutable, sealed, found in their order, and never half there."""

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from lineofsight import clock, schema
from lineofsight.errors import PlainError
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake, folders
from lineofsight.lake.verify import verify_snapshot

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def published(lake, extract, hours=0):
    with clock.frozen_at(NOON + timedelta(hours=hours)):
        return lake.publish(extract)


def again(lake_home):
    """A lake as another process sees it: nothing kept open."""
    return Lake(lake_home, open_keys(lake_home))


def test_an_empty_lake_has_no_snapshot(empty_lake):
    assert empty_lake.snapshots() == []
    assert empty_lake.latest() is None
    with pytest.raises(PlainError, match="no such snapshot"):
        empty_lake.snapshot("2026-10-31-00000000")


def test_a_snapshot_says_what_was_loaded(empty_lake, lake_home, made_extract, two_children):
    extract = made_extract(two_children)
    snapshot = published(empty_lake, extract)
    assert snapshot.id == f"2026-10-31-{extract.sha256[:8]}"
    assert (snapshot.as_at, snapshot.loaded_at) == (date(2026, 10, 31), NOON)
    assert (snapshot.authority, snapshot.authority_name, snapshot.population) == ("306", "Croydon", 1_000)
    assert (snapshot.synthetic, snapshot.kind, snapshot.predecessor) == (True, "ssd", None)
    assert snapshot.directory == lake_home.lake / "snapshots" / snapshot.id
    visits = snapshot.tables["ssd_cp_visits"]
    assert (visits.rows, visits.file, visits.as_at) == (2, "ssd_cp_visits.csv", date(2026, 10, 31))
    assert "cppv_cp_visit_seen" in visits.columns_present
    assert "cppv_cp_visit_bedroom" not in visits.columns_present
    assert again(lake_home).latest() == snapshot


def test_what_was_loaded_is_read_back_by_another_process(empty_lake, lake_home, made_extract, two_children):
    extract = made_extract(two_children)
    snapshot = published(empty_lake, extract)
    tables = again(lake_home).tables(snapshot)
    assert set(tables) == {"ssd_person", "ssd_cp_visits"}
    assert all(tables[name].to_table().equals(extract.tables[name].table) for name in tables)


def test_a_snapshot_with_every_table_is_read_back_typed_as_the_schema_says(empty_lake, made_extract):
    rows = {name: [{}] for name in schema.tables()}
    rows["ssd_person"] = [{"pers_person_id": "1"}]
    snapshot = empty_lake.publish(made_extract(rows))
    for name, dataset in empty_lake.tables(snapshot).items():
        assert dataset.to_table().schema.equals(schema.arrow_schema(name)), name


def test_the_lake_holds_no_name_in_the_clear(empty_lake, lake_home, made_extract, two_children):
    published(empty_lake, made_extract(two_children))
    for path in lake_home.path.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert b"Tern" not in raw, path
            assert b"2015-04-01" not in raw, path
            assert path.stat().st_mode & 0o077 == 0 or path.name == "home.toml", path


def test_the_same_bytes_twice_are_the_same_snapshot(empty_lake, made_extract, two_children):
    first = published(empty_lake, made_extract(two_children))
    second = published(empty_lake, made_extract(two_children), hours=5)
    assert second == first
    assert empty_lake.snapshots() == [first]


def test_the_same_bytes_as_at_another_date_are_another_snapshot(empty_lake, made_extract, two_children):
    first = published(empty_lake, made_extract(two_children))
    second = published(empty_lake, made_extract(two_children, as_at=date(2026, 11, 30)), hours=1)
    assert second.id != first.id
    assert second.predecessor == first.id
    assert empty_lake.latest() == second


def test_the_same_bytes_read_with_another_role_map_are_a_successor(empty_lake, lake_home, made_extract, two_children):
    first = published(empty_lake, made_extract(two_children))
    (lake_home.path / "roles.toml").write_text('allocated_worker = ["Hero"]\n')
    second = published(empty_lake, made_extract(two_children), hours=1)
    assert second.id != first.id
    assert second.id.startswith("2026-10-31-")
    assert (second.predecessor, second.extract_sha256) == (first.id, first.extract_sha256)
    assert published(empty_lake, made_extract(two_children), hours=2) == second


def test_a_correction_of_the_same_date_wins_and_an_older_month_loaded_later_does_not(
    empty_lake, made_extract, two_children
):
    first = published(empty_lake, made_extract(two_children))
    corrected = {**two_children, "ssd_cp_visits": two_children["ssd_cp_visits"][:1]}
    correction = published(empty_lake, made_extract(corrected), hours=1)
    older = published(empty_lake, made_extract(two_children, as_at=date(2026, 9, 30)), hours=2)
    assert empty_lake.snapshots() == [first, correction, older]
    assert empty_lake.latest() == correction
    assert empty_lake.snapshot(first.id) == first


def test_a_home_gives_its_authority_to_an_extract_that_names_none(empty_lake, made_extract, two_children):
    snapshot = published(empty_lake, made_extract(two_children, authority=None, authority_name=None))
    assert (snapshot.authority, snapshot.authority_name) == ("306", "Croydon")


def test_a_child_keeps_its_key_over_snapshots_and_has_another_elsewhere(empty_lake, made_extract, two_children):
    keys = []
    for month, authority in ((9, "306"), (10, "306"), (11, "301")):
        extract = made_extract(two_children, as_at=date(2026, month, 30), authority=authority)
        keys.append(empty_lake.persons(published(empty_lake, extract))["child_key"].to_pylist())
    assert keys[0] == keys[1]
    assert not set(keys[0]) & set(keys[2])


def test_a_part_is_laid_over_the_newest_snapshot_and_the_rest_keeps_its_date(
    empty_lake, lake_home, made_extract, two_children
):
    whole = published(empty_lake, made_extract(two_children))
    supervision = {
        "side_supervision": [
            {"supv_supervision_id": "s", "supv_worker_id": "w", "supv_person_id": "1", "supv_date": date(2026, 10, 9)}
        ]
    }
    part = made_extract(supervision, as_at=date(2026, 11, 2))
    snapshot = published(empty_lake, part, hours=1)
    assert (snapshot.as_at, snapshot.predecessor) == (whole.as_at, whole.id)
    assert {name: entry.as_at for name, entry in snapshot.tables.items()} == {
        "ssd_person": date(2026, 10, 31),
        "ssd_cp_visits": date(2026, 10, 31),
        "side_supervision": date(2026, 11, 2),
    }
    ada = empty_lake.persons(snapshot, where=pc.field("person_id") == "1")["child_key"][0].as_py()
    kinds = empty_lake.events(snapshot, ada)["kind"].to_pylist()
    assert kinds == ["birth", "child_protection_visit", "supervision", "child_protection_visit"]
    assert published(empty_lake, part, hours=2) == snapshot
    assert verify_snapshot(again(lake_home), snapshot) == []


def test_a_part_over_a_corrected_snapshot_is_made_again(empty_lake, made_extract, two_children):
    part = made_extract({"side_post": [{"post_post_id": "p"}]})
    published(empty_lake, made_extract(two_children))
    first = published(empty_lake, part, hours=1)
    corrected = {**two_children, "ssd_cp_visits": []}
    published(empty_lake, made_extract(corrected), hours=2)
    second = published(empty_lake, part, hours=3)
    assert second.id != first.id
    assert second.tables["ssd_cp_visits"].rows == 0


def test_a_part_with_nothing_under_it_is_refused_in_a_sentence(empty_lake, made_extract):
    with pytest.raises(PlainError, match="nothing was loaded before it"):
        empty_lake.publish(made_extract({"side_post": []}))


def flip(path, byte, bit):
    raw = bytearray(path.read_bytes())
    raw[byte] ^= 1 << bit
    path.write_bytes(raw)


def read_everything(lake):
    """All that the product can read of the newest snapshot, as plain tables."""
    snapshot = lake.latest()
    people = lake.persons(snapshot)
    computation = lake.computation(snapshot)
    return [
        people,
        lake.teams(snapshot),
        lake.workers(snapshot),
        lake.issues(snapshot),
        *[lake.events(snapshot, child) for child in people["child_key"].to_pylist()],
        *[dataset.to_table() for dataset in lake.tables(snapshot).values()],
        lake.read(computation, "rows"),
    ]


def test_a_flipped_bit_in_any_file_is_an_error_that_names_it_never_a_number(
    empty_lake, lake_home, made_extract, two_children
):
    snapshot = published(empty_lake, made_extract(two_children))
    rows = pa.table({"measure": ["CP01"], "child_key": ["a"]})
    empty_lake.write_computation(snapshot, "c1", {"policy_hash": "p"}, {"rows": rows})
    files = sorted(path for path in snapshot.directory.rglob("*") if path.is_file())
    assert len(files) == 10
    chance = random.Random(31)
    for path in files:
        raw = path.read_bytes()
        places = [0, len(raw) - 1, *(chance.randrange(len(raw)) for _ in range(26))]
        for byte in places:
            flip(path, byte, chance.randrange(8))
            with pytest.raises(PlainError) as refused:
                read_everything(again(lake_home))
            assert str(path) in str(refused.value)
            path.write_bytes(raw)
    assert len(read_everything(again(lake_home))) == 9


def test_a_bit_flipped_while_a_process_has_the_file_open_is_an_error(empty_lake, made_extract, two_children):
    snapshot = published(empty_lake, made_extract(two_children))
    assert empty_lake.persons(snapshot).num_rows == 2
    path = snapshot.directory / "models/persons.parquet"
    flip(path, 200, 3)
    with pytest.raises(PlainError, match=r"persons\.parquet was altered"):
        empty_lake.persons(snapshot)


def test_files_that_changed_places_are_refused(empty_lake, lake_home, made_extract, two_children):
    snapshot = published(empty_lake, made_extract(two_children))
    teams, workers = (snapshot.directory / f"models/{name}.parquet" for name in ("teams", "workers"))
    spare = teams.read_bytes()
    teams.write_bytes(workers.read_bytes())
    workers.write_bytes(spare)
    with pytest.raises(PlainError, match=r"teams\.parquet was altered"):
        again(lake_home).teams(snapshot)


def test_a_file_of_another_snapshot_is_refused(empty_lake, lake_home, made_extract, two_children):
    older = published(empty_lake, made_extract(two_children, as_at=date(2026, 9, 30)))
    newer = published(empty_lake, made_extract(two_children))
    shutil.copy(older.directory / "models/persons.parquet", newer.directory / "models/persons.parquet")
    with pytest.raises(PlainError, match=r"persons\.parquet was altered"):
        again(lake_home).persons(newer)


def test_a_manifest_of_another_snapshot_or_under_another_name_is_refused(
    empty_lake, lake_home, made_extract, two_children
):
    older = published(empty_lake, made_extract(two_children, as_at=date(2026, 9, 30)))
    newer = published(empty_lake, made_extract(two_children))
    shutil.copy(older.directory / "manifest.json", newer.directory / "manifest.json")
    with pytest.raises(PlainError, match="belongs to another snapshot"):
        again(lake_home).latest()


def test_a_snapshot_whose_manifest_is_gone_is_an_error_not_an_older_answer(
    empty_lake, lake_home, made_extract, two_children
):
    published(empty_lake, made_extract(two_children, as_at=date(2026, 9, 30)))
    newer = published(empty_lake, made_extract(two_children))
    (newer.directory / "manifest.json").unlink()
    with pytest.raises(PlainError, match=r"manifest\.json is missing"):
        again(lake_home).latest()


def test_another_homes_keys_open_nothing(empty_lake, lake_home, made_extract, two_children):
    published(empty_lake, made_extract(two_children))
    shutil.rmtree(lake_home.keys)
    lake_home.keys.mkdir()
    create_keys(lake_home)
    other = type(lake_home)(lake_home.path, "306", "another name, so that no kept keyring is given", True)
    with pytest.raises(PlainError, match="belongs to other keys"):
        Lake(lake_home, open_keys(other)).latest()


def test_many_threads_read_one_lake(empty_lake, lake_home, made_extract, two_children):
    snapshot = published(empty_lake, made_extract(two_children))
    lake = again(lake_home)
    children = lake.persons(snapshot, columns=["child_key"])["child_key"].to_pylist()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda turn: lake.events(snapshot, children[turn % 2]).num_rows, range(400)))
    assert set(found[::2]) | set(found[1::2]) == {1, 3}
    assert len(set(found[::2])) == len(set(found[1::2])) == 1


def test_a_computation_is_kept_whole_and_never_written_twice(empty_lake, lake_home, made_extract, two_children):
    snapshot = published(empty_lake, made_extract(two_children))
    rows = pa.table({"measure": ["CP01", "CP06"], "as_at": pa.array([date(2026, 10, 31)] * 2), "met": [True, None]})
    about = {"policy_hash": "p", "definitions_hash": "d", "roles_hash": "r", "measures": ["CP01", "CP06"]}
    with clock.frozen_at(NOON):
        first = empty_lake.write_computation(snapshot, "c1", about, {"rows": rows, "values": rows.slice(0, 0)})
    assert empty_lake.write_computation(snapshot, "c1", {}, {"rows": rows.slice(0, 1)}) == first
    lake = again(lake_home)
    kept = lake.computation(snapshot, "c1")
    assert kept == first
    assert (kept.policy_hash, kept.definitions_hash, kept.roles_hash, kept.made_at) == ("p", "d", "r", NOON)
    assert kept.about["measures"] == ["CP01", "CP06"]
    assert lake.read(kept, "rows").equals(rows)
    assert lake.read(kept, "values").num_rows == 0
    assert lake.read(kept, "rows", columns=["met"], where=pc.field("measure") == "CP01").to_pylist() == [{"met": True}]
    assert verify_snapshot(lake, snapshot) == []


def test_the_newest_computation_is_found_and_a_missing_one_is_none(empty_lake, made_extract, two_children):
    snapshot = published(empty_lake, made_extract(two_children))
    assert empty_lake.computation(snapshot) is None
    for hours, name in ((1, "z-first"), (2, "a-second")):
        with clock.frozen_at(NOON + timedelta(hours=hours)):
            empty_lake.write_computation(snapshot, name, {}, {})
    assert empty_lake.computation(snapshot).id == "a-second"
    assert empty_lake.computation(snapshot, "nothing") is None
    with pytest.raises(PlainError, match=r"rows\.parquet is missing"):
        empty_lake.read(empty_lake.computation(snapshot), "rows")


@pytest.mark.parametrize("name", ["", "../c", "a/b", ".hidden", "é", "a--b"])
def test_a_computation_cannot_be_written_outside_its_place(empty_lake, made_extract, two_children, name):
    snapshot = published(empty_lake, made_extract(two_children))
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        empty_lake.write_computation(snapshot, name, {}, {})


def test_what_is_shown_stands_on_the_newest_snapshot_that_is_computed(empty_lake, made_extract, two_children):
    """Between the publishing and the computing of a load, the one before it is shown."""
    assert empty_lake.newest() is None
    first = published(empty_lake, made_extract(two_children))
    assert empty_lake.newest() is None
    assert empty_lake.uncomputed() == [first]
    empty_lake.write_computation(first, "c1", {}, {})
    second = published(empty_lake, made_extract({**two_children, "side_post": [{"post_post_id": "1"}]}), hours=1)
    assert empty_lake.latest() == second
    assert empty_lake.newest()[0] == first
    assert empty_lake.uncomputed() == [second]
    empty_lake.write_computation(second, "c2", {}, {})
    assert empty_lake.newest()[0] == second
    assert empty_lake.uncomputed() == []


def test_sweeping_takes_what_the_dead_left_and_never_what_a_writer_is_making(empty_lake, lake_home, made_extract):
    left = lake_home.lake / "snapshots" / ".unfinished-2026-10-31-0000-1111"
    left.mkdir(parents=True)
    with folders.locked(lake_home.lake):
        assert empty_lake.sweep() == 0
        assert left.exists()
    assert empty_lake.sweep() == 1
    assert not left.exists()
    assert empty_lake.sweep() == 0
