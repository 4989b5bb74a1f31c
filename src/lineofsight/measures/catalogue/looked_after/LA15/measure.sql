-- Children looked after for the whole of the last year, and whether their immunisations are recorded as up to date. The
-- table holds one row a child, of the present alone; what was recorded before the year began says nothing of today.
with
recorded as (
    select
        clai_person_id as person_id,
        bool_and(clai_immunisations_status = 'Y') as up_to_date,
        min(clai_immunisations_status_date) as recorded_on
    from ssd_cla_immunisations
    where clai_immunisations_status is not null
    group by clai_person_id
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
    case
        when recorded.recorded_on between care_now.year_start and care_now.as_at then recorded.up_to_date
    end as met,
    (care_now.as_at - recorded.recorded_on)::double as value,
    case
        when recorded.person_id is null then 'nothing is recorded'
        when recorded.recorded_on is null then 'recorded, but not when'
        when recorded.recorded_on > care_now.as_at then 'recorded with a day that has not come'
        when recorded.recorded_on >= care_now.year_start then
            case when recorded.up_to_date then 'up to date' else 'not up to date' end
            || ', recorded ' || strftime(recorded.recorded_on, '%-d %B %Y')
        else 'last recorded ' || strftime(recorded.recorded_on, '%-d %B %Y') || ', before the year began'
    end as reason
from care_now
inner join snapshot on snapshot.as_at = care_now.as_at
left join recorded on recorded.person_id = care_now.person_id
where care_now.all_year
