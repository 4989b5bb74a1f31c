"""One child is taken out of the lake: no byte of it can be read with any key, and everybody else is as before."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from tests.lake.unmistakable import CHILD, MARK, OTHER, SISTER, unmistakable

from lineofsight import clock, keys, loading, schema
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake, changing, manifest, redacted, redacting, taking
from lineofsight.lake.manifest import Computation
from lineofsight.lake.taking import Child
from lineofsight.lake.verify import verify_snapshot
from lineofsight.schema import belonging

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two months loaded and computed, the first one withdrawn since. Never written to: it is copied."""
    home = create_home(tmp_path_factory.mktemp("made") / "home", authority="306", authority_name="Croydon", demo=True)
    create_keys(home)
    with clock.frozen_at(datetime(2026, 10, 2, 9, tzinfo=UTC)):
        loading.load(home, unmistakable(as_at=date(2026, 9, 30), born="before"))
    with clock.frozen_at(datetime(2026, 11, 2, 9, tzinfo=UTC)):
        loading.load(home, unmistakable())
    lake = Lake(home, open_keys(home))
    lake.withdraw(lake.snapshots()[0], by="a", why=f"Of {CHILD}, and others, too much was missing.")
    return home


@pytest.fixture
def lake(made: Home, tmp_path: Path) -> Lake:
    """A copy of one's own."""
    shutil.copytree(made.path, tmp_path / "copy")
    home = open_home(tmp_path / "copy")
    return Lake(home, open_keys(home))


@pytest.fixture
def child(lake: Lake) -> Child:
    return redacting.child_called(lake, CHILD)


def take_out(lake: Lake, child: Child) -> list[redacting.Held]:
    return redacting.take_out(lake.home, lake.keys, child, under="snapshots", at=NOW)


def every_file(lake: Lake) -> Iterator[tuple[str, str, pa.Table]]:
    """Every parquet file of the lake, decrypted: whose it is, its name, its rows."""
    for snapshot in redacting.every_snapshot(lake):
        for holder, name in redacting._files(lake, snapshot):
            held = f"{snapshot.id}/{holder.id}" if isinstance(holder, Computation) else snapshot.id
            yield held, name, lake.sealed_file(holder, name).read()


def said(table: pa.Table) -> str:
    return json.dumps(table.to_pylist(), default=str, ensure_ascii=False)


def test_no_byte_of_the_child_is_left_in_any_file_of_the_lake(lake, child):
    before = sum(MARK in said(table) for _, _, table in every_file(lake))
    assert before > 2 * (len(schema.tables()) - len(belonging.OF_NO_CHILD))
    take_out(lake, child)
    words = [MARK, CHILD, *child.ids, *child.keys]
    for held, name, table in every_file(lake):
        text = said(table)
        assert not [word for word in words if word in text], (held, name)
    for path in lake.home.lake.rglob("*.json"):
        assert not [word for word in words if word in path.read_text()], path


def test_every_row_of_everybody_else_is_as_it_was_and_no_figure_changed(lake, child):
    before = {(held, name): table for held, name, table in every_file(lake)}
    take_out(lake, child)
    for held, name, table in every_file(lake):
        was = before[held, name]
        if name == "values.parquet":
            assert table.equals(was)
        kept = [row for row in was.to_pylist() if not is_theirs(row, child)]
        now = table.to_pylist()
        assert len(now) == len(kept), name
        for one, other in zip(now, kept, strict=True):
            differ = [column for column in one if one[column] != other[column]]
            quoted = ["value"] if name == "load/issues.parquet" else []
            assert not [column for column in differ if column not in quoted and not names_child(other[column], child)]


def is_theirs(row: dict, child: Child) -> bool:
    """Whether a row is the child's, by another way than the code's: its own mark, its ids where a person stands."""
    if any(isinstance(value, str) and value.startswith(MARK) for value in row.values()):
        return True
    people = [value for column, value in row.items() if column != "supv_person_id" and isinstance(value, str)]
    return any(value in child.ids or value in child.keys for value in people)


def names_child(value: object, child: Child) -> bool:
    return any(word in str(value) for word in [*child.ids, *child.keys])


