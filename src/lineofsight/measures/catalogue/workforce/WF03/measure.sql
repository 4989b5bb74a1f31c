-- Social workers in post at the month end by full-time equivalent, and whether they are from an agency: out of
-- those from an agency and those employed together. Whose flag is blank is not known, and in neither.
select
    as_at,
    null::text as person_id,
    null::text as event_id,
    'worker ' || worker_id as anchor,
    team_id,
    worker_id,
    null::date as due_on,
    null::date as done_on,
    case agency when 'Y' then false when 'N' then true end as met,
    case agency when 'Y' then fte * 100 when 'N' then fte * 0 end as value,
    case agency when 'Y' then 'from an agency' when 'N' then 'employed' else 'agency or employed is not recorded' end
    || case
        when fte is null then '; how much of full time is not recorded'
        when fte < 1 then '; works ' || printf('%g', round(fte, 2)) || ' of full time'
        else ''
    end as reason,
    case when agency is not null then fte end as weight
from social_workers
