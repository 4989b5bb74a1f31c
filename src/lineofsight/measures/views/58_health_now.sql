-- Children looked after for the whole of the last year, with the latest health check of each kind so far:
-- `done_on`, and `unclear_on` where one is recorded of which it cannot be told whether it was held.
with
kinds(kind) as (
    values ('assessment'), ('dental')
)

select
    care_now.as_at,
    care_now.person_id,
    any_value(care_now.care_id) as care_id,
    any_value(care_now.anchor) as anchor,
    any_value(care_now.started_on) as started_on,
    any_value(care_now.age) as age,
    kinds.kind,
    max(health_checks.held_on) filter (where health_checks.done) as done_on,
    max(health_checks.held_on) filter (where health_checks.done is null) as unclear_on
from care_now
cross join kinds
left join health_checks
    on health_checks.person_id = care_now.person_id
    and health_checks.kind = kinds.kind
    and health_checks.held_on <= care_now.as_at
where care_now.all_year
group by care_now.as_at, care_now.person_id, kinds.kind
