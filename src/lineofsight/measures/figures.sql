-- Every figure of the measures that were measured. Relations:
--   told      one row a measure: its position in the catalogue, its kind, which of its rows count
--   dates     the dates of each measure and window
--   groups    the groups of each breakdown of each measure, in order of `place`; the whole authority first
--   counted   what was counted in each place (shown.COUNTED); a place that is not there has nothing
--   children  how many live in the authority on each date
with
cells as (
    select
        told.position,
        told.measure,
        told.kind,
        told.counts,
        dates.as_at,
        dates."window",
        groups.breakdown,
        groups."group",
        groups.place,
        coalesce(counted.rows, 0) as rows,
        coalesce(counted.met, 0) as met,
        coalesce(counted.not_met, 0) as not_met,
        coalesce(counted.valued, 0) as valued,
        counted.total,
        counted.middle,
        counted.weight,
        case when groups.breakdown = 'authority' then children.children end as population
    from told
    inner join dates on dates.measure = told.measure
    inner join groups on groups.measure = told.measure
    left join counted
        on counted.measure = told.measure
        and counted.as_at = dates.as_at
        and counted."window" = dates."window"
        and counted.breakdown = groups.breakdown
        and counted."group" = groups."group"
    left join children on children.as_at = dates.as_at
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
