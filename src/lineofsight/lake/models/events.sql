-- One chronology: a row for every dated thing that any table says of the children in `asked`.
with happenings as (
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_front_door
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_assessment
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_protection
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_care
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_permanence
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_health
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_life
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_work
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_side
    union all
    select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
    from events_edges
)

select
    happenings.child_key,
    happenings."on",
    happenings.kind::event_kind as kind,
    happenings.title,
    happenings.detail,
    happenings.ended_on,
    happenings.team_id,
    coalesce(teams.team_name, happenings.team_id) as team_name,
    happenings.worker_id,
    workers.worker_name,
    happenings.source_table::source_table as source_table,
    happenings.source_id
from happenings
left join teams on teams.team_id = happenings.team_id
left join workers on workers.worker_id = happenings.worker_id
where happenings."on" is not null
-- kinds stand in the order of the child's journey
order by happenings.child_key, happenings."on", kind, happenings.source_id
