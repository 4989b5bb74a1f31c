"""Two of everything at once: each thing is made once, one load follows the other, readers see only what is whole."""

from __future__ import annotations

import shutil
import time

import pytest
from tests.faults.killing import doing, looked_at_and_repaired, undisturbed
from tests.faults.places import CENSUS, SEPTEMBER, VERIFY, WORK, Deed, load

DATABASES = pytest.mark.parametrize("postgresql", [False, True], ids=["SQLite", "PostgreSQL"])
BOTH = [
    pytest.param(False, id="SQLite"),
    pytest.param(True, id="PostgreSQL", marks=pytest.mark.full),
]


@DATABASES
@pytest.mark.parametrize("workers", [2, pytest.param(6, marks=pytest.mark.full)])
def test_workers_at_once_make_each_thing_once(workers, postgresql, place, places, processes, counted):
    """Occurrences, packs and the day's anchor, each with its one event in the chain."""
    expected = undisturbed(places, processes, "work", postgresql)
    at = place("october", postgresql=postgresql)
    running = [processes.start(at, WORK) for _ in range(workers)]
    for done in [one.done() for one in running]:
        assert done.answers == [0], (done.out, done.err)
        assert done.err == ""
    census, _ = looked_at_and_repaired(processes, at)
    assert census == expected
    counted("workers at once", workers)


@DATABASES
def test_packs_made_at_once_outside_the_worker_are_made_once(postgresql, place, processes):
    """As two people do who press the button in the same moment."""
    at = place("october", postgresql=postgresql)
    make = Deed(act="make_packs")
    running = [processes.start(at, make) for _ in range(3)]
    for done in [one.done() for one in running]:
        assert done.code == 0, done.err
        assert len(done.answers) == 1
    census, _ = looked_at_and_repaired(processes, at)
    assert sorted(census["packs"]) == ["dcs 1", "lead-member 1"]
    assert census["events"]["pack.made"] == 2


@DATABASES
def test_one_pack_signed_twice_at_once_is_signed_once(postgresql, place, processes):
    at = place("worked", postgresql=postgresql)
    running = [processes.start(at, Deed(act="sign_pack")) for _ in range(4)]
    said = [one.done().answers[0] for one in running]
    assert sorted(said)[-1] == "signed"
    assert said.count("signed") == 1
    assert {one for one in said if one != "signed"} == {"This pack is signed already. Its record can be corrected."}
    census, _ = looked_at_and_repaired(processes, at)
    assert len(census["records"]) == census["events"]["record.signed"] == 1
    assert census["drafts"] == 0


@pytest.mark.parametrize("postgresql", BOTH)
def test_a_home_begun_by_two_at_once_has_its_tables_once(postgresql, place, places, processes):
    """Two processes that both find the database without its tables."""
    at = place("empty", postgresql=postgresql)
    shutil.copytree(places.copy("bare").home, at.home)
    for path in [*at.home.glob("lineofsight.sqlite3*"), *at.home.glob("anchors/*")]:
        path.unlink()
    running = [processes.start(at, VERIFY) for _ in range(3)]
    for done in [one.done() for one in running]:
        assert done.answers == [0], (done.out, done.err)


@pytest.mark.parametrize("times", [2, pytest.param(5, marks=pytest.mark.full)])
def test_the_same_extract_loaded_at_once_is_one_snapshot(times, place, places, processes):
    expected = undisturbed(places, processes, "load", postgresql=False)
    at = place("loaded")
    running = [processes.start(at, load(places.extracts[1])) for _ in range(times)]
    done = [one.done() for one in running]
    assert all(one.answers[0] in (0, 1) for one in done), [one.err for one in done]
    said = [one.err + one.out for one in done]
    assert sum("loaded before" in one for one in said) == times - 1, said
    census, _ = looked_at_and_repaired(processes, at)
    assert census == expected


def test_two_extracts_loaded_at_once_into_a_home_not_yet_made_both_land(place, places, processes):
    """Whichever comes first; the second is loaded over it, and its ledger of exceptions carries the first one's on."""
    at = place("empty")
    running = [
        processes.start(at, load(places.extracts[0], SEPTEMBER)),
        processes.start(at, load(places.extracts[1])),
    ]
    for done in [one.done() for one in running]:
        assert done.answers[0] in (0, 1), done.err
    census, _ = looked_at_and_repaired(processes, at)
    assert len(census["snapshots"]) == 2
    assert all(one["computation"] for one in census["snapshots"].values())
    assert census["left over"] == []
    (told,) = processes.well(at, Deed(act="predecessors"))
    assert sorted(told.values(), key=str) == sorted([None, next(one for one in told if told[one] is None)], key=str)


def test_a_load_while_pages_are_read_shows_the_old_whole_and_then_the_new_whole(place, places, processes, counted):
    at = place("loaded")
    watching = processes.start(at, Deed(act="watch", given={"until": 2}))
    time.sleep(0.5)
    processes.well(at, load(places.extracts[1]))
    done = watching.done()
    assert done.code == 0, done.err
    seen = done.answers[0]
    truth = processes.well(at, CENSUS)[0]["snapshots"]
    assert [one["snapshot"] for one in seen["stood on"]] == sorted(truth)
    for one in seen["stood on"]:
        assert one["values"] == truth[one["snapshot"]]["values"]
        assert one["computation"] == truth[one["snapshot"]]["computation"]
    assert seen["looks"] > 3
    counted("looks at pages during a load", seen["looks"])


@pytest.mark.full
def test_a_worker_that_comes_during_a_load_leaves_it_alone(place, places, processes):
    expected = undisturbed(places, processes, "load", postgresql=False)
    at = place("loaded")
    loading = processes.start(at, doing(places, at, "load"))
    finish = Deed(act="finish")
    others = [processes.start(at, finish, finish, finish) for _ in range(2)]
    assert loading.done().answers[0] in (0, 1)
    for one in others:
        done = one.done()
        assert done.code == 0, done.err
    census, _ = looked_at_and_repaired(processes, at)
    assert census == expected
