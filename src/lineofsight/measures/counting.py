"""Counting the rows of measures: by month and rolling year, whole and by every breakdown.

Rows are counted once a month and group; a rolling year is the sum of its twelve whole months (DESIGN 5 L). The groups
of a child are small numbers here (`belonging`), which are counted many times faster than words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.measures import belonging
from lineofsight.measures.definitions import Definition
from lineofsight.measures.shown import AUTHORITY, COUNTED, VALUED

if TYPE_CHECKING:
    import duckdb

# The breakdowns of children, with the words of each group's number.
OF_CHILDREN = {
    "age": belonging.AGE_BANDS,
    "ethnicity": belonging.ETHNIC_GROUPS,
    "sex": belonging.SEXES,
    "disability": belonging.DISABILITIES,
    "placement": belonging.PLACEMENTS,
}
BREAKDOWNS = ("team", "service", *OF_CHILDREN, "category")

_MET = "count(*) as rows, count(*) filter (where met) as met, count(*) filter (where not met) as not_met"
_NO_VALUES = "0::bigint as valued, null::double as total, null::double as middle, null::double as weight"
# Sums are of decimals: those of doubles would differ by the order in which two processors came to them.
_VALUES = (
    "count(value) as valued, sum(value::decimal(18, 6))::double as total, {middle} as middle, "
    "sum(weight::decimal(18, 6))::double as weight"
)
_COUNTED = "rows, met, not_met, valued, total, middle, weight"
_ADDED = ", ".join(f"sum({name})::bigint as {name}" for name in ("rows", "met", "not_met", "valued"))
_ADDED += (
    ", sum(total::decimal(24, 6))::double as total, null::double as middle, "
    "sum(weight::decimal(24, 6))::double as weight"
)

# A year is twelve whole months without a gap; a month that is not over is in no year.
_YEARS = """
create table years as
with
whole as (
    select as_at as month_end
    from months
    where as_at = last_day(as_at)
),

reached as (
    select
        months.as_at,
        whole.month_end,
        row_number() over (partition by months.as_at order by whole.month_end desc) as back
    from months
    inner join whole on whole.month_end <= months.as_at
),

spans as (
    select as_at, month_end, back,
        count(*) over (partition by as_at) as held,
        min(month_end) over (partition by as_at) as first_end,
        max(month_end) over (partition by as_at) as last_end
    from reached
    where back <= 12
)

select spans.as_at, spans.month_end, numbered_months.month_number
from spans
inner join numbered_months on numbered_months.as_at = spans.month_end
where held = 12 and date_diff('month', first_end, last_end) = 11
"""


@dataclass(frozen=True)
class Counted:
    """What was counted of one measure (shown.COUNTED), the service of each of its teams, and whether its rows are
    children."""

    table: pa.Table
    rows: int
    service_of: Mapping[str, str]
    of_people: bool


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Tell which whole months each year is made of."""
    con.execute(_YEARS)


def years(con: duckdb.DuckDBPyConnection) -> tuple[date, ...]:
    """The dates that twelve whole months stand before."""
    return tuple(row[0] for row in con.execute("select distinct as_at from years order by 1").fetchall())


# What the rows are counted by, of all that they tell (belonging.filled_in). Teams are counted by their numbers, and
# named only then; a team has one service.
_COUNTED_BY = (
    "measure_number, month_number, person_id is not null as of_child, team_number, met, value, weight, "
    + ", ".join([*OF_CHILDREN, "category"])
)


def count(con: duckdb.DuckDBPyConnection, handful: Sequence[Definition], filled: belonging.Filled) -> list[Counted]:
    """Count the rows of some measures, which have the numbers of their measures in this order."""
    for name, table, columns in (("measure_rows", filled.rows, _COUNTED_BY), ("named", filled.teams, "*")):
        con.register("incoming_rows", table)
        con.execute(f"create or replace temp table {name} as select {columns} from incoming_rows")  # noqa: S608
        con.unregister("incoming_rows")
    try:
        return _count(con, handful)
    finally:
        con.execute("drop table measure_rows; drop table named")


def _count(con: duckdb.DuckDBPyConnection, handful: Sequence[Definition]) -> list[Counted]:
    sized = con.execute(
        "select measure_number, count(*), bool_or(of_child) from measure_rows group by measure_number"
    ).fetchall()
    rows = {number: count for number, count, _ in sized}
    people = {number for number, _, is_so in sized if is_so}
    con.execute(f"create or replace temp table monthly as {_monthly(handful, people)}")
    by_month = "select monthly.*, as_at, 'month' as window from monthly inner join numbered_months using (month_number)"
    flows = [number for number, one in enumerate(handful) if one.basis == "flow"]
    asked = [by_month, *([_yearly(handful, flows, people)] if flows else [])]
    found = [con.execute(sql).to_arrow_table() for sql in asked]
    told = pa.concat_tables(table.select(["measure_number", *COUNTED.names]) for table in found)
    teams: dict[int, dict[str, str]] = {}
    for number, team, service in con.execute(_TEAMS).fetchall():
        teams.setdefault(number, {})[team] = service
    con.execute("drop table monthly")
    return [
        Counted(
            told.filter(pc.field("measure_number") == number).select(COUNTED.names).cast(COUNTED),
            rows.get(number, 0),
            teams.get(number, {}),
            number in people,
        )
        for number in range(len(handful))
    ]


