"""Living through the world: fifteen loads into one home, one of them withdrawn, and what stood after each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

import pyarrow as pa
from tests.world.making import BAD, PART_OVER, WRONG, World
from tests.world.teams import RENUMBERED_FROM

from lineofsight import clock, loading, sources
from lineofsight.home import Home, create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Computation, Lake, Snapshot
from lineofsight.loading import Loaded

BY = "The data analyst"
REGISTRY = "registry.toml"


@dataclass(frozen=True)
class Step:
    """One load, or the withdrawal: what was read, what it gave, and how everything made so far stood after it."""

    name: str
    folder: Path | None
    snapshot: Snapshot
    computations: tuple[Computation, ...]
    waited: bool
    files: Mapping[Path, str]
    read: Mapping[str, str]


@dataclass
class Life:
    """The home after all of it, and every step on the way."""

    world: World
    home: Home
    steps: list[Step] = field(default_factory=list)

    @cached_property
    def lake(self) -> Lake:
        """One lake for the whole life, as a worker keeps it."""
        return Lake(self.home, open_keys(self.home))

    @property
    def loads(self) -> list[Step]:
        """The steps that were loads."""
        return [step for step in self.steps if step.folder]

    def step(self, name: str) -> Step:
        """The step of that name."""
        (found,) = [step for step in self.steps if step.name == name]
        return found

    def ledger(self, computation: Computation) -> pa.Table:
        """The exceptions after a computation."""
        return self.lake.read(computation, "exceptions")

    @property
    def computations(self) -> list[Computation]:
        """Every computation that was made, in the order it was made."""
        return [one for step in self.steps for one in step.computations]

    def month(self, number: int) -> tuple[Snapshot, Computation]:
        """The snapshot that stands for a month, and its newest computation."""
        as_at = self.world.as_at(number)
        snapshot = [one for one in self.lake.snapshots() if one.as_at == as_at][-1]
        computation = self.lake.computation(snapshot)
        assert computation is not None
        return snapshot, computation


def live(world: World, place: Path) -> Life:
    """Load everything, in the order in which it came."""
    home = create_home(place, authority="999", authority_name="Fernbridge")
    create_keys(home)
    life = Life(world, home)
    for number, (name, folder, as_at) in enumerate(_order(world)):
        if name == f"month {RENUMBERED_FROM}":
            (home.path / REGISTRY).write_text(world.teams.registry, "utf-8")
        with clock.frozen_at(_morning_after(as_at, number)):
            if folder is None:
                _withdraw(life, name)
            else:
                _load(life, name, folder)
    return life


def _order(world: World) -> Iterator[tuple[str, Path | None, date]]:
    for number, folder in enumerate(world.months, 1):
        if number == BAD:
            yield f"bad month {BAD}", world.bad, world.as_at(BAD)
            continue
        if number == WRONG:
            yield f"wrong month {WRONG}", world.wrong, world.as_at(WRONG)
        yield f"month {number}", folder, world.as_at(number)
        if number == PART_OVER:
            yield "part", world.part, world.as_at(number)
        if number == WRONG:
            yield f"withdrawing month {BAD}", None, world.as_at(number)
            yield f"month {BAD}", world.months[BAD - 1], world.as_at(number)


def _morning_after(as_at: date, number: int) -> datetime:
    """Two days after the extract's date; what comes to the same date, an hour later each time."""
    return datetime.combine(as_at + timedelta(days=2), time(hour=number), UTC)


def _load(life: Life, name: str, folder: Path) -> None:
    extract = sources.read([folder])
    loaded = loading.load(life.home, extract)
    waited = loaded.waiting
    if waited:
        loaded = loading.load(life.home, extract, accepted_by=BY)
    _keep(life, name, folder, loaded, waited)


def _keep(life: Life, name: str, folder: Path, loaded: Loaded, waited: bool) -> None:
    assert loaded.computation is not None
    files, read = _standing(life)
    life.steps.append(Step(name, folder, loaded.snapshot, (loaded.computation,), waited, files, read))


def _withdraw(life: Life, name: str) -> None:
    bad = life.step(f"bad month {BAD}").snapshot
    computations = loading.withdraw(life.home, bad.id, by=BY, why="The export had broken off.")
    files, read = _standing(life)
    life.steps.append(Step(name, None, bad, tuple(computations), False, files, read))


def _standing(life: Life) -> tuple[Mapping[Path, str], Mapping[str, str]]:
    """The hash of every file of the lake, and of every table of every computation, read again."""
    root = life.home.lake / "snapshots"
    files = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(root.rglob("*")) if path.is_file()}
    read = {}
    for snapshot in life.lake.snapshots(withdrawn=True):
        for folder in sorted((snapshot.directory / "computations").iterdir()):
            computation = life.lake.computation(snapshot, folder.name)
            assert computation is not None
            for name in computation.files:
                table = life.lake.read(computation, name.removesuffix(".parquet"))
                read[f"{snapshot.id}/{computation.id}/{name}"] = _digest(table)
    return files, read


def _digest(table: pa.Table) -> str:
    sink = hashlib.sha256()
    for batch in table.combine_chunks().to_batches():
        sink.update(batch.serialize())
    return sink.hexdigest()
