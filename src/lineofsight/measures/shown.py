"""From counts to values, and to what each disclosure level is shown of them (DESIGN 5 J).

Identified: everything. Pseudonymised: the authority exactly; of breakdowns, what `hidden` leaves. A stock's breakdown
is shown on the newest date only, a flow's by whole years to 31 March only: months, and two years that share some of
them, in this extract or in the next month's, would give single months by subtraction. Published: as pseudonymised, with
the authority's own small numbers hidden too and the rest rounded; a flow's months only where none of them is small.
Those of one measure who are not in another that is counted among it are a number too: where they are few, the other is
not published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from lineofsight.lake.engine import authorities, connect, run
from lineofsight.measures import disclosure
from lineofsight.measures.definitions import Definition

if TYPE_CHECKING:
    import duckdb

    from lineofsight.measures.engine import Inputs

AUTHORITY = "authority"
# Groups that other measures count by themselves (children in foster care; conferences within 15 days), or that say
# whether a row is met. What is hidden of them could be worked out from totals, so the identified level alone has them.
NAMED_ONLY = ("placement", "category")
PER = 10_000
# The kinds of measure whose value comes from the values of the rows, not from how many there are.
VALUED = ("median", "mean", "ratio")


# What was counted of a measure: a row a date, window ('month' or 'year'), breakdown and group.
COUNTED = pa.schema(
    [
        ("as_at", pa.date32()),
        ("window", pa.string()),
        ("breakdown", pa.string()),
        ("group", pa.string()),
        *((name, pa.int64()) for name in ("rows", "met", "not_met", "valued")),
        *((name, pa.float64()) for name in ("total", "middle", "weight")),
    ]
)


class Count(NamedTuple):
    """What was counted in one place: rows, met and not met, the values, their sum and middle, and their weight."""

    rows: int = 0
    met: int = 0
    not_met: int = 0
    valued: int = 0
    total: float | None = None
    middle: float | None = None
    weight: float | None = None


@dataclass(frozen=True)
class Universe:
    """The groups of each breakdown, the service of each team, the measures whose rows are children, and the
    categories of each measure that has some.
    """

    groups: Mapping[str, tuple[str, ...]]
    service_of: Mapping[str, str]
    of_people: frozenset[str]
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def breakdowns(self, measure: str) -> tuple[str, ...]:
        """The breakdowns of a measure: rows of workers have no age, sex or ethnicity that could be shown."""
        own = tuple(self.groups) if measure in self.of_people else ("team", "service")
        return (*own, "category") if measure in self.categories else own

    def groups_of(self, measure: str, breakdown: str) -> tuple[str, ...]:
        """The groups of one breakdown of a measure."""
        return self.categories[measure] if breakdown == "category" else self.groups[breakdown]


class Figure(NamedTuple):
    """One value with its parts. `parts` are what must never be small: counted, the rest, and unknown."""

    numerator: int
    denominator: int | None
    unknown: int
    value: float | None
    parts: tuple[int, ...]


def figure(one: Definition, count: Count, population: int | None) -> Figure:
    """The figure of a measure from what was counted; `population` is the number of children, or None."""
    unknown = count.rows - count.met - count.not_met
    if one.kind in VALUED:
        divided = {"mean": (count.total, count.valued), "ratio": (count.total, count.weight)}
        middle = count.middle if one.kind == "median" else _divided(*divided[one.kind])
        lacking = count.rows - count.valued
        return Figure(count.valued, count.valued, lacking, middle, (count.valued, lacking))
    if one.counts == "all":
        numerator, rest, unknown = count.rows, 0, 0
    elif one.counts == "met":
        numerator, rest = count.met, count.not_met
    else:
        numerator, rest = count.not_met, count.met
    parts = (numerator, rest, unknown)
    if one.kind == "count":
        return Figure(numerator, numerator + rest, unknown, float(numerator), parts)
    if one.kind == "rate":
        return Figure(numerator, population, unknown, _divided(numerator * PER, population), parts)
    known = numerator + rest
    return Figure(numerator, known, unknown, _divided(100 * numerator, known), parts)


@dataclass(frozen=True)
class Measured:
    """One measure that was measured: what was counted in each place (COUNTED), and the dates of each
    window."""

    definition: Definition
    counted: pa.Table
    dates: Mapping[str, Sequence[date]]


_When = tuple[str, str, date]  # measure, window, date


def sheet(inputs: Inputs, measured: Sequence[Measured], universe: Universe) -> pa.Table:
    """Every date, window, breakdown and group of these measures, masked together (the columns of values.SCHEMA)."""
    below = int(inputs.policy.number("disclosure.suppress_below", inputs.as_at))
    to = int(inputs.policy.number("disclosure.round_to", inputs.as_at))
    definitions = {one.definition.id: one.definition for one in measured}
    con = connect(_places(inputs, measured, universe), memory_limit=_room(measured, universe))
    try:
        con.execute(f"create temp table figures as {_sql('figures.sql')}")
        masked = {
            "open_cells": _open_cells(con, definitions, universe, below, inputs.as_at),
            "kept_back": _kept_back(con, definitions, below),
        }
        for name, cells in masked.items():
            con.register(name, pa.table({"cell": pa.array(cells, pa.int64())}))
        con.register("rounding", pa.table({"to": [to]}))
        return run(con, _sql("shown.sql"))
    finally:
        con.close()


def _sql(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def _listed(rows: Iterable[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(cells, one.type) for cells, one in zip(columns, schema, strict=True)], schema)


def _room(measured: Sequence[Measured], universe: Universe) -> str:
    """The memory for every figure: there are far more of them than of what was counted, where teams are many."""
    figures = sum(
        sum(map(len, one.dates.values())) * sum(1 for _ in _groups(one.definition, universe)) for one in measured
    )
    return f"{authorities(figures)}GB"


def _places(inputs: Inputs, measured: Sequence[Measured], universe: Universe) -> dict[str, pa.Table]:
    """The relations of figures.sql."""
    told = [(n, one.definition.id, one.definition.kind, one.definition.counts) for n, one in enumerate(measured)]
    dates = [
        (one.definition.id, window, as_at) for one in measured for window, days in one.dates.items() for as_at in days
    ]
    groups = [
        (one.definition.id, breakdown, group, place)
        for one in measured
        for place, (breakdown, group) in enumerate(_groups(one.definition, universe))
    ]
    counted = [
        one.counted.append_column("measure", pa.array([one.definition.id] * one.counted.num_rows, pa.string()))
        for one in measured
    ]
    return {
        "told": _listed(told, _TOLD),
        "dates": _listed(
            ((*when, number, inputs.population.get(when[2])) for number, when in enumerate(dates)), _DATES
        ),
        "groups": _listed(groups, _GROUPS),
        "counted": pa.concat_tables(counted)
        if counted
        else pa.schema([*COUNTED, ("measure", pa.string())]).empty_table(),
    }


_TOLD = pa.schema([("position", pa.int64()), ("measure", pa.string()), ("kind", pa.string()), ("counts", pa.string())])
_DATES = pa.schema(
    [
        ("measure", pa.string()),
        ("window", pa.string()),
        ("as_at", pa.date32()),
        ("number", pa.int64()),
        ("children", pa.int64()),
    ]
)
_GROUPS = pa.schema(
    [("measure", pa.string()), ("breakdown", pa.string()), ("group", pa.string()), ("place", pa.int64())]
)


def _groups(one: Definition, universe: Universe) -> Iterator[tuple[str, str]]:
    """Every breakdown and group of a measure: the whole authority first."""
    yield AUTHORITY, AUTHORITY
    for breakdown in universe.breakdowns(one.id):
        for group in universe.groups_of(one.id, breakdown):
            yield breakdown, group


def _parts_of(one: Definition, numerator: int, rest: int, unknown: int) -> tuple[int, ...]:
    """What must never be small of a figure, as `figure` tells it."""
    return (numerator, unknown) if one.kind in VALUED else (numerator, rest, unknown)


def _open_cells(
    con: duckdb.DuckDBPyConnection,
    definitions: Mapping[str, Definition],
    universe: Universe,
    below: int,
    newest: date,
) -> list[int]:
    """The cells that are shown below the identified level."""
    families: dict[tuple[str, date], dict[str, dict[str, list[disclosure.Cell]]]] = {}
    numbers: dict[tuple[str, str, date, str, str], int] = {}
    for number, measure, window, as_at, breakdown, group, *parts in _divided_and_shown(con, definitions, newest):
        family = families.setdefault((window, as_at), {}).setdefault(measure, {})
        parent = universe.service_of.get(group) if breakdown == "team" else None
        cell = disclosure.Cell(group, _parts_of(definitions[measure], *parts), parent)
        family.setdefault(breakdown, []).append(cell)
        numbers[measure, window, as_at, breakdown, group] = number
    found = []
    for (window, as_at), held in families.items():
        masks = disclosure.joint_masks(
            [disclosure.Family(measure, cells, definitions[measure].among) for measure, cells in held.items()], below
        )
        for measure, breakdowns in held.items():
            for breakdown, cells in breakdowns.items():
                hidden = masks[measure][breakdown]
                found += [
                    numbers[measure, window, as_at, breakdown, cell.group] for cell in cells if cell.group not in hidden
                ]
    return found


_CELL = 'cell, measure, "window", as_at, breakdown, "group", numerator, rest, unknown'


def _divided_and_shown(
    con: duckdb.DuckDBPyConnection, definitions: Mapping[str, Definition], newest: date
) -> list[tuple[Any, ...]]:
    """The figures (_CELL) that could be shown below the identified level at all: a stock's of the newest date, a flow's
    of the years that are shown."""
    ends = con.execute("select distinct as_at from figures").fetchall()
    return con.execute(
        f"select {_CELL} from figures "  # noqa: S608 (our own names)
        "where not list_contains($kept_apart, breakdown) and case "
        "when \"window\" = 'month' then as_at = $newest and list_contains($stocks, measure) "
        "else list_contains($years, as_at) end order by position, place",
        {
            "kept_apart": [AUTHORITY, *NAMED_ONLY],
            "newest": newest,
            "stocks": [one.id for one in definitions.values() if one.basis == "stock"],
            "years": [day for (day,) in ends if breakdown_year(day)],
        },
    ).fetchall()


def _kept_back(con: duckdb.DuckDBPyConnection, definitions: Mapping[str, Definition], below: int) -> list[int]:
    """The authority's own figures that are not published: those with a small number, or that would tell one.

    No month of a flow is published where one of them is kept back: the year would give it away.
    """
    told = con.execute(f"select {_CELL} from figures where breakdown = '{AUTHORITY}'").fetchall()  # noqa: S608
    numbers = {(measure, window, as_at): number for number, measure, window, as_at, *_ in told}
    wholes = {
        (measure, window, as_at): _parts_of(definitions[measure], *parts)
        for _, measure, window, as_at, _, _, *parts in told
    }
    among = {one.id: one.among for one in definitions.values()}
    kept = {
        when
        for when, parts in wholes.items()
        if disclosure.unsafe(parts, below) or _few_outside(when, wholes, among, below)
    }
    told_by_a_year = {
        measure for measure, window, _ in kept if window == "month" and definitions[measure].basis == "flow"
    }
    kept |= {when for when in wholes if when[0] in told_by_a_year and when[1] == "month"}
    return [numbers[when] for when in kept]


def _few_outside(
    when: _When, wholes: Mapping[_When, Sequence[int]], among: Mapping[str, str | None], below: int
) -> bool:
    """Whether those of the other measure who are not in this one are few, or so for a measure that this is among:
    one that is not published for that reason would be told by the size of this one.
    """
    other = (among[when[0]] or "", *when[1:])
    if other not in wholes:
        return False
    outside = sum(wholes[other]) - sum(wholes[when])
    return disclosure.small(outside, below) or _few_outside(other, wholes, among, below)


def breakdown_year(as_at: date) -> bool:
    """Whether the year to this date is one whose breakdowns are shown below the identified level.

    It is the year of the statutory returns, to 31 March: the same for every extract, so that no two of the years that
    anybody is ever shown share a month.
    """
    return (as_at.month, as_at.day) == (3, 31)


def _divided(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or not denominator else numerator / denominator
