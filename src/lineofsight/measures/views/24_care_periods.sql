-- Periods of being looked after: episodes that follow on without a day between them are one period.
-- `open_until` is the first day the child is not looked after; the eighteenth birthday ends what was left open. An
-- episode recorded as ended before it began is none.
with
episodes as (
    select
        ssd_cla_episodes.clae_person_id as person_id,
        ssd_cla_episodes.clae_cla_id as care_id,
        greatest(ssd_cla_episodes.clae_cla_episode_start_date, first_day.day) as started_on,
        least(
            coalesce(ssd_cla_episodes.clae_cla_episode_ceased_date, date '9999-12-31'),
            coalesce(children.alive_until, date '9999-12-31'),
            coalesce(children.adult_on, date '9999-12-31')
        ) as open_until
    from ssd_cla_episodes
    cross join first_day
    left join children on children.person_id = ssd_cla_episodes.clae_person_id
    where
        ssd_cla_episodes.clae_person_id is not null
        and ssd_cla_episodes.clae_cla_episode_start_date is not null
),

breaks as (
    select
        person_id,
        care_id,
        started_on,
        open_until,
        coalesce(
            started_on > max(open_until) over (
                partition by person_id
                order by started_on, open_until
                rows between unbounded preceding and 1 preceding
            ),
            true
        ) as starts_period
    from episodes
    where open_until >= started_on
),

numbered as (
    select
        person_id,
        care_id,
        started_on,
        open_until,
        sum(starts_period::integer) over (
            partition by person_id
            order by started_on, open_until
            range between unbounded preceding and current row  -- the same row twice is in one period
        ) as period
    from breaks
)

select
    person_id,
    max_by(care_id, (started_on, open_until, care_id)) as care_id,
    min(started_on) as started_on,
    max(open_until) as open_until,
    'care ' || min(started_on)::text as anchor
from numbered
group by person_id, period
