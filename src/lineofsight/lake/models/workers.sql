-- Each worker once, with the team of the post they hold, else the team of most of their open work.
with people as (
    select distinct on (prof_professional_id)
        prof_professional_id, prof_professional_name, prof_professional_job_title,
        prof_social_worker_registration_no, prof_full_time_equivalency
    from ssd_professionals
    where prof_professional_id is not null
    order by prof_professional_id, prof_professional_name
),

posts as (
    select post_worker_id as worker_id, arg_max(post_team_id, coalesce(post_start_date, date '1900-01-01')) as team_id
    from side_post
    cross join snapshot
    where coalesce(post_start_date, date '1900-01-01') <= snapshot.as_at
        and coalesce(post_end_date, date '9999-12-31') > snapshot.as_at
        and post_worker_id is not null
    group by post_worker_id
),

open_work as (
    select invo_professional_id as worker_id, invo_professional_team as team_id, count(*) as children
    from ssd_involvements
    cross join snapshot
    where coalesce(invo_involvement_start_date, date '1900-01-01') <= snapshot.as_at
        and coalesce(invo_involvement_end_date, date '9999-12-31') > snapshot.as_at
        and invo_professional_id is not null
        and invo_professional_team is not null
    group by invo_professional_id, invo_professional_team
),

main_work as (
    select worker_id, arg_max(team_id, (children, team_id)) as team_id
    from open_work
    group by worker_id
)

select
    people.prof_professional_id as worker_id,
    coalesce(worker_names.name, people.prof_professional_name, people.prof_professional_id) as worker_name,
    people.prof_professional_job_title as job_title,
    nullif(trim(people.prof_social_worker_registration_no), '') as registration,
    now_team(coalesce(posts.team_id, main_work.team_id)) as team_id,
    people.prof_full_time_equivalency as fte
from people
left join posts on posts.worker_id = people.prof_professional_id
left join worker_names on worker_names.id = people.prof_professional_id
left join main_work on main_work.worker_id = people.prof_professional_id
order by worker_id
