-- Children on a plan old enough to be seen alone, by their newest visit under this plan: was the child seen alone? Where
-- nobody recorded that, the answer is not known.
with
visits as (
    select
        cppv_person_id as person_id,
        cppv_cp_visit_date as visited_on,
        case
            when bool_or(cppv_cp_visit_seen_alone = 'Y') then true
            when bool_or(cppv_cp_visit_seen_alone is null) then null
            else false
        end as alone
    from ssd_cp_visits
    where cppv_person_id is not null and cppv_cp_visit_date is not null
    group by cppv_person_id, cppv_cp_visit_date
),

newest as (
    select
        plans_open.as_at,
        plans_open.person_id,
        plans_open.plan_id,
        plans_open.anchor,
        visits.visited_on,
        visits.alone,
        children.born_on,
        children.unborn_until
    from plans_open
    asof inner join visits
        on visits.person_id = plans_open.person_id
        and visits.visited_on <= plans_open.as_at
    left join children on children.person_id = plans_open.person_id
    where visits.visited_on >= plans_open.started_on
)

select
    newest.as_at,
    newest.person_id,
    newest.plan_id as event_id,
    newest.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    newest.visited_on as done_on,
    newest.alone as met,
    null::double as value,
    'visited ' || strftime(newest.visited_on, '%-d %B %Y')
    || case
        when newest.alone then ' and seen alone'
        when not newest.alone then ' and not seen alone'
        else ', but whether the child was seen alone is not recorded'
    end as reason
from newest
left join due_dates as old_enough
    on old_enough.key = 'cp.seen_alone_age'
    and old_enough.started_on = newest.born_on
where coalesce(old_enough.due_on, newest.unborn_until, date '1900-01-01') <= newest.visited_on
