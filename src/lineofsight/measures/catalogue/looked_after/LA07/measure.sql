-- Looked-after children at the month end, and whether they live within 20 miles of home.
select
    care_now.as_at,
    care_now.person_id,
    care_now.care_id as event_id,
    care_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    care_now.miles <= 20 as met,
    care_now.miles as value,
    coalesce(care_now.miles || ' miles from home', 'how far from home is not recorded') as reason
from care_now
