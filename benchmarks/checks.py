"""Statutory checks at growing sizes, whole processes: `python -m benchmarks.checks [--sizes ...] [--peer PYTHON]`.

With `--peer` the public tool for the same return runs over the same files, in the same run: the Python of an
environment of its own that holds csc-validator-be-cin. The machine should have nothing else to do.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import returns

SIZES = (200, 1_000, 5_000, 20_000)
HELD_AT, MEMORY_LIMIT_MB = 20_000, 350
PEER_RULES = "cin2025_26"
# What the public tool does with a file, from its reading to its two reports, as its own command does it.
_PEER = """
import importlib, sys, xml.etree.ElementTree as ET
from cin_validator import cin_validator as tool
rules = importlib.import_module(f"cin_validator.rules.{sys.argv[2]}").registry
tables = tool.process_data(tool.convert_data(ET.parse(sys.argv[1]).getroot()))
found = tool.CinValidator(tables, rules)
found.full_issue_df.to_csv(sys.argv[3], index=False)
"""


@dataclass(frozen=True)
class Ran:
    """One process over one file: its time, its peak of memory, and a hash of what it wrote."""

    seconds: float
    megabytes: float
    sha256: str


def main() -> int:
    """Run, print the table, and end with 1 where a number is not held or an answer is not the same twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--times", type=int, default=3, help="ours is the least of so many runs")
    parser.add_argument("--peer", default="", help="the Python of an environment with the public tool")
    chosen = parser.parse_args()
    lines = [
        "| children | ours | memory | the public tool | memory | times faster |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    faults = []
    with tempfile.TemporaryDirectory(prefix="lineofsight-bench-") as folder:
        for size in map(int, chosen.sizes.split(",")):
            print(f"{size:,} children ...", file=sys.stderr, flush=True)
            file = Path(folder) / f"{size}.xml"
            returns.write(file, size)
            runs = [ours(file) for _ in range(chosen.times)]
            best = min(runs, key=lambda one: one.seconds)
            if len({one.sha256 for one in runs}) > 1:
                faults.append(f"{size:,} children gave different answers")
            if size <= HELD_AT and best.megabytes > MEMORY_LIMIT_MB:
                faults.append(f"{size:,} children took {best.megabytes:.0f} MB")
            peer = theirs(file, chosen.peer) if chosen.peer else None
            lines.append(_line(size, best, peer))
    print("\n".join(lines))
    for fault in faults:
        print(f"Over its number: {fault}.")
    return 1 if faults else 0


def ours(file: Path) -> Ran:
    """`lineofsight check`, as a nightly job runs it."""
    out = file.with_suffix(".json")
    arguments = ["-m", "lineofsight.cli", "check", str(file), "--format", "json", "-o", str(out)]
    return _run([sys.executable, *arguments], out, (0, 1))


def theirs(file: Path, python: str) -> Ran:
    """The public tool over the same file."""
    out = file.with_suffix(".csv")
    return _run([python, "-c", _PEER, str(file), PEER_RULES, str(out)], out, (0,))


def _run(command: list[str], out: Path, ends: tuple[int, ...]) -> Ran:
    """A whole process from its start to its end; the memory is its own peak."""
    began = time.perf_counter()
    with Path(os.devnull).open("w") as nowhere:
        actions = [(os.POSIX_SPAWN_DUP2, nowhere.fileno(), stream) for stream in (1, 2)]
        process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
        _, status, used = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) not in ends:
        raise RuntimeError(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return Ran(seconds, used.ru_maxrss / 1024, hashlib.sha256(out.read_bytes()).hexdigest())


def _line(size: int, best: Ran, peer: Ran | None) -> str:
    cells = [f"{size:,}", f"{best.seconds:.2f} s", f"{best.megabytes:.0f} MB"]
    if peer:
        cells += [f"{peer.seconds:.1f} s", f"{peer.megabytes:.0f} MB", f"{peer.seconds / best.seconds:.0f}"]
    else:
        cells += ["", "", ""]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
