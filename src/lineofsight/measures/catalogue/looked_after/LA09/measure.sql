-- Looked-after children at the month end who have been visited since they came into care, and whether the child was
-- seen alone at the last visit.
with
last_visits as (
    select
        care_now.as_at,
        care_now.person_id,
        care_now.care_id,
        care_now.anchor,
        care_now.started_on,
        care_visits.visited_on,
        care_visits.seen,
        care_visits.alone
    from care_now
    asof inner join care_visits
        on care_visits.person_id = care_now.person_id
        and care_visits.visited_on <= care_now.as_at
)

select
    last_visits.as_at,
    last_visits.person_id,
    last_visits.care_id as event_id,
    last_visits.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    last_visits.visited_on as done_on,
    case when last_visits.seen is not null and not last_visits.seen then false else last_visits.alone end as met,
    (last_visits.as_at - last_visits.visited_on)::double as value,
    'visited ' || strftime(last_visits.visited_on, '%-d %B %Y')
    || case
        when last_visits.seen is not null and not last_visits.seen then ', not seen'
        when last_visits.alone is null then ', whether alone is not recorded'
        when last_visits.alone then ', seen alone'
        else ', not seen alone'
    end as reason
from last_visits
where last_visits.visited_on >= last_visits.started_on
