"""One bit changed by itself: in a file, and what the product then says of everything it reads."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from lineofsight import chain, keys
from lineofsight.errors import PlainError
from lineofsight.home import Home, open_home
from lineofsight.keys import open_keys
from lineofsight.lake import Computation, Lake, Snapshot
from lineofsight.lake.verify import verify_snapshot

# The kinds of file whose bits are flipped here, and how to find them.
KINDS = {
    "a table": "lake/snapshots/*/tables/*.parquet",
    "persons": "lake/snapshots/*/models/persons.parquet",
    "the chronology": "lake/snapshots/*/models/events.parquet",
    "another read model": "lake/snapshots/*/models/[mtw]*.parquet",
    "rows": "lake/snapshots/*/computations/*/rows.parquet",
    "values": "lake/snapshots/*/computations/*/values.parquet",
    "the ledger": "lake/snapshots/*/computations/*/exceptions.parquet",
    "the counts of exceptions": "lake/snapshots/*/computations/*/exception_counts.parquet",
    "what was entered late": "lake/snapshots/*/computations/*/late*.parquet",
    "what was first known": "lake/snapshots/*/computations/*/first_known.parquet",
    "the ten": "lake/snapshots/*/computations/*/ten*.parquet",
    "what falls due": "lake/snapshots/*/computations/*/coming.parquet",
    "the rows by team": "lake/snapshots/*/computations/*/rows_by_team.parquet",
    "who is easily lost": "lake/snapshots/*/computations/*/easily_lost.parquet",
    "the role words": "lake/snapshots/*/computations/*/role_words.parquet",
    "the issues": "lake/snapshots/*/load/issues.parquet",
    "a snapshot's manifest": "lake/snapshots/*/manifest.json",
    "a computation's manifest": "lake/snapshots/*/computations/*/manifest.json",
    "the master key": "keys/master.key",
    "the wrapped keys": "keys/keyring.json",
}
# Flipped in a process of their own (`acts.flip_pages`, `acts.flip_anchor`).
ELSEWHERE = {"lineofsight.sqlite3", "anchors/*.json"}
# Written by hand where somebody likes (the authority's name; its code is compared with each snapshot's), what the
# worker says of its last round, and empty locks.
NOT_LOOKED_FOR = {"home.toml": "by hand", "worker.json": "written anew each round", "lake/.*": "nothing in them"}


@contextmanager
def flipped(path: Path, chance: random.Random, *, used: bool = False) -> Iterator[str]:
    """One bit of `path` is another, and its size and time as before: no program did it. Then it is put right.

    With `used`, a bit of a byte that is not nought: of a database's pages, mostly nothing stands in the others.
    """
    about, content = path.stat(), path.read_bytes()
    place, bit = chance.randrange(about.st_size), chance.randrange(8)
    while used and not content[place]:
        place = chance.randrange(about.st_size)
    _flip(path, place, bit, about)
    try:
        yield f"byte {place} of {about.st_size}, bit {bit}"
    finally:
        _flip(path, place, bit, about)


def _flip(path: Path, place: int, bit: int, about: os.stat_result) -> None:
    with path.open("r+b") as handle:
        handle.seek(place)
        (byte,) = handle.read(1)
        handle.seek(place)
        handle.write(bytes([byte ^ (1 << bit)]))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def afresh(path: Path) -> tuple[Home, Lake]:
    """The home and its lake as a process that begins now opens them."""
    keys._open_keys.cache_clear()
    home = open_home(path)
    return home, Lake(home, open_keys(home))


def everything(home: Home, lake: Lake) -> dict[str, Any]:
    """Everything that anything shown is read from, each by itself: its content, or the error that refuses it."""
    told: dict[str, Any] = {"anchors": _asked(lambda: chain.read_anchors(home))}
    snapshots = _asked(lake.snapshots)
    told["snapshots"] = snapshots
    for snapshot in [] if isinstance(snapshots, PlainError) else snapshots:
        told |= {f"{snapshot.id} {name}": read for name, read in _of_snapshot(lake, snapshot)}
    return told


def _of_snapshot(lake: Lake, snapshot: Snapshot) -> Iterator[tuple[str, Any]]:
    people = _asked(lambda: lake.persons(snapshot))
    yield "persons", people
    if not isinstance(people, PlainError):
        for key in people["child_key"].to_pylist()[:5]:
            yield f"events of {key}", _asked(partial(lake.events, snapshot, key))
    yield "teams", _asked(lambda: lake.teams(snapshot))
    yield "workers", _asked(lambda: lake.workers(snapshot))
    yield "issues", _asked(lambda: lake.issues(snapshot))
    yield "merges", _asked(lambda: lake.merges(snapshot))
    for name in snapshot.tables:
        yield name, _asked(partial(_table, lake, snapshot, name))
    computation = _asked(lambda: lake.computation(snapshot))
    yield "computation", computation
    if isinstance(computation, Computation):
        for name in computation.files:
            yield name, _asked(partial(lake.read, computation, name.removesuffix(".parquet")))


def _table(lake: Lake, snapshot: Snapshot, name: str) -> Any:
    return lake.sealed_file(snapshot, f"tables/{name}.parquet").read()


def _asked(read: Callable[[], Any]) -> Any:
    """What is read, or the error that refuses it; any other error is a failure of the test."""
    try:
        return read()
    except PlainError as refused:
        return refused


def verified(lake: Lake) -> list[str]:
    """What `verify` finds wrong with the lake, in sentences."""
    try:
        return [problem.what for snapshot in lake.snapshots() for problem in verify_snapshot(lake, snapshot)]
    except PlainError as refused:
        return [str(refused)]


def untrue(truth: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What reads differently and is no error that refuses it. What is not read at all is no untruth."""
    return [name for name, said in now.items() if not isinstance(said, PlainError) and said != truth[name]]
