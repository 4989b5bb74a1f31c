"""A yes, a no and a withdrawal killed at any step: the load waits, stands, is withdrawn or is gone, never two."""

import os
import signal
from pathlib import Path

import pytest
from tests.loading.conftest import OCTOBER, SEPTEMBER, children, extract, visits

from lineofsight.keys import open_keys
from lineofsight.lake import Lake, folders
from lineofsight.lake.verify import verify_snapshot

MOST_STEPS = 40


def accept(lake, held):
    lake.release(held.id, by="ada", why="looked at")


def refuse(lake, held):
    lake.refuse(held.id)


def withdraw(lake, held):
    lake.withdraw(lake.latest(), by="ada", why="a bad export")


def finished(lake, held, act):
    """Do what is left to do, as the person who tries again would."""
    lake.sweep()
    waits, stands = state(lake, held)
    if (act is withdraw and len(stands) == 1) or (act is not withdraw and waits):
        act(lake, held)
    return state(lake, held)


def state(lake, held):
    return [one.id for one in lake.waiting()], [one.id for one in lake.snapshots()]


def killed_at(step, act, lake, held):
    """Do `act` in a process of its own that is killed before its `step`-th call that changes a disk."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    left = step

    def dying(function):
        def counted(*given, **named):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*given, **named)

        return counted

    Path.rename, Path.unlink = dying(Path.rename), dying(Path.unlink)
    folders.write_flushed, folders.flush_folder = dying(folders.write_flushed), dying(folders.flush_folder)
    os.unlink, os.rmdir = dying(os.unlink), dying(os.rmdir)
    act(lake, held)
    os._exit(0)


@pytest.mark.full
@pytest.mark.parametrize("act", [accept, refuse, withdraw])
def test_killed_at_any_step_it_is_as_before_or_done_and_doing_it_again_ends_well(act, load, home, counted):
    load(extract(SEPTEMBER, ssd_person=children(60), ssd_cp_visits=visits(90)))
    lake = Lake(home, open_keys(home))
    for step in range(1, MOST_STEPS):
        fallen = extract(OCTOBER, ssd_person=children(60), ssd_cp_visits=visits(30 + step))
        held = load(fallen, late=step).snapshot
        before = state(lake, held)
        assert held.id in before[0]
        status = killed_at(step, act, lake, held)
        waits, stands = state(lake, held)
        assert [waits, stands].count([]) < 2
        assert not set(waits) & set(stands)
        done = finished(lake, held, act)
        expected = {accept: ([], [before[1][0], held.id]), refuse: ([], before[1]), withdraw: (before[0], [])}[act]
        assert done == expected, step
        known = [*lake.snapshots(withdrawn=True), *lake.waiting()]
        assert [problem for one in known for problem in verify_snapshot(lake, one)] == []
        assert not list(home.lake.rglob(".unfinished-*"))
        if os.WIFEXITED(status):
            break
        undo(home, act, held)
    else:
        pytest.fail(f"{act.__name__} did not end within {MOST_STEPS} steps")
    counted(f"kills while a load is decided: {act.__name__}", step - 1)
    assert step > 3


def undo(home, act, held):
    """Put the lake back, so that the next step starts from the same."""
    for mark in home.lake.rglob("withdrawn.json"):
        mark.unlink()
    for place in ("waiting", "snapshots"):
        folder = home.lake / place / held.id
        if folder.exists():
            folders.remove(folder)
