-- Children on a plan at the month end, and whether a named social worker holds them. Waiting runs in working
-- days from the plan's start, or from the day the last social worker's hold ended, or lost its registration. A named
-- worker who has not seen the child within the visiting interval, or is away without cover, still counts as allocated
-- here; the reason says it.
with
judged as (
    select
        protection_waits.as_at,
        protection_waits.person_id,
        protection_waits.plan_id,
        protection_waits.anchor,
        protection_waits.tier,
        protection_waits.since,
        protection_waits.reason,
        protection_waits.waiting_since,
        grace.due_on,
        protection_waits.held,
        grace.number > 0 and grace.due_on >= protection_waits.as_at as in_grace
    from protection_waits
    inner join due_dates as grace
        on grace.key = 'cp.allocation_grace'
        and grace.started_on = protection_waits.waiting_since
)

select
    judged.as_at,
    judged.person_id,
    judged.plan_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when not judged.held then judged.due_on end as due_on,
    case when judged.held then judged.since end as done_on,
    case when judged.held then true when judged.tier = 'unknown' then null else judged.in_grace end as met,
    case when not judged.held then (today.working_number - beginning.working_number)::double end as value,
    judged.reason
    || case
        when judged.held or judged.tier = 'unknown' then ''
        else
            ', ' || (today.working_number - beginning.working_number)::text
            || case when today.working_number - beginning.working_number = 1 then ' working day' else ' working days' end
            || ' since '
            || strftime(judged.waiting_since, '%-d %B %Y')
    end as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as beginning on beginning.day = judged.waiting_since
