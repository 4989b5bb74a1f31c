-- Social work posts at the month end by full-time equivalent, and whether they are vacant. A post that an agency
-- worker covers is vacant: nobody has been appointed to it.
select
    month_spans.as_at,
    null::text as person_id,
    social_work_posts.post_id as event_id,
    'post ' || social_work_posts.post_id as anchor,
    social_work_posts.team_id,
    social_work_posts.worker_id,
    null::date as due_on,
    null::date as done_on,
    social_work_posts.worker_id is not null and coalesce(social_work_posts.agency, 'N') = 'N' as met,
    case
        when social_work_posts.worker_id is not null and coalesce(social_work_posts.agency, 'N') = 'N'
            then social_work_posts.fte * 0
        else social_work_posts.fte * 100
    end as value,
    case
        when social_work_posts.worker_id is null
            then 'vacant since ' || strftime(social_work_posts.started_on, '%-d %B %Y')
        when social_work_posts.agency = 'Y' then 'vacant, covered by an agency worker'
        else 'filled'
    end
    || case
        when social_work_posts.fte is null then '; how much of full time is not recorded'
        when social_work_posts.fte < 1 then '; ' || printf('%g', round(social_work_posts.fte, 2)) || ' of full time'
        else ''
    end as reason,
    social_work_posts.fte as weight
from social_work_posts
inner join month_spans
    on social_work_posts.started_on <= month_spans.as_at
    and social_work_posts.ended_on >= month_spans.as_at
