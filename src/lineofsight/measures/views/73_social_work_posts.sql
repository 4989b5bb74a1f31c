-- Spells of social work posts: who holds each, or that it is vacant, from when to which last day. A post is one of
-- social work by its title, or the title or registration of whoever holds it: each title is read alone. The list of
-- workers names other callings too, and has no dates: only the posts file says who is here. A duty social worker is
-- somebody, a duty desk is nobody, and its hours in the list are no post's. A blank agency flag is not known. Whoever
-- is recorded as not registered on the day of the extract, in the registration file or, for a worker who is not in it,
-- in the list, holds no such post.
with
holders as (
    select
        ssd_professionals.prof_professional_id as worker_id,
        lower(trim(coalesce(ssd_professionals.prof_professional_job_title, ''))) as job_title,
        ssd_professionals.prof_full_time_equivalency as fte,
        ssd_professionals.prof_agency_worker_flag as agency,
        professionals.kind in ('person', 'manager')
        or (
            professionals.kind = 'duty'
            and coalesce(
                regexp_matches(lower(ssd_professionals.prof_professional_job_title), '\bsocial work(er)?\b'), false
            )
        ) as somebody,
        professionals.not_registered,
        professionals.has_number
    from ssd_professionals
    inner join professionals on professionals.worker_id = ssd_professionals.prof_professional_id
),

registered as (
    select distinct regi_worker_id as worker_id
    from side_registration
    where upper(trim(regi_registered)) = 'Y' or trim(coalesce(regi_number, '')) <> ''
),

told as (
    select
        worker_id,
        registration = 'unregistered' and not ended as not_registered
    from registrations
    where as_at = (select max(as_at) from month_spans)
),

spells as (
    select
        side_post.post_post_id as post_id,
        side_post.post_team_id as team_id,
        case
            when coalesce(holders.somebody, true) then side_post.post_worker_id
        end as worker_id,
        greatest(coalesce(side_post.post_start_date, first_day.day), first_day.day) as started_on,
        coalesce(side_post.post_end_date, date '9999-12-31') as ended_on,
        coalesce(nullif(side_post.post_fte, 0), case when holders.somebody then holders.fte end) as fte,
        side_post.post_asye_start_date as asye_on,
        holders.agency,
        lower(trim(coalesce(side_post.post_title, ''))) as post_title,
        coalesce(holders.job_title, '') as job_title,
        coalesce(told.not_registered, holders.not_registered, false) as not_registered,
        coalesce(holders.has_number, false) or registered.worker_id is not null as registered
    from side_post
    cross join first_day
    left join holders on holders.worker_id = side_post.post_worker_id
    left join registered on registered.worker_id = side_post.post_worker_id
    left join told on told.worker_id = side_post.post_worker_id
)

select
    post_id,
    team_id,
    worker_id,
    started_on,
    ended_on,
    case when fte > 0 then fte end as fte,
    asye_on,
    agency
from spells
where
    not not_registered
    and (
        registered
        or len(list_filter(
            [post_title, job_title],
            lambda title: regexp_matches(title, '\bsocial work(er)?s?\b')
            and not regexp_matches(title, '\b(assistant|student|support|trainee|apprentice)\b')
        )) > 0
    )
