-- Social workers in post at each month end, one row a worker however many posts: their full-time equivalent together,
-- not known where it is not for one of them.
select
    month_spans.as_at,
    social_work_posts.worker_id,
    max_by(social_work_posts.team_id, (social_work_posts.started_on, social_work_posts.post_id)) as team_id,
    case when count(*) = count(social_work_posts.fte) then sum(social_work_posts.fte::decimal(9, 4))::double end as fte,
    max(social_work_posts.asye_on) as asye_on,
    max_by(social_work_posts.agency, (social_work_posts.started_on, social_work_posts.post_id)) as agency
from social_work_posts
inner join month_spans
    on social_work_posts.started_on <= month_spans.as_at
    and social_work_posts.ended_on >= month_spans.as_at
where social_work_posts.worker_id is not null
group by month_spans.as_at, social_work_posts.worker_id
