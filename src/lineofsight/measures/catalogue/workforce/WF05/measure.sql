-- Employed social workers in post at the month end, and those who left in the year before it, by full-time
-- equivalent. A worker left on the last day of their last post, unless another is theirs; posts that end on one day
-- are left together. Until the posts file tells of a whole year since the first end in it, who left is not known.
with
spans as (
    select
        worker_id,
        max_by(team_id, (ended_on, started_on, post_id)) as team_id,
        max(ended_on) as ended_on,
        max_by(agency, (ended_on, started_on, post_id)) as agency
    from social_work_posts
    where worker_id is not null
    group by worker_id
),

file_begins as (
    select due_dates.due_on as known_from
    from due_dates
    where
        due_dates.key = 'workforce.turnover'
        and due_dates.started_on = (
            select greatest(min(side_post.post_end_date), any_value(first_day.day))
            from side_post
            cross join first_day
            where side_post.post_end_date is not null
        )
),

hours_left as (
    select
        spans.worker_id,
        case when count(*) = count(social_work_posts.fte) then sum(social_work_posts.fte::decimal(9, 4))::double end as fte
    from spans
    inner join social_work_posts
        on social_work_posts.worker_id = spans.worker_id
        and social_work_posts.ended_on = spans.ended_on
    group by spans.worker_id
),

left_in_year as (
    select
        month_spans.as_at,
        spans.worker_id,
        spans.team_id,
        spans.ended_on,
        hours_left.fte
    from spans
    inner join hours_left on hours_left.worker_id = spans.worker_id
    inner join due_dates
        on due_dates.key = 'workforce.turnover'
        and due_dates.started_on = spans.ended_on
    inner join month_spans
        on spans.ended_on < month_spans.as_at
        and due_dates.due_on >= month_spans.as_at
    where coalesce(spans.agency, 'N') = 'N'
),

both_kinds as (
    select
        as_at,
        worker_id,
        team_id,
        null::date as ended_on,
        fte
    from social_workers
    where coalesce(agency, 'N') = 'N'

    union all

    select
        as_at,
        worker_id,
        team_id,
        ended_on,
        fte
    from left_in_year
),

judged as (
    select
        both_kinds.as_at,
        both_kinds.worker_id,
        both_kinds.team_id,
        both_kinds.ended_on,
        both_kinds.fte,
        coalesce(both_kinds.as_at >= file_begins.known_from, false) as known
    from both_kinds
    left join file_begins on true
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
    case when known then ended_on is null end as met,
    case when known then fte * case when ended_on is null then 0 else 100 end end as value,
    case
        when not known then 'the posts file does not go back far enough to tell who left'
        when ended_on is null then 'in post'
        else 'left on ' || strftime(ended_on, '%-d %B %Y')
    end
    || case when known and fte is null then '; how much of full time is not recorded' else '' end as reason,
    case when known then fte * case when ended_on is null then 1 else 0 end end as weight
from judged
