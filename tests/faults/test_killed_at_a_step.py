"""`kill -9` at each named step: what was being made is absent or complete, and the next run makes it, alone."""

from __future__ import annotations

from typing import Any

import pytest
from tests.faults.child import Deed
from tests.faults.killing import BEFORE, ON_DATABASE, doing, kill_at, looked_at_and_repaired, undisturbed
from tests.faults.places import OCTOBER
from tests.faults.steps import STEPS, Step

CASES = [
    pytest.param(step, postgresql, id=f"{step}, {'PostgreSQL' if postgresql else 'SQLite'}", marks=marks)
    for step in STEPS
    for postgresql in ([False, True] if step.during in ON_DATABASE else [False])
    for marks in [[pytest.mark.full] if step.full or (postgresql and step.during in ("work", "render")) else []]
]


@pytest.fixture(scope="module")
def control(places, processes):
    """What stands where nobody was killed, by what was done and the database; made once each."""
    known: dict[Any, dict[str, Any]] = {}

    def made(what: str, postgresql: bool) -> dict[str, Any]:
        if (what, postgresql) not in known:
            known[what, postgresql] = undisturbed(places, processes, what, postgresql)
        return known[what, postgresql]

    return made


@pytest.mark.parametrize(("step", "postgresql"), CASES)
def test_killed_at(step: Step, postgresql, place, places, processes, control, counted):
    at = place(BEFORE[step.during], postgresql=postgresql)
    expected = control(step.during, postgresql)

    kill_at(processes, places, at, step)

    again = doing(places, at, step.during)
    looked, after = looked_at_and_repaired(processes, at, again, looked=step.during != "first-load")
    found = _absent_or_complete(step, looked, expected) if looked else "no home yet"
    assert _compared(step, after) == _compared(step, expected)
    assert after["left over"] == []
    counted("kills at a named step", 1, f"{step} | {at.database} | {found}")


@pytest.mark.parametrize(
    "step", [pytest.param(one, id=one.name) for one in STEPS if one.during == "load" and one.commits and not one.full]
)
def test_a_load_killed_after_its_snapshot_stood_is_finished_by_the_worker(step, place, places, processes, control):
    at, finish = place("loaded"), Deed(act="finish", at=OCTOBER)
    kill_at(processes, places, at, step)
    _, after = looked_at_and_repaired(processes, at, finish)
    assert after["snapshots"] == control("load", False)["snapshots"]
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


def _compared(step: Step, census: dict[str, Any]) -> dict[str, Any]:
    """What is the same in two homes. A read that was logged and then killed is logged again when it is done again,
    and that is right; in a home made anew the children have other keys, so of its rows only the figures are compared.
    """
    events = {name: number for name, number in census["events"].items() if name != "children.listed"}
    snapshots = census["snapshots"]
    if step.during == "first-load":
        snapshots = {name: (one["tables"], one["computation"], one["values"]) for name, one in snapshots.items()}
    return {**census, "events": events, "snapshots": snapshots}
