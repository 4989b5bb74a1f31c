-- Children on a plan at the month end, and whether they have gone missing within the year before. Being away without
-- authorisation is not going missing; where the kind is not recorded, it is read as missing.
with
went_missing as (
    select
        ssd_missing.miss_person_id as person_id,
        ssd_missing.miss_missing_episode_start_date as missing_on,
        due_dates.due_on as counts_until
    from ssd_missing
    inner join due_dates
        on due_dates.key = 'cp.missing'
        and due_dates.started_on = ssd_missing.miss_missing_episode_start_date
    where
        ssd_missing.miss_person_id is not null
        and coalesce(upper(trim(ssd_missing.miss_missing_episode_type)), 'M') <> 'A'
),

counted as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        count(went_missing.missing_on) as times,
        max(went_missing.missing_on) as last_on
    from plans_open
    left join went_missing
        on went_missing.person_id = plans_open.person_id
        and went_missing.missing_on <= plans_open.as_at
        and went_missing.counts_until > plans_open.as_at
    group by plans_open.as_at, plans_open.person_id, plans_open.plan_id, plans_open.anchor
)

select
    as_at,
    person_id,
    plan_id as event_id,
    anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    last_on is not null as met,
    times::double as value,
    case
        when last_on is null then 'not recorded as missing within the year'
        else 'times missing within the year: ' || times::text || ', last on ' || strftime(last_on, '%-d %B %Y')
    end as reason
from counted
