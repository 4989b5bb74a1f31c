"""Twelve monthly extracts of the synthetic authority, made as hard as a case system's can be.

The rows are those of `lineofsight.synth`, late recording among them. What is done to them here, all from the seed:

- every id that a vendor gives to an event is drawn anew each month, so that the same id is another event's next month;
- a team is renamed (from the 5th month), another comes back under a new id and name (7th), two become one (9th);
- three children had more than one record, which are merged (6th; 8th; 6th and 10th);
- in the 4th month three tables are missing;
- there are a part laid over the 3rd, a bad copy of the 10th and a wrong one of the 11th.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.world import people, teams
from tests.world.people import Merge
from tests.world.tables import Month, drop_some
from tests.world.teams import Teams

from lineofsight import synth

LAST = date(2026, 10, 31)
MONTHS = 12
MISSING = ("ssd_cp_visits", "ssd_cla_reviews", "ssd_involvements")
MISSING_IN, PART_OVER, BAD, WRONG = 4, 3, 10, 11


@dataclass(frozen=True)
class World:
    """Folders to load: the twelve months (`months[0]` is the first), and those beside them."""

    seed: int
    people: int
    months: tuple[Path, ...]
    part: Path
    bad: Path
    wrong: Path
    teams: Teams
    merges: tuple[Merge, ...]

    def as_at(self, month: int) -> date:
        """The date of an extract, by its number from 1."""
        return date.fromisoformat(self.months[month - 1].name)


def make(directory: Path, *, people_known: int, seed: int, anew: bool = True) -> World:
    """Write the world below `directory`. With `anew` false the vendor keeps the ids of events."""
    plain = synth.write(directory / "plain", children=people_known, months=24, extracts=MONTHS, seed=seed, until=LAST)
    ends = tuple(date.fromisoformat(folder.name) for folder in plain)
    with Month(plain[-1], ends[-1], seed) as newest:
        chosen_teams = teams.choose(newest, ends)
        merges = people.choose(newest, ends)
    hard = directory / "hard"
    months = tuple(
        _write(folder, hard / folder.name, number, seed, chosen_teams, merges, anew)
        for number, folder in enumerate(plain, 1)
    )
    part = _part(months[PART_OVER], directory / "part", ends[PART_OVER - 1])
    bad = _spoilt(months[BAD - 1], directory / "bad", ends[BAD - 1], seed, _end_much)
    wrong = _spoilt(months[WRONG - 1], directory / "wrong", ends[WRONG - 1], seed, _end_some)
    shutil.rmtree(directory / "plain")
    return World(seed, people_known, months, part, bad, wrong, chosen_teams, merges)


def _write(
    source: Path, place: Path, number: int, seed: int, chosen: Teams, merges: tuple[Merge, ...], anew: bool
) -> Path:
    with Month(source, date.fromisoformat(source.name), seed) as month:
        people.split_and_merge(month, number, merges)
        teams.change(month, number, chosen)
        if anew:
            month.draw_ids_anew()
        if number == MISSING_IN:
            month.lose(MISSING)
        month.write(place)
    return place


def _part(later: Path, place: Path, as_at: date) -> Path:
    """The sessions of supervision up to a date, as the month after knew them: some were recorded late."""
    with Month(later, as_at, 0) as month:
        month.keep_only("side_supervision")
        month.run("delete from side_supervision where supv_date > $as_at")
        month.write(place)
    return place


def _spoilt(source: Path, place: Path, as_at: date, seed: int, spoil: Callable[[Month], None]) -> Path:
    with Month(source, as_at, seed) as month:
        spoil(month)
        month.write(place)
    return place


def _end_much(month: Month) -> None:
    """As if half the plans and episodes had ended, and a third of the involvements had never been."""
    month.run(
        "update ssd_cp_plans set cppl_cp_plan_end_date = $as_at "
        "where cppl_cp_plan_end_date is null and share_of(cppl_person_id, 2)"
    )
    month.run(
        "update ssd_cin_episodes set cine_close_date = $as_at "
        "where cine_close_date is null and share_of(cine_person_id, 2)"
    )
    drop_some(month, "ssd_involvements", "invo_person_id", 3)


def _end_some(month: Month) -> None:
    """As if a third of the plans had ended and a fifth of the involvements had never been."""
    month.run(
        "update ssd_cp_plans set cppl_cp_plan_end_date = $as_at "
        "where cppl_cp_plan_end_date is null and share_of(cppl_person_id, 3)"
    )
    drop_some(month, "ssd_involvements", "invo_person_id", 5)
