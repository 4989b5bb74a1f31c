-- Looked-after children at each month end with what most of their measures ask: since when (short breaks not
-- counted), whether all of the last year, how old (29 February turns on 1 March), and where the child lives.
with
placed as (
    select
        care_open.as_at,
        care_open.person_id,
        max_by(placements.placement_id, (placements.started_on, placements.placement_id)) as placement_id,
        max_by(placements.anchor, (placements.started_on, placements.placement_id)) as placement_anchor
    from care_open
    inner join placements
        on placements.person_id = care_open.person_id
        and placements.started_on <= care_open.as_at
        and placements.open_until > care_open.as_at
    group by care_open.as_at, care_open.person_id
),

living as (
    select
        placed.as_at,
        placed.person_id,
        placed.placement_id,
        placed.placement_anchor,
        upper(trim(ssd_cla_placement.clap_cla_placement_type)) as placement_type,
        ssd_cla_placement.clap_cla_placement_start_date as placed_on,
        ssd_cla_placement.clap_cla_placement_distance as miles,
        upper(trim(ssd_cla_placement.clap_cla_placement_urn)) as urn
    from placed
    inner join ssd_cla_placement on ssd_cla_placement.clap_cla_placement_id = placed.placement_id
)

select
    care_open.as_at,
    care_open.person_id,
    care_open.care_id,
    care_open.anchor,
    care_spells.started_on,
    care_years.year_start,
    care_spells.started_on <= care_years.year_start as all_year,
    date_part('year', care_open.as_at) - date_part('year', children.born_on)
    - (
        (date_part('month', care_open.as_at), date_part('day', care_open.as_at))
        < (date_part('month', children.born_on), date_part('day', children.born_on))
    )::integer as age,
    living.placement_id,
    living.placement_anchor,
    living.placement_type,
    living.placed_on,
    living.miles,
    living.urn
from care_open
inner join care_years on care_years.as_at = care_open.as_at
inner join care_spells
    on care_spells.person_id = care_open.person_id
    and care_spells.started_on <= care_open.as_at
    and care_spells.open_until > care_open.as_at
left join children on children.person_id = care_open.person_id
left join living
    on living.person_id = care_open.person_id
    and living.as_at = care_open.as_at
