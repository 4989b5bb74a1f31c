-- Children on a plan whom a named worker holds at the month end, and whether that worker is a registered social
-- worker. Unknown is told apart and is never unregistered. Waiting runs in working days from the allocation, or from
-- the day the registration ended.
with
held as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        plans_open.started_on,
        tiers.registration,
        tiers.since,
        tiers.unregistered_since,
        tiers.reason
    from plans_open
    inner join allocation_tiers as tiers
        on tiers.person_id = plans_open.person_id
        and tiers.as_at = plans_open.as_at
        and tiers.lead_role = 'lead_child_protection_practitioner'
        and tiers.tier in ('unregistered', 'unseen', 'away', 'allocated', 'endorsed')
),

-- the newest hold of a worker known to be registered, who counts before one of whom nothing is recorded
known as (
    select
        held.as_at,
        held.person_id,
        max(roles.started_on) as since
    from held
    inner join roles
        on roles.person_id = held.person_id
        and roles.started_on <= held.as_at  -- either way: of holds begun that day the registered one leads already
        and roles.open_until > held.as_at
    left join registrations
        on registrations.worker_id = roles.worker_id
        and registrations.as_at = held.as_at
    inner join professionals on professionals.worker_id = roles.worker_id
    where
        held.registration = 'unknown'
        and roles.role_kind = 'allocated_worker'
        and roles.holder = 'person'
        and (registrations.registration = 'registered' or (registrations.registration is null and professionals.has_number))
    group by held.as_at, held.person_id
),

judged as (
    select
        held.as_at,
        held.person_id,
        held.plan_id,
        held.anchor,
        case when known.since is null then held.registration else 'registered' end as registration,
        coalesce(known.since, held.since) as since,
        held.reason,
        greatest(held.started_on, held.since, coalesce(held.unregistered_since, held.since)) as owed_on
    from held
    left join known
        on known.person_id = held.person_id
        and known.as_at = held.as_at
)

select
    judged.as_at,
    judged.person_id,
    judged.plan_id as event_id,
    judged.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when judged.registration = 'unregistered' then judged.owed_on end as due_on,
    case when judged.registration = 'registered' then judged.since end as done_on,
    case judged.registration when 'registered' then true when 'unregistered' then false end as met,
    case
        when judged.registration = 'unregistered' then (today.working_number - beginning.working_number)::double
    end as value,
    case judged.registration
        when 'unregistered' then
            judged.reason || ', ' || (today.working_number - beginning.working_number)::text
            || case when today.working_number - beginning.working_number = 1 then ' working day' else ' working days' end
            || ' since '
            || strftime(judged.owed_on, '%-d %B %Y')
        when 'registered' then
            'held by a registered social worker since ' || strftime(judged.since, '%-d %B %Y')
        else 'whether the worker is registered is not recorded'
    end as reason
from judged
inner join calendar as today on today.day = judged.as_at
inner join calendar as beginning on beginning.day = judged.owed_on
