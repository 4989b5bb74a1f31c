-- Section 47 enquiries open at the month end about a child whom a named worker holds in an allocated worker's role, and
-- whether that worker is a registered social worker. Unknown is told apart and is never unregistered; of two workers the
-- one who is registered counts, then the one who is not known not to be, then the newest. Days run from the start of the
-- enquiry, the allocation, or the day the registration was gone, whichever is last.
with
running as (
    select
        month_spans.as_at,
        enquiries.person_id,
        enquiries.enquiry_id,
        enquiries.anchor,
        enquiries.started_on
    from enquiries
    inner join month_spans
        on enquiries.started_on <= month_spans.as_at
        and enquiries.open_until > month_spans.as_at
),

holders as (
    select
        running.as_at,
        running.person_id,
        running.enquiry_id,
        running.anchor,
        running.started_on,
        roles.involvement_id,
        roles.started_on as since,
        registrations.unregistered_since,
        coalesce(registrations.ended, false) as ended,
        case
            when registrations.registration is not null then registrations.registration
            when professionals.not_registered then 'unregistered'
            when professionals.has_number then 'registered'
            else 'unknown'
        end as registration
    from running
    inner join roles
        on roles.person_id = running.person_id
        and roles.started_on <= running.as_at
        and roles.open_until > running.as_at
        and roles.role_kind = 'allocated_worker'
        and roles.holder = 'person'
    inner join professionals on professionals.worker_id = roles.worker_id
    left join registrations
        on registrations.worker_id = roles.worker_id
        and registrations.as_at = running.as_at
),

best as (
    select
        as_at,
        person_id,
        enquiry_id,
        anchor,
        since,
        registration,
        ended,
        unregistered_since,
        greatest(started_on, since, coalesce(unregistered_since, since)) as owed_on
    from holders
    qualify
        row_number() over (
            partition by as_at, person_id, enquiry_id
            order by registration = 'unregistered', registration = 'unknown', since desc, involvement_id
        ) = 1
)

select
    best.as_at,
    best.person_id,
    best.enquiry_id as event_id,
    best.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when best.registration = 'unregistered' then best.owed_on end as due_on,
    case when best.registration = 'registered' then best.since end as done_on,
    case best.registration when 'registered' then true when 'unregistered' then false end as met,
    case
        when best.registration = 'unregistered' then (today.working_number - beginning.working_number)::double
    end as value,
    case
        when best.registration = 'registered' then
            'held by a registered social worker since ' || strftime(best.since, '%-d %B %Y')
        when best.registration = 'unknown' then 'whether the worker is registered is not recorded'
        when best.ended then
            'held by a worker whose registration as a social worker ended on '
            || strftime(best.unregistered_since - 1, '%-d %B %Y')
        else
            'held by a worker recorded as not registered as a social worker, since ' || strftime(best.owed_on, '%-d %B %Y')
    end as reason
from best
inner join calendar as today on today.day = best.as_at
inner join calendar as beginning on beginning.day = best.owed_on
