-- Looked-after children at the month end, and whether they live somewhere that must be registered and is not: another
-- placement (Z1; Z11 to Z14 from 2026), or supported accommodation under sixteen. A home with no number is not known.
with
homes_now as (
    select
        as_at,
        person_id,
        care_id,
        coalesce(placement_anchor, anchor) as anchor,
        placement_id,
        placement_type,
        placed_on,
        age,
        placement_type in ('Z1', 'Z11', 'Z12', 'Z13', 'Z14') as other,
        placement_type in ('H5', 'K3') as supported,
        placement_type in ('H5', 'K1', 'K2', 'K3') and not regexp_matches(coalesce(urn, ''), '[0-9]') as no_number
    from care_now
)

select
    homes_now.as_at,
    homes_now.person_id,
    coalesce(homes_now.placement_id, homes_now.care_id) as event_id,
    homes_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    homes_now.placed_on as due_on,
    null::date as done_on,
    case
        when homes_now.other then false
        when homes_now.supported and homes_now.age < 16 then false
        when homes_now.supported and homes_now.age is null then null
        when homes_now.no_number then null
        else not homes_now.other
    end as met,
    (homes_now.as_at - homes_now.placed_on)::double as value,
    case
        when homes_now.placement_type is null then 'where the child lives is not recorded'
        when homes_now.other then 'in another placement (' || homes_now.placement_type || ')'
        when homes_now.supported and homes_now.age < 16 then 'in supported accommodation at ' || homes_now.age || ', under sixteen'
        when homes_now.supported and homes_now.age is null then 'in supported accommodation, no date of birth recorded'
        when homes_now.no_number then 'no number of a registered home is recorded (' || homes_now.placement_type || ')'
        else 'placement ' || homes_now.placement_type
    end
    || coalesce(' since ' || strftime(homes_now.placed_on, '%-d %B %Y'), '') as reason
from homes_now
