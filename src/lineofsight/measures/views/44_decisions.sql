-- When each contact or referral came in and was first decided on, one row a child and contact or referral; `open_until`
-- is the day its last task was finished.
select
    lower(trim(side_decision.deci_kind)) as kind,
    side_decision.deci_subject_id as subject_id,
    side_decision.deci_person_id as person_id,
    case
        when min(side_decision.deci_received_date) is not null
            then greatest(min(side_decision.deci_received_date), any_value(first_day.day))
    end as received_on,
    min(side_decision.deci_decided_date) as decided_on,
    max(coalesce(side_decision.deci_tasks_done_date, date '9999-12-31')) as open_until,
    lower(trim(side_decision.deci_kind)) || ' decided ' || min(side_decision.deci_decided_date)::text as anchor
from side_decision
cross join first_day
where side_decision.deci_subject_id is not null and side_decision.deci_person_id is not null
group by kind, side_decision.deci_subject_id, side_decision.deci_person_id
