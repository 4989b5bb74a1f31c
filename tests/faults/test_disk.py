"""A full disk and a disk that takes no writing: one plain sentence, nothing half, and it works again afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.faults.child import Armed, Place
from tests.faults.killing import BEFORE, PACK, compared, doing, looked_at_and_repaired, undisturbed
from tests.faults.places import CENSUS, VERIFY, WORK, Deed, load
from tests.faults.steps import FULL

ROOM = "64m"
STEPS = [pytest.param(step, id=str(step), marks=[pytest.mark.full] * step.full) for step in FULL]
SENTENCES = ("The disk is full.", "The disk gave an error.", "cannot be written to")


@dataclass(frozen=True)
class Disk:
    """A small disk of one's own."""

    path: Path

    def mount(self, *how: str) -> bool:
        done = subprocess.run(["mount", *how, str(self.path)], capture_output=True)
        return done.returncode == 0

    @property
    def ballast(self) -> Path:
        return self.path / "ballast"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk")
    made.path.mkdir()
    if not shutil.which("mount") or not made.mount("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs"):
        pytest.skip("this account may not mount a small disk")
    yield made
    subprocess.run(["umount", "-l", str(made.path)], check=True, capture_output=True)


def one_plain_sentence(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    assert len(lines) == 1, said
    assert any(known in lines[0] for known in SENTENCES), said
    assert "Traceback" not in said
    return lines[0]


@pytest.mark.parametrize("step", STEPS)
def test_a_full_disk_is_said_in_one_sentence_and_leaves_nothing_half(step, disk, places, processes, counted):
    at = places.copy(BEFORE[step.during], under=disk.path)
    todo = doing(places, at, step.during)
    expected = undisturbed(places, processes, step.during, postgresql=False)

    full = processes.run(at, todo, armed=[Armed(str(step), "fill", disk.ballast)])
    assert disk.ballast.exists(), "the step was never met"
    assert full.answers == [2], (full.out, full.err)
    one_plain_sentence(full.err)

    disk.ballast.unlink()
    looked, after = looked_at_and_repaired(processes, at, todo)
    assert looked["left over"] == []
    assert compared(step.during, after) == compared(step.during, expected)
    counted("full disks", 1, f"{step} | {full.err.strip()}")


@pytest.mark.full
def test_a_file_that_may_not_grow_is_a_full_disk(place, places, processes, counted):
    """Where nobody may mount a disk: the operating system's own limit on the size of a file."""
    at = place("loaded")
    expected = undisturbed(places, processes, "load", postgresql=False)
    full = processes.run(at, load(places.extracts[1]), armed=[Armed("load: half the tables are written", "fill")])
    assert full.answers == [2], (full.out, full.err)
    one_plain_sentence(full.err)
    looked, after = looked_at_and_repaired(processes, at, load(places.extracts[1]))
    assert looked["left over"] == []
    assert after == expected
    counted("full disks", 1, f"a limit on files | {full.err.strip()}")


@pytest.fixture
def read_only(places, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A home that takes no writing: on a disk mounted so, or, for who is not root, by its permissions."""
    if os.getuid() == 0:
        disk = request.getfixturevalue("disk")
        at = places.copy("worked", under=disk.path)
        assert disk.mount("-o", "remount,ro")
        yield at
        assert disk.mount("-o", "remount,rw")
        return
    at = places.copy("worked", under=tmp_path)
    folders = [at.home, *(path for path in at.home.rglob("*") if path.is_dir())]
    for path in at.home.rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    at.home.chmod(0o500)
    yield at
    for folder in folders:
        folder.chmod(0o700)


def test_a_home_that_takes_no_writing_is_said_in_one_sentence(read_only, places, processes, tmp_path, counted):
    at = read_only
    commands = [load(places.extracts[1]), load(places.extracts[0]), WORK, VERIFY]
    commands += [Deed(command=(*PACK, "-o", str(tmp_path / "pack.html"))), Deed(command=("rows", "CP10", *PACK[4:]))]
    for command in commands:
        done = processes.run(at, command)
        assert done.answers == [2], (command, done.out, done.err)
        one_plain_sentence(done.err)
        assert done.out == ""
    assert not (tmp_path / "pack.html").exists()
    counted("commands on a home that takes no writing", len(commands))


def test_a_home_that_took_no_writing_works_again(places, processes, disk):
    at = places.copy("worked", under=disk.path)
    before = processes.well(at, CENSUS)
    assert disk.mount("-o", "remount,ro")
    processes.run(at, WORK)
    assert disk.mount("-o", "remount,rw")
    assert processes.well(at, WORK, VERIFY, CENSUS)[-1] == before[0]
