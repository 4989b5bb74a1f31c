-- Children on a plan at the month end, and whether a named social worker holds them. Waiting runs in working
-- days from the plan's start, or from the day the last social worker's hold ended. A named worker who has not
-- seen the child within the visiting interval still counts as allocated here; the reason says it.
with
social_worker_ends as (
    select person_id, ended_on from held_until where social_worker
),

seen as (
    select person_id, visited_on from protection_visits where seen
),

standing_now as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        coalesce(standings.rank, 7) as rank,
        standings.since,
        standings.unknown_role,
        seen.visited_on as seen_on,
        greatest(plans_open.started_on, coalesce(social_worker_ends.ended_on, plans_open.started_on)) as waiting_since
    from plans_open
    left join standings
        on standings.person_id = plans_open.person_id
        and standings.as_at = plans_open.as_at
    asof left join social_worker_ends
        on social_worker_ends.person_id = plans_open.person_id
        and social_worker_ends.ended_on <= plans_open.as_at
    asof left join seen
        on seen.person_id = plans_open.person_id
        and seen.visited_on <= plans_open.as_at
),

judged as (
    select
        standing_now.as_at,
        standing_now.person_id,
        standing_now.plan_id,
        standing_now.anchor,
        standing_now.rank,
        standing_now.since,
        standing_now.unknown_role,
        standing_now.waiting_since,
        grace.due_on,
        case
            when standing_now.rank = 1 then true
            when standing_now.rank = 6 then null
            else grace.number > 0 and grace.due_on >= standing_now.as_at
        end as met,
        visit.due_on < standing_now.as_at and exists (select 1 from protection_visits) as parked
    from standing_now
    inner join due_dates as grace
        on grace.key = 'cp.allocation_grace'
        and grace.started_on = standing_now.waiting_since
    left join due_dates as visit
        on visit.key = 'cp.visit'
        and visit.started_on = greatest(standing_now.since, coalesce(standing_now.seen_on, standing_now.since))
)

select
    judged.as_at,
    judged.person_id,
    judged.plan_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when judged.rank > 1 then judged.due_on end as due_on,
    case when judged.rank = 1 then judged.since end as done_on,
    judged.met,
    case when judged.rank > 1 then (today.working_number - beginning.working_number)::double end as value,
    case judged.rank
        when 1 then
            'allocated since ' || strftime(judged.since, '%-d %B %Y')
            || case when judged.parked then ', but the child has not been seen within the visiting interval' else '' end
        when 2 then 'a family help lead holds the child, but no social worker'
        when 3 then 'held by a worker recorded as not registered as a social worker'
        when 4 then 'held by a manager only'
        when 5 then 'held by duty or a team only'
        when 6 then
            coalesce(
                'the role word "' || judged.unknown_role || '" has no meaning in the role map',
                'the worker recorded is not in the list of workers'
            )
        else 'nobody holds the child'
    end
    || case
        when judged.rank in (1, 6) then ''
        else
            ', ' || (today.working_number - beginning.working_number)::text
            || case when today.working_number - beginning.working_number = 1 then ' working day' else ' working days' end
            || ' since '
            || strftime(judged.waiting_since, '%-d %B %Y')
    end as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as beginning on beginning.day = judged.waiting_since
