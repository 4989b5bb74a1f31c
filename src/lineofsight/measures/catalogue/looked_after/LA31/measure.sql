-- Children looked after for the whole of the last year, and whether none was recorded in it.
with
recorded as (
    select
        care_now.as_at,
        care_now.person_id,
        count(*) as times,
        max(ssd_cla_substance_misuse.clas_substance_misuse_date) as last_on
    from care_now
    inner join ssd_cla_substance_misuse
        on ssd_cla_substance_misuse.clas_person_id = care_now.person_id
        and ssd_cla_substance_misuse.clas_substance_misuse_date >= care_now.year_start
        and ssd_cla_substance_misuse.clas_substance_misuse_date <= care_now.as_at
    group by care_now.as_at, care_now.person_id
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
    recorded.person_id is null as met,
    coalesce(recorded.times, 0)::double as value,
    coalesce('misuse found, last ' || strftime(recorded.last_on, '%-d %B %Y'), 'no misuse found in the year') as reason
from care_now
left join recorded
    on recorded.person_id = care_now.person_id
    and recorded.as_at = care_now.as_at
where care_now.all_year
