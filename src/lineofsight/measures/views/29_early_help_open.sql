-- Children under 18 with an open early help episode at each month end, one row a child: the one open longest.
-- `worker_id` is the worker whom that episode names, `worker_ids` all whom any of the child's open episodes names.
with
episodes as (
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
)

select
    month_spans.as_at,
    episodes.person_id,
    arg_min(episodes.episode_id, (episodes.started_on, episodes.episode_id)) as episode_id,
    arg_min_null(episodes.worker_id, (episodes.started_on, episodes.episode_id)) as worker_id,
    list(episodes.worker_id order by episodes.worker_id) as worker_ids,
    min(episodes.started_on) as started_on,
    arg_min(episodes.anchor, (episodes.started_on, episodes.episode_id)) as anchor
from episodes
inner join month_spans
    on episodes.started_on <= month_spans.as_at
    and episodes.open_until > month_spans.as_at
group by month_spans.as_at, episodes.person_id
