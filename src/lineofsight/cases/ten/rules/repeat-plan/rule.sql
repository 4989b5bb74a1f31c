-- Children whose open plan is not their first with this authority: an earlier one began, and ended by the day it began.
with
earlier as (
    select
        plans_open.as_at,
        plans_open.person_id,
        any_value(plans_open.plan_id) as plan_id,
        any_value(plans_open.anchor) as anchor,
        any_value(plans_open.started_on) as started_on,
        count(*) as plans,
        max(protection_plans.open_until) as ended_on
    from plans_open
    inner join protection_plans
        on protection_plans.person_id = plans_open.person_id
        and protection_plans.started_on < plans_open.started_on
        and protection_plans.open_until <= plans_open.started_on
    group by plans_open.as_at, plans_open.person_id
)

select
    as_at,
    person_id,
    plan_id as event_id,
    anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    started_on as done_on,
    true as met,
    (plans + 1)::double as value,
    case plans when 1 then 'on a second plan' when 2 then 'on a third plan' else 'on plan number ' || plans + 1 end
    || ' since ' || strftime(started_on, '%-d %B %Y') || '; the one before ended ' || strftime(ended_on, '%-d %B %Y')
        as reason
from earlier
