-- The last day in time for every clock of the policy and every day a clock may start.
-- A clock that starts on `started_on` follows the timescale in force that day; the oldest timescale of a key
-- also covers the days before it. Months end on the corresponding date, or the month's last day.
with
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

starts as (
    select
        clocks.key,
        clocks.number,
        clocks.unit,
        calendar.day as started_on,
        case when clocks.unit = 'working days' then calendar.working_number + clocks.number end as working_number
    from calendar
    cross join clocks
    where
        calendar.day between clocks.valid_from and clocks.valid_until
        and calendar.day <= (select max(as_at) from months)
)

select
    starts.key,
    starts.started_on,
    case starts.unit
        when 'working days' then greatest(starts.started_on, working_days.day)
        when 'days' then starts.started_on + starts.number
        when 'weeks' then starts.started_on + 7 * starts.number
        else (starts.started_on + to_months(starts.number))::date
    end as due_on,
    starts.number,
    starts.unit
from starts
left join working_days on working_days.working_number = starts.working_number
