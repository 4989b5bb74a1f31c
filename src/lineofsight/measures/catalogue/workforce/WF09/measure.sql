-- Workers who hold children at the month end, and whether they are in the assessed and supported year. Of a worker
-- without a post on file that is not known.
with
posted as (
    select distinct
        month_spans.as_at,
        side_post.post_worker_id as worker_id
    from side_post
    inner join month_spans
        on coalesce(side_post.post_start_date, date '1900-01-01') <= month_spans.as_at
        and coalesce(side_post.post_end_date, date '9999-12-31') >= month_spans.as_at
    where side_post.post_worker_id is not null
),

holders as (
    select
        caseloads.as_at,
        caseloads.worker_id,
        caseloads.team_id,
        caseloads.children,
        case
            when posted.worker_id is not null
                then coalesce(year_end.due_on > caseloads.as_at, false)
        end as in_asye
    from caseloads
    left join posted
        on posted.worker_id = caseloads.worker_id
        and posted.as_at = caseloads.as_at
    left join due_dates as year_end
        on year_end.key = 'caseload.asye_year'
        and year_end.started_on = caseloads.asye_on
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
    in_asye as met,
    children::double as value,
    case
        when in_asye is null then 'no post of this worker is on file'
        when in_asye then 'in the assessed and supported year'
        else 'not in the assessed and supported year'
    end
    || '; ' || children::text || case when children = 1 then ' child' else ' children' end as reason
from holders
