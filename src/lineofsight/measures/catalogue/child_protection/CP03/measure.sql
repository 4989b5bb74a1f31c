-- Child protection plans of this authority that began in the month, and whether another of the child's had ended within
-- the two years before. Each plan is counted.
select
    month_spans.as_at,
    protection_plans.person_id,
    protection_plans.plan_id as event_id,
    protection_plans.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    protection_plans.started_on as done_on,
    coalesce(within.due_on >= protection_plans.started_on, false) as met,
    (protection_plans.started_on - earlier_plans.ended_on)::double as value,
    'plan begun ' || strftime(protection_plans.started_on, '%-d %B %Y')
    || coalesce('; the one before it ended ' || strftime(earlier_plans.ended_on, '%-d %B %Y'), '; none before it is recorded here')
        as reason
from protection_plans
inner join month_spans
    on month_spans.month_start = date_trunc('month', protection_plans.started_on)::date
    and month_spans.as_at >= protection_plans.started_on
left join earlier_plans
    on earlier_plans.person_id = protection_plans.person_id
    and earlier_plans.started_on = protection_plans.started_on
left join due_dates as within
    on within.key = 'cp.second_plan'
    and within.started_on = earlier_plans.ended_on
