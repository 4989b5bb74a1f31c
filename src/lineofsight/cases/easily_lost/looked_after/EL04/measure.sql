-- Looked-after children at the extract's date in a placement that is not registered: another placement (Z1 and what
-- follows it), or a home with a filler for Ofsted's number. Where a home that must be registered has no number, it
-- cannot be told. Supported accommodation (H5) must be registered since 28 October 2023.
with
homes_now as (
    select
        care_now.as_at,
        care_now.person_id,
        care_now.placement_id,
        min(ssd_cla_placement.clap_cla_placement_start_date) as since,
        case
            when starts_with(care_now.placement_type, 'Z1') then 'another placement'
            when starts_with(care_now.urn, 'XXX') then 'no number'
            when care_now.urn is null then 'not recorded'
        end as state
    from snapshot
    inner join care_now
        on care_now.as_at = snapshot.as_at
        and (
            starts_with(care_now.placement_type, 'Z1')
            or care_now.placement_type in ('K1', 'K2', 'K3')
            or (care_now.placement_type = 'H5' and care_now.as_at >= date '2023-10-28')
        )
    inner join ssd_cla_placement on ssd_cla_placement.clap_cla_placement_id = care_now.placement_id
    group by care_now.as_at, care_now.person_id, care_now.placement_id, care_now.placement_type, care_now.urn
)

select
    as_at,
    person_id,
    placement_id as event_id,
    'placement ' || since::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    case when state = 'not recorded' then null else false end as met,
    (as_at - since)::double as value,
    case state
        when 'another placement' then 'in a placement that no registration fits, since '
        when 'no number' then 'in a home that Ofsted has given no number, since '
        else 'Ofsted’s number of the home is not recorded, so it cannot be told, there since '
    end || strftime(since, '%-d %B %Y') as reason
from homes_now
where state is not null
