-- Children with an open child in need plan at each month end, one row a child: the plan open longest. A child on a
-- child protection plan, or looked after, is visited and reviewed under that and is left out.
with
supported as (
    select
        month_spans.as_at,
        support_plans.person_id,
        arg_min(support_plans.plan_id, (support_plans.started_on, support_plans.plan_id)) as plan_id,
        min(support_plans.started_on) as started_on,
        arg_min(support_plans.anchor, (support_plans.started_on, support_plans.plan_id)) as anchor
    from support_plans
    inner join month_spans
        on support_plans.started_on <= month_spans.as_at
        and support_plans.open_until > month_spans.as_at
    group by month_spans.as_at, support_plans.person_id
)

select
    supported.as_at,
    supported.person_id,
    supported.plan_id,
    supported.started_on,
    supported.anchor
from supported
left join plans_open
    on plans_open.person_id = supported.person_id
    and plans_open.as_at = supported.as_at
left join care_open
    on care_open.person_id = supported.person_id
    and care_open.as_at = supported.as_at
where plans_open.person_id is null and care_open.person_id is null
