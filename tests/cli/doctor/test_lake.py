"""The lake: whole, swept, computed, and young enough."""

from datetime import timedelta

import pytest

from lineofsight import clock
from lineofsight.cli.doctor import lake as checks
from lineofsight.keys import open_keys
from lineofsight.lake import Lake, folders, redacted, redacting


def _a_file(home, name="persons.parquet"):
    return next((home.lake / "snapshots").rglob(name))


def _newest(home):
    return next((home.lake / "snapshots").glob("[!.]*"))


@pytest.mark.parametrize("deep", [False, True])
def test_a_loaded_lake_is_as_it_was_published(found, loaded_home, deep):
    assert found(checks.snapshots, deep=deep).state == "ok"
    assert found(checks.leftovers).state == "ok"
    assert found(checks.newest_extract).state == "ok"


def test_a_redacted_child_who_stands_in_the_lake_again_is_wrong(found, loaded_home):
    lake = Lake(loaded_home, open_keys(loaded_home))
    assert found(checks.redacted_children).state == "ok"
    child = min(redacting.ids_in(lake, lake.latest()))
    mark = redacted.mark_of(lake.keys, lake.keys.child_key(loaded_home.authority, child))
    redacted.put_on(loaded_home, lake.keys, [redacted.Mark(mark, clock.now(), "snapshots")])
    told = found(checks.redacted_children)
    assert told.state == "wrong" and child not in told.says
    redacting.take_out(loaded_home, lake.keys, redacting.child_called(lake, child), under="snapshots", at=clock.now())
    assert found(checks.redacted_children).state == "ok"
    (loaded_home.anchors / redacted.FILE).write_text("{}")
    assert found(checks.redacted_children).state == "wrong"


def test_an_altered_manifest_is_wrong(found, loaded_home):
    path = _newest(loaded_home) / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b"Northmere", b"Southmere").replace(b"Croydon", b"Groydon"))
    assert found(checks.snapshots).state == "wrong"


def test_a_missing_or_shortened_file_is_wrong_at_a_quick_look(found, loaded_home):
    path = _a_file(loaded_home)
    path.write_bytes(path.read_bytes()[:-1])
    assert found(checks.snapshots).state == "wrong"
    path.unlink()
    told = found(checks.snapshots)
    assert told.state == "wrong" and "persons.parquet" in told.says


def test_one_flipped_bit_is_wrong_at_a_deep_look_and_escapes_a_quick_one(found, loaded_home):
    path = _a_file(loaded_home)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert found(checks.snapshots).state == "ok"
    assert found(checks.snapshots, deep=True).state == "wrong"


def test_what_a_killed_load_left_is_to_be_looked_at_unless_a_load_is_running(found, loaded_home):
    (loaded_home.lake / "snapshots" / ".unfinished-2026-11-30-aaaaaaaa-00ff").mkdir()
    assert found(checks.leftovers).state == "look"
    with folders.locked(loaded_home.lake, folders.LOADING):
        assert found(checks.leftovers).state == "ok"


def test_an_empty_lake_is_to_be_looked_at(found, home):
    assert found(checks.newest_extract).state == "look"


def test_an_extract_past_the_age_that_policy_allows_is_to_be_looked_at(found, loaded_home):
    with clock.frozen_at(clock.now() + timedelta(days=30)):
        told = found(checks.newest_extract)
    assert told.state == "look" and "31 days ago" in told.says


def test_a_snapshot_without_figures_is_wrong(found, loaded_home):
    import shutil

    shutil.rmtree(_newest(loaded_home) / "computations")
    assert found(checks.newest_extract).state == "wrong"


def test_nothing_found_names_a_child(found, loaded_home):
    for check in (checks.snapshots, checks.leftovers, checks.newest_extract):
        assert "Ada" not in found(check, deep=True).says
