-- Children in need under 18 at the month end, and whether a named person holds them. Waiting runs in working
-- days from the start of the episode, or from the day the last named person's hold ended.
with
standing_now as (
    select
        needs_open.as_at,
        needs_open.person_id,
        needs_open.referral_id,
        needs_open.anchor,
        needs_open.started_on,
        coalesce(standings.rank, 7) as rank,
        standings.since,
        standings.unknown_role
    from needs_open
    left join children on children.person_id = needs_open.person_id
    left join standings
        on standings.person_id = needs_open.person_id
        and standings.as_at = needs_open.as_at
    where coalesce(children.adult_on, date '9999-12-31') > needs_open.as_at
),

let_go as (
    select
        not_held.as_at,
        not_held.person_id,
        held_until.ended_on
    from (select as_at, person_id from standing_now where rank in (4, 5, 6, 7)) as not_held
    asof inner join held_until
        on held_until.person_id = not_held.person_id
        and held_until.ended_on <= not_held.as_at
),

waiting as (
    select
        standing_now.as_at,
        standing_now.person_id,
        standing_now.referral_id,
        standing_now.anchor,
        standing_now.rank,
        standing_now.since,
        standing_now.unknown_role,
        greatest(standing_now.started_on, coalesce(let_go.ended_on, standing_now.started_on)) as waiting_since
    from standing_now
    left join let_go
        on let_go.person_id = standing_now.person_id
        and let_go.as_at = standing_now.as_at
)

select
    waiting.as_at,
    waiting.person_id,
    waiting.referral_id as event_id,
    waiting.anchor,
    null::text as team_id,
    null::text as worker_id,
    case when waiting.rank > 3 then waiting.waiting_since end as due_on,
    case when waiting.rank <= 3 then waiting.since end as done_on,
    case when waiting.rank <= 3 then true when waiting.rank = 6 then null else false end as met,
    case when waiting.rank > 3 then (today.working_number - beginning.working_number)::double end as value,
    case waiting.rank
        when 1 then 'allocated since ' || strftime(waiting.since, '%-d %B %Y')
        when 2 then 'held by a family help lead since ' || strftime(waiting.since, '%-d %B %Y')
        when 3 then 'allocated since ' || strftime(waiting.since, '%-d %B %Y')
        when 4 then 'held by a manager only'
        when 5 then 'held by duty or a team only'
        when 6 then
            coalesce(
                'the role word "' || waiting.unknown_role || '" has no meaning in the role map',
                'the worker recorded is not in the list of workers'
            )
        else 'nobody holds the child'
    end
    || case
        when waiting.rank in (4, 5, 7) then
            ', ' || (today.working_number - beginning.working_number)::text
            || case when today.working_number - beginning.working_number = 1 then ' working day' else ' working days' end
            || ' since '
            || strftime(waiting.waiting_since, '%-d %B %Y')
        else ''
    end as reason
from waiting
inner join calendar as today on today.day = waiting.as_at
inner join calendar as beginning on beginning.day = waiting.waiting_since
