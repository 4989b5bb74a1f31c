"""A load that is taken back: nothing stands on it, what it fed is marked, and nothing that was computed changes."""

import hashlib

import pytest
from tests.loading.conftest import NOVEMBER, OCTOBER, SEPTEMBER, children, extract, plans, visits

from lineofsight import loading
from lineofsight.errors import PlainError
from lineofsight.lake import marks
from lineofsight.lake.verify import verify_snapshot


def people(count=6):
    return {"ssd_person": children(count), "ssd_involvements": [], "ssd_professionals": []}


def open_in(lake, snapshot):
    ledger = lake.read(lake.computation(snapshot), "exceptions").to_pylist()
    return {row["person_id"]: row for row in ledger if row["measure"] == "CP10" and row["state"] == "open"}


def hashes(folder):
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def three_months(load):
    """Ada waits in all three months; Ben only in October's load, which was a bad one."""
    return [
        load(extract(SEPTEMBER, **people(), ssd_cp_plans=plans("c1"))).snapshot,
        load(extract(OCTOBER, **people(), ssd_cp_plans=plans("c1", "c2"))).snapshot,
        load(extract(NOVEMBER, **people(), ssd_cp_plans=plans("c1", "c2"))).snapshot,
    ]


def test_the_newest_withdrawn_leaves_the_one_before_as_what_every_page_stands_on(lake, three_months, withdraw):
    withdraw(three_months[2].id, "a bad export")
    snapshot, _ = lake.newest()
    assert snapshot.id == lake.latest().id == three_months[1].id
    assert [one.id for one in lake.snapshots()] == [one.id for one in three_months[:2]]


def test_a_withdrawn_load_is_kept_whole_with_who_and_why(lake, three_months, withdraw):
    withdraw(three_months[1].id, " half the plans were missing ")
    snapshot = lake.snapshot(three_months[1].id)
    mark = lake.withdrawn(snapshot)
    assert (mark.by, mark.why) == ("ada", "half the plans were missing")
    assert verify_snapshot(lake, snapshot) == []
    assert [one.id for one in lake.snapshots(withdrawn=True)] == [one.id for one in three_months]


def test_what_carried_its_ledger_on_is_computed_anew_beside_the_old_which_stands(lake, three_months, withdraw):
    newest = three_months[2]
    old = lake.computation(newest)
    before = hashes(old.directory)
    assert open_in(lake, newest)["c2"]["first_seen"] == OCTOBER
    again = withdraw(three_months[1].id, "a bad export")
    assert [one.snapshot_id for one in again] == [newest.id]
    assert hashes(old.directory) == before
    assert lake.computation(newest).id == again[0].id != old.id
    # what only the withdrawn load had seen is first known from the load after it; what was known before stays
    assert open_in(lake, newest)["c2"]["first_seen"] == NOVEMBER
    assert open_in(lake, newest)["c1"]["first_seen"] == SEPTEMBER


def test_no_history_names_a_load_that_was_withdrawn(lake, three_months, withdraw):
    withdraw(three_months[1].id, "a bad export")
    ledger = lake.read(lake.computation(three_months[2]), "exceptions").to_pylist()
    named = {step["snapshot"] for row in ledger for step in row["history"]}
    assert three_months[1].id not in named
    assert ledger


def test_what_a_load_fed_is_told_tables_copied_forward_and_ledgers_carried_on(load, lake):
    first = load(extract(SEPTEMBER, **people(), ssd_cp_plans=plans("c1"), ssd_cp_visits=visits(3))).snapshot
    part = load(extract(OCTOBER, ssd_cp_visits=visits(5))).snapshot
    fed = loading.fed_by(lake, first)
    assert {name: set(held) for name, held in fed.tables.items()} == {part.id: {*people(), "ssd_cp_plans"}}
    assert fed.ledgers == (part.id,)
    assert loading.fed_by(lake, part) == loading.Fed({}, ())


def test_the_same_files_loaded_again_after_they_were_withdrawn_are_another_snapshot(load, lake, withdraw):
    given = extract(SEPTEMBER, **people(), ssd_cp_plans=plans("c1"))
    first = load(given).snapshot
    withdraw(first.id, "loaded too early")
    again = load(given, late=1)
    assert again.new
    assert again.snapshot.id != first.id
    assert lake.latest().id == again.snapshot.id


def test_a_load_is_withdrawn_once_and_for_a_reason(three_months, withdraw):
    with pytest.raises(PlainError, match="Say why"):
        withdraw(three_months[1].id, "  ")
    withdraw(three_months[1].id, "a bad export")
    with pytest.raises(PlainError, match="withdrawn before"):
        withdraw(three_months[1].id, "again")
    with pytest.raises(PlainError, match="no such snapshot"):
        withdraw("2026-10-31-00000000", "a bad export")


def test_a_mark_that_was_altered_or_moved_is_an_error_never_a_load_that_comes_back(lake, three_months, withdraw):
    withdraw(three_months[1].id, "a bad export")
    path = three_months[1].directory / marks.WITHDRAWN
    assert b"a bad" not in path.read_bytes()  # what a person typed is encrypted
    path.write_bytes(path.read_bytes().replace(b"ada", b"ida"))
    with pytest.raises(PlainError, match="altered"):
        lake.snapshots()
    assert [one.file for one in verify_snapshot(lake, lake.snapshot(three_months[1].id))] == [path]


def test_a_mark_of_another_snapshot_withdraws_nothing(lake, three_months, withdraw):
    withdraw(three_months[1].id, "a bad export")
    told = (three_months[1].directory / marks.WITHDRAWN).read_bytes()
    (three_months[0].directory / marks.WITHDRAWN).write_bytes(told)
    with pytest.raises(PlainError, match="another snapshot"):
        lake.snapshots()


def test_a_load_withdrawn_before_says_when_and_by_whom_in_plain_words(load, withdraw):
    done = load(extract(SEPTEMBER, ssd_person=children(3)))
    withdraw(done.snapshot.id, "it was wrong")
    with pytest.raises(PlainError, match="That load was withdrawn before, on 10 December 2026 by ada"):
        withdraw(done.snapshot.id, "again")
