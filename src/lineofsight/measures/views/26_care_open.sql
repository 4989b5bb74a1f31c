-- Children looked after at each month end, with their legal status then; a series of short breaks
-- (V3, V4) is left out, as in the published count. One row a child.
with
in_care as (
    select
        month_spans.as_at,
        care_periods.person_id,
        max_by(care_periods.care_id, care_periods.started_on) as care_id,
        max(care_periods.started_on) as started_on,
        max_by(care_periods.anchor, care_periods.started_on) as anchor
    from care_periods
    inner join month_spans
        on care_periods.started_on <= month_spans.as_at
        and care_periods.open_until > month_spans.as_at
    group by month_spans.as_at, care_periods.person_id
),

statuses as (
    select
        month_spans.as_at,
        legal_statuses.person_id,
        max_by(legal_statuses.status, (legal_statuses.started_on, legal_statuses.status)) as status,
        max(legal_statuses.started_on) as started_on
    from legal_statuses
    inner join month_spans
        on legal_statuses.started_on <= month_spans.as_at
        and legal_statuses.open_until > month_spans.as_at
    group by month_spans.as_at, legal_statuses.person_id
)

select
    in_care.as_at,
    in_care.person_id,
    in_care.care_id,
    in_care.started_on,
    in_care.anchor,
    statuses.status as legal_status,
    statuses.started_on as legal_status_on
from in_care
left join statuses
    on statuses.person_id = in_care.person_id
    and statuses.as_at = in_care.as_at
where coalesce(statuses.status, '') not in ('V3', 'V4')
