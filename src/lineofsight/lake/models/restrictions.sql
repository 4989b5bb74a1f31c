-- Whose record the extract restricts, and why: in force by the snapshot's date, its last day included. A word that
-- nobody knows restricts as well.
select
    rest_person_id as person_id,
    case
        when lower(trim(rest_kind)) like 'adopt%' then 'adoption'
        when lower(trim(rest_kind)) like '%address%' then 'protected-address'
        when lower(trim(rest_kind)) like '%staff%' then 'family-of-staff'
        else 'other'
    end as kind
from side_restriction
cross join snapshot
where rest_person_id is not null
    and coalesce(rest_start_date, date '1900-01-01') <= snapshot.as_at
    and coalesce(rest_end_date, date '9999-12-31') >= snapshot.as_at
