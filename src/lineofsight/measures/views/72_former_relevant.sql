-- Young people whom the return on care leavers counts: former relevant children who have not gone home to live with a
-- parent. Where that, or how old they are, is not recorded, `doubt` says so, and nothing of them can be told.
select
    leavers_now.as_at,
    leavers_now.person_id,
    leavers_now.row_id,
    leavers_now.anchor,
    leavers_now.born_on,
    leavers_now.age,
    coalesce(leavers_now.in_touch, '') as in_touch,
    leavers_now.accommodation,
    leavers_now.suitable,
    leavers_now.activity,
    leavers_now.contact_on,
    leavers_now.team_id,
    leavers_now.worker_id,
    case
        when leavers_now.eligibility is null then 'whether a former relevant child is not recorded'
        when leavers_now.age is null then 'no date of birth is recorded'
    end as doubt
from leavers_now
where
    coalesce(leavers_now.eligibility, 'former relevant') = 'former relevant'
    and coalesce(leavers_now.in_touch, '') <> 'RHOM'
