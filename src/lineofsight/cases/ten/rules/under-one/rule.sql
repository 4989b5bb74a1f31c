-- Children on a plan who are not born yet, or have not had their first birthday. No date of birth is told.
with
babies as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        plans_open.started_on,
        children.unborn_until > plans_open.as_at as unborn,
        date_diff('month', children.born_on, plans_open.as_at)
        - case when day(children.born_on) > day(plans_open.as_at) then 1 else 0 end as months
    from plans_open
    inner join children on children.person_id = plans_open.person_id
    where
        children.unborn_until > plans_open.as_at
        or (children.born_on + to_months(12))::date > plans_open.as_at
)

select
    as_at,
    person_id,
    plan_id as event_id,
    anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    started_on as done_on,
    true as met,
    null::double as value,
    case
        when unborn then 'not born yet'
        when months = 1 then '1 month old'
        else greatest(months, 0) || ' months old'
    end || ' and on a plan since ' || strftime(started_on, '%-d %B %Y') as reason
from babies
