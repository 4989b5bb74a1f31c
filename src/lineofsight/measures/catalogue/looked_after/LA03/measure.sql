-- Times in the month that a child ceased to be looked after: one row a spell of care that ended, with how it ended.
select
    month_spans.as_at,
    care_spells.person_id,
    care_spells.care_id as event_id,
    care_spells.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    care_spells.open_until as done_on,
    true as met,
    (care_spells.open_until - care_spells.started_on)::double as value,
    'looked after from ' || strftime(care_spells.started_on, '%-d %B %Y') || ' to '
    || strftime(care_spells.open_until, '%-d %B %Y') as reason,
    care_spells.end_reason as category
from care_spells
inner join month_spans
    on month_spans.month_start = date_trunc('month', care_spells.open_until)::date
    and month_spans.as_at >= care_spells.open_until
