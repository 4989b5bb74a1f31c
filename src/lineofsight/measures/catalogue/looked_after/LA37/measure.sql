-- Looked-after children at the month end, and whether a named worker holds them in an allocated worker's role. Waiting
-- runs in working days from the start of the period of care, or from the day the last such worker's hold ended.
with
allocated_ends as (
    select person_id, ended_on from held_until where allocated
),

standing_now as (
    select
        care_open.as_at,
        care_open.person_id,
        care_open.care_id,
        care_open.anchor,
        tiers.tier,
        tiers.since,
        tiers.reason,
        tiers.tier in ('unregistered', 'unseen', 'away', 'allocated', 'endorsed') as held,
        greatest(care_open.started_on, coalesce(allocated_ends.ended_on, care_open.started_on)) as waiting_since
    from care_open
    inner join allocation_tiers as tiers
        on tiers.person_id = care_open.person_id
        and tiers.as_at = care_open.as_at
        and tiers.lead_role = 'lead_child_protection_practitioner'
    asof left join allocated_ends
        on allocated_ends.person_id = care_open.person_id
        and allocated_ends.ended_on <= care_open.as_at
)

select
    standing_now.as_at,
    standing_now.person_id,
    standing_now.care_id as event_id,
    standing_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when not standing_now.held then standing_now.waiting_since end as due_on,
    case when standing_now.held then standing_now.since end as done_on,
    case when standing_now.held then true when standing_now.tier <> 'unknown' then false end as met,
    case
        when not standing_now.held then (today.working_number - beginning.working_number)::double
    end as value,
    standing_now.reason
    || case
        when standing_now.held or standing_now.tier = 'unknown' then ''
        else
            ', ' || (today.working_number - beginning.working_number)::text
            || case when today.working_number - beginning.working_number = 1 then ' working day' else ' working days' end
            || ' since '
            || strftime(standing_now.waiting_since, '%-d %B %Y')
    end as reason
from standing_now
inner join calendar as today on today.day = standing_now.as_at
inner join calendar as beginning on beginning.day = standing_now.waiting_since
