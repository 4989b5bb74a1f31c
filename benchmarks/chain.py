"""The audit chain: events appended a second, entries verified a second, and the desk at two hundred thousand events."""

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lineofsight.web.access.viewer import Viewer

HEADING = "## The audit chain"
EVENTS = 200_000
APPENDED = 4_000
ROUNDS = 3  # of each rate the best is told: what else the machine does only makes it less
CHILDREN_OF_A_LIST = 1_000
VERIFY_LIMIT = 50_000  # entries a second, of the links alone
DESK_LIMIT_MS = 1_000
READERS, CHILDREN, DAYS = 200, 20_000, 60
END = datetime(2026, 11, 20, 18, tzinfo=UTC)
WRITTEN_AT_ONCE = 5_000


@dataclass(frozen=True)
class Chained:
    """What one run measured: events or entries a second, and milliseconds."""

    append: float
    raw: float
    list_ms: float
    verify: float
    verify_payloads: float
    desk_ms: float
    child_ms: float
    log_ms: float


def run(folder: Path, events: int = EVENTS) -> Chained:
    """Measure in a process of its own, on a new home in `folder`."""
    home = folder / "home-chain"
    command = [sys.executable, "-m", "benchmarks.chain", str(home), str(events)]
    environment = {**os.environ, "LINEOFSIGHT_HOME": str(home)}
    print(f"The chain with {events:,} events ...", file=sys.stderr, flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise RuntimeError(f"the chain's benchmark failed: {done.stderr[-2000:]}")
    return Chained(*map(float, done.stdout.split()[-8:]))


def table(chained: Chained) -> str:
    """The chain's figures."""
    return (
        f"{HEADING}\n\nSQLite with synchronous=FULL, one process; {EVENTS:,} events of {READERS} people. Of each rate "
        f"the best of {ROUNDS} rounds; of each time the median of 5.\n\n"
        "| what | figure |\n|---|---:|\n"
        f"| events appended, each committed to the disk | {chained.append:,.0f} a second |\n"
        f"| for comparison: commits of one bare row on this disk | {chained.raw:,.0f} a second |\n"
        f"| an event that shows {CHILDREN_OF_A_LIST:,} children | {chained.list_ms:.0f} ms |\n"
        f"| entries verified | {chained.verify:,.0f} a second |\n"
        f"| entries verified with their payloads opened and the index compared | "
        f"{chained.verify_payloads:,.0f} a second |\n"
        f"| the desk's front page, every pattern | {chained.desk_ms:.0f} ms |\n"
        f"| who looked at one child | {chained.child_ms:.0f} ms |\n"
        f"| a page of the log | {chained.log_ms:.0f} ms |"
    )


def faults(chained: Chained) -> list[str]:
    """What is over its number."""
    found = []
    if chained.verify < VERIFY_LIMIT:
        found.append(f"the chain was verified at {chained.verify:,.0f} entries a second of {VERIFY_LIMIT:,}")
    if chained.desk_ms > DESK_LIMIT_MS:
        found.append(f"the desk took {chained.desk_ms:.0f} ms of {DESK_LIMIT_MS} ms")
    return found


def measure(path: Path, events: int) -> None:
    """Make the home, fill its chain, and print the figures in the order of Chained."""
    from lineofsight import clock
    from lineofsight.home import create_home
    from lineofsight.keys import create_keys

    home = create_home(path, authority="306", authority_name="Northmere")
    create_keys(home)
    from lineofsight.web.site import console

    console.start(home)
    from lineofsight.web.access import chain
    from lineofsight.web.access.desk import front, log, looks

    append, list_ms = _append()
    _fill(events)
    verify = _rate(lambda: chain.verify_chain(home).count)
    payloads = _rate(lambda: chain.verify_chain(home, payloads=True).count)
    with clock.frozen_at(END):
        governance = _viewer("governance", "information-governance")
        ref = looks.ref_of("1")
        desk_ms = _milliseconds(lambda: front.front(governance))
        child_ms = _milliseconds(lambda: looks.by_child(governance, ref or ""))
        log_ms = _milliseconds(lambda: log.page(governance, log.Asked()))
    print(append, _raw(path), list_ms, verify, payloads, desk_ms, child_ms, log_ms)


def _append() -> tuple[float, float]:
    """Events a second through the same call a page makes; milliseconds of one that shows a whole list."""
    from lineofsight.web.access import chain

    viewer = _viewer("reader-0", "social-worker")

    def some(count: int) -> None:
        for number in range(count):
            chain.record_read(viewer=viewer, action="child.opened", child_keys=[f"{number:032x}", "0" * 32])

    def appended() -> int:
        some(APPENDED)
        return APPENDED

    some(200)
    append = _rate(appended)
    keys = [f"{number:032x}" for number in range(CHILDREN_OF_A_LIST)]
    listed = _milliseconds(lambda: chain.record_read(viewer=viewer, action="children.listed", child_keys=keys))
    return append, listed


def _raw(path: Path) -> float:
    """Commits a second of one small row, by SQLite alone: what the disk allows."""
    import sqlite3

    database = sqlite3.connect(path / "bare.sqlite3", isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=full")
    database.execute("create table bare (number integer primary key, text text)")

    def committed() -> int:
        for _ in range(APPENDED):
            database.execute("begin immediate")
            database.execute("insert into bare (text) values (?)", ("x" * 400,))
            database.execute("commit")
        return APPENDED

    return _rate(committed)


def _fill(events: int) -> None:
    """So many events of people who work in sessions on working days, a few of them at night."""
    from django.db import transaction

    from lineofsight import clock
    from lineofsight.web.access import chain

    chance = random.Random(1)
    children = [f"{chance.getrandbits(128):032x}" for _ in range(CHILDREN)]
    readers = [_viewer(f"reader-{number}", "social-worker") for number in range(READERS)]
    own = {reader.person_key: chance.sample(children, 25) for reader in readers}
    planned = sorted(_sessions(chance, events), key=lambda one: one[0])
    for begins in range(0, events, WRITTEN_AT_ONCE):
        with transaction.atomic():
            for at, number in planned[begins : begins + WRITTEN_AT_ONCE]:
                with clock.frozen_at(at):
                    _event(chance, readers[number], own, children, chain.record)


def _sessions(chance: random.Random, events: int) -> list[tuple[datetime, int]]:
    planned: list[tuple[datetime, int]] = []
    days = [day for ago in range(DAYS) if (day := END - timedelta(days=ago)).weekday() < 5]
    while len(planned) < events:
        hour = chance.choice([8, 9, 10, 11, 13, 14, 15, 16] if chance.random() < 0.97 else [5, 21, 22, 23])
        begins = chance.choice(days).replace(hour=hour, minute=chance.randrange(60))
        reader = chance.randrange(READERS)
        planned += [(begins + timedelta(seconds=30 * step), reader) for step in range(15)]
    return planned[:events]


def _event(
    chance: random.Random,
    reader: "Viewer",
    own: dict[str, list[str]],
    children: list[str],
    record: Callable[..., object],
) -> None:
    kind, mine = chance.random(), own[reader.person_key]
    about = {"viewer": reader, "action": "children.listed", "subject": "measure CP08"}
    if kind < 0.6:
        record(viewer=reader, action="child.opened", child_keys=chance.sample(mine, 2), detail={"siblings": 1})
    elif kind < 0.8:
        record(**about, child_keys=chance.sample(mine, 20), detail={"format": "page", "rows": 20})
    elif kind < 0.81:
        record(**about, child_keys=chance.sample(children, 100), detail={"format": "csv", "rows": 100})
    else:
        record(viewer=reader, action="session.began", subject="social-worker")


def _viewer(key: str, office: str) -> "Viewer":
    from lineofsight.web.access.offices import offices
    from lineofsight.web.access.viewer import Scope, Viewer

    held = offices()[office]
    return Viewer(
        person_key=key, person_name=key, office=office, office_title=held.title, scope=Scope(held.scope),
        capabilities=held.capabilities, level=held.level, audience="identified",
    )  # fmt: skip


def _rate(work: Callable[[], int]) -> float:
    """How many a second, the best of the rounds."""
    rates = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        rates.append(work() / (time.perf_counter() - began))
    return max(rates)


def _milliseconds(work: Callable[[], object]) -> float:
    """The median of five times, in milliseconds."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


if __name__ == "__main__":
    measure(Path(sys.argv[1]), int(sys.argv[2]))
