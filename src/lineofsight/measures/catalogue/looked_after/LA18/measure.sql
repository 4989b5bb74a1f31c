-- Children looked after on any day of the year that ends with the month, and whether they were never missing
-- in it while they were looked after.
select
    as_at,
    person_id,
    care_id as event_id,
    anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    met,
    times as value,
    reason
from away_in_year
where kind = 'M'
