-- Children on a child in need plan older than the visiting interval, and whether they were seen within it, by anybody
-- under any plan. Only a visit that saw the child counts; where nobody recorded that, the answer is not known.
with
clocks as (
    select
        support_plans_open.as_at,
        support_plans_open.person_id,
        support_plans_open.plan_id,
        support_plans_open.anchor,
        support_plans_open.started_on,
        case when last_seen.seen_on >= support_plans_open.started_on then last_seen.seen_on end as seen_on,
        last_seen.unclear_on
    from support_plans_open
    inner join last_seen
        on last_seen.person_id = support_plans_open.person_id
        and last_seen.as_at = support_plans_open.as_at
),

judged as (
    select
        clocks.as_at,
        clocks.person_id,
        clocks.plan_id,
        clocks.anchor,
        clocks.seen_on,
        clocks.unclear_on,
        coalesce(clocks.seen_on, clocks.started_on) as clock_on,
        owed.due_on,
        case
            when owed.due_on >= clocks.as_at then true
            when if_seen.due_on >= clocks.as_at then null
            else false
        end as met
    from clocks
    inner join due_dates as opening
        on opening.key = 'cin.visit'
        and opening.started_on = clocks.started_on
        and opening.due_on < clocks.as_at
    inner join due_dates as owed
        on owed.key = 'cin.visit'
        and owed.started_on = coalesce(clocks.seen_on, clocks.started_on)
    left join due_dates as if_seen
        on if_seen.key = 'cin.visit'
        and if_seen.started_on = clocks.unclear_on
)

select
    judged.as_at,
    judged.person_id,
    judged.plan_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    judged.due_on,
    null::date as done_on,
    judged.met,
    (today.working_number - beginning.working_number)::double as value,
    case
        when judged.met is null then
            'visited ' || strftime(judged.unclear_on, '%-d %B %Y') || ', but whether the child was seen is not recorded'
        when judged.seen_on is null then
            'not seen since the plan began ' || strftime(judged.clock_on, '%-d %B %Y') || ', '
            || (today.working_number - beginning.working_number)::text || ' working days ago; due '
            || strftime(judged.due_on, '%-d %B %Y')
        else
            'last seen ' || strftime(judged.seen_on, '%-d %B %Y') || ', '
            || (today.working_number - beginning.working_number)::text || ' working days ago; due '
            || strftime(judged.due_on, '%-d %B %Y')
    end as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as beginning on beginning.day = judged.clock_on
