"""`kill -9` before any call that touches the disk: a snapshot is absent or complete, the next publish sweeps."""

import signal

import pytest
from tests.faults import publishing
from tests.faults.places import LONGEST
from tests.lake.extracts import extract_of

from lineofsight.keys import open_keys
from lineofsight.lake import Lake
from lineofsight.lake.verify import verify_snapshot

PEOPLE = {"ssd_person": [{"pers_person_id": "1"}], "ssd_cp_visits": [{"cppv_person_id": "1"}]}


def unfinished(lake_home):
    return [path for path in lake_home.lake.rglob(".unfinished-*") if path.is_dir()]


def run(processes, target, *args):
    process = processes.context.Process(target=target, args=args)
    process.start()
    process.join(LONGEST)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode == 0


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.full), 7])
def test_a_publish_killed_at_any_step_is_absent_or_complete(processes, lake_home, lake_keys, stride, counted):
    seen = {"absent": 0, "complete": 0, "left over": 0}
    for step in range(1, 500, stride):
        rows = {**PEOPLE, "side_post": [{"post_post_id": str(step)}]}
        expected = extract_of(rows)
        done = run(processes, publishing.publish, lake_home.path, rows, step)
        lake = Lake(lake_home, lake_keys)
        found = [snapshot for snapshot in lake.snapshots() if snapshot.extract_sha256 == expected.sha256]
        seen["left over"] += bool(unfinished(lake_home))
        if found:
            seen["complete"] += 1
            assert verify_snapshot(lake, found[0]) == []
            assert lake.persons(found[0]).num_rows == 1
        else:
            seen["absent"] += 1
        if done:
            break
    assert done, "the steps never ended"
    assert unfinished(lake_home) == []
    assert step > 40, "too few steps were counted for this test to mean anything"
    assert seen["absent"] * stride > 30
    assert seen["complete"] >= 1
    assert seen["left over"] * stride > 20
    counted("kills before a call that touches the disk", seen["absent"] + seen["complete"] - 1)


def test_a_computation_killed_at_any_step_is_absent_or_complete(processes, lake_home, empty_lake, counted):
    snapshot = empty_lake.publish(extract_of(PEOPLE))
    absent = 0
    for step in range(1, 200):
        done = run(processes, publishing.compute, lake_home.path, f"c{step}", step)
        lake = Lake(lake_home, open_keys(lake_home))
        found = lake.computation(snapshot, f"c{step}")
        absent += found is None
        assert found is None or lake.read(found, "values").num_rows == 10
        assert verify_snapshot(lake, snapshot) == []
        if done:
            break
    assert done
    assert absent > 10
    assert unfinished(lake_home) == []
    counted("kills before a call that touches the disk", step - 1)


def test_two_processes_that_publish_at_once_make_one_snapshot(processes, lake_home, lake_keys):
    both = [processes.context.Process(target=publishing.publish, args=(lake_home.path, PEOPLE, 0)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(LONGEST)
    assert [process.exitcode for process in both] == [0, 0]
    assert len(Lake(lake_home, lake_keys).snapshots()) == 1
    assert unfinished(lake_home) == []


def test_a_publish_that_fails_leaves_nothing_behind(lake_home, empty_lake, monkeypatch):
    monkeypatch.setattr("lineofsight.lake.manifest.seal", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        empty_lake.publish(extract_of(PEOPLE))
    assert unfinished(lake_home) == []
    assert empty_lake.snapshots() == []
