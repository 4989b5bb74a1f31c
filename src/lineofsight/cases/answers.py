"""What the command line answers: values, the rows behind one, and exceptions, as plain records (CONTRACT).

Nothing here decides who may look: the command writes the read to the chain before it prints.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.errors import PlainError
from lineofsight.lake import Computation, Lake, Snapshot
from lineofsight.measures import benchmark, definitions, periods, trend, values
from lineofsight.measures.contract import ROWS_SCHEMA
from lineofsight.measures.definitions import Definition

Record = dict[str, Any]

ROW_COLUMNS = ROWS_SCHEMA.names
EXCEPTION_COLUMNS = [
    "exception_id",
    "measure",
    "child_key",
    "person_id",
    "anchor",
    "worker_id",
    "team_id",
    "owner",
    "owed_since",
    "first_seen",
    "last_seen",
    "days_over",
    "state",
    "reason",
]
BREAKDOWNS = (values.AUTHORITY, *values.BREAKDOWNS)
TOO_FEW_WORKERS = "too few workers"


def measure_values(
    lake: Lake,
    *,
    authority: str,
    as_at: date | None = None,
    only: Collection[str] | None = None,
    by: str = values.AUTHORITY,
) -> list[Record]:
    """A record a measure (and group, when broken down): the shape of CONTRACT "measures".

    A group of so few workers that the figure is a worker's own has no number (DESIGN 7.7).
    Raises PlainError for a measure, breakdown or date that is not there.
    """
    if by not in BREAKDOWNS:
        raise PlainError(f"There is no breakdown '{by}': use one of {', '.join(BREAKDOWNS)}.")
    snapshot, computation = newest(lake)
    day = as_at or snapshot.as_at
    table = lake.read(computation, "values")
    wanted = [measure_called(name) for name in only] if only else list(definitions.load().values())
    found = []
    for one in wanted:
        shown = _on_day(table, one, day, by)
        if not shown and by == values.AUTHORITY:
            months = f"it has month ends up to {snapshot.as_at:%-d %B %Y}"
            raise PlainError(f"{one.id} has no value at {day:%-d %B %Y}: {months}.")
        found += [_value(one, row, table, snapshot, authority) for row in shown]
    return found


def rows(lake: Lake, measure: str, *, as_at: date | None = None) -> list[Record]:
    """The rows behind one measure at a date (default the newest): the columns of the row contract.

    A flow measure over a rolling year gives the rows of its twelve months. Raises PlainError for an
    unknown measure, and where it was not measured, naming what it lacks.
    """
    one = measure_called(measure)
    snapshot, computation = newest(lake)
    day = as_at or snapshot.as_at
    standing = lake.read(
        computation, "values", where=(pc.field("measure") == one.id) & (pc.field("status") != values.MEASURED)
    )
    if standing.num_rows:
        lacking = ", ".join(standing["missing"][0].as_py())
        raise PlainError(f"{one.id} was not measured: the extract lacks {lacking}.")
    months = sorted(pc.unique(lake.read(computation, "values", columns=["as_at"])["as_at"]).to_pylist())
    days = pa.array(periods.behind(one, months, day), pa.date32())
    where = (pc.field("measure") == one.id) & pc.field("as_at").isin(days)
    records: list[Record] = lake.read(computation, "rows", where=where).to_pylist()
    return records


def exceptions(lake: Lake) -> list[Record]:
    """Every exception that is not cleared, the longest over first."""
    _, computation = newest(lake)
    ledger = lake.read(computation, "exceptions", where=pc.field("state") != "cleared")
    ordered = ledger.sort_by([("days_over", "descending"), ("exception_id", "ascending")])
    records: list[Record] = ordered.select(EXCEPTION_COLUMNS).to_pylist()
    return records


def newest(lake: Lake) -> tuple[Snapshot, Computation]:
    """The newest snapshot and its newest computation. Raises PlainError when nothing is loaded."""
    found = lake.newest()
    if found is None:
        raise PlainError("Nothing has been loaded yet: 'lineofsight load PATH' loads an extract.")
    return found


def measure_called(name: str) -> Definition:
    """The measure of that id. Raises PlainError where there is none."""
    known = definitions.load()
    if name not in known:
        raise PlainError(f"There is no measure '{name}': there are {', '.join(sorted(known))}.")
    return known[name]


def _on_day(table: pa.Table, one: Definition, day: date, by: str) -> list[Record]:
    """The values of one measure at `day`: of the last whole year for a flow, else of the month.

    What was not measured is told at its month, where there is no year.
    """
    year = values.series(table, one.id, window="year", breakdown=by) if one.headline_window == "year" else None
    if year is not None:
        past = [row["as_at"] for row in year.to_pylist() if row["as_at"] <= day]
        if past:
            return year.filter(pc.field("as_at") == past[-1]).to_pylist()  # type: ignore[no-any-return]
    month = values.series(table, one.id, window="month", breakdown=by)
    return month.filter(pc.field("as_at") == day).to_pylist()  # type: ignore[no-any-return]


def _value(one: Definition, row: Record, table: pa.Table, snapshot: Snapshot, authority: str) -> Record:
    other = benchmark.comparators(authority, one)
    grouped = row["breakdown"] != values.AUTHORITY
    if grouped and values.tells_of_a_worker(one, row["denominator"], row["unknown"]):
        untold = dict.fromkeys(("numerator", "denominator", "unknown", "value"))
        row = {**row, **untold, "status": TOO_FEW_WORKERS}
    signal = (
        None
        if grouped
        else trend.read_series(
            [point for point in values.points(table, one.id) if point[0] <= row["as_at"]],
            better=one.better,
            percent=one.kind == "percent",
        )
    )
    return {
        "measure": one.id,
        "title": one.title,
        "as_at": row["as_at"],
        **({"by": row["breakdown"], "group": row["group"]} if grouped else {}),
        "status": row["status"],
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "unknown": row["unknown"],
        "value": None if row["value"] is None else round(row["value"], 2),
        "unit": one.unit,
        "window": row["window"],
        "missing": row["missing"] or [],
        "rag": one.rag_of(row["value"]),
        "signal": signal.kind if signal else None,
        "england": other.england,
        "neighbours": other.neighbours,
        "snapshot": snapshot.id,
    }
