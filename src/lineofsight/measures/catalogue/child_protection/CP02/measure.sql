-- Child protection plans of this authority that began in the month, and whether the child had been on one before, however
-- long ago. Each plan is counted, so that a child may be there twice.
select
    month_spans.as_at,
    protection_plans.person_id,
    protection_plans.plan_id as event_id,
    protection_plans.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    protection_plans.started_on as done_on,
    earlier_plans.person_id is not null as met,
    null::double as value,
    'plan begun ' || strftime(protection_plans.started_on, '%-d %B %Y')
    || case
        when earlier_plans.person_id is null then '; none before it is recorded here'
        else
            '; plans before it: ' || earlier_plans.plans::text || ', the last ended '
            || strftime(earlier_plans.ended_on, '%-d %B %Y')
    end as reason
from protection_plans
inner join month_spans
    on month_spans.month_start = date_trunc('month', protection_plans.started_on)::date
    and month_spans.as_at >= protection_plans.started_on
left join earlier_plans
    on earlier_plans.person_id = protection_plans.person_id
    and earlier_plans.started_on = protection_plans.started_on
