-- Children with an open episode of need or child protection plan at the extract's date that began within the policy's
-- months after an earlier plan of theirs ended, and not longer ago than those months. One row a child, the newest return.
with
plans_ended as (
    select person_id, open_until as ended_on, 'child protection plan' as what
    from protection_plans
    union all
    select person_id, open_until, 'child in need plan'
    from support_plans
),

returns as (
    select as_at, person_id, started_on, 'referred again on ' as how
    from needs_open
    union all
    select as_at, person_id, started_on, 'on a child protection plan again since ' as how
    from plans_open
),

back as (
    select
        returns.as_at,
        returns.person_id,
        max_by(returns.started_on, (returns.started_on, plans_ended.ended_on)) as started_on,
        max_by(returns.how, (returns.started_on, plans_ended.ended_on)) as how,
        max_by(plans_ended.ended_on, (returns.started_on, plans_ended.ended_on)) as ended_on,
        max_by(plans_ended.what, (returns.started_on, plans_ended.ended_on)) as what
    from snapshot
    inner join returns on returns.as_at = snapshot.as_at
    inner join plans_ended
        on plans_ended.person_id = returns.person_id
        and plans_ended.ended_on <= returns.started_on
    inner join due_dates as soon
        on soon.key = 'plan.return'
        and soon.started_on = plans_ended.ended_on
        and soon.due_on >= returns.started_on
    inner join due_dates as recent
        on recent.key = 'plan.return'
        and recent.started_on = returns.started_on
        and recent.due_on >= returns.as_at
    group by returns.as_at, returns.person_id
)

select
    as_at,
    person_id,
    null::text as event_id,
    'back ' || started_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    (as_at - started_on)::double as value,
    how || strftime(started_on, '%-d %B %Y') || ', a ' || what || ' ended on '
    || strftime(ended_on, '%-d %B %Y') as reason
from back
