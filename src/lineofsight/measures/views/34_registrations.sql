-- What the registration file says of a worker at each month end, by the newest row that has begun. A registration
-- whose last day has passed is known to have ended; a blank, or a word for it, is unknown and never unregistered.
-- A worker without a row here is told by the number in the list of workers.
with
recorded as (
    select
        regi_registration_id as registration_id,
        regi_worker_id as worker_id,
        upper(trim(regi_registered)) as registered,
        trim(coalesce(regi_number, '')) <> '' as has_number,
        coalesce(regi_valid_from, date '1900-01-01') as valid_from,
        coalesce(regi_valid_until, date '9999-12-31') as valid_until
    from side_registration
    where regi_worker_id is not null
),

newest as (
    select
        month_spans.as_at,
        recorded.worker_id,
        arg_max(
            {
                'registered': recorded.registered,
                'has_number': recorded.has_number,
                'valid_from': recorded.valid_from,
                'valid_until': recorded.valid_until
            },
            (recorded.valid_from, recorded.registration_id)
        ) as told
    from recorded
    inner join month_spans on recorded.valid_from <= month_spans.as_at
    group by month_spans.as_at, recorded.worker_id
)

select
    as_at,
    worker_id,
    case
        when told.registered = 'N' or told.valid_until < as_at then 'unregistered'
        when told.registered = 'U' then 'unknown'
        when told.registered = 'Y' or told.has_number or told.valid_until < date '9999-12-31' then 'registered'
        else 'unknown'
    end as registration,
    case
        when told.registered = 'N' then told.valid_from
        when told.valid_until < as_at then told.valid_until + 1
    end as unregistered_since,
    coalesce(told.registered <> 'N', true) and told.valid_until < as_at as ended
from newest
