"""The ledger of exceptions derived once more, in plain Python, from the written rules alone.

From the rows of the measures, the measures' needs and the files of the extracts, month by month:

- an exception is a row that is owed: not met, and not done late; it is known by measure, child or worker, and anchor;
- it stays open while it is owed, and is cleared when its measure was measured and found it done, or no longer counts
  it while its plan, episode or period of care is known to the extract (ended, or the child is grown);
- what was not measured, could not be told, or is no longer in the extract, is not re-measured: it stays;
- owed again after it was cleared, it is the next occurrence;
- an extract of the same date corrects the one before: what that one alone began was never owed, what it cleared may be
  owed after all;
- a worker who holds no child is owed nothing;
- what was owed for a record that was merged is owed for the record that stays.
"""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path

OPEN, CLEARED, NOT_AGAIN = "open", "cleared", "not re-measured"

Owed = tuple[str, str, str]  # measure, child or worker, anchor


@dataclass(frozen=True)
class Kept:
    """How one exception stands, and which time it is that this is owed."""

    owed: Owed
    occurrence: int
    state: str
    first_seen: date
    last_seen: date
    cleared_on: date | None = None


Ledger = Sequence[Kept]


@dataclass(frozen=True)
class Seen:
    """What one extract shows: how each row stands, which measures were measured, which anchors are in the files."""

    as_at: date
    rows: Mapping[Owed, Set[str]]
    measured: Set[str]
    anchors: Set[tuple[str, str]]
    merged: Mapping[str, str]


def carried_on(before: Ledger, seen: Seen) -> Ledger:
    """The ledger after one more extract."""
    settled, waiting = [], []
    for one in before:
        measure, subject, anchor = one.owed
        one = replace(one, owed=(measure, seen.merged.get(subject, subject), anchor))
        (settled if one.state == CLEARED and one.cleared_on != seen.as_at else waiting).append(one)
    waiting = _one_of_each(waiting)
    times: dict[Owed, int] = defaultdict(int)
    for one in (*settled, *waiting):
        times[one.owed] = max(times[one.owed], one.occurrence)
    held = {one.owed for one in waiting}
    begun = [
        Kept(owed, times[owed] + 1, OPEN, seen.as_at, seen.as_at)
        for owed, standings in seen.rows.items()
        if "owed" in standings and owed not in held
    ]
    now = [_now(one, seen) for one in waiting]
    never = {one.owed for one in now if one.state == CLEARED and one.first_seen == seen.as_at}
    return [*settled, *(one for one in now if one.owed not in never), *begun]


def _now(one: Kept, seen: Seen) -> Kept:
    measure, subject, anchor = one.owed
    standings = seen.rows.get(one.owed, frozenset())
    measured = measure in seen.measured
    if measured and "owed" in standings:
        return replace(one, state=OPEN, last_seen=seen.as_at, cleared_on=None)
    if one.state == CLEARED:
        return one
    known = (subject, anchor) in seen.anchors or anchor.startswith("worker ")
    told = bool(standings) and "unknown" not in standings
    if measured and (told or (not standings and known)):
        return replace(one, state=CLEARED, cleared_on=seen.as_at)
    return replace(one, state=NOT_AGAIN)


def _one_of_each(waiting: Ledger) -> list[Kept]:
    """Of two records' exceptions that are now one thing, the one first seen, as the latest time it was owed."""
    found: dict[Owed, Kept] = {}
    for one in sorted(waiting, key=lambda one: (one.first_seen, one.state == CLEARED)):
        first = found.setdefault(one.owed, one)
        found[one.owed] = replace(first, occurrence=max(first.occurrence, one.occurrence))
    return list(found.values())


def standings(rows: Iterable[Mapping[str, object]], measures: Set[str]) -> Mapping[Owed, Set[str]]:
    """How each thing owed stands, by the rows of the measures at the extract's date."""
    found: dict[Owed, set[str]] = defaultdict(set)
    for row in rows:
        if row["measure"] in measures:
            subject = row["person_id"] or row["worker_id"]
            found[str(row["measure"]), str(subject), str(row["anchor"])].add(_standing(row))
    return found


def _standing(row: Mapping[str, object]) -> str:
    if row["met"] is None:
        return "unknown"
    if row["met"]:
        return "met"
    return "late" if row["done_on"] else "owed"


def needs() -> Mapping[str, Mapping[str, list[str]]]:
    """What each measure that makes exceptions needs of the extract: tables and columns."""
    catalogue = Path(str(files("lineofsight.measures"))) / "catalogue"
    told = [tomllib.loads(path.read_text("utf-8")) for path in sorted(catalogue.glob("*/*/measure.toml"))]
    return {one["id"]: one["needs"] for one in told if one.get("exception")}


