-- Who answers for each team on the day: its manager; where the manager's post stands empty, the head of service.
-- Relations: teams, workers (lake models), posts (side_post), moment (as_at).
with
held as (
    select
        posts.post_team_id as team_id,
        posts.post_worker_id as worker_id,
        lower(posts.post_title) as title,
        posts.post_start_date as began_on
    from posts
    cross join moment
    where
        posts.post_team_id is not null
        and coalesce(posts.post_start_date, date '1900-01-01') <= moment.as_at
        and coalesce(posts.post_end_date, date '9999-12-31') >= moment.as_at

    union all

    select
        team_id,
        worker_id,
        lower(job_title) as title,
        null as began_on
    from workers
    where team_id is not null
),

managers as (
    select
        team_id,
        arg_min(worker_id, (began_on is null, worker_id)) as worker_id
    from held
    where regexp_matches(title, '\bteam manager\b') and not regexp_matches(title, '\b(assistant|deputy)\b')
    group by team_id
),

heads as (
    select
        team_id,
        arg_min(worker_id, (began_on is null, worker_id)) as worker_id
    from held
    where regexp_matches(title, '\b(head of service|service manager)\b')
    group by team_id
)

select
    teams.team_id,
    teams.team_name,
    teams.service_id,
    case
        when teams.team_id = teams.service_id then 'Head of service, ' || teams.service_name
        when managers.team_id is not null and managers.worker_id is null then 'Head of service, ' || teams.service_name
        else 'Team manager, ' || teams.team_name
    end as owner,
    case
        when teams.team_id = teams.service_id or managers.worker_id is null then
            case when teams.team_id = teams.service_id or managers.team_id is not null then heads.worker_id end
        else managers.worker_id
    end as owner_id
from teams
left join managers on managers.team_id = teams.team_id
left join heads on heads.team_id = teams.service_id
order by teams.team_id
