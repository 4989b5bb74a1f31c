"""Values: numerators, denominators, series and one-way breakdowns, all counted from the rows, with their masks.

What a number is shown as at each disclosure level is decided here, over the whole family, and stored (5 J).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.measures import counting, definitions, shown
from lineofsight.measures.belonging import (
    AGE_BANDS,
    DISABILITIES,
    ETHNIC_GROUPS,
    NOT_KNOWN,
    NOT_PLACED,
    PLACEMENTS,
    SEXES,
)
from lineofsight.measures.counting import BREAKDOWNS, OF_CHILDREN
from lineofsight.measures.definitions import Catalogue, Definition
from lineofsight.measures.shown import AUTHORITY

if TYPE_CHECKING:
    from lineofsight.measures.engine import Inputs

__all__ = [
    "AGE_BANDS",
    "AUTHORITY",
    "BREAKDOWNS",
    "DISABILITIES",
    "ETHNIC_GROUPS",
    "NOT_KNOWN",
    "NOT_PLACED",
    "OF_CHILDREN",
    "PLACEMENTS",
    "SEXES",
]

MEASURED = "measured"
NOT_MEASURED = "not measured"
FEWEST_WORKERS = 3  # of fewer, a team’s figure is one worker’s, or tells each of two the other’s
NO_HISTORY = "what was so on an earlier day"
SCHEMA = pa.schema(
    [
        ("measure", pa.string()),
        ("as_at", pa.date32()),
        ("window", pa.string()),
        ("breakdown", pa.string()),
        ("group", pa.string()),
        ("numerator", pa.int64()),
        ("denominator", pa.int64()),
        ("unknown", pa.int64()),
        ("value", pa.float64()),
        ("status", pa.string()),
        ("missing", pa.list_(pa.string())),
        ("hidden", pa.bool_()),
        ("published_hidden", pa.bool_()),
        ("masked_numerator", pa.string()),
        ("masked_denominator", pa.string()),
        ("masked_value", pa.string()),
        ("masked_unknown", pa.string()),
    ]
)


def compute(
    inputs: "Inputs",
    catalogue: Catalogue,
    missing: Mapping[str, tuple[str, ...]],
    counted: Mapping[str, counting.Counted],
    years: tuple[date, ...],
) -> pa.Table:
    """Every value of `catalogue` as SCHEMA tells, from what was counted of each measure.

    One row a measure, date, window ('month', and 'year' for a flow with twelve whole months behind it),
    breakdown and group. Every group that has rows in some measure stands in every family of that breakdown,
    with 0 where it has none, so that a family's absences tell nothing. `value` is in the measure's own unit:
    percent 0 to 100, rates per 10,000 children, null where there is nothing to divide by.
    """
    measured, untold = [], []
    for one in catalogue.values():
        if missing[one.id]:
            untold.append(_not_measured(one, inputs.months, missing[one.id]))
            continue
        months = inputs.months if one.history else inputs.months[-1:]
        untold.append(_not_measured(one, inputs.months[: -len(months)], (NO_HISTORY,)))
        dates = {"month": months, "year": years if one.basis == "flow" else ()}
        measured.append(shown.Measured(one, counted[one.id].table, dates))
    told = shown.sheet(inputs, measured, _universe(counted, catalogue)).cast(SCHEMA)
    return pa.concat_tables([*untold, told]).combine_chunks()


def _not_measured(one: Definition, days: Sequence[date], missing: Sequence[str]) -> pa.Table:
    """A row a month that says so, with what was missing and no number at all."""
    whole = {"measure": one.id, "window": "month", "breakdown": AUTHORITY, "group": AUTHORITY}
    says = {"status": NOT_MEASURED, "missing": list(missing), "hidden": False, "published_hidden": False}
    return pa.Table.from_pylist([{**whole, **says, "as_at": day} for day in days], SCHEMA)


def series(table: pa.Table, measure: str, *, window: str = "month", breakdown: str = AUTHORITY) -> pa.Table:
    """One measure's values of one breakdown over time, oldest first, out of a table shaped as SCHEMA."""
    kept = table.filter(
        (pc.field("measure") == measure) & (pc.field("window") == window) & (pc.field("breakdown") == breakdown)
    )
    return kept.sort_by([("as_at", "ascending"), ("group", "ascending")])


