"""Runs the engine and the second computation on one batch, and says where they differ, readably."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from statistics import mean, median
from typing import Any

import pyarrow.compute as pc
from tests.oracle.shaking import Batch
from tests.oracle.world import NotMeasured, Row, World, compared

from lineofsight.measures import definitions, engine
from lineofsight.measures.values import AUTHORITY

AREAS = (
    "front_door",
    "early_help",
    "referral",
    "assessment",
    "section_47",
    "conference",
    "child_in_need",
    "child_protection",
    "looked_after",
    "care_leavers",
    "workforce",
    "adoption",
)
Measure = Callable[[World, date], list[Row]]
SHOWN = 4  # differences told of one measure and month
VALUED = ("mean", "median", "ratio")


@cache
def measures() -> Mapping[str, Measure]:
    """Every measure that is worked out a second time, by its id."""
    found: dict[str, Measure] = {}
    for area in AREAS:
        found |= import_module(f"tests.oracle.{area}").MEASURES
    return found


@cache
def facts(measure: str) -> Mapping[str, Any]:
    """What the measure's own file says of it."""
    (folder,) = [one.folder for one in definitions.load().values() if one.id == measure]
    return tomllib.loads((folder / "measure.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Figures:
    """What a measure comes to in one month. `rows` are counted by person or worker, event (where told) and met."""

    numerator: int
    denominator: int | None
    unknown: int
    value: float | None
    rows: Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class Said:
    """What the engine says of one batch: its rows, and its values for the authority, by measure and month."""

    rows: Mapping[tuple[str, date], list[dict[str, Any]]]
    values: Mapping[tuple[str, date], Mapping[str, Any]]


def engine_says(inputs: engine.Inputs, catalogue: definitions.Catalogue) -> Said:
    """Measure all of the catalogue."""
    found = engine.measure(inputs, catalogue)
    rows: dict[tuple[str, date], list[dict[str, Any]]] = {}
    for row in found.rows.select(["measure", "as_at", "person_id", "worker_id", "event_id", "met"]).to_pylist():
        rows.setdefault((row["measure"], row["as_at"]), []).append(row)
    whole = (pc.field("breakdown") == AUTHORITY) & (pc.field("window") == "month")
    values = {(one["measure"], one["as_at"]): one for one in found.values.filter(whole).to_pylist()}
    return Said(rows, values)


def compare(batch: Batch, ids: Iterable[str] | None = None) -> list[str]:
    """Every difference between the engine and the second computation, told with the batch's name."""
    asked = sorted(set(measures()) if ids is None else ids)
    said = engine_says(batch.inputs, definitions.load().only(asked))
    found = against(batch.world, said, {one: measures()[one] for one in asked})
    return [f"{batch.name} {one}" for one in found]


def against(world: World, said: Said, ours: Mapping[str, Measure]) -> list[str]:
    """How what the engine says differs from our own measures, in the newest, a middle and the first month."""
    return [
        f"{measure} {day}: {told}"
        for measure in ours
        for day in compared(world.months)
        for told in differences(
            work_out(world, measure, day, ours[measure]),
            said.values[measure, day],
            said.rows.get((measure, day), []),
            judged=facts(measure)["counts"] != "all",
        )
    ]


def differences(
    ours: Figures | None, said: Mapping[str, Any], rows: list[dict[str, Any]], *, judged: bool
) -> list[str]:
    """How the engine's word on one measure and month differs from ours."""
    if ours is None or said["status"] == "not measured":
        if ours is None and said["status"] == "not measured":
            return []
        return [f"engine: {said['status']} {said['missing'] or ''}, oracle: {'measured' if ours else 'not measured'}"]
    by_event = all(key[1] is not None for key in ours.rows)
    theirs = Counter(
        (row["person_id"] or row["worker_id"], row["event_id"] if by_event else None, row["met"] if judged else None)
        for row in rows
    )
    told = [
        f"{name}: engine {said[name]}, oracle {getattr(ours, name)}"
        for name in ("numerator", "denominator", "unknown")
        if said[name] != getattr(ours, name)
    ]
    if ours.value is not None and (said["value"] is None or abs(said["value"] - ours.value) > 1e-6):
        told.append(f"value: engine {said['value']}, oracle {ours.value}")
    for who, more in (("engine alone", theirs - ours.rows), ("oracle alone", ours.rows - theirs)):
        some = sorted(more.items(), key=str)
        told += [f"{who}: {row} x{times}" for row, times in some[:SHOWN]]
        told += [f"{who}: and {len(some) - SHOWN} more"] if len(some) > SHOWN else []
    return told


def work_out(world: World, measure: str, day: date, how: Measure) -> Figures | None:
    """The second computation of one measure and month; None where it cannot be measured."""
    told = facts(measure)
    for table, columns in told["needs"].items():
        if not world.present(table) or not all(world.present(table, column) for column in columns):
            return None
    if told.get("history") is False and day != world.as_at:
        return None
    if told["denominator"] == "population" and not world.population:
        return None
    try:
        return figures(told, how(world, day), world.population.get(day))
    except NotMeasured:
        return None


def figures(told: Mapping[str, Any], rows: list[Row], population: int | None) -> Figures:
    """Numerator, denominator and value of some rows, as the measure's file says they are made."""
    judged = told["counts"] != "all"
    counted = Counter((row.person_id, row.event_id, row.met if judged else None) for row in rows)
    yes, no = sum(row.met is True for row in rows), sum(row.met is False for row in rows)
    unknown = len(rows) - yes - no
    if told["counts"] == "all":
        yes, no, unknown = len(rows), 0, 0
    elif told["counts"] == "not met":
        yes, no = no, yes
    if told["kind"] in VALUED:
        valued = sum(row.value is not None for row in rows)
        return Figures(valued, valued, len(rows) - valued, _of_values(told["kind"], rows), counted)
    below = population if told["denominator"] == "population" else yes + no
    return Figures(yes, below, unknown, None, counted)


def _of_values(kind: str, rows: list[Row]) -> float | None:
    """The mean, the median or the ratio of the rows' values; None where no row gives one."""
    known = [row.value for row in rows if row.value is not None]
    if not known:
        return None
    if kind == "ratio":
        weight = sum(row.weight or 0 for row in rows if row.value is not None)
        return sum(known) / weight if weight else None
    return float(mean(known) if kind == "mean" else median(known))
