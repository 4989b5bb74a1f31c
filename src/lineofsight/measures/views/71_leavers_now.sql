-- Care leavers at the extract's own date, with their age in whole years: whoever was born on 29 February is a year
-- older on 1 March. Those who have died, are still looked after or are owed nothing now are left out.
select
    snapshot.as_at,
    leavers.person_id,
    leavers.row_id,
    leavers.anchor,
    leavers.born_on,
    date_part('year', snapshot.as_at) - date_part('year', leavers.born_on)
    - (
        (date_part('month', snapshot.as_at), date_part('day', snapshot.as_at))
        < (date_part('month', leavers.born_on), date_part('day', leavers.born_on))
    )::integer as age,
    leavers.eligibility,
    leavers.in_touch,
    leavers.accommodation,
    leavers.suitable,
    leavers.activity,
    leavers.contact_on,
    leavers.reviewed_on,
    leavers.adviser,
    leavers.team_id,
    leavers.worker_id
from leavers
inner join snapshot on leavers.open_until > snapshot.as_at
where
    coalesce(leavers.in_touch, '') <> 'DIED'
    and coalesce(leavers.eligibility, '') not in ('eligible', 'none')
