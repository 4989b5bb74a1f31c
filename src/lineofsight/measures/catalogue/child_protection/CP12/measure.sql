-- Children on a plan long enough to owe a first core group, and whether the next one is still in time: from the last one
-- held under this plan, or from its start, which is the day of the conference.
with
core_groups as (
    select distinct
        cgrp_person_id as person_id,
        cgrp_date as held_on
    from side_core_group
    where cgrp_person_id is not null and cgrp_date is not null and coalesce(cgrp_cancelled, 'N') <> 'Y'
),

clocks as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        plans_open.started_on,
        case when core_groups.held_on >= plans_open.started_on then core_groups.held_on end as held_on
    from plans_open
    asof left join core_groups
        on core_groups.person_id = plans_open.person_id
        and core_groups.held_on <= plans_open.as_at
),

judged as (
    select
        clocks.as_at,
        clocks.person_id,
        clocks.plan_id,
        clocks.anchor,
        clocks.held_on,
        coalesce(later.due_on, opening.due_on) as due_on
    from clocks
    inner join due_dates as opening
        on opening.key = 'cp.first_core_group'
        and opening.started_on = clocks.started_on
        and opening.due_on <= clocks.as_at
    left join due_dates as later
        on later.key = 'cp.core_group'
        and later.started_on = clocks.held_on
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
    judged.due_on >= judged.as_at as met,
    case when judged.due_on < judged.as_at then (today.working_number - due.working_number)::double end as value,
    case
        when judged.held_on is null then 'the first core group '
        else 'the core group last met ' || strftime(judged.held_on, '%-d %B %Y') || '; the next '
    end
    || case when judged.due_on < judged.as_at then 'was due ' else 'is due ' end
    || strftime(judged.due_on, '%-d %B %Y') as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as due on due.day = judged.due_on
