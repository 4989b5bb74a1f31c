-- Where looked-after children have lived, as homes: `open_until` is the first day the child does not live there. One
-- home goes on through a change of placement with the same carers (episode reasons T and U; placed for adoption with
-- the current foster carer, A3 and A5), through the same kind of placement at the same postcode, and through a
-- temporary move (T0 to T4). What is recorded as ended before it began was no home. `placement_type` is that of its
-- newest placement.
with
lasting as (
    select
        placements.person_id,
        placements.placement_id,
        placements.placement_type,
        placements.started_on,
        placements.open_until,
        placements.living_there_since,
        replace(upper(ssd_cla_placement.clap_cla_placement_postcode), ' ', '') as postcode
    from placements
    inner join ssd_cla_placement on ssd_cla_placement.clap_cla_placement_id = placements.placement_id
    where
        coalesce(placements.placement_type, '') not in ('T0', 'T1', 'T2', 'T3', 'T4')
        and placements.open_until > placements.started_on
),

moves as (
    select
        person_id,
        placement_id,
        placement_type,
        started_on,
        open_until,
        coalesce(placement_type in ('A3', 'A5'), false)
        or coalesce(living_there_since = lag(living_there_since) over placed, false)
        or coalesce(
            placement_type = lag(placement_type) over placed and postcode = lag(postcode) over placed,
            false
        ) as goes_on
    from lasting
    window placed as (partition by person_id order by started_on, placement_id)
),

numbered as (
    select
        person_id,
        placement_id,
        placement_type,
        started_on,
        open_until,
        sum((not goes_on)::integer) over (
            partition by person_id
            order by started_on, placement_id
            rows between unbounded preceding and current row
        ) as home
    from moves
)

select
    person_id,
    min(started_on) as started_on,
    max(open_until) as open_until,
    arg_max_null(placement_type, (started_on, placement_id)) as placement_type
from numbered
group by person_id, home
