-- Days on which a looked-after child was visited: `seen` as in protection_visits, and `alone`
-- whether the child was seen alone.
with
visits as (
    select
        coalesce(ssd_cla_visits.clav_person_id, care_children.person_id) as person_id,
        ssd_cla_visits.clav_cla_visit_date as visited_on,
        ssd_cla_visits.clav_cla_visit_seen as seen,
        ssd_cla_visits.clav_cla_visit_seen_alone as alone
    from ssd_cla_visits
    left join care_children
        on care_children.care_id = ssd_cla_visits.clav_cla_id
        and ssd_cla_visits.clav_person_id is null
    where ssd_cla_visits.clav_cla_visit_date is not null
)

select
    visits.person_id,
    visits.visited_on,
    case
        when bool_or(visits.seen = 'Y') then true
        when bool_or(visits.seen is null) then null
        when bool_or(children.unborn_until > visits.visited_on) then null
        else false
    end as seen,
    case when bool_or(visits.alone = 'Y') then true when bool_or(visits.alone is null) then null else false end as alone
from visits
left join children on children.person_id = visits.person_id
where visits.person_id is not null
group by visits.person_id, visits.visited_on
