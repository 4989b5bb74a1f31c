-- Times of being looked after that count: periods of care without a series of short breaks (V3, V4) at their
-- beginning or end; a period that is nothing else is none. Nor is a stay that ended the day it began: a child is
-- looked after from 24 hours on. `end_reason` is what the last episode gives.
with
statuses as (
    select
        care_periods.person_id,
        care_periods.started_on as period_on,
        legal_statuses.started_on,
        legal_statuses.status,
        legal_statuses.status in ('V3', 'V4') as short
    from care_periods
    inner join legal_statuses
        on legal_statuses.person_id = care_periods.person_id
        and legal_statuses.started_on < care_periods.open_until
        and legal_statuses.open_until > care_periods.started_on
),

kinds as (
    select
        person_id,
        period_on,
        max_by(short, (started_on, status)) filter (where started_on <= period_on) as begins_short,
        min(started_on) filter (where not short) as first_on,
        max(started_on) filter (where not short) as last_on,
        bool_and(short) as all_short
    from statuses
    group by person_id, period_on
),

short_after as (
    select
        kinds.person_id,
        kinds.period_on,
        min(statuses.started_on) as short_on
    from kinds
    inner join statuses
        on statuses.person_id = kinds.person_id
        and statuses.period_on = kinds.period_on
        and statuses.started_on > kinds.last_on
    group by kinds.person_id, kinds.period_on
),

counted as (
    select
        care_periods.person_id,
        care_periods.care_id,
        care_periods.anchor,
        care_periods.open_until as period_until,
        case when kinds.begins_short then kinds.first_on else care_periods.started_on end as started_on,
        least(care_periods.open_until, coalesce(short_after.short_on, date '9999-12-31')) as open_until
    from care_periods
    left join kinds
        on kinds.person_id = care_periods.person_id
        and kinds.period_on = care_periods.started_on
    left join short_after
        on short_after.person_id = care_periods.person_id
        and short_after.period_on = care_periods.started_on
    where not coalesce(kinds.all_short, false)
),

endings as (
    select
        clae_person_id as person_id,
        clae_cla_episode_ceased_date as ended_on,
        max(upper(trim(clae_cla_episode_ceased_reason))) filter (
            where upper(trim(clae_cla_episode_ceased_reason)) <> 'X1'
        ) as end_reason
    from ssd_cla_episodes
    where clae_cla_episode_ceased_date is not null
    group by clae_person_id, clae_cla_episode_ceased_date
)

select
    counted.person_id,
    counted.care_id,
    counted.anchor,
    counted.started_on,
    counted.open_until,
    endings.end_reason
from counted
left join endings
    on endings.person_id = counted.person_id
    and endings.ended_on = counted.open_until
where counted.started_on < counted.open_until
