-- Looked-after children placed with parents (P1) under an interim care order (C1) at the extract's date. Days run from
-- the day both held.
with
at_home as (
    select
        care_now.as_at,
        care_now.person_id,
        care_now.placement_id,
        max(
            greatest(ssd_cla_placement.clap_cla_placement_start_date, care_open.legal_status_on, first_day.day)
        ) as since
    from snapshot
    cross join first_day
    inner join care_now
        on care_now.as_at = snapshot.as_at
        and care_now.placement_type = 'P1'
    inner join care_open
        on care_open.as_at = care_now.as_at
        and care_open.person_id = care_now.person_id
        and care_open.legal_status = 'C1'
    inner join ssd_cla_placement on ssd_cla_placement.clap_cla_placement_id = care_now.placement_id
    group by care_now.as_at, care_now.person_id, care_now.placement_id
)

select
    as_at,
    person_id,
    placement_id as event_id,
    'at home ' || since::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    true as met,
    (as_at - since)::double as value,
    'with parents under an interim care order since ' || strftime(since, '%-d %B %Y') as reason
from at_home
