
select
    as_at,
    person_id,
    plan_id as event_id,
    anchor,
    null::text as team_id,
    null::text as worker_id,
    due_on,
    null::date as done_on,
    met,
    days as value,
    reason
from visits_owed
where key = 'cp.visit'
