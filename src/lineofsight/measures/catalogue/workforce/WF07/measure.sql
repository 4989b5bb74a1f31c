-- Social workers in post at the month end, and whether they hold a child: by heads, each worker once.
select
    social_workers.as_at,
    null::text as person_id,
    null::text as event_id,
    'worker ' || social_workers.worker_id as anchor,
    social_workers.team_id,
    social_workers.worker_id,
    null::date as due_on,
    null::date as done_on,
    caseloads.worker_id is not null as met,
    caseloads.children::double as value,
    case
        when caseloads.worker_id is null then 'holds no child'
        when caseloads.children = 1 then 'holds 1 child'
        else 'holds ' || caseloads.children::text || ' children'
    end as reason
from social_workers
left join caseloads
    on caseloads.worker_id = social_workers.worker_id
    and caseloads.as_at = social_workers.as_at
