-- Looked-after children at the extract's date who are placed more miles from home than the policy's threshold. Where no
-- distance is recorded it cannot be told.
with
placed as (
    select
        care_now.as_at,
        care_now.person_id,
        care_now.placement_id,
        care_now.miles,
        min(ssd_cla_placement.clap_cla_placement_start_date) as since,
        any_value(timescales.number) as threshold
    from snapshot
    inner join care_now on care_now.as_at = snapshot.as_at
    inner join ssd_cla_placement on ssd_cla_placement.clap_cla_placement_id = care_now.placement_id
    inner join timescales
        on timescales.key = 'placement.far'
        and care_now.as_at between timescales.valid_from and timescales.valid_until
    group by care_now.as_at, care_now.person_id, care_now.placement_id, care_now.miles
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
    case when miles is not null then true end as met,
    (as_at - since)::double as value,
    case
        when miles is null then 'how far from home is not recorded, there since '
        else printf('%g', round(miles, 1)) || ' miles from home since '
    end || strftime(since, '%-d %B %Y') as reason
from placed
where miles is null or miles > threshold
