-- Early help episodes, until they end, or the child dies or turns 18. `worker_id` is the worker whom the episode names.
select
    ssd_early_help_episodes.earl_person_id as person_id,
    ssd_early_help_episodes.earl_episode_id as episode_id,
    ssd_early_help_episodes.earl_episode_worker_id as worker_id,
    greatest(ssd_early_help_episodes.earl_episode_start_date, first_day.day) as started_on,
    least(
        coalesce(ssd_early_help_episodes.earl_episode_end_date, date '9999-12-31'),
        coalesce(children.alive_until, date '9999-12-31'),
        coalesce(children.adult_on, date '9999-12-31')
    ) as open_until,
    'early help ' || ssd_early_help_episodes.earl_episode_start_date::text as anchor
from ssd_early_help_episodes
cross join first_day
left join children on children.person_id = ssd_early_help_episodes.earl_person_id
where
    ssd_early_help_episodes.earl_person_id is not null
    and ssd_early_help_episodes.earl_episode_start_date is not null
