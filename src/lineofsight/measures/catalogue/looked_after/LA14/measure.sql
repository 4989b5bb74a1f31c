-- Children looked after for the whole of the last year, and whether their latest dental check still holds.
select
    health_now.as_at,
    health_now.person_id,
    health_now.care_id as event_id,
    health_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    due.due_on,
    null::date as done_on,
    case
        when due.due_on >= health_now.as_at then true
        when if_held.due_on >= health_now.as_at then null
        else false
    end as met,
    (health_now.as_at - health_now.done_on)::double as value,
    coalesce('last checked ' || strftime(health_now.done_on, '%-d %B %Y'), 'never checked')
    || coalesce('; next due ' || strftime(due.due_on, '%-d %B %Y'), '')
    || case
        when if_held.due_on >= health_now.as_at
            then '; a check of ' || strftime(health_now.unclear_on, '%-d %B %Y') || ' does not say whether it was one and held'
        else ''
    end as reason
from health_now
left join due_dates as due
    on due.key = 'la.dental'
    and due.started_on = health_now.done_on
left join due_dates as if_held
    on if_held.key = 'la.dental'
    and if_held.started_on = health_now.unclear_on
where health_now.kind = 'dental'
