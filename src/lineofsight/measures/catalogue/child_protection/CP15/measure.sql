-- Plans of this authority that ended in the month, and whether within three months of their start.
select
    month_spans.as_at,
    protection_plans.person_id,
    protection_plans.plan_id as event_id,
    protection_plans.anchor,
    null::text as team_id,
    null::text as worker_id,
    due_dates.due_on,
    protection_plans.open_until as done_on,
    due_dates.due_on >= protection_plans.open_until as met,
    (protection_plans.open_until - protection_plans.started_on)::double as value,
    'on a plan from ' || strftime(protection_plans.started_on, '%-d %B %Y') || ' to '
    || strftime(protection_plans.open_until, '%-d %B %Y') as reason
from protection_plans
inner join month_spans
    on month_spans.month_start = date_trunc('month', protection_plans.open_until)::date
    and month_spans.as_at >= protection_plans.open_until
inner join due_dates
    on due_dates.key = 'cp.short'
    and due_dates.started_on = protection_plans.started_on
where protection_plans.open_until >= protection_plans.started_on
