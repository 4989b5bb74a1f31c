-- Children looked after on any day of the year that ends with the month, and whether they were never away in it while
-- they were looked after: a row each for being missing (M) and away without authorisation (A). An absence of which
-- neither is recorded could be either.
with
kinds as (
    select kind, words
    from (values ('M', 'missing'), ('A', 'away without authorisation')) as told (kind, words)
),

counted as (
    select
        care_in_year.as_at,
        care_in_year.person_id,
        kinds.kind,
        count(*) filter (where care_missing.kind = kinds.kind) as times,
        count(*) filter (where care_missing.kind is null) as unclear
    from care_in_year
    inner join care_missing
        on care_missing.person_id = care_in_year.person_id
        and care_missing.gone_on >= care_in_year.year_start
        and care_missing.gone_on <= care_in_year.as_at
    cross join kinds
    group by care_in_year.as_at, care_in_year.person_id, kinds.kind
)

select
    kinds.kind,
    care_in_year.as_at,
    care_in_year.person_id,
    care_in_year.care_id,
    care_in_year.anchor,
    case
        when coalesce(counted.times, 0) <> 0 then false
        when coalesce(counted.unclear, 0) <> 0 then null
        else true
    end as met,
    coalesce(counted.times, 0)::double as times,
    case
        when counted.times = 1 then kinds.words || ' once in the year'
        when counted.times <> 0 then kinds.words || ' ' || counted.times || ' times in the year'
        when counted.unclear <> 0 then 'away in the year, but whether missing or without authorisation is not recorded'
        else 'not ' || kinds.words || ' in the year'
    end as reason
from care_in_year
cross join kinds
left join counted
    on counted.person_id = care_in_year.person_id
    and counted.as_at = care_in_year.as_at
    and counted.kind = kinds.kind
