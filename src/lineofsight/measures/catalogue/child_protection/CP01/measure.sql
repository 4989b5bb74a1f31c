-- Children with an open child protection plan of this authority at the month end: one row a child.
select
    plans_open.as_at,
    plans_open.person_id,
    plans_open.plan_id as event_id,
    plans_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    null::double as value,
    'on a plan since ' || strftime(plans_open.started_on, '%-d %B %Y') as reason
from plans_open
