-- Children with an open plan at each month end, one row a child: the plan that has been open longest.
select
    month_spans.as_at,
    protection_plans.person_id,
    arg_min(protection_plans.plan_id, (protection_plans.started_on, protection_plans.plan_id)) as plan_id,
    min(protection_plans.started_on) as started_on,
    arg_min(protection_plans.anchor, (protection_plans.started_on, protection_plans.plan_id)) as anchor
from protection_plans
inner join month_spans
    on protection_plans.started_on <= month_spans.as_at
    and protection_plans.open_until > month_spans.as_at
group by month_spans.as_at, protection_plans.person_id
