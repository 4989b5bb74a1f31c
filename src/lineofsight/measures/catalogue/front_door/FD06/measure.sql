-- Contacts that a manager signed off in the month, and those signed off before of which a task is still open at its
-- end. A file that gives no day on which any task was finished tells nothing of tasks.
with
told as (
    select count(deci_tasks_done_date) as days_given
    from side_decision
),

signed_off as (
    select
        decisions.person_id,
        decisions.subject_id,
        decisions.anchor,
        decisions.decided_on,
        decisions.open_until,
        told.days_given = 0 as untold,
        case
            when told.days_given = 0 then last_day(decisions.decided_on) + 1
            else greatest(decisions.open_until, last_day(decisions.decided_on) + 1)
        end as counted_until
    from decisions
    cross join told
    where decisions.kind = 'contact' and decisions.decided_on is not null
)

select
    month_spans.as_at,
    signed_off.person_id,
    signed_off.subject_id as event_id,
    signed_off.anchor,
    null::text as team_id,
    null::text as worker_id,
    signed_off.decided_on as due_on,
    null::date as done_on,
    case when not signed_off.untold then signed_off.open_until <= month_spans.as_at end as met,
    case
        when not signed_off.untold and signed_off.open_until > month_spans.as_at
            then (today.working_number - decided.working_number)::double
    end as value,
    'signed off ' || strftime(signed_off.decided_on, '%-d %B %Y')
    || case
        when signed_off.untold then ', the file tells nothing of tasks'
        when signed_off.open_until > month_spans.as_at then ', but a task of it is still open'
        else ', its tasks finished by ' || strftime(signed_off.open_until, '%-d %B %Y')
    end as reason
from signed_off
inner join month_spans
    on signed_off.decided_on <= month_spans.as_at
    and signed_off.counted_until > month_spans.as_at
left join calendar as today on today.day = month_spans.as_at
left join calendar as decided on decided.day = signed_off.decided_on
