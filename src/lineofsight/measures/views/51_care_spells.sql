-- Times of being looked after that count: the days of a period of care on which the child is looked after by the count
-- of a day (the newest status of that day is not V3 or V4, a series of short breaks), joined where they follow on. So
-- what starts less what ends is what the count moves by. A stay that ended the day it began is none: a child is looked
-- after from 24 hours on. `end_reason` is what the last episode gives. `anchor` is the period's, of its later times their own.
with
turns as (
    select
        care_periods.person_id,
        care_periods.started_on as period_on,
        legal_statuses.started_on,
        legal_statuses.open_until
    from care_periods
    inner join legal_statuses
        on legal_statuses.person_id = care_periods.person_id
        and legal_statuses.started_on < care_periods.open_until
        and legal_statuses.open_until > care_periods.started_on
),

changes as (
    select person_id, started_on as period_on, started_on as day from care_periods

    union

    select person_id, period_on, started_on as day from turns where started_on > period_on

    union

    select turns.person_id, turns.period_on, turns.open_until as day
    from turns
    inner join care_periods
        on care_periods.person_id = turns.person_id
        and care_periods.started_on = turns.period_on
        and care_periods.open_until > turns.open_until
),

stretches as (
    select
        changes.person_id,
        changes.period_on,
        changes.day,
        coalesce(
            max_by(legal_statuses.status, (legal_statuses.started_on, legal_statuses.status)) in ('V3', 'V4'),
            false
        ) as short
    from changes
    left join legal_statuses
        on legal_statuses.person_id = changes.person_id
        and legal_statuses.started_on <= changes.day
        and legal_statuses.open_until > changes.day
    group by changes.person_id, changes.period_on, changes.day
),

turned as (
    select
        person_id,
        period_on,
        day,
        short
    from stretches
    qualify short is distinct from lag(short) over (partition by person_id, period_on order by day)
),

counted as (
    select
        care_periods.person_id,
        care_periods.care_id,
        care_periods.anchor,
        turned.short,
        turned.day as started_on,
        coalesce(
            lead(turned.day) over (partition by turned.person_id, turned.period_on order by turned.day),
            care_periods.open_until
        ) as open_until
    from turned
    inner join care_periods
        on care_periods.person_id = turned.person_id
        and care_periods.started_on = turned.period_on
),

endings as (
    select
        clae_person_id as person_id,
        clae_cla_episode_ceased_date as ended_on,
        max_by(
            upper(trim(clae_cla_episode_ceased_reason)), (clae_cla_episode_start_date, clae_cla_episode_id)
        ) filter (where upper(trim(clae_cla_episode_ceased_reason)) <> 'X1') as end_reason
    from ssd_cla_episodes
    where clae_cla_episode_ceased_date >= clae_cla_episode_start_date
    group by clae_person_id, clae_cla_episode_ceased_date
)

select
    counted.person_id,
    counted.care_id,
    case
        when row_number() over (partition by counted.person_id, counted.anchor order by counted.started_on) = 1
            then counted.anchor
        else 'care ' || counted.started_on::text
    end as anchor,
    counted.started_on,
    counted.open_until,
    endings.end_reason
from counted
left join endings
    on endings.person_id = counted.person_id
    and endings.ended_on = counted.open_until
where counted.started_on < counted.open_until and not counted.short
