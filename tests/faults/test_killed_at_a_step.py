"""`kill -9` at each named step: what was being made is absent or complete, and the next run makes it, alone."""

from __future__ import annotations

from typing import Any

import pytest
from tests.faults.child import Deed
from tests.faults.killing import BEFORE, compared, doing, kill_at, looked_at_and_repaired, undisturbed
from tests.faults.places import OCTOBER
from tests.faults.steps import STEPS, Step

CASES = [
    pytest.param(step, postgresql, id=f"{step}, {'PostgreSQL' if postgresql else 'SQLite'}", marks=marks)
    for step in STEPS
    for postgresql in (False, True)
    for marks in [[pytest.mark.soak] if step.full or (postgresql and not step.both) else []]
]


@pytest.mark.parametrize(("step", "postgresql"), CASES)
def test_killed_at(step: Step, postgresql, place, places, processes, counted):
    at = place(BEFORE[step.during], postgresql=postgresql)
    expected = undisturbed(places, processes, step.during, postgresql)

    kill_at(processes, places, at, step)

    again = doing(places, at, step.during)
    looked, after = looked_at_and_repaired(processes, at, again, looked=step.during != "first-load")
    found = _absent_or_complete(step, looked, expected) if looked else "no home yet"
    assert compared(step.during, after) == compared(step.during, expected)
    assert after["left over"] == []
    counted("kills at a named step", 1, f"{step} | {at.database} | {found}")


FINISHED = [
    pytest.param(step, id=step.name, marks=[pytest.mark.soak] * (step.name != "after the snapshot's rename"))
    for step in STEPS
    if step.during == "load" and step.commits
]


@pytest.mark.parametrize("step", FINISHED)
def test_a_load_killed_after_its_snapshot_stood_is_finished_by_the_worker(step, place, places, processes):
    at, finish = place("loaded"), Deed(act="finish", at=OCTOBER)
    kill_at(processes, places, at, step)
    _, after = looked_at_and_repaired(processes, at, finish)
    assert after["snapshots"] == undisturbed(places, processes, "load", False)["snapshots"]
    assert after["left over"] == []


def _absent_or_complete(step: Step, found: dict[str, Any], expected: dict[str, Any]) -> str:
    """Check what stands right after the kill, and say it."""
    if step.during == "load":
        return _of_a_load(step, found, expected)
    if step.during == "sign":
        signed = len(found["records"])
        assert signed == step.commits
        assert found["evidence"] == signed
        assert found["events"].get("record.signed", 0) == found["events"].get("record.prepared", 0) == signed
        assert found["drafts"] == 0
        return "the record, its evidence and its event are there" if signed else "nothing of the record is there"
    if step.during == "read":
        assert found["events"].get("children.listed", 0) == step.commits
        return "the read is logged" if step.commits else "the read is not logged, and nothing was shown"
    if step.during == "render":
        assert found["renderings"] == step.commits
        assert "exports/pack.html" not in found["left over"]
        return f"{found['renderings']} renderings written down, no file"
    assert set(found["packs"].items()) <= set(expected["packs"].items())
    assert found["events"].get("pack.made", 0) == len(found["packs"])
    assert found["occurrences"][0] in (0, expected["occurrences"][0])
    packs, anchors = len(found["packs"]), len(found["anchors"])
    return f"{found['occurrences'][0]} occurrences, {packs} packs, {anchors} anchors, each whole"


def _of_a_load(step: Step, found: dict[str, Any], expected: dict[str, Any]) -> str:
    (new,) = set(expected["snapshots"]) - {min(expected["snapshots"])}
    assert (new in found["snapshots"]) == step.commits
    if not step.commits:
        return "the snapshot is absent"
    held = found["snapshots"][new]
    assert held["tables"] == expected["snapshots"][new]["tables"]
    if held["computation"] is None:
        return "the snapshot is complete, its computation absent"
    assert held == expected["snapshots"][new]
    return "the snapshot and its computation are complete"
