-- Section 47 enquiries open at the month end, and whether each is within the working days that a conference may take
-- from its start, or its outcome is known: the conference was held, or it needs none.
with
held as (
    select
        person_id,
        discussed_on,
        min(held_on) as held_on
    from first_conferences
    where discussed_on is not null and held_on is not null
    group by person_id, discussed_on
),

running as (
    select
        month_spans.as_at,
        enquiries.person_id,
        enquiries.enquiry_id,
        enquiries.anchor,
        enquiries.team_id,
        enquiries.worker_id,
        enquiries.started_on,
        enquiries.no_action,
        case when held.held_on <= month_spans.as_at then held.held_on end as held_on,
        due_dates.due_on
    from enquiries
    inner join month_spans
        on enquiries.started_on <= month_spans.as_at
        and enquiries.open_until > month_spans.as_at
    inner join due_dates
        on due_dates.key = 'icpc.after_strategy'
        and due_dates.started_on = enquiries.started_on
    left join held
        on held.person_id = enquiries.person_id
        and held.discussed_on = enquiries.started_on
)

select
    running.as_at,
    running.person_id,
    running.enquiry_id as event_id,
    running.anchor,
    running.team_id,
    running.worker_id,
    running.due_on,
    running.held_on as done_on,
    running.held_on is not null or running.no_action or running.due_on >= running.as_at as met,
    (today.working_number - beginning.working_number)::double as value,
    case
        when running.held_on is not null then 'the conference was held ' || strftime(running.held_on, '%-d %B %Y')
        when running.no_action then 'recorded as needing no conference, and not yet ended'
        else
            'open for ' || (today.working_number - beginning.working_number)::text || ' working days since '
            || strftime(running.started_on, '%-d %B %Y') || ', with no conference; due '
            || strftime(running.due_on, '%-d %B %Y')
    end as reason
from running
inner join calendar as today on today.day = running.as_at
inner join calendar as beginning on beginning.day = running.started_on
