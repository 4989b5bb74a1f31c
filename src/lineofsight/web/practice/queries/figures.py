"""Figures: a measure's numerator, denominator and value by month, for the rows a viewer may open.

The authority's come from the values stored at compute, as the viewer's level may see them (DESIGN 5 J). Anybody with
a narrower scope gets the aggregate of the rows they may open (5 B), counted here in one pass by the same arithmetic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures import shown
from lineofsight.measures import values as stored
from lineofsight.measures.definitions import Definition
from lineofsight.web.access.viewer import Scope, Viewer
from lineofsight.web.practice.queries import periods
from lineofsight.web.practice.queries.standing import (
    KEPT,
    Standing,
    catalogue,
    sees_authority,
    theirs,
    values,
    values_of,
)

KEPT_SCOPES = 64
KEPT_BREAKDOWNS = 64


@dataclass(frozen=True)
class Figure:
    """One measure on one date. `hidden` where numbers so small could point to a child: then there is no number."""

    as_at: date
    numerator: int | None
    denominator: int | None
    unknown: int
    value: float | None
    missing: tuple[str, ...] = ()
    hidden: bool = False
    measured: bool = True
    group: str = stored.AUTHORITY


@dataclass(frozen=True)
class Series:
    """One measure for one viewer: the months, oldest first, and the figure to show first."""

    months: Sequence[Figure]
    headline: Figure
    years: Sequence[Figure] = ()  # the twelve months to each month's end, of a flow


def own(stand: Standing, viewer: Viewer) -> Mapping[str, Series]:
    """Every measure by id, over the rows this viewer may open."""
    if sees_authority(viewer):
        return authority(stand, viewer.level)
    return _scoped(_Reach(stand, viewer.scope, viewer))


def authority(stand: Standing, level: str) -> Mapping[str, Series]:
    """Every measure of the whole authority, as `level` may see it."""
    return _authority(stand, level)


def breakdown(stand: Standing, level: str, definition: Definition, by: str) -> list[Figure]:
    """The figures of one breakdown: every group, with those hidden from `level` marked.

    They are of the headline's date; of a rolling year only the identified level sees the newest, the others the last
    one to 31 March (measures.shown.breakdown_year).
    """
    found = stored.series(
        values_of(stand, definition.id), definition.id, window=definition.headline_window, breakdown=by
    )
    if found.num_rows == 0:
        return []
    days = pc.unique(found["as_at"]).to_pylist()
    if level != "identified" and definition.headline_window == "year":
        days = [day for day in days if shown.breakdown_year(day)] or days
    newest = found.filter(pc.equal(found["as_at"], max(days))).to_pylist()
    return [_of_no_one_worker(definition, at_level(row, level)) for row in newest]


def whole_at(stand: Standing, level: str, definition: Definition, as_at: date) -> Figure | None:
    """The whole authority's figure on the date of a breakdown, over the same months; None where it has none."""
    found = stored.series(values(stand), definition.id, window=definition.headline_window)
    rows = found.filter(pc.equal(found["as_at"], as_at)).to_pylist()
    return at_level(rows[0], level) if rows else None


def by_group(stand: Standing, level: str, definition: Definition, by: str) -> Mapping[str, Sequence[Figure]]:
    """Each group's months, oldest first, as `level` may see them."""
    return _by_group(stand, level, definition.id, by)


def at_level(row: Mapping[str, Any], level: str) -> Figure:
    """One row of the stored values as a disclosure level may see it; the masks were decided at compute."""
    missing = tuple(row["missing"] or ())
    if row["status"] != stored.MEASURED:
        return Figure(row["as_at"], None, None, 0, None, missing, measured=False, group=row["group"])
    if level == "identified" or (level == "pseudonymised" and not row["hidden"]):
        return Figure(
            row["as_at"], row["numerator"], row["denominator"], row["unknown"] or 0, row["value"], group=row["group"]
        )
    if level != "published" or row["published_hidden"]:
        return Figure(row["as_at"], None, None, 0, None, hidden=True, group=row["group"])
    return Figure(
        row["as_at"],
        _whole(row["masked_numerator"]),
        _whole(row["masked_denominator"]),
        _whole(row.get("masked_unknown")) or 0,
        float(row["masked_value"]) if row["masked_value"] is not None else None,
        group=row["group"],
    )


def counted(definition: Definition, rows: pa.Table, days: Sequence[date], population: int | None = None) -> Figure:
    """The figure of rows (as_at, met, value, weight) of the dates `days`, by the arithmetic of the stored values."""
    inside = rows.filter(pc.is_in(rows["as_at"], value_set=pa.array(days, pa.date32())))
    return _figure(definition, days[-1], _count(inside), population)


@dataclass(frozen=True)
class _Reach:
    """A computation and a scope within it: what scoped figures are kept by. `viewer` is only how to filter."""

    stand: Standing
    scope: Scope
    viewer: Viewer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reach) and (self.stand, self.scope) == (other.stand, other.scope)

    def __hash__(self) -> int:
        return hash((self.stand, self.scope))


@lru_cache(maxsize=KEPT * 4)
def _authority(stand: Standing, level: str) -> Mapping[str, Series]:
    found: dict[str, Series] = {}
    every = stored.whole(values(stand))
    for key, definition in catalogue().items():
        rows = every.get(key, {})
        months = [at_level(row, level) for row in rows.get("month", ())]
        headline = stored.newest(definition, rows)
        if months:
            first = at_level(headline, level) if headline else _no_year(months[-1].as_at)
            years = rows.get("year", ()) if level != "published" else ()
            found[key] = Series(months, first, [at_level(row, level) for row in years])
    return found


