-- A named person in an allocated worker's role: what counts as allocation. A manager, a duty desk, a blank or a
-- worker with no name never does; nor does a person recorded as not registered (a missing number is unknown).
select
    person_id,
    involvement_id,
    worker_id,
    team_id,
    started_on,
    open_until
from roles
where
    role_kind = 'allocated_worker'
    and holder = 'person'
    and not not_registered
