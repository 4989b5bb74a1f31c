-- Children on a plan whom no social worker holds at the month end, and whether anybody has seen them within the interval
-- for duty visits. Only a visit that saw the child counts; where nobody recorded that, the answer is not known.
with
waiting as (
    select
        protection_waits.as_at,
        protection_waits.person_id,
        protection_waits.plan_id,
        protection_waits.anchor,
        protection_waits.started_on,
        protection_waits.waiting_since,
        case when last_seen.seen_on >= protection_waits.started_on then last_seen.seen_on end as seen_on,
        last_seen.unclear_on
    from protection_waits
    inner join last_seen
        on last_seen.person_id = protection_waits.person_id
        and last_seen.as_at = protection_waits.as_at
    where protection_waits.tier in ('nobody', 'stand_in', 'unregistered')
)

select
    waiting.as_at,
    waiting.person_id,
    waiting.plan_id as event_id,
    waiting.anchor,
    null::text as team_id,
    null::text as worker_id,
    owed.due_on,
    waiting.seen_on as done_on,
    case
        when owed.due_on >= waiting.as_at then true
        when if_seen.due_on >= waiting.as_at then null
        else false
    end as met,
    (today.working_number - beginning.working_number)::double as value,
    'no social worker since ' || strftime(waiting.waiting_since, '%-d %B %Y')
    || case
        when owed.due_on < waiting.as_at and if_seen.due_on >= waiting.as_at then
            '; visited ' || strftime(waiting.unclear_on, '%-d %B %Y') || ', but whether the child was seen is not recorded'
        else
            coalesce('; last seen ' || strftime(waiting.seen_on, '%-d %B %Y'), '; not seen since the plan began')
            || '; due ' || strftime(owed.due_on, '%-d %B %Y')
    end as reason
from waiting
inner join due_dates as owed
    on owed.key = 'cp.duty_visit'
    and owed.started_on = coalesce(waiting.seen_on, waiting.started_on)
left join due_dates as if_seen
    on if_seen.key = 'cp.duty_visit'
    and if_seen.started_on = waiting.unclear_on
inner join calendar as today on today.day = waiting.as_at
inner join calendar as beginning on beginning.day = coalesce(waiting.seen_on, waiting.started_on)
where waiting.seen_on is not null or owed.due_on < waiting.as_at
