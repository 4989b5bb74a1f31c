"""Counting the rows of one measure: by month and rolling year, whole and by every breakdown.

Rows are counted once a month and group; a rolling year is the sum of its twelve whole months (DESIGN 5 L).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from lineofsight.measures.definitions import Definition
from lineofsight.measures.shown import AUTHORITY, Count, Place

if TYPE_CHECKING:
    from lineofsight.measures.engine import Inputs

BREAKDOWNS = ("team", "service", "age", "ethnicity", "sex", "disability", "placement", "category")
NOT_KNOWN = "Not known"
NOT_PLACED = "Not in a placement"

# Who each child is. A disability has no date: whoever has one recorded is disabled, whoever has it recorded that there
# is none is not, of the rest it is not known.
_PEOPLE = """
create table people_counted as
with
people as (
    select
        ssd_person.pers_person_id as person_id,
        any_value(ssd_person.pers_dob) as born_on,
        any_value(case upper(trim(ssd_person.pers_sex))
            when 'F' then 'Female' when 'FEMALE' then 'Female'
            when 'M' then 'Male' when 'MALE' then 'Male'
        end) as sex,
        any_value(ethnic_groups.label) as ethnicity
    from ssd_person
    left join ethnic_groups on ethnic_groups.code = upper(trim(ssd_person.pers_ethnicity))
    group by ssd_person.pers_person_id
),

disabled as (
    select disa_person_id as person_id, bool_or(upper(trim(disa_disability_code)) <> 'NONE') as disabled
    from ssd_disability
    where disa_disability_code is not null
    group by disa_person_id
)

select
    people.person_id,
    people.born_on,
    coalesce(people.sex, 'Not known') as sex,
    coalesce(people.ethnicity, 'Not known') as ethnicity,
    case
        when disabled.disabled then 'Disabled' when not disabled.disabled then 'Not disabled' else 'Not known'
    end as disability
from people
left join disabled on disabled.person_id = people.person_id
"""

# Rows with the groups they fall in. Ages are in whole years at the row's date; 29 February turns on 1 March.
_GROUPED = """
create or replace temp table grouped as
with
aged as (
    select
        measure_rows.as_at,
        measure_rows.person_id is not null as is_person,
        coalesce(measure_rows.team_id, 'none') as team,
        coalesce(measure_rows.service_id, 'none') as service,
        coalesce(people_counted.sex, 'Not known') as sex,
        coalesce(people_counted.ethnicity, 'Not known') as ethnicity,
        coalesce(people_counted.disability, 'Not known') as disability,
        coalesce(placed_on.placement, elsewhere.placement) as placement,
        people_counted.born_on,
        date_part('year', measure_rows.as_at) - date_part('year', people_counted.born_on)
        - (
            (date_part('month', measure_rows.as_at), date_part('day', measure_rows.as_at))
            < (date_part('month', people_counted.born_on), date_part('day', people_counted.born_on))
        )::integer as years,
        measure_rows.category,
        measure_rows.met,
        measure_rows.value,
        measure_rows.weight
    from measure_rows
    left join people_counted on people_counted.person_id = measure_rows.person_id
    left join placed_on
        on placed_on.person_id = measure_rows.person_id
        and placed_on.as_at = measure_rows.as_at
    cross join elsewhere
)

select
    as_at, is_person, team, service, sex, ethnicity, disability, placement, category, met, value, weight,
    case
        when born_on is null then 'Not known'
        when born_on > as_at then 'Unborn'
        when years < 1 then 'Under 1'
        when years < 5 then '1 to 4'
        when years < 10 then '5 to 9'
        when years < 16 then '10 to 15'
        else '16 and over'
    end as age
from aged
"""

_COUNTS = """
    count(*) as rows,
    count(*) filter (where met) as met,
    count(*) filter (where not met) as not_met,
    count(value) as valued,
    sum(value) as total,
    median(value) as middle,
    sum(weight) as weight
