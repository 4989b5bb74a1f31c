"""What a person wrote down by hand of twenty children, from their case files and the written definitions alone.

`by_hand.toml` holds for each child every exception there should be of the `measures` whose definitions were looked at,
and under `months` how it stands after each month's extract: "open" or "not re-measured", and "cleared" for the month in
which it is found to be over. The months before it is first seen and after it is cleared are not named. Of a measure
that is not named nothing was written down, and nothing is compared.
Owed again after it was cleared, it is another exception with the same measure and anchor. Of a child with two records
the same thing owed on both is written down once, from when it was first seen on either.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.world.living import Life
from tests.world.making import MONTHS
from tests.world.oracle import CLEARED

FILE = Path(__file__).parent / "by_hand.toml"

History = tuple[str, str, tuple[tuple[str, str], ...]]  # measure, anchor, and the months in order, each with its state


@dataclass(frozen=True)
class Child:
    """One child, the digest of the case file that was looked at, and what was owed."""

    person: str
    case_file: str
    histories: Sequence[History]


@dataclass(frozen=True)
class Written:
    """Who checked, of the world of which seed, by the definitions of which measures, and what was written down."""

    checked_by: str
    seed: int
    measures: frozenset[str]
    children: tuple[Child, ...]


def written() -> Written:
    """The file as it was filled in. Fails the test where it is not there yet, or nobody signed it."""
    if not FILE.exists():
        pytest.fail(f"not checked by hand yet: {FILE.name} is not there (python -m tests.world.case_files)")
    told = tomllib.loads(FILE.read_text("utf-8"))
    if not told["checked_by"]:
        pytest.fail(f"not checked by hand yet: nobody signed {FILE.name}")
    children = tuple(
        Child(one["person_id"], one["case_file"], sorted(_history(each) for each in one["exceptions"]))
        for one in told["child"]
    )
    return Written(told["checked_by"], told["seed"], frozenset(told["measures"]), children)


def checked_before(seed: int) -> list[str]:
    """The children who were checked in the world of that seed, so that the same are looked at again."""
    told = tomllib.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return [one["person_id"] for one in told["child"]] if told.get("seed") == seed else []


def _history(told: Mapping[str, Any]) -> History:
    return told["measure"], told["anchor"], tuple(sorted(told["months"].items()))


def told(life: Life, person: str, measures: Set[str]) -> Sequence[History]:
    """The same of the ledgers: each exception of a child by one of these measures, by the months in which it stood."""
    final = set(life.ledger(life.month(MONTHS)[1])["exception_id"].to_pylist())
    records = _records(life, person)
    months: dict[str, dict[str, str]] = {}
    about: dict[str, tuple[str, str]] = {}
    for number in range(1, MONTHS + 1):
        month = life.world.as_at(number).isoformat()
        for row in life.ledger(life.month(number)[1]).to_pylist():
            key = row["exception_id"]
            if row["person_id"] not in records or row["measure"] not in measures or key not in final:
                continue
            about[key] = (row["measure"], row["anchor"])
            if row["state"] != CLEARED or row["cleared_on"].isoformat() == month:
                months.setdefault(key, {})[month] = row["state"]
    return sorted((*about[key], tuple(sorted(stood.items()))) for key, stood in months.items())


def digest(text: str) -> str:
    """What by_hand.toml holds of the case file that was looked at."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def form(seed: int, people: int, files: Mapping[str, str]) -> str:
    """by_hand.toml, not filled in yet, for these children with their case files."""
    lines = [
        "# What was owed to twenty children in each month, written down by hand from their case files.",
        "# An exception: its measure, its anchor as the measures name it, and under `months` the end of each month at",
        '# which it stood "open" or "not re-measured", and of the one at which it was found "cleared".',
        'checked_by = ""',
        'checked_on = ""',
        f"seed = {seed}",
        f"people = {people}",
        "# The measures whose definitions were looked at: of others nothing is written down.",
        "measures = []",
    ]
    for child, text in files.items():
        lines += ["", "[[child]]", f'person_id = "{child}"', f'case_file = "{digest(text)}"', "exceptions = ["]
        lines += ['  # { measure = "CP08", anchor = "cp-plan 2026-01-05", months = { 2026-02-28 = "open" } },', "]"]
    return "\n".join(lines) + "\n"


def _records(life: Life, person: str) -> set[str]:
    """The child's own record and those merged into it: the same child."""
    found = {person}
    for _ in life.world.merges:
        found |= {merge.gone for merge in life.world.merges if merge.kept in found}
    return found
