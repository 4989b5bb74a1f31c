-- Child in need plans: two rows for the same child and start are one plan. `open_until` is the first day it is not open.
select
    ssd_cin_plans.cinp_person_id as person_id,
    min(ssd_cin_plans.cinp_cin_plan_id) as plan_id,
    min(ssd_cin_plans.cinp_referral_id) as referral_id,
    greatest(ssd_cin_plans.cinp_cin_plan_start_date, any_value(first_day.day)) as started_on,
    least(
        max(coalesce(ssd_cin_plans.cinp_cin_plan_end_date, date '9999-12-31')),
        coalesce(min(children.alive_until), date '9999-12-31')
    ) as open_until,
    'cin-plan ' || ssd_cin_plans.cinp_cin_plan_start_date::text as anchor
from ssd_cin_plans
cross join first_day
left join children on children.person_id = ssd_cin_plans.cinp_person_id
where ssd_cin_plans.cinp_person_id is not null and ssd_cin_plans.cinp_cin_plan_start_date is not null
group by ssd_cin_plans.cinp_person_id, ssd_cin_plans.cinp_cin_plan_start_date
