"""Living through the world: fifteen loads into one home, one of them withdrawn, and what stood after each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, partial
from pathlib import Path

import pyarrow as pa
from tests.world.making import BAD, PART_OVER, WRONG, World
from tests.world.teams import MERGED_FROM, RENUMBERED_FROM

from lineofsight import clock, loading, sources
from lineofsight.home import Home, create_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Computation, Lake, Snapshot
from lineofsight.policy.registry import FILE as REGISTRY

BY = "The data analyst"
Outcome = tuple[Snapshot, list[Computation], bool]


@dataclass(frozen=True)
class Step:
    """One load, the withdrawal or a change of the registry: what it gave, and how all that was made stood after it.

    `folder` is what was loaded, None where nothing was; `snapshot` what was loaded, withdrawn, or computed anew.
    """

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
    for number, (name, as_at, happens) in enumerate(_order(world)):
        with clock.frozen_at(_morning_after(as_at, number)):
            snapshot, computations, waited = happens(life)
        files, read = _standing(life)
        folder = happens.keywords.get("folder")
        life.steps.append(Step(name, folder, snapshot, tuple(computations), waited, files, read))
    return life


def _order(world: World) -> Iterator[tuple[str, date, partial[Outcome]]]:
    for number, folder in enumerate(world.months, 1):
        as_at = world.as_at(number)
        if number == BAD:
            yield f"bad month {BAD}", as_at, partial(_load, folder=world.bad)
            continue
        if number == WRONG:
            yield f"wrong month {WRONG}", as_at, partial(_load, folder=world.wrong)
        yield f"month {number}", as_at, partial(_load, folder=folder)
        if number == PART_OVER:
            yield "part", as_at, partial(_load, folder=world.part)
        if number in (RENUMBERED_FROM, MERGED_FROM):
            yield f"registry after month {number}", as_at, partial(_tell, text=world.teams.registry(number))
        if number == WRONG:
            yield f"withdrawing month {BAD}", as_at, partial(_withdraw)
            yield f"month {BAD}", as_at, partial(_load, folder=world.months[BAD - 1])


def _morning_after(as_at: date, number: int) -> datetime:
    """Two days after the extract's date; what comes to the same date, an hour later each time."""
    return datetime.combine(as_at + timedelta(days=2), time(hour=number), UTC)


def _load(life: Life, *, folder: Path) -> Outcome:
    extract = sources.read([folder])
    loaded = loading.load(life.home, extract)
    waited = loaded.waiting
    if waited:
        loaded = loading.load(life.home, extract, accepted_by=BY)
    assert loaded.computation is not None
    return loaded.snapshot, [loaded.computation, *loaded.again], waited


def _tell(life: Life, *, text: str) -> Outcome:
    """The analyst says who the teams are, and the worker computes the newest anew."""
    (life.home.path / REGISTRY).write_text(text, "utf-8")
    (again,) = loading.finish(life.home)
    return life.lake.snapshot(again.snapshot_id), [again], False


def _withdraw(life: Life) -> Outcome:
    bad = life.step(f"bad month {BAD}").snapshot
    again = loading.withdraw(life.home, bad.id, by=BY, why="The export had broken off.")
    return bad, again, False


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
