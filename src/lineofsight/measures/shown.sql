-- Every figure with what each level is told of it. Relations:
--   figures     (figures.sql)
--   open_cells  the cells of breakdowns that are shown below the identified level
--   kept_back   the authority's own figures that are not published
--   rounding    to how much the published level is rounded
with
kept as (
    select
        figures.*,
        figures.breakdown <> 'authority' and open_cells.cell is null as hidden,
        case
            when figures.breakdown = 'authority' then kept_back.cell is not null
            else open_cells.cell is null
        end as published_hidden,
        (2 * numerator + rounding."to") // (2 * rounding."to") * rounding."to" as round_numerator,
        case
            when kind = 'rate' then denominator
            else (2 * denominator + rounding."to") // (2 * rounding."to") * rounding."to"
        end as round_denominator,
        (2 * unknown + rounding."to") // (2 * rounding."to") * rounding."to" as round_unknown
    from figures
    cross join rounding
    left join open_cells on open_cells.cell = figures.cell
    left join kept_back on kept_back.cell = figures.cell
),

rounded as (
    select
        kept.*,
        case kind
            when 'count' then round_numerator::double
            when 'rate' then (round_numerator * 10000)::double / nullif(round_denominator, 0)
            when 'percent' then (round_numerator * 100)::double / nullif(round_denominator, 0)
            else round_even(value, 0)
        end as round_value
    from kept
)

select
    measure,
    as_at,
    "window",
    breakdown,
    "group",
    numerator,
    denominator,
    unknown,
    value,
    'measured' as status,
    []::varchar[] as missing,
    hidden,
    published_hidden,
    case when not published_hidden then round_numerator::varchar end as masked_numerator,
    case when not published_hidden then round_denominator::varchar end as masked_denominator,
    case
        when not published_hidden and kind = 'count' then printf('%.0f', round_value)
        when not published_hidden then printf('%.1f', round_value)
    end as masked_value,
    case when not published_hidden then round_unknown::varchar end as masked_unknown
from rounded
order by position, "window", as_at, place
