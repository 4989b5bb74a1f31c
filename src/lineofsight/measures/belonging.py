"""Whose each row is, and who the child is.

The child's key, and the team, service and worker who answer for it (DESIGN 5 C); and the groups that a child falls in,
as small numbers, by which the rows are counted.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from lineofsight.errors import PlainError
from lineofsight.measures.contract import ROW_COLUMNS
from lineofsight.measures.definitions import Definition

if TYPE_CHECKING:
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

# Everybody whom a row could be of, once for each time somebody else answers for them. A disability has no date: whoever
# has one recorded is disabled, whoever has it recorded that there is none is not, of the rest it is not known.
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
    dense_rank() over (order by everybody.person_id)::integer as person_number,
    coalesce(responsible.from_on, date '0001-01-01') as from_on,
    coalesce(responsible.until_on, date '9999-12-31') as until_on,
    child_keys.child_key,
    responsible.team_id,
    responsible.worker_id,
    people.born_on,
    (year(people.born_on) * 10000 + month(people.born_on) * 100 + day(people.born_on))::integer as born,
    (list_position($sexes, coalesce(people.sex, $not_known)) - 1)::utinyint as sex,
    (list_position($ethnic_groups, coalesce(people.ethnicity, $not_known)) - 1)::utinyint as ethnicity,
    (list_position($disabilities, coalesce(disabled.told, $not_known)) - 1)::utinyint as disability
from everybody
left join people on people.person_id = everybody.person_id
left join child_keys on child_keys.person_id = everybody.person_id
left join disabled on disabled.person_id = everybody.person_id
left join responsible on responsible.person_id = everybody.person_id
where everybody.person_id is not null
"""

_PLACED = """
create table placed_numbers as
with
numbered_people as (
    select distinct person_id, person_number from known_people
)

select
    numbered_people.person_number,
    numbered_months.month_number,
    (list_position($placements, placed_on.placement) - 1)::utinyint as placement
from placed_on
inner join numbered_people on numbered_people.person_id = placed_on.person_id
inner join numbered_months on numbered_months.as_at = placed_on.as_at
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

# A category in words: by its code list where the measure names one, else as its SQL gives it.
_TRIMMED = "nullif(trim(category), '')"
_CODE = "upper(trim(category))"

# One team has one service, so that a service's number is the sum of its teams'; an unlisted team has duty's. A team's
# work is another's from the day it was merged into it; what was counted before stays with the old one. Ages are in
# whole years at the row's date; 29 February turns on 1 March.
# Rows stand in one order however they were worked out; by numbers, for words are sorted many times slower.
_ROWS = """
with
measured as (
    {measured}
),

held as (
    select
        measured.* exclude (team_id, worker_id),
        numbered_months.month_number,
        coalesce(measured.team_id, known_people.team_id) as team_id,
        coalesce(measured.worker_id, known_people.worker_id) as worker_id,
        known_people.child_key,
        known_people.person_number,
        coalesce(known_people.sex, {not_known_sex}) as sex,
        coalesce(known_people.ethnicity, {not_known_ethnicity}) as ethnicity,
        coalesce(known_people.disability, {not_known_disability}) as disability,
        coalesce(placed_numbers.placement, elsewhere.placement) as placement,
        case
            when known_people.born_on is null then 6
            when known_people.born_on > measured.as_at then 0
            when numbered_months.on_day - known_people.born < 10000 then 1
            when numbered_months.on_day - known_people.born < 50000 then 2
            when numbered_months.on_day - known_people.born < 100000 then 3
            when numbered_months.on_day - known_people.born < 160000 then 4
            else 5
        end::utinyint as age
    from measured
    inner join numbered_months on numbered_months.as_at = measured.as_at
    cross join elsewhere
    left join known_people
        on known_people.person_id = measured.person_id
        and known_people.from_on <= measured.as_at
        and known_people.until_on > measured.as_at
    left join placed_numbers
        on placed_numbers.person_number = known_people.person_number
        and placed_numbers.month_number = numbered_months.month_number
),

