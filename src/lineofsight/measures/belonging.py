"""Whose each row is, and who the child is.

The child's key, and the team, service and worker who answer for it (DESIGN 5 C); and the groups that a child falls in,
as small numbers, by which the rows are counted. What is so of a child in a month is worked out once, and then looked
up by the number of the child and of the month: joined to millions of rows, it would take several times as long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from lineofsight.errors import PlainError
from lineofsight.measures.contract import ROW_COLUMNS, ROWS_SCHEMA
from lineofsight.measures.definitions import Definition

if TYPE_CHECKING:
    import duckdb

    from lineofsight.measures.engine import Inputs

NOT_KNOWN = "Not known"
NOT_PLACED = "Not in a placement"
SEXES = ("Female", "Male", NOT_KNOWN)
DISABILITIES = ("Disabled", "Not disabled", NOT_KNOWN)
ETHNIC_GROUPS = ("White", "Mixed", "Asian", "Black", "Other", NOT_KNOWN)
AGE_BANDS = ("Unborn", "Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over", NOT_KNOWN)
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

# The shared views that tell who answers for a child, from a month end on until another, and where it is placed at each;
# a catalogue without them leaves that unsaid.
STANDING = {
    "responsible": (
        "person_id varchar, from_on date, until_on date, team_id varchar, service_id varchar, worker_id varchar"
    ),
    "teams": "team_id varchar, service_id varchar",
    "duty_team": "team_id varchar, service_id varchar",
    "placed_on": "as_at date, person_id varchar, placement varchar",
}

# Everybody whom a row could be of, with a number from nought. A disability has no date: whoever has one recorded is
# disabled, whoever has it recorded that there is none is not, of the rest it is not known.
_PEOPLE = """
create table known_people as
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
    select
        disa_person_id as person_id,
        case when bool_or(upper(trim(disa_disability_code)) <> 'NONE') then 'Disabled' else 'Not disabled' end as told
    from ssd_disability
    where disa_disability_code is not null
    group by disa_person_id
),

everybody as (
    select person_id from people
    union
    select person_id from child_keys
    union
    select person_id from responsible
    union
    select person_id from placed_on
)

select
    everybody.person_id,
    (row_number() over (order by everybody.person_id) - 1)::integer as person_number,
    child_keys.child_key,
    (year(people.born_on) * 10000 + month(people.born_on) * 100 + day(people.born_on))::integer as born,
    (list_position($sexes, coalesce(people.sex, $not_known)) - 1)::utinyint as sex,
    (list_position($ethnic_groups, coalesce(people.ethnicity, $not_known)) - 1)::utinyint as ethnicity,
    (list_position($disabilities, coalesce(disabled.told, $not_known)) - 1)::utinyint as disability
from everybody
left join people on people.person_id = everybody.person_id
left join child_keys on child_keys.person_id = everybody.person_id
left join disabled on disabled.person_id = everybody.person_id
where everybody.person_id is not null
"""

# Each date with its own number, and as a number to tell ages by.
_DATES = """
create table numbered_months as
select
    as_at,
    (row_number() over (order by as_at) - 1)::utinyint as month_number,
    (year(as_at) * 10000 + month(as_at) * 100 + day(as_at))::integer as on_day
from months
"""

# One team has one service; a team that is not listed has that of the duty team.
_TEAMS = """
create table team_numbers as
with
named as (
    select team_id from responsible
    union
    select team_id from teams
    union
    select into_id from merged_teams
)

select
    named.team_id as name,
    coalesce(teams.service_id, $unlisted) as service_id,
    (row_number() over (order by named.team_id) - 1)::integer as number
from named
left join teams on teams.team_id = named.team_id
where named.team_id is not null
"""

_WORKERS = """
create table worker_numbers as
select
    worker_id as name,
    (row_number() over (order by worker_id) - 1)::integer as number
from (select distinct worker_id from responsible where worker_id is not null) as workers
"""

# Ages are in whole years at the month's date; 29 February turns on 1 March.
_STANDING = """
with
held as (
    select
        responsible.person_id,
        responsible.from_on,
        responsible.until_on,
        team_numbers.number as team,
        worker_numbers.number as worker
    from responsible
    left join team_numbers on team_numbers.name = responsible.team_id
    left join worker_numbers on worker_numbers.name = responsible.worker_id
)

select
    held.team,
    held.worker,
    coalesce(list_position($placements, placed_on.placement) - 1, $elsewhere)::utinyint as placement,
    case
        when known_people.born is null then 6
        when known_people.born > numbered_months.on_day then 0
        when numbered_months.on_day - known_people.born < 10000 then 1
        when numbered_months.on_day - known_people.born < 50000 then 2
        when numbered_months.on_day - known_people.born < 100000 then 3
        when numbered_months.on_day - known_people.born < 160000 then 4
        else 5
    end::utinyint as age
from known_people
cross join numbered_months
left join held
    on held.person_id = known_people.person_id
    and held.from_on <= numbered_months.as_at
    and held.until_on > numbered_months.as_at
