-- Children on a plan or looked after who are missing now, or went missing as often as policy says within the days it
-- looks back. Away without authorisation, with somebody known, is not missing. One day's episode is told once.
with
held as (
    select as_at, person_id from plans_open
    union
    select as_at, person_id from care_open
),

episodes as (
    select distinct
        miss_person_id as person_id,
        miss_missing_episode_start_date as began_on,
        coalesce(miss_missing_episode_end_date, date '9999-12-31') as open_until
    from ssd_missing
    where
        miss_person_id is not null
        and miss_missing_episode_start_date is not null
        and coalesce(upper(trim(miss_missing_episode_type)), 'M') <> 'A'
),

counted as (
    select
        held.as_at,
        held.person_id,
        count(distinct episodes.began_on) filter (where window_ends.due_on >= held.as_at) as times,
        max(episodes.began_on) as last_on,
        max(episodes.began_on) filter (where episodes.open_until > held.as_at) as missing_since,
        max(window_ends.number) as days
    from held
    inner join episodes
        on episodes.person_id = held.person_id
        and episodes.began_on <= held.as_at
    inner join due_dates as window_ends
        on window_ends.key = 'ten.looks_back'
        and window_ends.started_on = episodes.began_on
    group by held.as_at, held.person_id
),

enough as (
    select
        number as times,
        valid_from,
        valid_until
    from timescales
    where key = 'ten.missing_times'
)

select
    counted.as_at,
    counted.person_id,
    null::text as event_id,
    'missing ' || counted.last_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    coalesce(counted.missing_since, counted.last_on) as done_on,
    true as met,
    counted.times::double as value,
    case
        when counted.missing_since is not null then
            'missing since ' || strftime(counted.missing_since, '%-d %B %Y')
            || case
                when counted.times > 1 then ', ' || counted.times || ' times in the last ' || counted.days || ' days'
                else ''
            end
        else
            'missing ' || counted.times || ' times in the last ' || counted.days || ' days, last on '
            || strftime(counted.last_on, '%-d %B %Y')
    end as reason
from counted
inner join enough on counted.as_at between enough.valid_from and enough.valid_until
where counted.missing_since is not null or counted.times >= enough.times
