-- Workers who hold children at each month end: how many children, since when, in which team most of them are,
-- and when the assessed and supported year began that began last; one still to come is none yet.
with
held as (
    select
        month_spans.as_at,
        allocations.worker_id,
        allocations.person_id,
        min(allocations.started_on) as started_on,
        min_by(allocations.team_id, (allocations.started_on, allocations.team_id)) as team_id
    from allocations
    inner join month_spans
        on allocations.started_on <= month_spans.as_at
        and allocations.open_until > month_spans.as_at
    group by month_spans.as_at, allocations.worker_id, allocations.person_id
),

posts as (
    select
        month_spans.as_at,
        side_post.post_worker_id as worker_id,
        max_by(side_post.post_team_id, (side_post.post_start_date, side_post.post_post_id)) as team_id,
        max(side_post.post_asye_start_date) filter (where side_post.post_asye_start_date <= month_spans.as_at) as asye_on,
        sum(side_post.post_fte::decimal(9, 4))::double as fte
    from side_post
    inner join month_spans
        on coalesce(side_post.post_start_date, date '1900-01-01') <= month_spans.as_at
        and coalesce(side_post.post_end_date, date '9999-12-31') >= month_spans.as_at
    where side_post.post_worker_id is not null
    group by month_spans.as_at, side_post.post_worker_id
)

select
    held.as_at,
    held.worker_id,
    count(*) as children,
    coalesce(any_value(posts.team_id), mode(held.team_id order by held.team_id)) as team_id,
    any_value(posts.asye_on) as asye_on,
    any_value(posts.fte) as fte
from held
left join posts
    on posts.worker_id = held.worker_id
    and posts.as_at = held.as_at
group by held.as_at, held.worker_id
