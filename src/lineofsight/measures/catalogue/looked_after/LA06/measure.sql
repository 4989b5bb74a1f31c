-- Children under sixteen at the month end who have been looked after for two and a half years, and whether they have
-- lived in the same home for two; placed for adoption with new carers, the home before counts with it.
with
settled as (
    select
        care_now.as_at,
        care_now.person_id,
        care_now.care_id,
        care_now.anchor,
        greatest(
            care_now.started_on,
            case when care_now.placement_type in ('A4', 'A6') then homes.before_on end,
            case when coalesce(care_now.placement_type not in ('A4', 'A6') or homes.before_on is null, true) then homes.started_on end
        ) as since,
        homes.started_on is null or homes.open_until <= care_now.started_on as nowhere
    from care_now
    inner join due_dates
        on due_dates.key = 'la.stability.looked_after'
        and due_dates.started_on = care_now.started_on
        and due_dates.due_on <= care_now.as_at
    asof left join homes
        on homes.person_id = care_now.person_id
        and homes.started_on <= care_now.as_at
    where care_now.age < 16
)

select
    settled.as_at,
    settled.person_id,
    settled.care_id as event_id,
    settled.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    case when not settled.nowhere then due_dates.due_on <= settled.as_at end as met,
    case when not settled.nowhere then (settled.as_at - settled.since)::double end as value,
    case
        when settled.nowhere then 'where the child lives is not recorded'
        else 'in the same home since ' || strftime(settled.since, '%-d %B %Y')
    end as reason
from settled
left join due_dates
    on due_dates.key = 'la.stability.same_home'
    and due_dates.started_on = settled.since
