-- The days on which a named person in an allocated worker's role held a child and was not known to be unregistered.
-- The newest row of the registration file that has begun tells, as in `registrations`; before the first, and without
-- any, the number in the list of workers does. What ended on the day it began held at the end of no day.
with
recorded as (
    select
        regi_worker_id as worker_id,
        regi_registration_id as registration_id,
        coalesce(regi_valid_from, date '1900-01-01') as valid_from,
        case
            when upper(trim(regi_registered)) = 'N' then coalesce(regi_valid_from, date '1900-01-01')
            else coalesce(regi_valid_until + 1, date '9999-12-31')
        end as lost_on
    from side_registration
    where regi_worker_id is not null
),

newest as (
    select
        worker_id,
        valid_from,
        arg_max(lost_on, registration_id) as lost_on
    from recorded
    group by worker_id, valid_from
),

following as (
    select
        worker_id,
        valid_from,
        lost_on,
        lead(valid_from, 1, date '9999-12-31') over (partition by worker_id order by valid_from) as next_from
    from newest
),

first_rows as (
    select
        worker_id,
        min(valid_from) as valid_from
    from newest
    group by worker_id
),

not_lost as (
    select
        worker_id,
        valid_from as first_day,
        least(lost_on, next_from) as until
    from following
    union all
    select
        professionals.worker_id,
        date '1900-01-01' as first_day,
        coalesce(first_rows.valid_from, date '9999-12-31') as until
    from professionals
    left join first_rows on first_rows.worker_id = professionals.worker_id
    where not professionals.not_registered
)

select
    roles.person_id,
    roles.worker_id,
    greatest(roles.started_on, not_lost.first_day) as started_on,
    least(roles.open_until, not_lost.until) as open_until
from roles
inner join not_lost on not_lost.worker_id = roles.worker_id
where
    roles.role_kind = 'allocated_worker'
    and roles.holder = 'person'
    and greatest(roles.started_on, not_lost.first_day) < least(roles.open_until, not_lost.until)
