-- Where each child was placed at each month end, in a few groups of placements. Nobody who was not placed is here.
with
standing as (
    select
        month_spans.as_at,
        placements.person_id,
        max_by(placements.placement_type, (placements.started_on, placements.placement_id)) as placement_type
    from placements
    inner join month_spans
        on placements.started_on <= month_spans.as_at
        and placements.open_until > month_spans.as_at
    group by month_spans.as_at, placements.person_id
)

select
    as_at,
    person_id,
    case
        when placement_type in ('U1', 'U2', 'U3') then 'Foster care with family or friends'
        when placement_type in ('U4', 'U5', 'U6') then 'Foster care with others'
        when placement_type in ('K1', 'K2') then 'Children’s home'
        when placement_type in ('R1', 'R2', 'R3', 'R5', 'S1') then 'Residential, health or custody'
        when placement_type in ('P2', 'P3', 'H5', 'K3') then 'Living independently or semi-independently'
        when placement_type in ('A3', 'A4', 'A5', 'A6') then 'Placed for adoption'
        when placement_type = 'P1' then 'With parents'
        when placement_type in ('T0', 'T1', 'T2', 'T3', 'T4', 'Z1', 'Z11', 'Z12', 'Z13', 'Z14')
            then 'Another or a temporary placement'
        else 'Not known'
    end as placement
from standing
