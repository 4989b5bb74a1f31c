-- For each child protection plan, the newest plan of the child that had ended by the day it began, however long ago;
-- another authority's plan is one too, unless it went on until the day this one took it over. Two rows for one start are
-- one plan, which ends when the last of them does.
with
ended as (
    select
        cppl_person_id as person_id,
        cppl_cp_plan_start_date as started_on,
        max(coalesce(cppl_cp_plan_end_date, date '9999-12-31')) as ended_on,
        coalesce(cppl_cp_plan_ola, 'N') = 'Y' as elsewhere
    from ssd_cp_plans
    where
        cppl_person_id is not null
        and cppl_cp_plan_start_date is not null
    group by cppl_person_id, cppl_cp_plan_start_date, coalesce(cppl_cp_plan_ola, 'N') = 'Y'
    having max(coalesce(cppl_cp_plan_end_date, date '9999-12-31')) < date '9999-12-31'
)

select
    protection_plans.person_id,
    protection_plans.started_on,
    max(ended.ended_on) as ended_on,
    count(distinct ended.started_on) as plans
from protection_plans
inner join ended
    on ended.person_id = protection_plans.person_id
    and ended.started_on < protection_plans.started_on
    and ended.ended_on + ended.elsewhere::integer <= protection_plans.started_on
group by protection_plans.person_id, protection_plans.started_on
