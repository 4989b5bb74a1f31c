"""`kill -9` at each named step: what was being made is absent or complete, and the next run makes it, alone."""

from __future__ import annotations

import pytest
from tests.faults.child import Deed
from tests.faults.killing import (
    BEFORE,
    absent_or_complete,
    compared,
    doing,
    kill_at,
    looked_at_and_repaired,
    undisturbed,
)
from tests.faults.places import OCTOBER
from tests.faults.steps import STEPS, Step
from tests.times import drawn

ALL = [(step, postgresql) for step in STEPS for postgresql in (False, True)]
EVERY_RUN = [(step, postgresql) for step, postgresql in ALL if not step.full and (step.both or not postgresql)]
# In one full run so many of the others; LINEOFSIGHT_TIMES=5 kills at every step on both databases.
OTHERS = drawn((one for one in ALL if one not in EVERY_RUN), 18, lambda one: f"{one[0]}, {one[1]}")


def _case(step: Step, postgresql: bool, *marks: pytest.MarkDecorator) -> object:
    return pytest.param(step, postgresql, id=f"{step}, {'PostgreSQL' if postgresql else 'SQLite'}", marks=marks)


CASES = [*(_case(*one) for one in EVERY_RUN), *(_case(*one, pytest.mark.full) for one in OTHERS)]


@pytest.mark.parametrize(("step", "postgresql"), CASES)
def test_killed_at(step: Step, postgresql, place, places, processes, counted):
    at = place(BEFORE[step.during], postgresql=postgresql)
    expected = undisturbed(places, processes, step.during, postgresql)

    kill_at(processes, places, at, step)

    again = doing(places, at, step.during)
    looked, after = looked_at_and_repaired(processes, at, again, looked=step.during != "first-load")
    found = absent_or_complete(step.during, looked, expected, step.commits) if looked else "no home yet"
    assert compared(step.during, after) == compared(step.during, expected)
    assert after["left over"] == []
    counted(f"kills at a named step, {at.database}", 1, f"{step} | {found}")


FINISHED = [
    pytest.param(step, id=step.name, marks=[pytest.mark.full] * (step.name != "after the snapshot's rename"))
    for step in STEPS
    if step.during == "load" and step.commits and "anchor" not in step.name  # which this deed does not write
]


@pytest.mark.parametrize("step", FINISHED)
def test_a_load_killed_after_its_snapshot_stood_is_finished_by_the_worker(step, place, places, processes, counted):
    at, finish = place("loaded"), Deed(act="finish", at=OCTOBER)
    kill_at(processes, places, at, step)
    _, after = looked_at_and_repaired(processes, at, finish)
    assert after["snapshots"] == undisturbed(places, processes, "load", False)["snapshots"]
    assert after["left over"] == []
    counted(f"kills at a named step, {at.database}", 1, f"{step} | finished by the worker")