def test_a_worker_s_session_about_the_child_stays_the_worker_s_without_the_child(lake, child):
    take_out(lake, child)
    rows = lake.tables(lake.snapshots()[0])["side_supervision"].to_table().to_pylist()
    assert sorted(str(row["supv_person_id"]) for row in rows) == [SISTER, OTHER, "None"]


def test_the_key_of_the_one_before_stands_in_no_file(lake, child):
    keys = [snapshot.wrapped_key for snapshot in redacting.every_snapshot(lake)]
    assert len(keys) == 2
    take_out(lake, child)
    everything = b"".join(path.read_bytes() for path in lake.home.path.rglob("*") if path.is_file())
    assert not [key for key in keys if key.encode() in everything]
    assert not list(lake.home.lake.rglob(".unfinished-*"))
    assert {snapshot.wrapped_key for snapshot in redacting.every_snapshot(lake)}.isdisjoint(keys)


def test_the_successor_has_its_predecessor_s_id_and_hash_and_says_what_was_taken(lake, child):
    (before,) = lake.snapshots()
    hashed = redacting.sha256((before.directory / manifest.NAME).read_bytes()).hexdigest()
    take_out(lake, child)
    (after,) = lake.snapshots()
    assert (after.id, after.as_at, after.loaded_at) == (before.id, before.as_at, before.loaded_at)
    (one,) = after.redactions
    assert (one.at, one.under, one.predecessor) == (NOW, "snapshots", hashed)
    assert one.taken["tables/ssd_person.parquet"] == 1
    assert one.taken["tables/ssd_mother.parquet"] == 2
    assert one.emptied["tables/side_supervision.parquet"] == 1
    for name, entry in before.tables.items():
        assert after.tables[name].rows == entry.rows - one.taken.get(f"tables/{name}.parquet", 0)
    assert verify_snapshot(lake, after) == []


def test_the_withdrawn_one_stays_withdrawn_and_its_words_lose_the_id(lake, child):
    take_out(lake, child)
    first = next(one for one in lake.snapshots(withdrawn=True) if one not in lake.snapshots())
    assert verify_snapshot(lake, first) == []
    assert lake.withdrawn(first).why == "Of …, and others, too much was missing."


def test_what_would_go_is_told_before_anything_is_changed(lake, child):
    told = redacting.held(lake, child)
    assert [one.snapshot.id for one in told] == [one.id for one in redacting.every_snapshot(lake)]
    assert not any(one.redactions for one in redacting.every_snapshot(lake))
    done = take_out(lake, child)
    assert [(one.taken, one.emptied) for one in done] == [(one.taken, one.emptied) for one in told]
    assert redacting.held(lake, child) == [] == take_out(lake, child)


def test_a_second_child_of_the_same_snapshot_is_a_second_redaction(lake, child):
    take_out(lake, child)
    take_out(lake, redacting.child_called(lake, SISTER))
    (after,) = lake.snapshots()
    assert len(after.redactions) == 2
    assert verify_snapshot(lake, after) == []
    assert [row["pers_person_id"] for row in lake.tables(after)["ssd_person"].to_table().to_pylist()] == [OTHER]


def test_the_master_key_can_be_changed_before_and_after_and_each_finds_the_other_s_work(lake, child):
    changing.change_master_key(lake.home)
    _, ring = keys.opened(lake.home)
    redacting.take_out(lake.home, ring, child, under="snapshots", at=NOW)
    wrapped = [one.wrapped_key for one in redacting.every_snapshot(Lake(lake.home, ring))]
    changing.change_master_key(lake.home)
    again = Lake(lake.home, keys.opened(lake.home)[1])
    assert redacting.held(again, child) == []
    for snapshot in redacting.every_snapshot(again):
        assert verify_snapshot(again, snapshot) == [] and len(snapshot.redactions) == 1
        assert snapshot.wrapped_key not in wrapped


def test_one_that_waits_for_a_yes_is_redacted_too(lake, child):
    lake.publish(unmistakable(as_at=date(2026, 11, 30), born="waits"), waiting=True)
    take_out(lake, child)
    (waits,) = lake.waiting()
    assert len(waits.redactions) == 1 and verify_snapshot(lake, waits) == []


def test_records_merged_with_the_child_go_with_it(lake, child):
    assert child.ids == {CHILD, f"{CHILD}8"}


