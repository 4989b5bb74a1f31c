-- Each record that went, with the record that stays in the end: A into B and B into C leads both to C.
-- Where records were merged round in a circle (A into B, later B back into A) the newest merge of the circle says
-- which stays. A merge that names somebody adopted is refused and leads nowhere (rule 7.3). Relations:
--   side_merged_record, adopted, apart (ids known as adopted before), snapshot (as_at)
with recursive told as (
    select distinct on (merg_gone_person_id)
        merg_gone_person_id as gone_id,
        merg_person_id as kept_id,
        coalesce(merg_date, date '1900-01-01') as merged_on,
        merg_date,
        merg_merge_id as merge_id
    from side_merged_record
    cross join snapshot
    where merg_person_id is not null
        and merg_gone_person_id is not null
        and merg_gone_person_id <> merg_person_id
        and coalesce(merg_date, date '1900-01-01') <= snapshot.as_at
    order by merg_gone_person_id, merged_on desc, merg_merge_id desc
),

held_apart as (
    select person_id from adopted
    union
    select person_id from apart
),

judged as (
    select
        told.*,
        exists (
            select 1 from held_apart where held_apart.person_id in (told.gone_id, told.kept_id)
        ) as refused
    from told
),

steps as (
    select gone_id, kept_id, merged_on, merge_id
    from judged
    where not refused
),

-- the way from each record that went, until it ends or comes to where it has been
ways as (
    select gone_id as began_id, kept_id as at_id, [gone_id] as passed, false as circular
    from steps
    union all
    select ways.began_id, steps.kept_id, list_append(ways.passed, steps.gone_id), list_contains(ways.passed, steps.kept_id)
    from ways
    inner join steps on steps.gone_id = ways.at_id
    where not ways.circular
),

ends as (
    select began_id, arg_max(at_id, len(passed)) as at_id, arg_max(passed, len(passed)) as passed, bool_or(circular) as circular
    from ways
    group by began_id
),

circles as (
    select
        ends.began_id,
        arg_max(steps.kept_id, (steps.merged_on, steps.merge_id)) as kept_id
    from ends
    inner join steps on list_contains(ends.passed[list_position(ends.passed, ends.at_id):], steps.gone_id)
    where ends.circular
    group by ends.began_id
),

led as (
    select ends.began_id as gone_id, coalesce(circles.kept_id, ends.at_id) as kept_id
    from ends
    left join circles on circles.began_id = ends.began_id
)

select
    judged.merge_id,
    judged.gone_id,
    coalesce(led.kept_id, judged.kept_id) as kept_id,
    judged.merg_date as merged_on,
    judged.refused
from judged
left join led on led.gone_id = judged.gone_id
where judged.refused or led.kept_id <> judged.gone_id
order by judged.gone_id, kept_id
