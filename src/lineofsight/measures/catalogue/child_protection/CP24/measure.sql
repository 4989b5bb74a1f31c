-- Children on a plan whom no social worker holds at the month end, and the working days they have waited for one.
select
    protection_waits.as_at,
    protection_waits.person_id,
    protection_waits.plan_id as event_id,
    protection_waits.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    false as met,
    (today.working_number - beginning.working_number)::double as value,
    protection_waits.reason || ', since ' || strftime(protection_waits.waiting_since, '%-d %B %Y') as reason
from protection_waits
inner join calendar as today on today.day = protection_waits.as_at
inner join calendar as beginning on beginning.day = protection_waits.waiting_since
where protection_waits.tier in ('nobody', 'stand_in', 'unregistered')