def test_siblings_lose_the_child_from_their_family(lake_home, lake_keys, made_extract, two_children):
    family = [{"fami_table_id": f"f{one}", "fami_family_id": "F", "fami_person_id": one} for one in ("1", "2")]
    loading.load(lake_home, made_extract({**two_children, "ssd_family": family}))
    lake = Lake(lake_home, lake_keys)
    take_out(lake, redacting.child_called(lake, "1"))
    (one,) = lake.persons(lake.snapshots()[0]).to_pylist()
    assert (one["person_id"], one["siblings"]) == ("2", [])


def test_a_short_id_is_not_looked_for_in_texts_where_it_would_be_anything():
    table = pa.table({"addr_address_json": ["1 High Street", "12"], "addr_person_id": ["2", "1"]})
    one = taking.Taker(Child(frozenset({"1"}), frozenset()), {}).out_of("tables/ssd_address.parquet", table)
    assert one.table.to_pylist() == [{"addr_address_json": "1 High Street", "addr_person_id": "2"}]


@pytest.mark.parametrize("name", [name for name in schema.tables() if name not in belonging.OF_NO_CHILD])
def test_every_table_says_how_its_rows_belong_to_a_child(name):
    assert taking.person_columns(name) or name in belonging.LINKED


def test_every_row_of_our_own_files_that_holds_the_child_says_so_in_a_column_the_taker_knows(lake, child):
    """A new file of a snapshot or a computation is covered where it keys a child by one of these; else this fails."""
    known = {*taking.NAMED_BY_ID, *taking.NAMED_BY_KEY}
    words = {*child.ids, *child.keys}
    for _, name, table in every_file(lake):
        if name.startswith("tables/") or name == "load/issues.parquet":
            continue
        for row in table.to_pylist():
            named = {column for column, value in row.items() if words & set(map(str, flat([value])))}
            assert not named or named <= {"siblings"} or named & known, (name, sorted(named))


def flat(values: list) -> Iterator[object]:
    for value in values:
        yield from flat(value) if isinstance(value, list) else [value]


def test_a_process_that_dies_between_two_renames_leaves_the_old_one_to_be_put_back(lake, child, monkeypatch):
    from lineofsight.lake import succession

    monkeypatch.setattr(succession, "exchanged", lambda one, other: False)
    real, renames = Path.rename, []

    def dies(self: Path, target: Path) -> Path:
        renames.append(target)
        if len(renames) == 2:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", dies)
    with pytest.raises(KeyboardInterrupt):
        take_out(lake, child)
    monkeypatch.setattr(Path, "rename", real)
    take_out(lake, child)
    assert len(redacting.every_snapshot(lake)) == 2
    assert redacting.held(lake, child) == []
    assert not list((lake.home.lake / "snapshots").glob(".*"))


def test_a_later_load_does_not_bring_the_child_back_and_says_so_without_saying_who(lake, child):
    take_out(lake, child)
    marks = [redacted.Mark(redacted.mark_of(lake.keys, key), NOW, "snapshots") for key in child.keys]
    redacted.put_on(lake.home, lake.keys, marks)
    with clock.frozen_at(NOW):
        done = loading.load(lake.home, unmistakable(as_at=date(2026, 11, 30), born="after"))
    assert redacting.held(lake, child) == []
    told = [issue for issue in done.issues if redacted.LEFT_OUT in issue.why]
    assert {issue.table for issue in told} >= {"ssd_person", "ssd_cla_reviews", "ssd_sen_need"}
    assert all(issue.value is None and issue.row is None and CHILD not in issue.why for issue in told)


def test_the_list_gives_no_key_back_and_an_altered_one_is_refused(lake_home, lake_keys):
    key = lake_keys.child_key("306", CHILD)
    redacted.put_on(lake_home, lake_keys, [redacted.Mark(redacted.mark_of(lake_keys, key), NOW, "snapshots")])
    path = lake_home.anchors / redacted.FILE
    assert key not in path.read_text() and CHILD not in path.read_text()
    assert redacted.among(lake_home, lake_keys, [CHILD, OTHER]).ids == {CHILD}
    redacted.take_off(lake_home, lake_keys, [redacted.mark_of(lake_keys, key)])
    assert redacted.listed(lake_home, lake_keys) == {}
    path.write_text(path.read_text().replace('"children"', '"childrem"'))
    with pytest.raises(Exception, match="altered"):
        redacted.listed(lake_home, lake_keys)
