"""Values: numerators, denominators, series and one-way breakdowns, all counted from the rows, with their
masks.

Rows are counted once a month and group; a rolling year is the sum of its twelve whole months (DESIGN 5 L).
What a number is shown as at each disclosure level is decided here, over the whole family, and stored (5 J).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from lineofsight import schema
from lineofsight.measures import definitions, shown
from lineofsight.measures.definitions import Catalogue, Definition

if TYPE_CHECKING:
    from lineofsight.measures.engine import Inputs

MEASURED = "measured"
NOT_MEASURED = "not measured"
AUTHORITY = "authority"
BREAKDOWNS = ("team", "service", "age", "ethnicity", "sex", "disability", "placement", "category")
NOT_KNOWN = "Not known"
NO_HISTORY = "what was so on an earlier day"
AGE_BANDS = ("Unborn", "Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over", NOT_KNOWN)
SEXES = ("Female", "Male", NOT_KNOWN)
NOT_PLACED = "Not in a placement"
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

# Rows with the groups they fall in. A disability has no date: whoever has one recorded is disabled, whoever has it
# recorded that there is none is not, of the rest it is not known.
# Ages are in whole years at the row's date; 29 February turns on 1 March.
_GROUPED = """
create temp table grouped as
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
),

aged as (
    select
        measure_rows.measure,
        measure_rows.as_at,
        measure_rows.person_id is not null as is_person,
        coalesce(measure_rows.team_id, 'none') as team,
        coalesce(measure_rows.service_id, 'none') as service,
        coalesce(people.sex, 'Not known') as sex,
        coalesce(people.ethnicity, 'Not known') as ethnicity,
        case
            when disabled.disabled then 'Disabled' when not disabled.disabled then 'Not disabled' else 'Not known'
        end as disability,
        coalesce(placed_on.placement, $elsewhere) as placement,
        people.born_on,
        date_part('year', measure_rows.as_at) - date_part('year', people.born_on)
        - (
            (date_part('month', measure_rows.as_at), date_part('day', measure_rows.as_at))
            < (date_part('month', people.born_on), date_part('day', people.born_on))
        )::integer as years,
        measure_rows.category,
        measure_rows.met,
        measure_rows.value,
        measure_rows.weight
    from measure_rows
    left join people on people.person_id = measure_rows.person_id
    left join disabled on disabled.person_id = measure_rows.person_id
    left join placed_on
        on placed_on.person_id = measure_rows.person_id
        and placed_on.as_at = measure_rows.as_at
)

select
    measure, as_at, is_person, team, service, sex, ethnicity, disability, placement, category, met, value, weight,
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

_SETS = "(measure, as_at)" + "".join(f", (measure, as_at, {name})" for name in BREAKDOWNS)

# grouping() tells which of the sets a row is of
_BREAKDOWN = "case " + " ".join(f"when grouping({name}) = 0 then '{name}'" for name in BREAKDOWNS)
_LABEL = f"{_BREAKDOWN} else '{AUTHORITY}' end as breakdown, coalesce({', '.join(BREAKDOWNS)}, '{AUTHORITY}')"

# a measure without categories has no group of them
_GIVEN = "grouping(category) = 1 or category is not null"

_MONTHLY = f"""
create temp table monthly as
select measure, as_at, {_LABEL} as "group", {_COUNTS}
from grouped
group by grouping sets ({_SETS})
having {_GIVEN}
"""  # noqa: S608 (the pieces stand above)

# A year is twelve whole months without a gap; a month that is not over is in no year.
_YEARS = """
create temp table years as
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
create temp table yearly as
with
sums as (
    select
        monthly.measure, years.as_at, monthly.breakdown, monthly."group",
        sum(monthly.rows)::bigint as rows, sum(monthly.met)::bigint as met, sum(monthly.not_met)::bigint as
        not_met, sum(monthly.valued)::bigint as valued, sum(monthly.total) as total,
        sum(monthly.weight) as weight
    from monthly
    inner join years on years.month_end = monthly.as_at
    inner join flows on flows.measure = monthly.measure
    group by all
),

in_years as (
    select grouped.* replace (years.as_at as as_at)
    from grouped
    inner join years on years.month_end = grouped.as_at
    inner join flows on flows.measure = grouped.measure
    where flows.kind = 'median'
),

middles as (
    select measure, as_at, {_LABEL} as "group", median(value) as middle
    from in_years
    group by grouping sets ({_SETS})
    having {_GIVEN}
)

select sums.*, middles.middle
from sums
left join middles using (measure, as_at, breakdown, "group")
"""  # noqa: S608


