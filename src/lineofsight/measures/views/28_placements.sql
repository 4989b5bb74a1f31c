-- Placements of looked-after children. `living_there_since` is when the child came to these carers: a change
-- of placement with the same carers (episode reasons T and U) goes on from the placement before it.
with
same_carers as (
    select distinct
        clae_person_id as person_id,
        clae_cla_episode_start_date as started_on
    from ssd_cla_episodes
    where upper(trim(clae_cla_episode_start_reason)) in ('T', 'U')
),

placed as (
    select
        coalesce(ssd_cla_placement.clap_person_id, care_children.person_id) as person_id,
        ssd_cla_placement.clap_cla_placement_id as placement_id,
        upper(trim(ssd_cla_placement.clap_cla_placement_type)) as placement_type,
        ssd_cla_placement.clap_cla_placement_start_date as started_on,
        coalesce(ssd_cla_placement.clap_cla_placement_end_date, date '9999-12-31') as open_until
    from ssd_cla_placement
    left join care_children
        on care_children.care_id = ssd_cla_placement.clap_cla_id
        and ssd_cla_placement.clap_person_id is null
    where ssd_cla_placement.clap_cla_placement_start_date is not null
),

moves as (
    select
        placed.person_id,
        placed.placement_id,
        placed.placement_type,
        placed.started_on,
        placed.open_until,
        sum(case when same_carers.person_id is null then 1 else 0 end) over (
            partition by placed.person_id
            order by placed.started_on, placed.placement_id
            rows between unbounded preceding and current row
        ) as move
    from placed
    left join same_carers
        on same_carers.person_id = placed.person_id
        and same_carers.started_on = placed.started_on
    where placed.person_id is not null
)

select
    person_id,
    placement_id,
    placement_type,
    started_on,
    open_until,
    min(started_on) over (partition by person_id, move) as living_there_since,
    'placement ' || started_on::text as anchor
from moves
