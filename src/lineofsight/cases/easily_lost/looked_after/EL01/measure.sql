-- Looked-after children whose placement at the extract's date is approved for a time only (regulation 24), and whether
-- the weeks that the regulation allows have run out. Days run from the approval.
with
approvals as (
    select
        care_now.as_at,
        care_now.person_id,
        care_now.placement_id,
        max(
            greatest(
                coalesce(
                    side_placement_approval.plap_start_date,
                    ssd_cla_placement.clap_cla_placement_start_date,
                    first_day.day
                ),
                first_day.day
            )
        ) as approved_on
    from snapshot
    cross join first_day
    inner join care_now on care_now.as_at = snapshot.as_at
    inner join ssd_cla_placement on ssd_cla_placement.clap_cla_placement_id = care_now.placement_id
    inner join side_placement_approval
        on side_placement_approval.plap_placement_id = care_now.placement_id
        and side_placement_approval.plap_temporary_approval = 'Y'
        and coalesce(side_placement_approval.plap_start_date, date '1900-01-01') <= care_now.as_at
        and coalesce(side_placement_approval.plap_end_date, date '9999-12-31') >= care_now.as_at
    group by care_now.as_at, care_now.person_id, care_now.placement_id
),

limited as (
    select
        approvals.as_at,
        approvals.person_id,
        approvals.placement_id,
        approvals.approved_on,
        due_dates.due_on,
        due_dates.due_on >= approvals.as_at as in_time
    from approvals
    inner join due_dates
        on due_dates.key = 'placement.temporary_approval'
        and due_dates.started_on = approvals.approved_on
)

select
    as_at,
    person_id,
    placement_id as event_id,
    'approval ' || approved_on::text as anchor,
    null::text as team_id,
    null::text as worker_id,
    due_on,
    null::date as done_on,
    in_time as met,
    (as_at - approved_on)::double as value,
    'approved for a time only since ' || strftime(approved_on, '%-d %B %Y')
    || case when in_time then '' else ', longer than the regulation allows' end as reason
from limited
