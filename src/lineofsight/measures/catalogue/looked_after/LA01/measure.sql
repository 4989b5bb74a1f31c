-- Children looked after at the month end, short breaks in a series left out: one row a child.
select
    care_open.as_at,
    care_open.person_id,
    care_open.care_id as event_id,
    care_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    null::double as value,
    'looked after since ' || strftime(care_open.started_on, '%-d %B %Y') as reason
from care_open
