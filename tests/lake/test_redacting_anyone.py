"""Whoever is taken out of a coherent authority, drawn by chance: the others' rows, and every figure, are as before."""

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.times import seed, times

from lineofsight import clock, loading, sources, synth
from lineofsight.home import Home, create_home, open_home
from lineofsight.keys import create_keys, open_keys
from lineofsight.lake import Lake, redacting
from lineofsight.lake.manifest import Computation
from lineofsight.lake.verify import verify_snapshot
from lineofsight.schema import belonging

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
DRAWN = times(3)
Rows = dict[tuple[str, str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("anyone")
    home = create_home(folder / "home", authority="306", authority_name="Croydon", demo=True)
    create_keys(home)
    extracts = synth.write(
        folder / "x", children=150, extracts=2, seed=int(seed()), like="306", months=12, until=date(2026, 10, 31)
    )
    for number, extract in enumerate(extracts):
        with clock.frozen_at(datetime(2026, 10 + number, 3, 9, tzinfo=UTC)):
            loading.load(home, sources.read([extract]))
    return home


def rows_of(lake: Lake) -> Rows:
    """Every row of every file of the lake."""
    found = {}
    for snapshot in redacting.every_snapshot(lake):
        for holder, name in redacting._files(lake, snapshot):
            held = f"{snapshot.id}/{holder.id}" if isinstance(holder, Computation) else snapshot.id
            found[held, name] = lake.sealed_file(holder, name).read().to_pylist()
    return found


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value if isinstance(value, list) else []:
        yield from texts(one)


@pytest.mark.full
@pytest.mark.parametrize("draw", range(DRAWN))
def test_whoever_is_taken_out_the_others_are_as_they_were(made, tmp_path, draw, counted):
    shutil.copytree(made.path, tmp_path / "copy")
    home = open_home(Path(tmp_path / "copy"))
    lake = Lake(home, open_keys(home))
    chance = random.Random(f"{seed()} {draw}")  # noqa: S311  a draw, not a secret
    child = redacting.child_called(lake, chance.choice(sorted(redacting.ids_in(lake, lake.latest()))))
    before = rows_of(lake)
    redacting.take_out(home, lake.keys, child, under="snapshots", at=NOW)
    after, words, kept, emptied = rows_of(lake), child.ids | child.keys, 0, 0
    assert before.keys() == after.keys()
    for place, rows in after.items():
        if place[1] == "values.parquet":
            assert rows == before[place]
        was = iter(before[place])
        for row in [*rows, None]:  # what is left is what was there, in its order, but for cells that named the child
            for one in was:
                if row is not None and same_but_for(one, row, words):
                    kept, emptied = kept + 1, emptied + (one != row)
                    break
                assert says(one, words) or Path(place[1]).stem in belonging.LINKED, (place, one)
            else:
                assert row is None, (place, row)
            assert row is None or not says(row, words), place
    assert sum(map(len, before.values())) > kept
    assert all(verify_snapshot(lake, one) == [] for one in redacting.every_snapshot(lake))
    counted("rows of others compared after a redaction", kept, f"draw {draw}: {emptied} lost a name")


def says(row: dict[str, Any], words: frozenset[str]) -> bool:
    """Whether some cell of a row is the child's id or key."""
    return any(text in words for value in row.values() for text in texts(value))


def same_but_for(before: dict[str, Any], after: dict[str, Any], words: frozenset[str]) -> bool:
    """Whether a row is as it was, but for cells that named the child."""
    differ = [column for column in before if before[column] != after[column]]
    return all(any(word in str(before[column]) for word in words) for column in differ)
