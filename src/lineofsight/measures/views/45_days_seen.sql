-- Days on which a child was visited by anybody, under whatever plan: `seen` as in protection_visits.
with
visits as (
    select person_id, visited_on, seen from protection_visits
    union all
    select person_id, visited_on, seen from support_visits
    union all
    select person_id, visited_on, seen from care_visits
)

select
    person_id,
    visited_on,
    case when bool_or(seen) then true when bool_or(seen is null) then null else false end as seen
from visits
group by person_id, visited_on