def read(folder: Path) -> Mapping[str, list[dict[str, str]]]:
    """Every table of an extract, row by row, as a person would open it."""
    found = {}
    for path in sorted((folder / "ssd").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def measured(folder: Path) -> Set[str]:
    """The measures all of whose tables and columns are in the extract, whether anybody has a row there or not."""
    headers = {}
    for path in (folder / "ssd").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            headers[path.stem] = set(next(csv.reader(file)))
    return frozenset(
        measure
        for measure, wanted in needs().items()
        if all(name in headers and set(columns) <= headers[name] for name, columns in wanted.items())
    )


def anchors(tables: Mapping[str, list[dict[str, str]]]) -> Set[tuple[str, str]]:
    """Person and anchor of all in the extract that something may be owed by, under the record that stays."""
    stays = merged(tables)
    found = {*_begun(tables), *_care(tables), *_assessed(tables), *_decided(tables)}
    return {(stays.get(person, person), anchor) for person, anchor in found}


# Of these every row counts: its table, whose it is, what it is called, and when it began.
_BEGUN = (
    ("ssd_cin_plans", "cinp_person_id", "cin-plan", "cinp_cin_plan_start_date"),
    ("ssd_s47_enquiry", "s47e_person_id", "section-47", "s47e_s47_start_date"),
    ("ssd_early_help_episodes", "earl_person_id", "early help", "earl_episode_start_date"),
    ("ssd_cla_placement", "clap_person_id", "placement", "clap_cla_placement_start_date"),
)


def _begun(tables: Mapping[str, list[dict[str, str]]]) -> Iterable[tuple[str, str]]:
    """What is known by the day it began: a plan, a referral, an enquiry, a home; and what a child has or is once."""
    for row in tables["ssd_cp_plans"]:
        if row["cppl_cp_plan_ola"] != "Y":
            yield row["cppl_person_id"], f"cp-plan {row['cppl_cp_plan_start_date']}"
    for row in tables["ssd_cin_episodes"]:
        if row["cine_referral_nfa"] != "Y":
            yield row["cine_person_id"], f"referral {row['cine_referral_date']}"
    for row in tables["ssd_care_leavers"]:
        yield row["clea_person_id"], "leaving care"
    for table, person, words, began in _BEGUN:
        for row in tables[table]:
            yield row[person], f"{words} {row[began]}"
    for row in tables["ssd_initial_cp_conference"]:
        yield row["icpc_person_id"], "initial conference"


def _assessed(tables: Mapping[str, list[dict[str, str]]]) -> Iterable[tuple[str, str]]:
    """An assessment is known by the day it began; where that is not recorded by its referral's, or its end."""
    referred = {(row["cine_person_id"], row["cine_referral_id"]): row["cine_referral_date"]
                for row in tables["ssd_cin_episodes"]}  # fmt: skip
    for row in tables["ssd_cin_assessments"]:
        person = row["cina_person_id"]
        began = row["cina_assessment_start_date"] or referred.get((person, row["cina_referral_id"]))
        yield person, f"assessment {began or row['cina_assessment_auth_date']}"


def _decided(tables: Mapping[str, list[dict[str, str]]]) -> Iterable[tuple[str, str]]:
    """A contact or referral is known by the first day on which it was decided on."""
    first: dict[tuple[str, str, str], str] = {}
    for row in tables["side_decision"]:
        one = row["deci_kind"].strip().lower(), row["deci_subject_id"], row["deci_person_id"]
        if row["deci_decided_date"]:
            first[one] = min(first.get(one, "9999"), row["deci_decided_date"])
    for (kind, _, person), day in first.items():
        yield person, f"{kind} decided {day}"


def _care(tables: Mapping[str, list[dict[str, str]]]) -> Iterable[tuple[str, str]]:
    """A period of care begins where nothing before it reaches so far."""
    died = {row["pers_person_id"]: row["pers_death_date"] or "9999" for row in tables["ssd_person"]}
    episodes = defaultdict(list)
    for row in tables["ssd_cla_episodes"]:
        end = min(row["clae_cla_episode_ceased_date"] or "9999", died.get(row["clae_person_id"], "9999"))
        episodes[row["clae_person_id"]].append((row["clae_cla_episode_start_date"], end))
    for person, theirs in episodes.items():
        reached = ""
        for start, end in sorted(theirs):
            if start > reached:
                yield person, f"care {start}"
            reached = max(reached, end)


def merged(tables: Mapping[str, list[dict[str, str]]]) -> Mapping[str, str]:
    """Which record each merged one stands under in the end."""
    into = {row["merg_gone_person_id"]: row["merg_person_id"] for row in tables.get("side_merged_record", [])}

    def last(one: str) -> str:
        return last(into[one]) if one in into else one

    return {gone: last(gone) for gone in into}
