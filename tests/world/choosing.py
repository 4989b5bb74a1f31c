"""Which twenty children are looked at by hand: some of every kind of history, by the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from tests.world import oracle
from tests.world.living import Life
from tests.world.making import MISSING_IN, MONTHS
from tests.world.oracle import CLEARED, NOT_AGAIN, OPEN

NUMBER = 20

Row = Mapping[str, Any]


def chosen(life: Life) -> list[str]:
    """The children, by the kinds below in turn; what is left of twenty from those with any exception."""
    every = life.ledger(life.month(MONTHS)[1]).to_pylist()
    rows = [row for row in every if row["person_id"]]
    found = list(dict.fromkeys(merge.kept for merge in life.world.merges if not merge.kept.startswith("9000000")))
    for wanted, kind in _kinds(life):
        fits = sorted({row["person_id"] for row in rows if kind(row)}, key=_by_chance(life))
        found += [child for child in fits if child not in found][:wanted]
    found += [child for child in _owed_nothing(life, rows) if child not in found][:2]
    others = sorted({row["person_id"] for row in rows}, key=_by_chance(life))
    return (found + [child for child in others if child not in found])[:NUMBER]


def _kinds(life: Life) -> Iterator[tuple[int, Callable[[Row], bool]]]:
    """How many of each kind, and how it is told."""
    chosen_teams = life.world.teams
    missing = life.world.as_at(MISSING_IN)
    grown = _grown_up(life)
    yield 3, lambda row: bool([step for step in row["history"] if _at(step) == (missing, "not measured this time")])
    yield 1, lambda row: row["team_id"] == chosen_teams.renamed and row["first_seen"] < chosen_teams.renamed_on
    yield 1, lambda row: row["team_id"] == chosen_teams.renumbered and row["last_seen"] > chosen_teams.renumbered_on
    yield 1, lambda row: row["occurrence"] > 1
    yield 1, lambda row: bool(row["owed_since"]) and (row["first_seen"] - row["owed_since"]).days > 40
    yield 1, lambda row: row["history"][-1]["what"].startswith("done late")
    yield 1, lambda row: row["history"][-1]["what"].startswith("ended")
    yield 1, lambda row: row["person_id"] in grown
    yield 1, lambda row: row["state"] == OPEN and (row["last_seen"] - row["first_seen"]).days > 150
    yield 1, lambda row: row["state"] == NOT_AGAIN
    yield 1, lambda row: row["state"] == CLEARED and row["measure"].startswith("LA")


def _owed_nothing(life: Life, rows: list[Row]) -> list[str]:
    """Children on a plan or looked after for the whole year, of whom the ledger holds nothing: from the files."""
    owed = {row["person_id"] for row in rows}
    first, last = (_in_hand(life, number) for number in (1, MONTHS))
    return sorted((first & last) - owed, key=_by_chance(life))


def _in_hand(life: Life, number: int) -> set[str]:
    tables = oracle.read(life.world.months[number - 1])
    plans = {row["cppl_person_id"] for row in tables["ssd_cp_plans"] if not row["cppl_cp_plan_end_date"]}
    return plans | {
        row["clae_person_id"] for row in tables["ssd_cla_episodes"] if not row["clae_cla_episode_ceased_date"]
    }


def _grown_up(life: Life) -> set[str]:
    """Those who turned 18 within the year."""
    first, last = life.world.as_at(1), life.world.as_at(MONTHS)
    born = {row["pers_person_id"]: row["pers_dob"] for row in oracle.read(life.world.months[-1])["ssd_person"]}
    return {person for person, day in born.items() if day and _before(first, 18) <= day <= _before(last, 18)}


def _before(day: date, years: int) -> str:
    return f"{day.year - years}{day:-%m-%d}"


def _at(step: Row) -> tuple[date, str]:
    return step["as_at"], step["what"]


def _by_chance(life: Life) -> Callable[[str], str]:
    return lambda person: hashlib.sha256(f"{life.world.seed} {person}".encode()).hexdigest()