"""

_SETS = "(as_at)" + "".join(f", (as_at, {name})" for name in BREAKDOWNS)

# grouping() tells which of the sets a row is of
_BREAKDOWN = "case " + " ".join(f"when grouping({name}) = 0 then '{name}'" for name in BREAKDOWNS)
_LABEL = f"{_BREAKDOWN} else '{AUTHORITY}' end as breakdown, coalesce({', '.join(BREAKDOWNS)}, '{AUTHORITY}')"

# a measure without categories has no group of them
_GIVEN = "grouping(category) = 1 or category is not null"

_MONTHLY = f"""
create or replace temp table monthly as
select as_at, {_LABEL} as "group", {_COUNTS}
from grouped
group by grouping sets ({_SETS})
having {_GIVEN}
"""  # noqa: S608 (the pieces stand above)

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

select as_at, month_end
from spans
where held = 12 and date_diff('month', first_end, last_end) = 11
"""

# The middle of a year is not to be had from the middles of its months: its rows are put in order again.
_YEARLY = f"""
with
sums as (
    select
        years.as_at, monthly.breakdown, monthly."group",
        sum(monthly.rows)::bigint as rows, sum(monthly.met)::bigint as met, sum(monthly.not_met)::bigint as
        not_met, sum(monthly.valued)::bigint as valued, sum(monthly.total) as total,
        sum(monthly.weight) as weight
    from monthly
    inner join years on years.month_end = monthly.as_at
    group by all
),

in_years as (
    select grouped.* replace (years.as_at as as_at)
    from grouped
    inner join years on years.month_end = grouped.as_at
    where $in_order
),

middles as (
    select as_at, {_LABEL} as "group", median(value) as middle
    from in_years
    group by grouping sets ({_SETS})
    having {_GIVEN}
)

select
    sums.as_at, 'year' as window, sums.breakdown, sums."group", sums.rows, sums.met, sums.not_met, sums.valued,
    sums.total, middles.middle, sums.weight
from sums
left join middles using (as_at, breakdown, "group")
"""  # noqa: S608


@dataclass(frozen=True)
class Counted:
    """What was counted of one measure in each place, the service of each of its teams, and whether its rows are
    children."""

    counts: Mapping[Place, Count]
    service_of: Mapping[str, str]
    of_people: bool


def prepare(con: duckdb.DuckDBPyConnection, inputs: "Inputs") -> None:
    """Make what the rows of every measure are counted with: who each child is, and which months are a year."""
    con.execute(_PEOPLE)
    con.execute(_YEARS)
    # without the table of placements nobody is known to be in none
    elsewhere = NOT_PLACED if "ssd_cla_placement" in inputs.tables else NOT_KNOWN
    con.execute("create table elsewhere as select ? as placement", [elsewhere])


def years(con: duckdb.DuckDBPyConnection) -> tuple[date, ...]:
    """The dates that twelve whole months stand before."""
    return tuple(row[0] for row in con.execute("select distinct as_at from years order by 1").fetchall())


def count(con: duckdb.DuckDBPyConnection, one: Definition) -> Counted:
    """Count the table `measure_rows`, which holds the rows of `one`."""
    con.execute(_GROUPED)
    con.execute(_MONTHLY)
    columns = "as_at, 'month' as window, breakdown, \"group\", rows, met, not_met, valued, total, middle, weight"
    found = con.execute(f"select {columns} from monthly").fetchall()  # noqa: S608
    if one.basis == "flow":
        found += con.execute(_YEARLY, {"in_order": one.kind == "median"}).fetchall()
    teams = con.execute("select team, any_value(service) from grouped group by team").fetchall()
    people = con.execute("select count(*) filter (where is_person) > 0 from grouped").fetchone()
    con.execute("drop table grouped")
    con.execute("drop table monthly")
    return Counted({Place(*row[:4]): Count(*row[4:]) for row in found}, dict(teams), bool(people and people[0]))
