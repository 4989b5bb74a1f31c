-- Times in the month that a child began to be looked after: one row a spell of care, short breaks left out.
select
    month_spans.as_at,
    care_spells.person_id,
    care_spells.care_id as event_id,
    care_spells.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    care_spells.started_on as done_on,
    true as met,
    null::double as value,
    'began to be looked after ' || strftime(care_spells.started_on, '%-d %B %Y') as reason
from care_spells
inner join month_spans
    on month_spans.month_start = date_trunc('month', care_spells.started_on)::date
    and month_spans.as_at >= care_spells.started_on
