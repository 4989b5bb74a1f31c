-- The last day in time for every clock of the policy and every day a clock may start.
-- A clock that starts on `started_on` follows the timescale in force that day; the oldest timescale of a key
-- also covers the days before it. Months end on the corresponding date, or the month's last day.
-- The days of one clock stand together, so that whoever asks for one reads no other.
with
known as (
    select
        (select min(day) from calendar) as first_day,
        (select max(as_at) from months) as last_day,
        -- by the number of the day since the first, and by the number of the working day
        (select list(working_number order by day) from calendar) as numbers,
        (select list(day order by working_number) from working_days) as working_days,
        (select min(working_number) from working_days) as first_number
),

clocks as (
    select
        key,
        number::integer as number,
        unit,
        case
            when valid_from = min(valid_from) over (partition by key) then date '1900-01-01'
            else valid_from
        end as valid_from,
        valid_until
    from timescales
    where unit in ('working days', 'days', 'weeks', 'months')
),

spans as (
    select
        clocks.key,
        clocks.number,
        clocks.unit,
        greatest(clocks.valid_from, known.first_day) as first_day,
        least(clocks.valid_until, known.last_day) as last_day
    from clocks
    cross join known
    order by clocks.key, clocks.valid_from
),

starts as (
    select
        key,
        number,
        unit,
        first_day + unnest(range(last_day - first_day + 1))::integer as started_on
    from spans
)

select
    starts.key,
    starts.started_on,
    case starts.unit
        when 'working days' then greatest(
            starts.started_on,
            known.working_days[
                known.numbers[starts.started_on - known.first_day + 1] + starts.number - known.first_number + 1
            ]
        )
        when 'days' then starts.started_on + starts.number
        when 'weeks' then starts.started_on + 7 * starts.number
        else (starts.started_on + to_months(starts.number))::date
    end as due_on,
    starts.number,
    starts.unit
from starts
cross join known
