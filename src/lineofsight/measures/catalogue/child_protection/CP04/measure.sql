-- Children on a plan at the month end, and whether they have been for two years or more: more than 729 days.
select
    plans_open.as_at,
    plans_open.person_id,
    plans_open.plan_id as event_id,
    plans_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    due_dates.due_on,
    null::date as done_on,
    due_dates.due_on < plans_open.as_at as met,
    (plans_open.as_at - plans_open.started_on)::double as value,
    'on a plan since ' || strftime(plans_open.started_on, '%-d %B %Y') || ', '
    || (plans_open.as_at - plans_open.started_on)::text
    || case (plans_open.as_at - plans_open.started_on) when 1 then ' day' else ' days' end as reason
from plans_open
inner join due_dates
    on due_dates.key = 'cp.long'
    and due_dates.started_on = plans_open.started_on