left join placed_on
    on placed_on.person_id = known_people.person_id
    and placed_on.as_at = numbered_months.as_at
order by known_people.person_number, numbered_months.month_number
"""

# A category in words: by its code list where the measure names one, else as its SQL gives it.
_TRIMMED = "nullif(trim(category), '')"
_CODE = "upper(trim(category))"

# Rows stand in one order however they were worked out; by numbers, for words are sorted many times slower.
_ROWS = """
with
measured as (
    {measured}
)

select
    measured.*,
    known_people.person_number
from measured
left join known_people on known_people.person_id = measured.person_id
order by
    measured.measure_number,
    measured.as_at,
    known_people.person_number,
    hash(measured.worker_id, measured.event_id, measured.anchor)
"""


# The columns of a table by name, each in one piece, so that what is looked up in one is never copied together anew.
Columns = Mapping[str, pa.Array]


@dataclass(frozen=True)
class Merge:
    """A team whose work is another's, by its number, from one day until another."""

    team: str
    into: int
    from_on: date
    until_on: date


@dataclass(frozen=True)
class Known:
    """What every row is filled in from.

    `people` has a row a person, in the order of their numbers: `child_key`, `sex`, `ethnicity`, `disability`.
    `standing` has a row a person and month, those of one person together: `team` and `worker` by the numbers of
    `teams` and `workers`, `placement`, `age`. `services` are those of `teams`, `unlisted` that of any other team.
    `months` gives a month its number by the days since the first.
    """

    people: Columns
    standing: Columns
    teams: pa.Array
    services: pa.Array
    unlisted: str | None
    workers: pa.Array
    merges: tuple[Merge, ...]
    months: pa.Array
    first: date
    count: int
    elsewhere: int


def prepare(con: duckdb.DuckDBPyConnection, inputs: Inputs, views: tuple[str, ...]) -> Known:
    """Make what every row is filled in from; leave unsaid what a catalogue has no view of.

    Raises PlainError where a shared view gives one child or one team twice on one date.
    """
    for name, columns in STANDING.items():
        if name not in views:
            con.execute(f"create table {name} ({columns})")
    groups = {"sexes": SEXES, "ethnic_groups": ETHNIC_GROUPS, "disabilities": DISABILITIES}
    con.execute(_PEOPLE, {"not_known": NOT_KNOWN, **{name: list(found) for name, found in groups.items()}})
    con.execute(_DATES)
    # without the table of placements nobody is known to be in none
    elsewhere = PLACEMENTS.index(NOT_PLACED if "ssd_cla_placement" in inputs.tables else NOT_KNOWN)
    (unlisted,) = con.execute("select any_value(service_id) from duty_team").fetchone() or (None,)
    con.execute(_TEAMS, {"unlisted": unlisted})
    con.execute(_WORKERS)
    people = _read(con, "select child_key, sex, ethnicity, disability from known_people order by person_number")
    standing = _read(con, _STANDING, {"placements": list(PLACEMENTS), "elsewhere": elsewhere})
    teams = _read(con, "select name, service_id from team_numbers order by number")
    twice = len(teams["name"].unique()) < len(teams["name"])
    if twice or len(standing["age"]) != len(people["sex"]) * len(inputs.months):
        raise PlainError("The shared views give one child or one team twice on one date.")
    first = inputs.months[0]
    return Known(
        people=people,
        standing=standing,
        teams=teams["name"],
        services=teams["service_id"],
        unlisted=unlisted,
        workers=_read(con, "select name from worker_numbers order by number")["name"],
        merges=_merges(con, teams["name"]),
        months=_by_day(inputs.months),
        first=first,
        count=len(inputs.months),
        elsewhere=elsewhere,
    )


def _read(con: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None) -> Columns:
    found = con.execute(sql, parameters).to_arrow_table()
    return {name: found[name].combine_chunks() for name in found.column_names}


def _by_day(months: Sequence[date]) -> pa.Array:
    """The numbers of the months by the days since the first; nothing on a day between."""
    days = [(one - months[0]).days for one in months]
    numbers: list[int | None] = [None] * (days[-1] + 1)
    for number, day in enumerate(days):
        numbers[day] = number
    return pa.array(numbers, pa.uint8())


def _merges(con: duckdb.DuckDBPyConnection, teams: pa.Array) -> tuple[Merge, ...]:
    known = {name: number for number, name in enumerate(teams.to_pylist())}
    told = con.execute(
        "select team_id, into_id, valid_from, valid_until from merged_teams where valid_until is not null order by all"
    ).fetchall()
    return tuple(Merge(team, known[into], from_on, until_on) for team, into, from_on, until_on in told)


# A measure, and the columns that its rows have no values in.
Given = tuple[Definition, frozenset[str]]


def given(one: Definition) -> str:
    """The name of the table that holds what the SQL of `one` gave. Its id is letters, digits and hyphens."""
    return f'"given_{one.id}"'


