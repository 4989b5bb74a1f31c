"""Which tests pass through which line, and how long each takes: learnt from one run of them, and kept if asked."""

import hashlib
import pickle
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import coverage
import pytest
from tests.mutation.mutants import SOURCE


@dataclass
class Learnt:
    """By file of the product and by test: the lines, as coverage packs them. By test: its seconds, and if it failed.

    `digests` says of which text of each file, of the product and of the tests, this is true.
    """

    through: dict[str, dict[str, bytes]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)

    def tests(self, file: Path, line: int) -> set[str]:
        """The tests that pass through the line."""
        return {test for test, bits in self.through.get(str(file), {}).items() if _has(bits, line)}

    def add(self, other: "Learnt") -> None:
        """Put together what two processes learnt."""
        for file, tests in other.through.items():
            self.through.setdefault(file, {}).update(tests)
        self.seconds.update(other.seconds)
        self.failing |= other.failing
        self.digests.update(other.digests)

    def without_what_changed(self, items: dict[str, pytest.Item]) -> "Learnt":
        """What is still true: of tests that are as they were, through files that are as they were."""
        gone = {one for one, digest in self.digests.items() if digest != _digest(Path(one))}
        stale = {test for file, tests in self.through.items() if file in gone for test in tests}
        stale |= {test for test in self.seconds if test not in items or str(items[test].path) in gone}
        return Learnt(
            {
                file: {test: bits for test, bits in tests.items() if test not in stale}
                for file, tests in self.through.items()
            },
            {test: seconds for test, seconds in self.seconds.items() if test not in stale},
            self.failing - stale,
            {file: digest for file, digest in self.digests.items() if file not in gone},
        )

    def write(self, place: Path) -> None:
        """Keep it for another run."""
        place.write_bytes(pickle.dumps(self))


def read(place: Path) -> Learnt:
    """What another process, or another run, wrote."""
    kept: Learnt = pickle.loads(place.read_bytes())
    return kept


class Watch:
    """Coverage, with a test's name as the context of everything that runs for it, its fixtures too."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "coverage"
        self.watch = coverage.Coverage(data_file=str(self.place), source=[str(SOURCE)], config_file=False)

    def start(self, test: str = "") -> None:
        """Watch, for this test."""
        self.watch.start()
        if test:
            self.watch.switch_context(test)

    def stop(self) -> None:
        """Do not watch until the next start."""
        self.watch.stop()

    def lines(self) -> dict[str, set[int]]:
        """The lines that ran, whatever for."""
        data = self.watch.get_data()
        return {file: set(data.lines(file) or ()) for file in data.measured_files()}

    def into(self, learnt: Learnt, items: dict[str, pytest.Item]) -> None:
        """Put what was seen into `learnt`."""
        self.watch.save()
        with sqlite3.connect(self.place) as kept:
            rows = kept.execute(
                "select file.path, context.context, line_bits.numbits from line_bits"
                " join file on file.id = line_bits.file_id join context on context.id = line_bits.context_id"
            )
            for file, test, bits in rows:
                if test:
                    learnt.through.setdefault(file, {})[test] = bits
        read_files = {*learnt.through, *(str(items[test].path) for test in learnt.seconds)}
        learnt.digests.update({file: _digest(Path(file)) for file in read_files})


def _has(bits: bytes, line: int) -> bool:
    return line // 8 < len(bits) and bool(bits[line // 8] & (1 << line % 8))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""
