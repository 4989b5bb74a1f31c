-- Looked-after children at the month end, and whether they live in a children’s home or a secure home (K1 and K2).
select
    care_now.as_at,
    care_now.person_id,
    care_now.care_id as event_id,
    care_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    care_now.placement_type in ('K1', 'K2') as met,
    null::double as value,
    case
        when care_now.placement_type is null then 'where the child lives is not recorded'
        when care_now.placement_type in ('K1', 'K2') then 'lives in a children’s home or a secure home'
        else 'lives elsewhere: placement ' || care_now.placement_type
    end as reason
from care_now