@dataclass(frozen=True)
class Filled:
    """The rows of some measures, with what is known of each child.

    Beside the columns of the contract stand in `rows` `measure_number`, the measure's place among them, `month_number`,
    `team_number`, and the numbers of the groups of the child; `teams` has `team_number`, `team`, `service`.
    """

    rows: pa.Table
    teams: pa.Table


def filled_in(con: duckdb.DuckDBPyConnection, known: Known, held: Sequence[Given]) -> Filled:
    """The rows of the tables `given` of some measures, each with the columns it has no values in; drop the tables."""
    every = " union all ".join(_measured(number, one, empty) for number, (one, empty) in enumerate(held))
    found = _read(con, _ROWS.format(measured=every))
    for one, _ in held:
        con.execute(f"drop table {given(one)}")
    return _told(found, known, pa.array([one.id for one, _ in held], pa.string()))


def _measured(number: int, one: Definition, empty: frozenset[str]) -> str:
    """The select of one measure's rows in the columns of the contract. The names and kinds are the contract's own."""
    columns = {name: f"null::{kind}" if name in empty else name for name, kind in ROW_COLUMNS.items()}
    source = given(one)
    if one.category is not None:
        columns["category"] = f"coalesce({'label' if one.categories else _TRIMMED}, '{NOT_KNOWN}')"
    if one.categories is not None:
        source += f" left join category_labels on code_list = '{one.categories}' and category_labels.given = {_CODE}"
    told = ", ".join(f"{what} as {name}" for name, what in columns.items())
    return f"select {number}::utinyint as measure_number, {told} from {source}"  # noqa: S608


def _told(found: Columns, known: Known, ids: pa.Array) -> Filled:
    """The rows with what is known of each child in each month, looked up by number."""
    person = found["person_number"]
    month = known.months.take(pc.subtract(found["as_at"].cast(pa.int32()), _days(known.first)))
    at = pc.add(pc.multiply(person, pa.scalar(known.count, pa.int32())), month.cast(pa.int32()))
    team, teams = _numbered(found["team_id"], known.teams, known.standing["team"].take(at))
    team = _merged(team, teams, found["as_at"], known.merges)
    worker, workers = _numbered(found["worker_id"], known.workers, known.standing["worker"].take(at))
    more = pa.array([known.unlisted] * (len(teams) - len(known.teams)), pa.string())
    services = pa.concat_arrays([known.services, more])
    filled = {
        "measure": ids.take(found["measure_number"]),
        "child_key": known.people["child_key"].take(person),
        "team_id": teams.take(team),
        "service_id": services.take(team),
        "worker_id": workers.take(worker),
        "agency": pa.nulls(len(person), pa.string()),
        "measure_number": found["measure_number"],
        "team_number": team,
        "month_number": month,
        "age": _looked_up(known.standing, "age", at, AGE_BANDS.index(NOT_KNOWN)),
        "placement": _looked_up(known.standing, "placement", at, known.elsewhere),
        "sex": _looked_up(known.people, "sex", person, SEXES.index(NOT_KNOWN)),
        "ethnicity": _looked_up(known.people, "ethnicity", person, ETHNIC_GROUPS.index(NOT_KNOWN)),
        "disability": _looked_up(known.people, "disability", person, DISABILITIES.index(NOT_KNOWN)),
    }
    as_given = {name: found[name] for name in ROWS_SCHEMA.names if name not in filled}
    numbers = pa.array(range(len(teams)), pa.int32())
    return Filled(pa.table(as_given | filled), pa.table({"team_number": numbers, "team": teams, "service": services}))


def _days(day: date) -> pa.Scalar:
    return pa.scalar(day, pa.date32()).cast(pa.int32())


def _looked_up(table: Columns, name: str, at: pa.Array, otherwise: int) -> pa.Array:
    return table[name].take(at).fill_null(otherwise)


def _numbered(told: pa.Array, names: pa.Array, otherwise: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The number of whom each row tells, else of whom it would be `otherwise`; and whom the numbers stand for: `names`,
    and after them those who are told and not among them."""
    if told.null_count == len(told):
        return otherwise, names
    words = told.dictionary_encode()
    strange = words.dictionary.filter(pc.invert(pc.is_in(words.dictionary, value_set=names)))
    names = pa.concat_arrays([names, strange])
    return pc.coalesce(pc.index_in(words.dictionary, value_set=names).take(words.indices), otherwise), names


def _merged(team: pa.Array, teams: pa.Array, as_at: pa.Array, merges: Sequence[Merge]) -> pa.Array:
    """The teams with the work of each merged one given to the other from that day on; what was counted before stays."""
    found = team
    for one in merges:
        within = pc.and_(pc.greater_equal(as_at, one.from_on), pc.less_equal(as_at, one.until_on))
        its = pc.equal(team, pc.index(teams, one.team).cast(pa.int32()))
        found = pc.if_else(pc.and_(its, within), pa.scalar(one.into, pa.int32()), found)
    return found
