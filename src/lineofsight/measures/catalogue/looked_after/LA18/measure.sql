-- Children looked after on any day of the year that ends with the month, and whether they were never missing in it while
-- they were looked after.
with
times as (
    select
        care_in_year.as_at,
        care_in_year.person_id,
        count(*) filter (where care_missing.kind = 'M') as times,
        count(*) filter (where care_missing.kind is null) as unclear
    from care_in_year
    inner join care_missing
        on care_missing.person_id = care_in_year.person_id
        and care_missing.gone_on >= care_in_year.year_start
        and care_missing.gone_on <= care_in_year.as_at
    group by care_in_year.as_at, care_in_year.person_id
)

select
    care_in_year.as_at,
    care_in_year.person_id,
    care_in_year.care_id as event_id,
    care_in_year.anchor,
    null::text as team_id,
    null::text as worker_id,
    null::date as due_on,
    null::date as done_on,
    case
        when coalesce(times.times, 0) <> 0 then false
        when coalesce(times.unclear, 0) <> 0 then null
        else true
    end as met,
    coalesce(times.times, 0)::double as value,
    case
        when times.times = 1 then 'missing once in the year'
        when times.times <> 0 then 'missing ' || times.times || ' times in the year'
        when times.unclear <> 0 then 'away in the year, but whether missing or without authorisation is not recorded'
        else 'not missing in the year'
    end as reason
from care_in_year
left join times
    on times.person_id = care_in_year.person_id
    and times.as_at = care_in_year.as_at
