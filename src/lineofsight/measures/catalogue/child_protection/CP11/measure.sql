-- Children on a plan whom a named worker holds at the month end, and whether that worker is a registered social
-- worker. Unknown is told apart and is never unregistered. Waiting runs in working days from the allocation, or from
-- the day the registration ended.
with
-- the newest hold of a worker known to be registered, who counts before one of whom nothing is recorded
known as (
    select
        month_spans.as_at,
        roles.person_id,
        max(roles.started_on) as since
    from roles
    inner join month_spans
        on roles.started_on <= month_spans.as_at  -- either way: of holds begun that day the registered one leads already
        and roles.open_until > month_spans.as_at
    left join registrations
        on registrations.worker_id = roles.worker_id
        and registrations.as_at = month_spans.as_at
    inner join professionals on professionals.worker_id = roles.worker_id
    where
        roles.role_kind = 'allocated_worker'
        and roles.holder = 'person'
        and (registrations.registration = 'registered' or (registrations.registration is null and professionals.has_number))
    group by month_spans.as_at, roles.person_id
),

held as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        case when known.since is null then tiers.registration else 'registered' end as registration,
        coalesce(known.since, tiers.since) as since,
        tiers.reason,
        greatest(plans_open.started_on, tiers.since, coalesce(tiers.unregistered_since, tiers.since)) as owed_on
    from plans_open
    inner join allocation_tiers as tiers
        on tiers.person_id = plans_open.person_id
        and tiers.as_at = plans_open.as_at
        and tiers.lead_role = 'lead_child_protection_practitioner'
        and tiers.tier in ('unregistered', 'unseen', 'away', 'allocated', 'endorsed')
    left join known
        on known.person_id = plans_open.person_id
        and known.as_at = plans_open.as_at
        and tiers.registration = 'unknown'
)

select
    held.as_at,
    held.person_id,
    held.plan_id as event_id,
    held.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when held.registration = 'unregistered' then held.owed_on end as due_on,
    case when held.registration = 'registered' then held.since end as done_on,
    case held.registration when 'registered' then true when 'unregistered' then false end as met,
    case
        when held.registration = 'unregistered' then (today.working_number - beginning.working_number)::double
    end as value,
    case held.registration
        when 'unregistered' then
            held.reason || ', ' || (today.working_number - beginning.working_number)::text
            || case when today.working_number - beginning.working_number = 1 then ' working day' else ' working days' end
            || ' since '
            || strftime(held.owed_on, '%-d %B %Y')
        when 'registered' then
            'held by a registered social worker since ' || strftime(held.since, '%-d %B %Y')
        else 'whether the worker is registered is not recorded'
    end as reason
from held
inner join calendar as today on today.day = held.as_at
inner join calendar as beginning on beginning.day = held.owed_on
