-- Looked-after children at the month end, and whether they live in foster care (U1 to U6).
select
    care_now.as_at,
    care_now.person_id,
    care_now.care_id as event_id,
    care_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    care_now.placement_type in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6') as met,
    null::double as value,
    case
        when care_now.placement_type is null then 'where the child lives is not recorded'
        when care_now.placement_type in ('U1', 'U2', 'U3', 'U4', 'U5', 'U6') then 'lives in foster care'
        else 'lives elsewhere: placement ' || care_now.placement_type
    end as reason
from care_now