placed as (
    select
        held.* exclude (team_id),
        coalesce(merged_teams.into_id, held.team_id) as team_id
    from held
    left join merged_teams
        on merged_teams.team_id = held.team_id
        and held.as_at between merged_teams.valid_from and merged_teams.valid_until
)

select
    placed.* exclude (person_number),
    case when placed.team_id is not null then coalesce(teams.service_id, duty.service_id) end as service_id,
    null::varchar as agency
from placed
left join teams on teams.team_id = placed.team_id
left join (select any_value(service_id) as service_id from duty_team) as duty on true
order by
    placed.measure_number,
    placed.month_number,
    placed.person_number,
    hash(placed.worker_id, placed.event_id, placed.anchor)
"""


def prepare(con: duckdb.DuckDBPyConnection, inputs: "Inputs", views: tuple[str, ...]) -> None:
    """Make what every row is filled in from; leave unsaid what a catalogue has no view of."""
    for name, columns in STANDING.items():
        if name not in views:
            con.execute(f"create table {name} ({columns})")
    groups = {"sexes": SEXES, "ethnic_groups": ETHNIC_GROUPS, "disabilities": DISABILITIES}
    con.execute(_PEOPLE, {"not_known": NOT_KNOWN, **{name: list(found) for name, found in groups.items()}})
    con.execute(_DATES)
    con.execute(_PLACED, {"placements": list(PLACEMENTS)})
    # without the table of placements nobody is known to be in none
    elsewhere = PLACEMENTS.index(NOT_PLACED if "ssd_cla_placement" in inputs.tables else NOT_KNOWN)
    con.execute("create table elsewhere as select ?::utinyint as placement", [elsewhere])


# A measure, and the columns that its rows have no values in.
Given = tuple[Definition, frozenset[str]]


def given(one: Definition) -> str:
    """The name of the table that holds what the SQL of `one` gave. Its id is letters, digits and hyphens."""
    return f'"given_{one.id}"'


def filled_in(con: duckdb.DuckDBPyConnection, held: Sequence[Given]) -> pa.Table:
    """The rows of the tables `given` of some measures, each with the columns it has no values in; drop the tables.

    Beside the columns of the contract stand `measure_number`, its place in `held`, `month_number`, and the numbers of
    the groups of the child. Raises PlainError where a shared view gives one child or one team twice on one date.
    """
    found = con.execute(
        _ROWS.format(
            measured=" union all ".join(_measured(number, one, empty) for number, (one, empty) in enumerate(held)),
            not_known_sex=SEXES.index(NOT_KNOWN),
            not_known_ethnicity=ETHNIC_GROUPS.index(NOT_KNOWN),
            not_known_disability=DISABILITIES.index(NOT_KNOWN),
        )
    ).to_arrow_table()
    counts = " + ".join(f"(select count(*) from {given(one)})" for one, _ in held)  # noqa: S608 (our own names)
    (before,) = con.execute(f"select {counts}").fetchone() or (0,)
    if before != found.num_rows:
        raise PlainError("The shared views give one child or one team twice on one date.")
    for one, _ in held:
        con.execute(f"drop table {given(one)}")
    return found


def _measured(number: int, one: Definition, empty: frozenset[str]) -> str:
    """The select of one measure's rows in the columns of the contract. The names and kinds are the contract's own."""
    columns = {name: f"null::{kind}" if name in empty else name for name, kind in ROW_COLUMNS.items()}
    source = given(one)
    if one.category is not None:
        columns["category"] = f"coalesce({'label' if one.categories else _TRIMMED}, '{NOT_KNOWN}')"
    if one.categories is not None:
        source += f" left join category_labels on code_list = '{one.categories}' and category_labels.given = {_CODE}"
    told = ", ".join(f"{what} as {name}" for name, what in columns.items())
    return f"select {number}::utinyint as measure_number, '{one.id}' as measure, {told} from {source}"  # noqa: S608
