-- Children on a plan at the month end, and whether a named social worker holds them. Waiting runs in working
-- days from the plan's start, or from the day the last social worker's hold ended, or lost its registration. A named
-- worker who has not seen the child within the visiting interval, or is away without cover, still counts as allocated
-- here; the reason says it.
with
social_worker_ends as (
    select person_id, ended_on from held_until where social_worker
),

standing_now as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        tiers.tier,
        tiers.since,
        tiers.reason,
        greatest(
            plans_open.started_on,
            coalesce(social_worker_ends.ended_on, plans_open.started_on),
            coalesce(tiers.unregistered_since, plans_open.started_on)
        ) as waiting_since
    from plans_open
    inner join allocation_tiers as tiers
        on tiers.person_id = plans_open.person_id
        and tiers.as_at = plans_open.as_at
        and tiers.lead_role = 'lead_child_protection_practitioner'
    asof left join social_worker_ends
        on social_worker_ends.person_id = plans_open.person_id
        and social_worker_ends.ended_on <= plans_open.as_at
),

judged as (
    select
        standing_now.as_at,
        standing_now.person_id,
        standing_now.plan_id,
        standing_now.anchor,
        standing_now.tier,
        standing_now.since,
        standing_now.reason,
        standing_now.waiting_since,
        grace.due_on,
        standing_now.tier in ('unseen', 'away', 'allocated', 'endorsed') as held,
        grace.number > 0 and grace.due_on >= standing_now.as_at as in_grace
    from standing_now
    inner join due_dates as grace
        on grace.key = 'cp.allocation_grace'
        and grace.started_on = standing_now.waiting_since
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
