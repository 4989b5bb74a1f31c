-- Employed social workers in each month: the working days of their posts, and how many of those were lost to
-- sickness, both by full-time equivalent. A day is lost once, however many rows tell of it. Before the absence file
-- begins, and of a worker with an absence of no recorded kind, days lost are not known.
with
employed as (
    select
        month_spans.as_at,
        social_work_posts.worker_id,
        social_work_posts.team_id,
        social_work_posts.post_id,
        social_work_posts.fte,
        greatest(social_work_posts.started_on, month_spans.month_start) as from_day,
        least(social_work_posts.ended_on, month_spans.as_at) as to_day
    from social_work_posts
    inner join month_spans
        on social_work_posts.started_on <= month_spans.as_at
        and social_work_posts.ended_on >= month_spans.month_start
        and social_work_posts.ended_on >= social_work_posts.started_on
    where social_work_posts.worker_id is not null and coalesce(social_work_posts.agency, 'N') = 'N'
),

available as (
    select
        employed.as_at,
        employed.worker_id,
        max_by(employed.team_id, (employed.from_day, employed.post_id)) as team_id,
        case
            when count(*) = count(employed.fte)
                then sum(
                    employed.fte::decimal(9, 4)
                    * (day_last.working_number - day_first.working_number + day_first.is_working::integer)
                )::double
        end as days
    from employed
    inner join calendar as day_first on day_first.day = employed.from_day
    inner join calendar as day_last on day_last.day = employed.to_day
    group by employed.as_at, employed.worker_id
),

absent as (
    select
        side_absence.abse_worker_id as worker_id,
        greatest(side_absence.abse_start_date, first_day.day) as from_day,
        least(coalesce(side_absence.abse_end_date, last_day.day), last_day.day) as to_day,
        coalesce(lower(trim(side_absence.abse_kind)), '') as kind
    from side_absence
    cross join first_day
    cross join (select max(as_at) as day from month_spans) as last_day
    where side_absence.abse_worker_id is not null and side_absence.abse_start_date is not null
),

sick_days as (
    select distinct
        absent.worker_id,
        calendar.day
    from absent
    inner join calendar
        on calendar.day >= absent.from_day
        and calendar.day <= absent.to_day
    where absent.kind = 'sickness' and calendar.is_working
),

lost as (
    select
        employed.as_at,
        employed.worker_id,
        sum(employed.fte::decimal(9, 4))::double as days
    from employed
    inner join sick_days
        on sick_days.worker_id = employed.worker_id
        and sick_days.day >= employed.from_day
        and sick_days.day <= employed.to_day
    group by employed.as_at, employed.worker_id
),

unclear as (
    select distinct
        employed.as_at,
        employed.worker_id
    from employed
    inner join absent
        on absent.worker_id = employed.worker_id
        and absent.from_day <= employed.to_day
        and absent.to_day >= employed.from_day
    where absent.kind = '' and absent.to_day >= absent.from_day
),

judged as (
    select
        available.as_at,
        available.worker_id,
        available.team_id,
        available.days,
        coalesce(lost.days, 0) as lost,
        case
            when file_begins.day is null or available.as_at < file_begins.day
                then 'before the absence file begins'
            when unclear.worker_id is not null then 'away for a reason that is not recorded'
            when available.days is null then 'how much of full time is not recorded'
        end as doubt
    from available
    cross join (select min(from_day) as day from absent) as file_begins
    left join lost
        on lost.worker_id = available.worker_id
        and lost.as_at = available.as_at
    left join unclear
        on unclear.worker_id = available.worker_id
        and unclear.as_at = available.as_at
)

select
    as_at,
    null::text as person_id,
    null::text as event_id,
    'worker ' || worker_id || ' ' || strftime(as_at, '%Y-%m') as anchor,
    team_id,
    worker_id,
    null::date as due_on,
    null::date as done_on,
    case when doubt is null then lost = 0 end as met,
    case when doubt is null then (lost * 100)::double end as value,
    coalesce(
        doubt,
        printf('%g', round(lost, 1)) || ' of ' || printf('%g', round(days, 1)) || ' full working days lost to sickness'
    ) as reason,
    case when doubt is null then days::double end as weight
from judged
where coalesce(days, 1) <> 0
