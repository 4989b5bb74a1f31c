-- Children on a plan older than its visiting interval, and whether they were seen within it, by the interval's key: a
-- protection plan by visits under it, a plan of need by anybody's visit. Only a visit that saw the child counts; where
-- nobody recorded that, the answer is not known.
with
seen as (
    select person_id, visited_on from protection_visits where seen
),

unclear as (
    select person_id, visited_on from protection_visits where seen is null
),

intervals as (
    select key, started_on, due_on from due_dates where key in ('cp.visit', 'cin.visit')
),

clocks as (
    select
        'cp.visit' as key,
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        plans_open.started_on,
        case when seen.visited_on >= plans_open.started_on then seen.visited_on end as seen_on,
        unclear.visited_on as unclear_on
    from plans_open
    asof left join seen
        on seen.person_id = plans_open.person_id
        and seen.visited_on <= plans_open.as_at
    asof left join unclear
        on unclear.person_id = plans_open.person_id
        and unclear.visited_on <= plans_open.as_at

    union all

    select
        'cin.visit' as key,
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
        clocks.key,
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
    inner join intervals as opening
        on opening.key = clocks.key
        and opening.started_on = clocks.started_on
        and opening.due_on < clocks.as_at
    inner join intervals as owed
        on owed.key = clocks.key
        and owed.started_on = coalesce(clocks.seen_on, clocks.started_on)
    left join intervals as if_seen
        on if_seen.key = clocks.key
        and if_seen.started_on = clocks.unclear_on
)

select
    judged.key,
    judged.as_at,
    judged.person_id,
    judged.plan_id,
    judged.anchor,
    judged.due_on,
    judged.met,
    (today.working_number - beginning.working_number)::double as days,
    case
        when judged.met is null then
            'visited ' || strftime(judged.unclear_on, '%-d %B %Y') || ', but whether the child was seen is not recorded'
        else
            case when judged.seen_on is null then 'not seen since the plan began ' else 'last seen ' end
            || strftime(judged.clock_on, '%-d %B %Y') || ', '
            || (today.working_number - beginning.working_number)::text
            || case today.working_number - beginning.working_number when 1 then ' working day' else ' working days' end
            || ' ago; due '
            || strftime(judged.due_on, '%-d %B %Y')
    end as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as beginning on beginning.day = judged.clock_on
