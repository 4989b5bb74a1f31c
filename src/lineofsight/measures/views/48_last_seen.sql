-- Children in need, on a child in need plan or on a child protection plan at each month end, with the newest day by then on
-- which anybody saw them (`seen_on`), and the newest of a visit where that cannot be told (`unclear_on`), however long ago.
with
followed as (
    select as_at, person_id from needs_open
    union
    select as_at, person_id from support_plans_open
    union
    select as_at, person_id from plans_open
),

seen as (
    select person_id, visited_on from days_seen where seen
),

unclear as (
    select person_id, visited_on from days_seen where seen is null
)

select
    followed.as_at,
    followed.person_id,
    seen.visited_on as seen_on,
    unclear.visited_on as unclear_on
from followed
asof left join seen
    on seen.person_id = followed.person_id
    and seen.visited_on <= followed.as_at
asof left join unclear
    on unclear.person_id = followed.person_id
    and unclear.visited_on <= followed.as_at
