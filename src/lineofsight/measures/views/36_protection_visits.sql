-- Days on which a child was visited under a plan: `seen` is true where any visit of the day saw the child, null
-- where that cannot be told: nobody recorded it, or the child was not born yet and so could not be seen.
select
    ssd_cp_visits.cppv_person_id as person_id,
    ssd_cp_visits.cppv_cp_visit_date as visited_on,
    case
        when bool_or(ssd_cp_visits.cppv_cp_visit_seen = 'Y') then true
        when bool_or(ssd_cp_visits.cppv_cp_visit_seen is null) then null
        when bool_or(children.unborn_until > ssd_cp_visits.cppv_cp_visit_date) then null
        else false
    end as seen
from ssd_cp_visits
left join children on children.person_id = ssd_cp_visits.cppv_person_id
where ssd_cp_visits.cppv_person_id is not null and ssd_cp_visits.cppv_cp_visit_date is not null
group by ssd_cp_visits.cppv_person_id, ssd_cp_visits.cppv_cp_visit_date
