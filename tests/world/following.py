"""The oracle's ledgers of a whole life: which carries on which, by the order in which things came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import pyarrow.compute as pc
from tests.world import oracle
from tests.world.living import Life, Step
from tests.world.oracle import Kept, Ledger, Seen

from lineofsight.lake import Computation


def derived(life: Life) -> Mapping[str, Ledger]:
    """The ledger after each computation, by the computation's id, derived from the rules."""
    done: dict[str, Ledger] = {}
    newest: dict[str, str] = {}  # the newest computation of each snapshot that stands
    loaded: list[Step] = []
    for step in life.steps:
        again = iter(step.computations)
        if step.folder:
            loaded.append(step)
            _follow(life, step, next(again), loaded, newest, done)
            _follow_again(life, step, again, loaded, newest, done)
        elif step.name.startswith("withdrawing"):
            newest.pop(step.snapshot.id)
            _follow_again(life, step, again, loaded, newest, done)
        else:
            (own,) = [one for one in loaded if one.snapshot.id == step.snapshot.id]
            _follow(life, own, next(again), loaded, newest, done)
        assert next(again, None) is None
    return done


def _follow_again(
    life: Life,
    step: Step,
    again: Iterator[Computation],
    loaded: list[Step],
    newest: dict[str, str],
    done: dict[str, Ledger],
) -> None:
    """Whatever is later than what came between or went follows another than before, so each is computed anew."""
    for later in sorted(loaded, key=_place):
        if _place(later) > _place(step) and later.snapshot.id in newest:
            _follow(life, later, next(again), loaded, newest, done)


def _place(step: Step) -> tuple[date, datetime]:
    return step.snapshot.as_at, step.snapshot.loaded_at


def _follow(
    life: Life, step: Step, one: Computation, loaded: list[Step], newest: dict[str, str], done: dict[str, Ledger]
) -> None:
    """An extract follows the one before it by date, whenever that came; a correction what it corrects."""
    snapshot = step.snapshot
    earlier = [other for other in loaded if other.snapshot.id in newest and _place(other) < _place(step)]
    before = max(earlier, key=_place, default=None)
    done[one.id] = oracle.carried_on(done[newest[before.snapshot.id]] if before else [], seen(life, step, one))
    newest[snapshot.id] = one.id


def seen(life: Life, step: Step, one: Computation) -> Seen:
    """What an extract shows: the product's rows of the measures, and the files themselves."""
    now = pc.field("as_at") == step.snapshot.as_at
    rows = life.lake.read(one, "rows", where=now).to_pylist()
    about = _files(_whole(life, step))
    return replace(about, as_at=step.snapshot.as_at, rows=oracle.standings(rows, frozenset(oracle.needs())))


def _whole(life: Life, step: Step) -> Path:
    """The folder that tells who the people are: for a part, that of the month it is laid over."""
    assert step.folder is not None
    if step.folder == life.world.part:
        return life.world.months[[one.name for one in life.world.months].index(str(step.snapshot.as_at))]
    return step.folder


@lru_cache(maxsize=64)
def _files(folder: Path) -> Seen:
    tables = oracle.read(folder)
    return Seen(date.min, {}, oracle.measured(folder), oracle.anchors(tables), oracle.merged(tables))


def as_kept(life: Life, computation: Computation) -> Ledger:
    """The product's ledger, in the oracle's words."""
    return [
        Kept(
            (row["measure"], row["person_id"] or row["worker_id"], row["anchor"]),
            row["occurrence"],
            row["state"],
            row["first_seen"],
            row["last_seen"],
            row["cleared_on"],
        )
        for row in life.ledger(computation).to_pylist()
    ]
