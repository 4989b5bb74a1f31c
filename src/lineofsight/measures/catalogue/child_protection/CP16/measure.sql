-- Children on a plan at the month end by the latest category of abuse, in whichever words the case system keeps it.
with
categories as (
    select
        cppl_person_id as person_id,
        cppl_cp_plan_id as plan_id,
        upper(trim(cppl_cp_plan_latest_category)) as latest,
        upper(trim(cppl_cp_plan_initial_category)) as initial
    from ssd_cp_plans
)

select
    plans_open.as_at,
    plans_open.person_id,
    plans_open.plan_id as event_id,
    plans_open.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    null::double as value,
    'on a plan since ' || strftime(plans_open.started_on, '%-d %B %Y')
    || case
        when categories.latest <> categories.initial then '; the category has changed since it began'
        else ''
    end as reason,
    categories.latest as category
from plans_open
left join categories
    on categories.plan_id = plans_open.plan_id
    and categories.person_id = plans_open.person_id
