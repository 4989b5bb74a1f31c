-- Looked-after children at the month end, and whether they lived in fewer than three homes in the year that ends then.
with
lived_in as (
    select
        care_now.as_at,
        care_now.person_id,
        count(*) as homes
    from care_now
    inner join homes
        on homes.person_id = care_now.person_id
        and homes.started_on <= care_now.as_at
        and homes.open_until > care_now.year_start
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
    lived_in.homes < 3 as met,
    lived_in.homes::double as value,
    case
        when lived_in.homes is null then 'where the child lives is not recorded'
        when lived_in.homes = 1 then 'one home in the year'
        else lived_in.homes || ' homes in the year'
    end as reason
from care_now
left join lived_in
    on lived_in.person_id = care_now.person_id
    and lived_in.as_at = care_now.as_at