_TEAMS = """
select measure_number, coalesce(named.team, 'none'), coalesce(named.service, 'none')
from (select distinct measure_number, team_number from measure_rows) as held
left join named on named.team_number = held.team_number
"""


def _monthly(handful: Sequence[Definition], people: set[int]) -> str:
    """Each month's counts of every measure. A service, and the whole, is the sum of its teams, save where a middle is
    to be had."""
    parts, teams = [], []
    for counts, numbers in _alike(handful).items():
        if "median" not in counts:
            teams.append(
                "select measure_number, month_number, coalesce(named.team, 'none') as team, "  # noqa: S608 (our own)
                f"coalesce(named.service, 'none') as service, {_COUNTED} "
                f"from (select measure_number, month_number, team_number, {counts} "
                f"from measure_rows where {_among(numbers)} group by all) as counted "
                "left join named on named.team_number = counted.team_number"
            )
        else:
            parts += [_grouped(name, group, counts, numbers) for name, group in _PLACES.items()]
        for name, group, mine in _parts(handful, numbers, people):
            parts.append(_grouped(name, group, counts, mine))
    if teams:
        parts += [_added(name, group) for name, group in _ADDED_UP.items()]
    return (f"with teams as ({' union all '.join(teams)}) " if teams else "") + " union all ".join(parts)


_NAMED = "measure_rows left join named on named.team_number = measure_rows.team_number"
# The places whose counts are the sums of teams, with the group of each: in the rows, and in what was counted by team.
_PLACES = {
    "team": "coalesce(named.team, 'none')",
    "service": "coalesce(named.service, 'none')",
    AUTHORITY: f"'{AUTHORITY}'",
}
_ADDED_UP = {"team": "team", "service": "service", AUTHORITY: f"'{AUTHORITY}'"}


def _alike(handful: Sequence[Definition]) -> dict[str, list[int]]:
    """The numbers of the measures by what is counted of their rows."""
    found: dict[str, list[int]] = {}
    for number, one in enumerate(handful):
        found.setdefault(_counts(one), []).append(number)
    return found


def _among(numbers: Iterable[int]) -> str:
    return f"measure_number in ({', '.join(map(str, numbers))})"


def _yearly(handful: Sequence[Definition], flows: list[int], people: set[int]) -> str:
    """Each year's counts of the flows. Its middle is not to be had from those of its months: the rows are put in order
    again."""
    middle = [number for number in flows if handful[number].kind == "median"]
    sums = (
        f"select measure_number, years.as_at, 'year' as window, breakdown, \"group\", {_ADDED} "  # noqa: S608
        f"from monthly inner join years using (month_number) where {_among(flows)} "
        'group by measure_number, years.as_at, breakdown, "group"'
    )
    if not middle:
        return sums
    every = [(name, group, middle) for name, group in _PLACES.items()] + list(_parts(handful, middle, people))
    middles = " union all ".join(
        f"select measure_number, years.as_at, '{name}' as breakdown, {group} as \"group\", "  # noqa: S608
        f"median(value) as middle from {_NAMED} inner join years on years.month_number = measure_rows.month_number "
        f"where {_among(numbers)} group by all"
        for name, group, numbers in every
    )
    return (
        f"with sums as ({sums}), middles as ({middles}) "  # noqa: S608
        "select sums.* replace (middles.middle as middle) "
        'from sums left join middles using (measure_number, as_at, breakdown, "group")'
    )


def _parts(
    handful: Sequence[Definition], numbers: Iterable[int], people: set[int]
) -> Iterator[tuple[str, str, list[int]]]:
    """The breakdowns that are counted from the rows themselves: name, group, and the numbers of the measures."""
    of_children = [number for number in numbers if number in people]
    if of_children:
        for name, groups in OF_CHILDREN.items():
            yield name, f"{_words(groups)}[{name} + 1]", of_children
    of_kinds = [number for number in numbers if handful[number].category is not None]
    if of_kinds:
        yield "category", "category", of_kinds


def _words(groups: tuple[str, ...]) -> str:
    """A list of words as DuckDB writes it; they are our own."""
    return "[" + ", ".join(f"'{group}'" for group in groups) + "]"


def _counts(one: Definition) -> str:
    if one.kind not in VALUED:
        return f"{_MET}, {_NO_VALUES}"
    return f"{_MET}, " + _VALUES.format(middle="median(value)" if one.kind == "median" else "null::double")


def _grouped(name: str, group: str, counts: str, numbers: Iterable[int]) -> str:
    """Counts by group: by its number where it has one, which becomes words only once it is counted."""
    told = f"select measure_number, month_number, '{name}' as breakdown, {group} as \"group\""
    if name not in OF_CHILDREN:
        return f"{told}, {counts} from {_NAMED} where {_among(numbers)} group by all"
    rows = f"from measure_rows where {_among(numbers)}"
    counted = (
        f"select measure_number, month_number, {name}, {counts} {rows} group by measure_number, month_number, {name}"
    )
    return f"{told}, {_COUNTED} from ({counted})"


def _added(name: str, group: str) -> str:
    return (
        f"select measure_number, month_number, '{name}' as breakdown, {group} as \"group\", {_ADDED} "  # noqa: S608
        "from teams group by all"
    )
