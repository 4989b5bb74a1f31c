-- Children with an open episode of need at the month end: one row a child.
select
    needs_open.as_at,
    needs_open.person_id,
    needs_open.referral_id as event_id,
    needs_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    null::double as value,
    'in need since ' || strftime(needs_open.started_on, '%-d %B %Y') as reason
from needs_open
