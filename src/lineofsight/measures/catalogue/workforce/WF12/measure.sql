-- Workers in post at the month end, and whether their DBS certificate is young enough and, of those in a social
-- worker's post, whether they are registered. What nobody recorded is not known, never lapsed; one thing known to
-- have lapsed is enough. A registration holds on its last day; before the first row of the registration file, and
-- without one, the list of workers tells.
with
in_post as (
    select
        month_spans.as_at,
        side_post.post_worker_id as worker_id,
        max_by(
            side_post.post_team_id,
            (coalesce(side_post.post_start_date, date '1900-01-01'), side_post.post_post_id)
        ) as team_id,
        list(lower(side_post.post_title)) || list(lower(ssd_professionals.prof_professional_job_title)) as titles
    from side_post
    inner join month_spans
        on coalesce(side_post.post_start_date, date '1900-01-01') <= month_spans.as_at
        and coalesce(side_post.post_end_date, date '9999-12-31') >= month_spans.as_at
    inner join professionals
        on professionals.worker_id = side_post.post_worker_id
        and professionals.kind <> 'nobody'
    inner join ssd_professionals
        on ssd_professionals.prof_professional_id = side_post.post_worker_id
        and case
            when professionals.kind = 'duty'
                then regexp_matches(lower(ssd_professionals.prof_professional_job_title), '\bsocial work(er)?\b')
            else true
        end
    group by month_spans.as_at, side_post.post_worker_id
),

certificates as (
    select
        month_spans.as_at,
        side_registration.regi_worker_id as worker_id,
        max(greatest(side_registration.regi_dbs_date, first_day.day)) as dated_on
    from side_registration
    cross join first_day
    inner join month_spans on side_registration.regi_dbs_date <= month_spans.as_at
    where side_registration.regi_worker_id is not null and side_registration.regi_dbs_date is not null
    group by month_spans.as_at, side_registration.regi_worker_id
),

checked as (
    select
        in_post.as_at,
        in_post.worker_id,
        in_post.team_id,
        case
            when
                len(list_filter(
                    in_post.titles,
                    lambda title: regexp_matches(title, '\bsocial worker\b')
                    and not regexp_matches(title, '\b(assistant|student|support|trainee|apprentice)\b')
                )) > 0
                then
                    case
                        when registrations.registration is not null then registrations.registration
                        when professionals.not_registered then 'unregistered'
                        when professionals.has_number then 'registered'
                        else 'unknown'
                    end
        end as registration,
        registrations.unregistered_since,
        coalesce(registrations.ended, false) as ended,
        certificates.dated_on,
        due_dates.due_on as renew_on
    from in_post
    inner join professionals on professionals.worker_id = in_post.worker_id
    left join registrations
        on registrations.worker_id = in_post.worker_id
        and registrations.as_at = in_post.as_at
    left join certificates
        on certificates.worker_id = in_post.worker_id
        and certificates.as_at = in_post.as_at
    left join due_dates
        on due_dates.key = 'workforce.dbs'
        and due_dates.started_on = certificates.dated_on
),

judged as (
    select
        as_at,
        worker_id,
        team_id,
        registration,
        unregistered_since,
        ended,
        dated_on,
        renew_on,
        coalesce(registration = 'unregistered', false) as not_registered,
        coalesce(renew_on < as_at, false) as too_old
    from checked
)

select
    as_at,
    null::text as person_id,
    null::text as event_id,
    'worker ' || worker_id as anchor,
    team_id,
    worker_id,
    case
        when not_registered or too_old then
            least(case when not_registered then unregistered_since - 1 end, case when too_old then renew_on end)
        else renew_on
    end as due_on,
    null::date as done_on,
    case
        when not_registered or too_old then false
        when renew_on is not null and coalesce(registration, 'registered') = 'registered' then true
    end as met,
    null::double as value,
    array_to_string(
        [
            case registration
                when 'registered' then 'registered as a social worker'
                when 'unknown' then 'registration as a social worker is not recorded'
                when 'unregistered' then
                    case
                        when ended then
                            'registration as a social worker ended on ' || strftime(unregistered_since - 1, '%-d %B %Y')
                        else 'recorded as not registered as a social worker'
                    end
            end,
            case
                when renew_on is null then 'no DBS certificate is recorded'
                else
                    'DBS certificate of ' || strftime(dated_on, '%-d %B %Y')
                    || case when too_old then ', to be renewed by ' || strftime(renew_on, '%-d %B %Y') else '' end
            end
        ],
        '; '
    ) as reason
from judged