@lru_cache(maxsize=KEPT_BREAKDOWNS)
def _by_group(stand: Standing, level: str, measure: str, by: str) -> Mapping[str, Sequence[Figure]]:
    found: dict[str, list[Figure]] = {}
    for row in stored.series(values_of(stand, measure), measure, breakdown=by).to_pylist():
        found.setdefault(row["group"], []).append(_of_no_one_worker(catalogue()[measure], at_level(row, level)))
    return found


def _of_no_one_worker(definition: Definition, figure: Figure) -> Figure:
    """The same figure, hidden where it is that of so few workers that it is a worker's own (DESIGN 7.7)."""
    if not stored.tells_of_a_worker(definition, figure.denominator, figure.unknown):
        return figure
    return Figure(figure.as_at, None, None, 0, None, hidden=True, group=figure.group)


@lru_cache(maxsize=KEPT_SCOPES)
def _scoped(reach: _Reach) -> Mapping[str, Series]:
    """Every measure counted over the rows in scope: numbers only are kept, never rows."""
    stand = reach.stand
    mine = theirs(stand, reach.viewer)
    columns = ["measure", "as_at", "met", "value", "weight"]
    rows = stand.lake.read(stand.computation, "rows", columns=columns, where=mine)
    days = periods.months(stand)
    counts = _counts(rows)
    whole = authority(stand, "identified")
    found: dict[str, Series] = {}
    for key, all_of_it in whole.items():
        definition = catalogue()[key]
        if not all_of_it.headline.measured and all_of_it.headline.missing:
            found[key] = Series(all_of_it.months, all_of_it.headline)
            continue
        untold = {one.as_at: one for one in all_of_it.months if not one.measured}
        months = [untold.get(day) or _figure(definition, day, counts.get((key, day), shown.Count())) for day in days]
        found[key] = Series(months, _headline(definition, rows, counts, days), _years(definition, counts, days))
    return found


def _headline(
    definition: Definition, rows: pa.Table, counts: Mapping[tuple[str, date], shown.Count], days: list[date]
) -> Figure:
    as_at = days[-1]
    behind = periods.behind(definition, days, as_at)
    if not behind:
        return _no_year(as_at)
    if definition.kind == "median" and len(behind) > 1:
        return counted(definition, rows.filter(pc.equal(rows["measure"], definition.id)), behind)
    parts = [counts.get((definition.id, day), shown.Count()) for day in behind]
    return _figure(definition, as_at, _together(parts))


def _years(
    definition: Definition, counts: Mapping[tuple[str, date], shown.Count], days: Sequence[date]
) -> list[Figure]:
    """The rolling years of a flow; none of a median, whose years are not to be had from its months."""
    if definition.basis != "flow" or definition.kind == "median":
        return []
    found = []
    for day in days:
        behind = periods.year_to(days, day)
        if behind and behind[-1] == day:
            parts = [counts.get((definition.id, one), shown.Count()) for one in behind]
            found.append(_figure(definition, day, _together(parts)))
    return found


def _counts(rows: pa.Table) -> dict[tuple[str, date], shown.Count]:
    """Counts by measure and date, in one pass; middles only of measures that are medians."""
    flagged = rows.append_column("is_met", pc.cast(rows["met"], pa.int64())).append_column(
        "is_not", pc.cast(pc.invert(rows["met"]), pa.int64())
    )
    grouped = flagged.group_by(["measure", "as_at"]).aggregate(
        [
            ([], "count_all"),
            ("is_met", "sum"),
            ("is_not", "sum"),
            ("value", "count"),
            ("value", "sum"),
            ("weight", "sum"),
        ]
    )
    found = {
        (row["measure"], row["as_at"]): shown.Count(
            row["count_all"],
            row["is_met_sum"] or 0,
            row["is_not_sum"] or 0,
            row["value_count"],
            row["value_sum"],
            weight=row["weight_sum"],
        )
        for row in grouped.to_pylist()
    }
    medians = [key for key, one in catalogue().items() if one.kind == "median"]
    for key in medians:
        inside = rows.filter(pc.equal(rows["measure"], key))
        for day in pc.unique(inside["as_at"]).to_pylist():
            found[key, day] = _count(inside.filter(pc.equal(inside["as_at"], day)))
    return found


def _count(rows: pa.Table) -> shown.Count:
    met = pc.sum(pc.cast(rows["met"], pa.int64())).as_py() or 0
    valued = rows.num_rows - rows["value"].null_count
    middle = pc.quantile(rows["value"], q=0.5)[0].as_py() if valued else None
    not_met = rows.num_rows - met - rows["met"].null_count
    total, weight = (pc.sum(rows[name]).as_py() for name in ("value", "weight"))
    return shown.Count(rows.num_rows, met, not_met, valued, total, middle, weight)


def _together(parts: Sequence[shown.Count]) -> shown.Count:
    return shown.Count(
        sum(one.rows for one in parts),
        sum(one.met for one in parts),
        sum(one.not_met for one in parts),
        sum(one.valued for one in parts),
        sum(one.total or 0.0 for one in parts),
        parts[0].middle if len(parts) == 1 else None,
        sum(one.weight or 0.0 for one in parts),
    )


def _figure(definition: Definition, as_at: date, count: shown.Count, population: int | None = None) -> Figure:
    """A rate has the whole authority's children as its denominator, so a narrower scope has its count alone."""
    found = shown.figure(definition, count, population)
    return Figure(as_at, found.numerator, found.denominator, found.unknown, found.value)


def _no_year(as_at: date) -> Figure:
    return Figure(as_at, None, None, 0, None, ("twelve whole months",), measured=False)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None else None


def forget() -> None:
    """Let go of everything kept (used between tests)."""
    _authority.cache_clear()
    _by_group.cache_clear()
    _scoped.cache_clear()
