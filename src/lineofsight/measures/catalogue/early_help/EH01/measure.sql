-- Children with an open early help episode at the month end: one row a child.
select
    early_help_open.as_at,
    early_help_open.person_id,
    early_help_open.episode_id as event_id,
    early_help_open.anchor,
    null::text as team_id,
    early_help_open.worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    null::double as value,
    'early help since ' || strftime(early_help_open.started_on, '%-d %B %Y') as reason
from early_help_open