def compute(
    con: duckdb.DuckDBPyConnection,
    inputs: "Inputs",
    catalogue: Catalogue,
    missing: Mapping[str, tuple[str, ...]],
) -> pa.Table:
    """Every value of `catalogue` as SCHEMA tells, from the table `measure_rows` on `con`.

    One row a measure, date, window ('month', and 'year' for a flow with twelve whole months behind it),
    breakdown and group. Every group that has rows in some measure stands in every family of that breakdown,
    with 0 where it has none, so that a family's absences tell nothing. `value` is in the measure's own unit:
    percent 0 to 100, rates per 10,000 children, null where there is nothing to divide by.
    """
    # without the table of placements nobody is known to be in none
    con.execute(_GROUPED, {"elsewhere": NOT_PLACED if "ssd_cla_placement" in inputs.tables else NOT_KNOWN})
    con.execute(_MONTHLY)
    con.execute(_YEARS)
    flows = [one for one in catalogue.values() if one.basis == "flow"]
    con.execute("create temp table flows (measure varchar, kind varchar)")
    if flows:
        con.executemany("insert into flows values (?, ?)", [(one.id, one.kind) for one in flows])
    con.execute(_YEARLY)
    counted = _counted(con)
    universe = _universe(con, catalogue)
    with_years = [row[0] for row in con.execute("select distinct as_at from years order by 1").fetchall()]
    table = shown.Sheet(inputs)
    measured = []
    for one in catalogue.values():
        if missing[one.id]:
            table.add_not_measured(one, missing[one.id])
            continue
        months = inputs.months if one.history else inputs.months[-1:]
        table.add_not_measured(one, (NO_HISTORY,), inputs.months[: -len(months)])
        dates = {"month": months, "year": tuple(with_years) if one.basis == "flow" else ()}
        measured.append(shown.Measured(one, counted.get(one.id, {}), dates))
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


def _counted(con: duckdb.DuckDBPyConnection) -> dict[str, dict[shown.Place, shown.Count]]:
    """Counts by measure and place, of months and years."""
    found: dict[str, dict[shown.Place, shown.Count]] = {}
    columns = 'measure, as_at, breakdown, "group", rows, met, not_met, valued, total, middle, weight'
    for window, source in (("month", "monthly"), ("year", "yearly")):
        for row in con.execute(f"select {columns} from {source}").fetchall():  # noqa: S608
            place = shown.Place(row[1], window, row[2], row[3])
            found.setdefault(row[0], {})[place] = shown.Count(*row[4:])
    return found


def _universe(con: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> shown.Universe:
    """Every group that a family must show or hide, with the service of each team."""
    teams = con.execute("select team, any_value(service) from grouped group by team order by team").fetchall()
    services = sorted({service for _, service in teams})
    people = con.execute("select distinct measure from grouped where is_person").fetchall()
    kinds: dict[str, list[str]] = {}
    for measure, kind in con.execute(
        "select distinct measure, category from grouped where category is not null order by all"
    ).fetchall():
        kinds.setdefault(measure, []).append(kind)
    return shown.Universe(
        groups={
            "team": tuple(team for team, _ in teams),
            "service": tuple(services),
            "age": AGE_BANDS,
            "ethnicity": ETHNIC_GROUPS,
            "sex": SEXES,
            "disability": DISABILITIES,
            "placement": PLACEMENTS,
        },
        service_of=dict(teams),
        of_people=frozenset(row[0] for row in people),
        categories={one.id: categories(one, kinds.get(one.id, ())) for one in catalogue.values() if one.category},
    )


def categories(one: Definition, found: Iterable[str]) -> tuple[str, ...]:
    """The categories of a measure: all of its code list in the list's order, else those there are; not known last."""
    listed = schema.codes(one.categories).values() if one.categories else sorted(found)
    return tuple(dict.fromkeys([*(kind for kind in listed if kind != NOT_KNOWN), NOT_KNOWN]))
