-- The days on which a named person's hold on a child ended, for `waiting since`.
-- `allocated` tells an allocated worker's hold from a family help lead's. What ended on the day it began, or before it,
-- held at the end of no day.
select
    person_id,
    open_until as ended_on,
    bool_or(role_kind = 'allocated_worker') as allocated
from roles
where
    role_kind in ('allocated_worker', 'family_help_lead')
    and holder = 'person'
    and open_until < date '9999-12-31'
    and open_until > started_on
group by person_id, open_until
