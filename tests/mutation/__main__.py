"""`python -m tests.mutation [--guards N] [--logic N] [--seed S]`: take guards out one by one; does a test notice?

First every test of the web and of the rooms that decide is run once, to learn which tests pass through which line.
Then, for each mutant drawn (all of them without a number), those tests are run against the changed code. A mutant
that no test notices is printed. Ends with 1 when fewer than nine in ten were noticed.
"""

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutation.mutants import SOURCE, Mutant, guards, logic

TESTS = ["tests/web", "tests/cases", "tests/chain", "tests/measures/test_disclosure.py", "tests/disclosure"]
FIRST, AT_ONCE, SECONDS = 12, 2, 400
WANTED = 0.9


def main() -> int:
    """Draw, run, print, and say how many were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guards", type=int)
    parser.add_argument("--logic", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of a module's name")
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    drawn = [
        one
        for found, number in ((guards(), chosen.guards), (logic(), chosen.logic))
        for one in _some([each for each in found if chosen.only in each.module], number, chance)
    ]
    with tempfile.TemporaryDirectory() as folder:
        through = Passing(Path(folder) / "coverage")
        through.learn()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            noticed = list(pool.map(lambda one: _noticed(one, through.tests(one)), drawn))
    for one, told in zip(drawn, noticed, strict=True):
        if not told:
            print(f"Not noticed: {one.module} line {one.line}: {one.what}")
    return _verdict(drawn, noticed)


def _verdict(drawn: Sequence[Mutant], noticed: Sequence[bool]) -> int:
    worst = 0
    for kind in ("guard", "logic"):
        mine = [told for one, told in zip(drawn, noticed, strict=True) if one.kind == kind]
        if mine:
            print(f"{kind}: {sum(mine)} of {len(mine)} noticed")
            worst = max(worst, int(sum(mine) < WANTED * len(mine)))
    return worst


class Passing:
    """Which tests pass through which line, learnt from one run of them all."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def learn(self) -> None:
        """Run the tests once and keep, for every line, the tests that ran it."""
        settings = self.place.with_suffix(".ini")
        settings.write_text(f"[run]\ndynamic_context = test_function\nsource = {SOURCE}\ndata_file = {self.place}\n")
        command = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", "pytest", "-q", "-x"]
        done = subprocess.run([*command, "-m", "not full and not soak", *TESTS], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"The tests do not pass as they are:\n{done.stdout[-3000:]}")

    def tests(self, one: Mutant) -> list[str]:
        """The tests that ran the mutant's line, those of its own room first."""
        path = SOURCE / Path(*one.module.split("."))
        found = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
        with sqlite3.connect(self.place) as kept:
            rows = kept.execute(
                "select context.context, line_bits.numbits from line_bits"
                " join file on file.id = line_bits.file_id join context on context.id = line_bits.context_id"
                " where file.path = ?",
                (str(found),),
            )
            names = {context for context, bits in rows if context and _has(bits, one.line)}
        room = one.module.split(".")[-2]
        return sorted(names, key=lambda name: (room not in name, name))


def _has(bits: bytes, line: int) -> bool:
    return line // 8 < len(bits) and bool(bits[line // 8] & (1 << line % 8))


def _some(found: list[Mutant], number: int | None, chance: random.Random) -> list[Mutant]:
    return sorted(found if number is None or number >= len(found) else chance.sample(found, number))


def _noticed(one: Mutant, tests: list[str]) -> bool:
    """Whether a test fails with the change made: the nearest tests first, then all that pass through its line."""
    ids = [_node(name) for name in tests]
    return bool(ids) and (_fails(one, ids[:FIRST]) or (len(ids) > FIRST and _fails(one, ids[FIRST:])))


def _fails(one: Mutant, ids: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.mutation.hook", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            [*command, "-m", "not full and not soak", *sorted(set(ids))],
            env={**os.environ, "LINEOFSIGHT_MUTANT": one.name},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode == 1


def _node(name: str) -> str:
    """The test's id, from the context that coverage gave it: 'tests.web.x.test_y.test_z'."""
    parts = name.split(".")
    at = next(number for number, part in enumerate(parts) if part.startswith("test_"))
    return f"{'/'.join(parts[: at + 1])}.py::{parts[at + 1]}"


if __name__ == "__main__":
    sys.exit(main())
