-- Children on a plan at the month end, and whether they are looked after too. A series of short breaks is no care.
select
    plans_open.as_at,
    plans_open.person_id,
    plans_open.plan_id as event_id,
    plans_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    care_open.person_id is not null as met,
    null::double as value,
    'on a plan since ' || strftime(plans_open.started_on, '%-d %B %Y')
    || coalesce(', and looked after since ' || strftime(care_open.started_on, '%-d %B %Y'), '') as reason
from plans_open
left join care_open
    on care_open.person_id = plans_open.person_id
    and care_open.as_at = plans_open.as_at
