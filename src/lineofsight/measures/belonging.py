"""Whose each row is: the child's key, and the team, service and worker who answer for it (DESIGN 5 C)."""

import duckdb

from lineofsight.errors import PlainError
from lineofsight.measures.contract import ROW_COLUMNS
from lineofsight.measures.counting import NOT_KNOWN
from lineofsight.measures.definitions import Definition

# The shared views that tell who answers for a child; a catalogue without them leaves that unsaid.
STANDING = {
    "responsible": "person_id varchar, as_at date, team_id varchar, service_id varchar, worker_id varchar",
    "teams": "team_id varchar, service_id varchar",
    "duty_team": "team_id varchar, service_id varchar",
    "placed_on": "as_at date, person_id varchar, placement varchar",
}

# A category in words: by its code list where the measure names one, else as its SQL gives it.
_TRIMMED = "nullif(trim(given.category), '')"
_CODE = "upper(trim(given.category))"

# One team has one service, so that a service's number is the sum of its teams'; an unlisted team has duty's.
_ROWS = """
create or replace temp table measure_rows as
with
measured as (
    select {columns}
    from {source}
),

held as (
    select
        measured.* exclude (team_id, worker_id),
        coalesce(measured.team_id, responsible.team_id) as team_id,
        coalesce(measured.worker_id, responsible.worker_id) as worker_id
    from measured
    left join responsible
        on responsible.person_id = measured.person_id
        and responsible.as_at = measured.as_at
),

-- a team's work is another's from the day it was merged into it; what was counted before stays with the old one
placed as (
    select
        held.* exclude (team_id),
        coalesce(merged_teams.into_id, held.team_id) as team_id
    from held
    left join merged_teams
        on merged_teams.team_id = held.team_id
        and held.as_at between merged_teams.valid_from and merged_teams.valid_until
),

duty as (
    select any_value(service_id) as service_id
    from duty_team
)

select
    '{measure}' as measure,
    placed.as_at,
    child_keys.child_key,
    placed.person_id,
    placed.event_id,
    placed.anchor,
    placed.team_id,
    case when placed.team_id is not null then coalesce(teams.service_id, duty.service_id) end as service_id,
    placed.worker_id,
    null::varchar as agency,
    placed.due_on,
    placed.done_on,
    placed.met,
    placed.value,
    placed.reason,
    placed.category,
    placed.weight
from placed
left join child_keys on child_keys.person_id = placed.person_id
left join teams on teams.team_id = placed.team_id
left join duty on true
order by placed.as_at, placed.person_id, placed.worker_id, placed.event_id, placed.anchor
"""


def prepare(con: duckdb.DuckDBPyConnection, views: tuple[str, ...]) -> None:
    """Leave unsaid what a catalogue has no view of."""
    for name, columns in STANDING.items():
        if name not in views:
            con.execute(f"create table {name} ({columns})")


def fill_in(con: duckdb.DuckDBPyConnection, one: Definition, empty: frozenset[str]) -> None:
    """Make `measure_rows` of the table `given`, the rows of `one`; `empty` are the columns that it has no values in.

    Raises PlainError where a shared view gives one child or one team twice on one date.
    """
    columns = {name: f"null::{kind}" if name in empty else name for name, kind in ROW_COLUMNS.items()}
    source = "given"
    if one.category is not None:
        columns["category"] = f"coalesce({'label' if one.categories else _TRIMMED}, '{NOT_KNOWN}')"
    if one.categories is not None:
        source += f" left join category_labels on code_list = '{one.categories}' and category_labels.given = {_CODE}"
    chosen = ", ".join(f"{what} as {name}" for name, what in columns.items())
    # the id is letters and digits (definitions), the names and kinds are the contract's, the list one that is known
    con.execute(_ROWS.format(columns=chosen, source=source, measure=one.id))
    before, after = con.execute("select (select count(*) from given), (select count(*) from measure_rows)").fetchone()
    if before != after:
        raise PlainError("The shared views give one child or one team twice on one date.")
