-- Reviewing officers and conference chairs who have children at the month end, how many (each child once), and
-- their full-time equivalent: that of their posts, else that of the list of workers. Blank or nought is not known.
with
held as (
    select
        month_spans.as_at,
        roles.worker_id,
        min_by(roles.team_id, (roles.started_on, roles.involvement_id)) as team_id,
        count(distinct roles.person_id) as children
    from roles
    inner join month_spans
        on roles.started_on <= month_spans.as_at
        and roles.open_until > month_spans.as_at
    where roles.role_kind = 'reviewing_officer' and roles.holder in ('person', 'manager')
    group by month_spans.as_at, roles.worker_id
),

posts as (
    select
        month_spans.as_at,
        side_post.post_worker_id as worker_id,
        max_by(
            side_post.post_team_id,
            (coalesce(side_post.post_start_date, date '1900-01-01'), side_post.post_post_id)
        ) as team_id,
        sum(side_post.post_fte::decimal(9, 4))::double as fte
    from side_post
    inner join month_spans
        on coalesce(side_post.post_start_date, date '1900-01-01') <= month_spans.as_at
        and coalesce(side_post.post_end_date, date '9999-12-31') >= month_spans.as_at
    where side_post.post_worker_id is not null
    group by month_spans.as_at, side_post.post_worker_id
),

hours as (
    select
        held.as_at,
        held.worker_id,
        coalesce(posts.team_id, held.team_id) as team_id,
        held.children,
        coalesce(posts.fte, ssd_professionals.prof_full_time_equivalency) as fte
    from held
    left join posts
        on posts.worker_id = held.worker_id
        and posts.as_at = held.as_at
    left join ssd_professionals on ssd_professionals.prof_professional_id = held.worker_id
)

select
    as_at,
    null::text as person_id,
    null::text as event_id,
    'worker ' || worker_id as anchor,
    team_id,
    worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    case when fte > 0 then children::double end as value,
    children::text || case when children = 1 then ' child' else ' children' end
    || case
        when fte > 0 then '; works ' || printf('%g', round(fte, 2)) || ' of full time'
        else '; how much of full time is not recorded'
    end as reason,
    case when fte > 0 then fte end as weight
from hours
