-- Looked-after children at the month end, and whether they are recorded as unaccompanied and seeking asylum that day.
with
unaccompanied as (
    select distinct
        care_now.as_at,
        care_now.person_id
    from care_now
    inner join ssd_immigration_status
        on ssd_immigration_status.immi_person_id = care_now.person_id
        and regexp_matches(lower(ssd_immigration_status.immi_immigration_status), '\b(unaccompanied|uasc)\b')
        and coalesce(ssd_immigration_status.immi_immigration_status_start_date, date '1900-01-01') <= care_now.as_at
        and coalesce(ssd_immigration_status.immi_immigration_status_end_date, date '9999-12-31') > care_now.as_at
)

select
    care_now.as_at,
    care_now.person_id,
    care_now.care_id as event_id,
    care_now.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    unaccompanied.person_id is not null as met,
    null::double as value,
    case
        when unaccompanied.person_id is not null then 'recorded as unaccompanied and seeking asylum'
        else 'not recorded as unaccompanied'
    end as reason
from care_now
left join unaccompanied
    on unaccompanied.person_id = care_now.person_id
    and unaccompanied.as_at = care_now.as_at
