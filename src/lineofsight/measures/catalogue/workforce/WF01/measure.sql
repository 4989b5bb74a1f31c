-- Workers who hold children at the month end, how many, and their full-time equivalent: that of their posts, else
-- that of the list of workers. Where it is blank or nought, their children cannot be set against anything.
with
hours as (
    select
        caseloads.as_at,
        caseloads.worker_id,
        caseloads.team_id,
        caseloads.children,
        coalesce(caseloads.fte, ssd_professionals.prof_full_time_equivalency) as fte
    from caseloads
    left join ssd_professionals on ssd_professionals.prof_professional_id = caseloads.worker_id
)

select
    as_at,
    null::text as person_id,
    null::text as event_id,
    'worker ' || worker_id as anchor,
    team_id,
    worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    case when fte > 0 then children::double end as value,
    children::text || case when children = 1 then ' child' else ' children' end
    || case
        when fte > 0 then '; works ' || printf('%g', round(fte, 2)) || ' of full time'
        else '; how much of full time is not recorded'
    end as reason,
    case when fte > 0 then fte end as weight
from hours