def points(table: pa.Table, measure: Definition | str) -> list[tuple[date, float | None]]:
    """The authority's monthly values of one measure (or its id), oldest first, for trend.read_series.

    A month that is not over is left out where events are counted: part of a month is no less than usual.
    """
    one = definitions.load()[measure] if isinstance(measure, str) else measure
    found = series(table, one.id)
    told = list(zip(found["as_at"].to_pylist(), found["value"].to_pylist(), strict=True))
    counted = one.basis == "flow" and one.kind in ("count", "rate")
    return [(day, value) for day, value in told if not counted or (day + timedelta(days=1)).day == 1]


def whole(table: pa.Table) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The authority's rows of every measure by window, oldest first: what `series` gives of each, in one pass."""
    kept = table.filter(pc.field("breakdown") == AUTHORITY).sort_by("as_at")
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in kept.to_pylist():
        found.setdefault(row["measure"], {}).setdefault(row["window"], []).append(row)
    return found


def newest(
    one: Definition, by_window: Mapping[str, Sequence[dict[str, Any]]], as_at: date | None = None
) -> dict[str, Any] | None:
    """`headline` of one measure out of its rows by window (`whole`)."""
    untold = [row for row in by_window.get("month", ()) if row["status"] == NOT_MEASURED]
    told = [row for row in by_window.get(one.headline_window) or untold if as_at is None or row["as_at"] == as_at]
    return told[-1] if told else None


def headline(table: pa.Table, one: Definition, *, as_at: date | None = None) -> dict[str, object] | None:
    """The authority's value to show first: the newest (or that of `as_at`), over the measure's own window.

    A year that is not yet covered by twelve whole months falls back on nothing: None, never a part of a year.
    """
    mine = table.filter(pc.field("measure") == one.id)
    return newest(one, whole(mine).get(one.id, {}), as_at)


def tells_of_a_worker(one: Definition, denominator: int | None, unknown: int) -> bool:
    """Whether a group’s figure is of so few workers that it is a worker’s own (DESIGN 7.7)."""
    return one.of_workers and 0 < (denominator or 0) + unknown < FEWEST_WORKERS


def _universe(counted: Mapping[str, counting.Counted], catalogue: Catalogue) -> shown.Universe:
    """Every group that a family must show or hide, with the service of each team."""
    service_of = dict(sorted(pair for one in counted.values() for pair in one.service_of.items()))
    return shown.Universe(
        groups={
            "team": tuple(service_of),
            "service": tuple(sorted(set(service_of.values()))),
            **OF_CHILDREN,
        },
        service_of=service_of,
        of_people=frozenset(measure for measure, one in counted.items() if one.of_people),
        categories={one.id: categories(one, _kinds(counted.get(one.id))) for one in catalogue.values() if one.category},
    )


def _kinds(counted: counting.Counted | None) -> set[str]:
    """The categories that were counted of a measure."""
    if counted is None:
        return set()
    return set(counted.table.filter(pc.field("breakdown") == "category")["group"].to_pylist())


def categories(one: Definition, found: Iterable[str]) -> tuple[str, ...]:
    """The categories of a measure: all of its code list in the list's order, else those there are; not known last."""
    listed = schema.codes(one.categories).values() if one.categories else sorted(found, key=_in_order)
    return tuple(dict.fromkeys([*(kind for kind in listed if kind != NOT_KNOWN), NOT_KNOWN]))


def _in_order(kind: str) -> tuple[int, int, str]:
    """Bands stand by the number they begin with, 6 to 12 before 12 to 18; words stand after them by the alphabet."""
    number = re.match(r"\d+", kind)
    return (0, int(number[0]), kind) if number else (1, 0, kind)
