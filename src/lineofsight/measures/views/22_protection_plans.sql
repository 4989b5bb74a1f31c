-- Child protection plans of this authority: another authority's plans are not ours to answer for.
-- Two rows for the same child and start are one plan; `open_until` is the first day it is not open.
select
    ssd_cp_plans.cppl_person_id as person_id,
    min(ssd_cp_plans.cppl_cp_plan_id) as plan_id,
    greatest(ssd_cp_plans.cppl_cp_plan_start_date, any_value(first_day.day)) as started_on,
    least(
        max(coalesce(ssd_cp_plans.cppl_cp_plan_end_date, date '9999-12-31')),
        coalesce(min(children.alive_until), date '9999-12-31')
    ) as open_until,
    'cp-plan ' || ssd_cp_plans.cppl_cp_plan_start_date::text as anchor
from ssd_cp_plans
cross join first_day
left join children on children.person_id = ssd_cp_plans.cppl_person_id
where
    ssd_cp_plans.cppl_person_id is not null
    and ssd_cp_plans.cppl_cp_plan_start_date is not null
    and coalesce(ssd_cp_plans.cppl_cp_plan_ola, 'N') <> 'Y'
group by ssd_cp_plans.cppl_person_id, ssd_cp_plans.cppl_cp_plan_start_date
