"""`kill -9` at random times: of a load that reads, publishes and computes, of a worker's round, of a signing.

Each of them is killed so many times on each database, in as many parts of the time it takes, each at a random time of
its part; LINEOFSIGHT_TIMES=10 kills each twenty times.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.faults.child import Armed, Place
from tests.faults.killing import BEFORE, absent_or_complete, compared, doing, looked_at_and_repaired, undisturbed
from tests.faults.places import Places, Processes, Running
from tests.times import seed, times

TIMES = times(2)
# A machine that is busy one moment and not the next: what had ended before it was killed is killed anew, and sooner.
ATTEMPTS, SOONER = 8, 0.7


@dataclass(frozen=True)
class Phase:
    """What is being done, from one named step to another: from its beginning and to its end where none is named."""

    name: str
    during: str
    begins: str = ""
    ends: str = ""

    def armed(self, beside: Path) -> dict[str, Armed]:
        """By which files the two steps are told."""
        named = {"begins": self.begins, "ends": self.ends}
        return {which: Armed(step, "tell", beside / which) for which, step in named.items() if step}


READ, STANDS = "load: the extract is read", "load: after the snapshot's rename"
PHASES = [
    Phase("load", "load", ends=READ),
    Phase("publish", "load", begins=READ, ends=STANDS),
    Phase("compute", "load", begins=STANDS),
    Phase("work", "work"),
    Phase("sign", "sign"),
]
Lasts = Callable[[Phase, bool], float]


@pytest.fixture(scope="module")
def lasts(places: Places, processes: Processes, tmp_path_factory: pytest.TempPathFactory) -> Lasts:
    """The seconds a phase takes when nobody is killed, here and now; found once each."""
    known: dict[tuple[str, bool], float] = {}

    def found(phase: Phase, postgresql: bool) -> float:
        if (phase.name, postgresql) not in known:
            told = tmp_path_factory.mktemp("lasts")
            at = places.copy(BEFORE[phase.during], postgresql)
            running = processes.start(at, doing(places, at, phase.during), armed=list(phase.armed(told).values()))
            running.ended()
            moments = [_moment(told / "begins", running.begun), _moment(told / "ends", running.answered)]
            known[phase.name, postgresql] = moments[1] - moments[0]
            assert running.done().code == 0
            places.gone(at)
        return known[phase.name, postgresql]

    return found


def _moment(told: Path, otherwise: Path) -> float:
    return (told if told.exists() else otherwise).stat().st_mtime_ns / 1e9


@pytest.mark.full
@pytest.mark.parametrize("number", range(TIMES))
@pytest.mark.parametrize("postgresql", [False, True], ids=["SQLite", "PostgreSQL"])
@pytest.mark.parametrize("phase", PHASES, ids=lambda phase: phase.name)
def test_killed_at_a_random_time_of(phase, number, postgresql, place, places, processes, lasts, tmp_path, counted):
    expected = undisturbed(places, processes, phase.during, postgresql)
    parts = random.Random(f"{seed()} {phase.name} {postgresql}").sample(range(TIMES), TIMES)
    part = (parts[number] + random.Random(f"{seed()} {phase.name} {postgresql} {number}").random()) / TIMES
    seconds = part * lasts(phase, postgresql)

    for attempt in range(ATTEMPTS):
        at = place(BEFORE[phase.during], postgresql=postgresql)
        beside = tmp_path / str(attempt)
        beside.mkdir()
        running = _started(processes, places, at, phase, beside)
        running.kill_after(seconds, beside / "begins" if phase.begins else running.begun)
        killed = running.done()
        if killed.killed and not killed.answers and not (beside / "ends").exists():
            break
        seconds *= SOONER
    else:
        pytest.fail(f"it was done before it was killed, {ATTEMPTS} times")

    looked, after = looked_at_and_repaired(processes, at, doing(places, at, phase.during))
    found = absent_or_complete(phase.during, looked, expected, commits=None)
    assert compared(phase.during, after) == compared(phase.during, expected)
    assert after["left over"] == []
    counted(f"kills at a random time, {at.database}", 1, f"{phase.name} | after {seconds:.3f} s | {found}")


def _started(processes: Processes, places: Places, at: Place, phase: Phase, beside: Path) -> Running:
    return processes.start(at, doing(places, at, phase.during), armed=list(phase.armed(beside).values()))
