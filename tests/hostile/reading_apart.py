"""Reads files in processes of their own, and says what became of each: its cost is its own, and so is its crash.

`python -m tests.hostile.reading_apart` takes one JSON line a file on stdin and answers with one. Everything is
imported once; each file is read by a fork, held to a limit of memory and time, whose peak memory is counted from
the moment it forked.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

MOST_ADDRESSES = 6 * 1024**3
MOST_PROCESSOR_SECONDS = 60
MOST_SECONDS = 900  # of the clock, on a machine that does much else: longer is a wait without end
# Tables of more rows are counted only.
_MOST_ROWS_TOLD = 50
_MOST_ISSUES_TOLD = 3000


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    `sentence` is why it was refused, None where it was read; `crash` is any other exception, which there must
    not be. `tables` are (rows, first rows) by name; `issues` dicts; `megabytes` what reading added to memory.
    """

    sentence: str | None
    crash: str | None
    processor_seconds: float
    megabytes: float
    tables: Mapping[str, tuple[int, list[dict[str, Any]]]] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    as_at: str | None = None


class Readers:
    """The process that forks a reader for each file."""

    def __init__(self, scratch: Path) -> None:
        root = Path(__file__).parent.parent.parent
        self.scratch = scratch
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.reading_apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=scratch,
            env={**os.environ, "PYTHONPATH": str(root), "TMPDIR": str(scratch)},
        )

    def read(self, path: Path, *, as_at: date | None, as_nobody: bool = False) -> Outcome:
        """Read `path` in a process of its own; without rights over other people's files where `as_nobody`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {"path": os.fsencode(path).hex(), "as_at": as_at and as_at.isoformat(), "as_nobody": as_nobody}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        tables = {name: (rows, first) for name, (rows, first) in told.pop("tables", {}).items()}
        return Outcome(tables=tables, **told)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


def _memory(name: str) -> float:
    """A figure of /proc/self/status in megabytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def _read(asked: dict[str, Any]) -> dict[str, Any]:
    from lineofsight.errors import PlainError
    from lineofsight.sources import read

    path = Path(os.fsdecode(bytes.fromhex(asked["path"])))
    as_at = date.fromisoformat(asked["as_at"]) if asked["as_at"] else None
    told: dict[str, Any] = {"sentence": None, "crash": None}
    if os.access("/proc/self/clear_refs", os.W_OK):
        Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = _memory("VmRSS")
    processor = time.process_time()
    try:
        extract = read([path], as_at=as_at)
    except PlainError as refused:
        told["sentence"] = str(refused)
    except BaseException as crash:
        told["crash"] = f"{type(crash).__name__}: {crash}"[:500]
    told["processor_seconds"] = time.process_time() - processor
    told["megabytes"] = _memory("VmHWM") - before
    if told["sentence"] is None and told["crash"] is None:
        told["as_at"] = extract.as_at
        told["tables"] = {
            name: (source.table.num_rows, source.table.slice(0, _MOST_ROWS_TOLD).to_pylist())
            for name, source in extract.tables.items()
        }
        told["issues"] = [vars(issue) for issue in extract.issues[:_MOST_ISSUES_TOLD]]
    return told


def _without_rights() -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)


def _fork(asked: dict[str, Any]) -> str:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(ours)
            _read_held(asked, theirs)
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        told = answer.read()
    _, status = os.waitpid(child, 0)
    if told:
        return told
    ended = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "a fault"
    crash = f"the reader was ended by {ended}"
    return json.dumps({"sentence": None, "crash": crash, "processor_seconds": 0, "megabytes": 0})


def _read_held(asked: dict[str, Any], answer_to: int) -> None:
    """Read, held to what one file may take, and answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR_SECONDS, MOST_PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(MOST_SECONDS)
    if asked["as_nobody"]:
        _read({**asked, "path": os.fsencode("/nowhere").hex()})  # imports what is imported late
        _without_rights()
    with os.fdopen(answer_to, "w") as answer:
        answer.write(json.dumps(_read(asked), default=str))


def main() -> None:
    """Answer until stdin ends."""
    import lineofsight.sources  # noqa: F401

    for line in sys.stdin:
        print(_fork(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
