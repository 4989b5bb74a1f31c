"""Counting the rows of one measure: by month and rolling year, whole and by every breakdown.

Rows are counted once a month and group; a rolling year is the sum of its twelve whole months (DESIGN 5 L). The groups
of a child are small numbers here (`belonging`), which are counted many times faster than words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from lineofsight.measures import belonging
from lineofsight.measures.definitions import Definition
from lineofsight.measures.shown import AUTHORITY, COUNTED, VALUED

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
_VALUES = "count(value) as valued, sum(value) as total, {middle} as middle, sum(weight) as weight"
_COUNTED = "rows, met, not_met, valued, total, middle, weight"
_ADDED = ", ".join(f"sum({name})::bigint as {name}" for name in ("rows", "met", "not_met", "valued"))
_ADDED += ", sum(total) as total, null::double as middle, sum(weight) as weight"

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


def count(con: duckdb.DuckDBPyConnection, one: Definition) -> Counted:
    """Count the rows of `one` in the table `measure_rows` (`belonging.fill_in`)."""
    con.execute(f"create or replace temp view own_rows as from measure_rows where measure = '{one.id}'")
    rows, people = con.execute("select count(*), count(person_id) > 0 from own_rows").fetchone() or (0, False)
    con.execute(f"create or replace temp table monthly as {_monthly(one, people)}")
    months = (
        "select as_at, 'month' as window, monthly.* exclude (month_number) "
        "from monthly inner join numbered_months using (month_number)"
    )
    found = [con.execute(months).to_arrow_table()]
    if one.basis == "flow":
        found.append(con.execute(_yearly(one, people)).to_arrow_table())
    teams = con.execute(
        "select coalesce(team_id, 'none'), coalesce(any_value(service_id), 'none') from own_rows group by all"
    ).fetchall()
    con.execute("drop table monthly")
    told = [table.select(COUNTED.names).cast(COUNTED) for table in found]
    return Counted(pa.concat_tables(told), rows, dict(teams), people)


def _monthly(one: Definition, people: bool) -> str:
    """Each month's counts. A service, and the whole, is the sum of its teams, save where a middle is to be had."""
    counts = _counts(one)
    parts = [_grouped("month_number", *part, counts) for part in _parts(one, people)]
    if one.kind == "median":
        parts.append(_grouped("month_number", "service", "coalesce(service_id, 'none')", counts))
        parts.append(_grouped("month_number", AUTHORITY, f"'{AUTHORITY}'", counts))
        return " union all ".join(parts)
    teams = (
        "select month_number, coalesce(team_id, 'none') as team, coalesce(service_id, 'none') as service, "  # noqa: S608
        f"{counts} from own_rows group by all"
    )
    parts[0] = _added("month_number", "team", "team", "teams")
    parts.append(_added("month_number", "service", "service", "teams"))
    parts.append(_added("month_number", AUTHORITY, f"'{AUTHORITY}'", "teams"))
    return f"with teams as ({teams}) " + " union all ".join(parts)  # noqa: S608 (our own names)


def _yearly(one: Definition, people: bool) -> str:
    """Each year's counts. Its middle is not to be had from those of its months: the rows are put in order again."""
    by = 'years.as_at, breakdown, "group"'
    sums = (
        f"select years.as_at, 'year' as window, breakdown, \"group\", {_ADDED} "  # noqa: S608
        f"from monthly inner join years using (month_number) group by {by}"
    )
    if one.kind != "median":
        return sums
    every = [
        *_parts(one, people),
        ("service", "coalesce(service_id, 'none')"),
        (AUTHORITY, f"'{AUTHORITY}'"),
    ]
    middles = " union all ".join(
        f"select years.as_at, '{name}' as breakdown, {group} as \"group\", median(value) as middle "  # noqa: S608
        "from own_rows inner join years using (month_number) group by all"
        for name, group in every
    )
    return (
        f"with sums as ({sums}), middles as ({middles}) "  # noqa: S608
        "select sums.* replace (middles.middle as middle) "
        'from sums left join middles using (as_at, breakdown, "group")'
    )


def _parts(one: Definition, people: bool) -> list[tuple[str, str]]:
    """The breakdowns of a measure that are counted from its rows, with the group of each: the team's first."""
    found = [("team", "coalesce(team_id, 'none')")]
    if people:
        found += [(name, f"{_words(groups)}[{name} + 1]") for name, groups in OF_CHILDREN.items()]
    if one.category is not None:
        found.append(("category", "category"))
    return found


def _words(groups: tuple[str, ...]) -> str:
    """A list of words as DuckDB writes it; they are our own."""
    return "[" + ", ".join(f"'{group}'" for group in groups) + "]"


def _counts(one: Definition) -> str:
    if one.kind not in VALUED:
        return f"{_MET}, {_NO_VALUES}"
    return f"{_MET}, " + _VALUES.format(middle="median(value)" if one.kind == "median" else "null::double")


def _grouped(when: str, name: str, group: str, counts: str) -> str:
    """Counts by group: by its number where it has one, which becomes words only once it is counted."""
    if name not in OF_CHILDREN:
        return f"select {when}, '{name}' as breakdown, {group} as \"group\", {counts} from own_rows group by all"  # noqa: S608
    return (
        f"select {when}, '{name}' as breakdown, {group} as \"group\", {_COUNTED} "  # noqa: S608
        f"from (select {when}, {name}, {counts} from own_rows group by {when}, {name})"
    )


def _added(when: str, name: str, group: str, source: str) -> str:
    return f"select {when}, '{name}' as breakdown, {group} as \"group\", {_ADDED} from {source} group by all"  # noqa: S608
