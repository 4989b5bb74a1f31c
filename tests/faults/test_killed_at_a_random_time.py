"""`kill -9` at times of the clock's choosing, anywhere in a load, then the worker's round, then a signing."""

from __future__ import annotations

import os
import random
import time
from typing import Any

import pytest
from tests.faults.child import Deed
from tests.faults.killing import looked_at_and_repaired
from tests.faults.places import CENSUS, WORK, load

TIMES, IN_EVERY_RUN = 20, 2
NUMBERS = [pytest.param(number, marks=[pytest.mark.soak] * (number >= IN_EVERY_RUN)) for number in range(TIMES)]
LATEST = 0.9  # of the time it takes undisturbed: a machine that is less busy than it was is done before the last tenth
SIGN = Deed(act="sign")


@pytest.fixture(scope="module")
def undisturbed(places, processes):
    """What stands when nobody is killed, and the seconds it took here and now, by database; made once each."""
    known: dict[bool, tuple[dict[str, Any], float]] = {}

    def made(postgresql: bool) -> tuple[dict[str, Any], float]:
        if postgresql not in known:
            at = places.copy("loaded", postgresql)
            began = time.monotonic()
            census = processes.well(at, load(places.extracts[1]), WORK, SIGN, CENSUS)[-1]
            known[postgresql] = census, time.monotonic() - began
            places.gone(at)
        return known[postgresql]

    return made


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("postgresql", [False, True], ids=["SQLite", "PostgreSQL"])
def test_killed_at_a_random_time(number, postgresql, place, places, processes, undisturbed, counted):
    expected, seconds = undisturbed(postgresql)
    chance = random.Random(f"{os.environ.get('LINEOFSIGHT_SEED', '1')} {number} {postgresql}")
    parts, part = (IN_EVERY_RUN, number) if number < IN_EVERY_RUN else (TIMES - IN_EVERY_RUN, number - IN_EVERY_RUN)
    after = LATEST * seconds * (part + chance.random()) / parts  # each from its own part, so that they are spread out
    at = place("loaded", postgresql=postgresql)
    todo = (load(places.extracts[1]), WORK, SIGN)

    running = processes.start(at, *todo)
    running.kill_after(after)
    killed = running.done()

    looked, found = looked_at_and_repaired(processes, at, *todo)
    assert found == expected
    reached = len(killed.answers)
    said = f"{len(looked['snapshots'])} snapshots, {len(looked['packs'])} packs, {len(looked['records'])} records"
    line = f"{after:.2f} s of {seconds:.2f} | {at.database} | {reached} of 3 done | {said}"
    counted("kills at a random time", int(killed.killed), line)
