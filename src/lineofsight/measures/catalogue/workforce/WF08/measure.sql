-- Workers who hold children at the month end, and whether they hold more than the limit: a lower limit in the
-- assessed and supported year.
with
limits as (
    select
        caseloads.as_at,
        caseloads.worker_id,
        caseloads.team_id,
        caseloads.children,
        caseloads.fte,
        coalesce(year_end.due_on > caseloads.as_at, false) as in_asye
    from caseloads
    left join due_dates as year_end
        on year_end.key = 'caseload.asye_year'
        and year_end.started_on = caseloads.asye_on
)

select
    limits.as_at,
    null::text as person_id,
    null::text as event_id,
    'worker ' || limits.worker_id as anchor,
    limits.team_id,
    limits.worker_id,
    null::date as due_on,
    null::date as done_on,
    limits.children <= timescales.number as met,
    limits.children::double as value,
    limits.children::text || case when limits.children = 1 then ' child' else ' children' end
    || '; the limit is ' || timescales.number::integer::text
    || case when limits.in_asye then ' in the assessed and supported year' else '' end
    || case
        when limits.fte < 1 then '; works ' || printf('%g', round(limits.fte, 2)) || ' of full time'
        else ''
    end as reason
from limits
inner join timescales
    on timescales.key = case when limits.in_asye then 'caseload.asye_limit' else 'caseload.limit' end
    and limits.as_at between timescales.valid_from and timescales.valid_until
