-- Children under 18 with an early help episode open at the month end, and whether a named worker leads: in a family
-- help lead's or an allocated worker's role, or named on an open episode itself. Waiting runs in working days from the
-- start of the episode, or from the day the last named worker's hold ended.
with
ends as (
    select person_id, ended_on from held_until
),

named as (
    select distinct
        early_help_open.as_at,
        early_help_open.person_id
    from early_help_open
    cross join unnest(early_help_open.worker_ids) as on_episode (worker_id)
    inner join professionals
        on professionals.worker_id = on_episode.worker_id
        and professionals.kind = 'person'
),

standing_now as (
    select
        early_help_open.as_at,
        early_help_open.person_id,
        early_help_open.episode_id,
        early_help_open.anchor,
        early_help_open.started_on,
        tiers.tier,
        tiers.since,
        tiers.reason,
        tiers.tier in ('unseen', 'away', 'allocated', 'endorsed') as held,
        named.person_id is not null as on_episode,
        greatest(early_help_open.started_on, coalesce(ends.ended_on, early_help_open.started_on)) as waiting_since
    from early_help_open
    inner join allocation_tiers as tiers
        on tiers.person_id = early_help_open.person_id
        and tiers.as_at = early_help_open.as_at
        and tiers.lead_role = 'family_help_lead'
    left join named
        on named.person_id = early_help_open.person_id
        and named.as_at = early_help_open.as_at
    asof left join ends
        on ends.person_id = early_help_open.person_id
        and ends.ended_on <= early_help_open.as_at
)

select
    standing_now.as_at,
    standing_now.person_id,
    standing_now.episode_id as event_id,
    standing_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when not standing_now.held and not standing_now.on_episode then standing_now.waiting_since end as due_on,
    case
        when standing_now.held then standing_now.since
        when standing_now.on_episode then standing_now.started_on
    end as done_on,
    case
        when standing_now.held then true
        when standing_now.on_episode then true
        when standing_now.tier <> 'unknown' then false
    end as met,
    case
        when not standing_now.held and not standing_now.on_episode
            then (today.working_number - beginning.working_number)::double
    end as value,
    case
        when standing_now.held then standing_now.reason
        when standing_now.on_episode then 'the early help episode names the worker who leads'
        when standing_now.tier = 'unknown' then standing_now.reason
        else
            standing_now.reason || ', ' || (today.working_number - beginning.working_number)::text
            || case when today.working_number - beginning.working_number = 1 then ' working day' else ' working days' end
            || ' since '
            || strftime(standing_now.waiting_since, '%-d %B %Y')
    end as reason
from standing_now
inner join calendar as today on today.day = standing_now.as_at
inner join calendar as beginning on beginning.day = standing_now.waiting_since
