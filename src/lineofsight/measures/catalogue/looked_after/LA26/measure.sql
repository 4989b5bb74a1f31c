-- Looked-after children at the month end, and whether fewer than three named workers were allocated to them in the
-- year that ends then, while they were looked after.
with
held_by as (
    select
        care_now.as_at,
        care_now.person_id,
        count(distinct allocations.worker_id) as workers
    from care_now
    inner join allocations
        on allocations.person_id = care_now.person_id
        and allocations.started_on <= care_now.as_at
        and allocations.open_until > greatest(care_now.year_start, care_now.started_on, allocations.started_on)
    group by care_now.as_at, care_now.person_id
)

select
    care_now.as_at,
    care_now.person_id,
    care_now.care_id as event_id,
    care_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    coalesce(held_by.workers, 0) < 3 as met,
    coalesce(held_by.workers, 0)::double as value,
    case
        when held_by.workers is null then 'no worker was allocated in the year'
        when held_by.workers = 1 then 'one worker in the year'
        else held_by.workers || ' workers in the year'
    end as reason
from care_now
left join held_by
    on held_by.person_id = care_now.person_id
    and held_by.as_at = care_now.as_at
