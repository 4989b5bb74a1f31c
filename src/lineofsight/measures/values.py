"""Values: numerators, denominators, series and one-way breakdowns, all counted from the rows, with their masks.

What a number is shown as at each disclosure level is decided here, over the whole family, and stored (5 J).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.measures import counting, definitions, shown
from lineofsight.measures.counting import BREAKDOWNS, NOT_KNOWN, NOT_PLACED
from lineofsight.measures.definitions import Catalogue, Definition
from lineofsight.measures.shown import AUTHORITY

if TYPE_CHECKING:
    from lineofsight.measures.engine import Inputs

__all__ = ["AUTHORITY", "BREAKDOWNS", "NOT_KNOWN", "NOT_PLACED"]

MEASURED = "measured"
NOT_MEASURED = "not measured"
NO_HISTORY = "what was so on an earlier day"
AGE_BANDS = ("Unborn", "Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over", NOT_KNOWN)
SEXES = ("Female", "Male", NOT_KNOWN)
DISABILITIES = ("Disabled", "Not disabled", NOT_KNOWN)
PLACEMENTS = (
    "Foster care with family or friends",
    "Foster care with others",
    "Children’s home",
    "Residential, health or custody",
    "Living independently or semi-independently",
    "Placed for adoption",
    "With parents",
    "Another or a temporary placement",
    NOT_PLACED,
    NOT_KNOWN,
)
ETHNIC_GROUPS = ("White", "Mixed", "Asian", "Black", "Other", NOT_KNOWN)

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
    universe = _universe(counted, catalogue)
    table = shown.Sheet(inputs)
    measured = []
    for one in catalogue.values():
        if missing[one.id]:
            table.add_not_measured(one, missing[one.id])
            continue
        months = inputs.months if one.history else inputs.months[-1:]
        table.add_not_measured(one, (NO_HISTORY,), inputs.months[: -len(months)])
        dates = {"month": months, "year": years if one.basis == "flow" else ()}
        measured.append(shown.Measured(one, counted[one.id].counts, dates))
    table.add_all(measured, universe)
    return pa.Table.from_pydict(table.columns, SCHEMA)


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


def headline(table: pa.Table, one: Definition, *, as_at: date | None = None) -> dict[str, object] | None:
    """The authority's value to show first: the newest (or that of `as_at`), over the measure's own window.

    A year that is not yet covered by twelve whole months falls back on nothing: None, never a part of a year.
    """
    found = series(table, one.id, window=one.headline_window)
    if found.num_rows == 0:
        found = series(table, one.id)
        found = found.filter(pc.field("status") == NOT_MEASURED)
    if as_at is not None:
        found = found.filter(pc.field("as_at") == as_at)
    return found.slice(found.num_rows - 1).to_pylist()[0] if found.num_rows else None


def _universe(counted: Mapping[str, counting.Counted], catalogue: Catalogue) -> shown.Universe:
    """Every group that a family must show or hide, with the service of each team."""
    service_of = dict(sorted(pair for one in counted.values() for pair in one.service_of.items()))
    return shown.Universe(
        groups={
            "team": tuple(service_of),
            "service": tuple(sorted(set(service_of.values()))),
            "age": AGE_BANDS,
            "ethnicity": ETHNIC_GROUPS,
            "sex": SEXES,
            "disability": DISABILITIES,
            "placement": PLACEMENTS,
        },
        service_of=service_of,
        of_people=frozenset(measure for measure, one in counted.items() if one.of_people),
        categories={one.id: categories(one, _kinds(counted.get(one.id))) for one in catalogue.values() if one.category},
    )


def _kinds(counted: counting.Counted | None) -> set[str]:
    """The categories that were counted of a measure."""
    return {place.group for place in counted.counts if place.breakdown == "category"} if counted else set()


def categories(one: Definition, found: Iterable[str]) -> tuple[str, ...]:
    """The categories of a measure: all of its code list in the list's order, else those there are; not known last."""
    listed = schema.codes(one.categories).values() if one.categories else sorted(found)
    return tuple(dict.fromkeys([*(kind for kind in listed if kind != NOT_KNOWN), NOT_KNOWN]))
