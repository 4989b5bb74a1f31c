-- Every figure of the measures that were measured, each with a number of its own, `cell`. Relations:
--   told      one row a measure: its position in the catalogue, its kind, which of its rows count
--   dates     the dates of each measure and window, each with a `number`, and how many children live there then
--   groups    the groups of each breakdown of each measure, in order of `place`; the whole authority first
--   counted   what was counted in each place (shown.COUNTED); a place that is not there has nothing
with
-- words are looked up once, for what was counted; a figure is found by its numbers
numbered as (
    select
        dates.number,
        groups.place,
        counted.rows,
        counted.met,
        counted.not_met,
        counted.valued,
        counted.total,
        counted.middle,
        counted.weight
    from counted
    inner join dates
        on dates.measure = counted.measure
        and dates.as_at = counted.as_at
        and dates."window" = counted."window"
    inner join groups
        on groups.measure = counted.measure
        and groups.breakdown = counted.breakdown
        and groups."group" = counted."group"
),

cells as (
    select
        dates.number * 1000000 + groups.place as cell,
        told.position,
        told.measure,
        told.kind,
        told.counts,
        dates.as_at,
        dates."window",
        groups.breakdown,
        groups."group",
        groups.place,
        coalesce(numbered.rows, 0) as rows,
        coalesce(numbered.met, 0) as met,
        coalesce(numbered.not_met, 0) as not_met,
        coalesce(numbered.valued, 0) as valued,
        numbered.total,
        numbered.middle,
        numbered.weight,
        case when groups.breakdown = 'authority' then dates.children end as population
    from told
    inner join dates on dates.measure = told.measure
    inner join groups on groups.measure = told.measure
    left join numbered
        on numbered.number = dates.number
        and numbered.place = groups.place
),

parted as (
    select
        cells.*,
        case
            when kind in ('median', 'mean', 'ratio') then valued
            when counts = 'all' then rows
            when counts = 'met' then met
            else not_met
        end as numerator,
        case
            when kind in ('median', 'mean', 'ratio') or counts = 'all' then 0
            when counts = 'met' then not_met
            else met
        end as rest,
        case
            when kind in ('median', 'mean', 'ratio') then rows - valued
            when counts = 'all' then 0
            else rows - met - not_met
        end as unknown
    from cells
),

figures as (
    select
        parted.*,
        case when kind = 'rate' then population else numerator + rest end as denominator,
        case kind
            when 'median' then middle
            when 'mean' then total / nullif(valued, 0)
            when 'ratio' then total / nullif(weight, 0)
            when 'count' then numerator::double
            when 'rate' then (numerator * 10000)::double / nullif(population, 0)
            else (numerator * 100)::double / nullif(numerator + rest, 0)
        end as value
    from parted
)

select
    cell,
    position,
    measure,
    kind,
    as_at,
    "window",
    breakdown,
    "group",
    place,
    numerator,
    rest,
    unknown,
    denominator,
    value
from figures
