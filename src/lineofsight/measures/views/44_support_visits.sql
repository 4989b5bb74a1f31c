-- Days on which a child in need was visited: `seen` as in protection_visits.
select
    ssd_cin_visits.cinv_person_id as person_id,
    ssd_cin_visits.cinv_cin_visit_date as visited_on,
    case
        when bool_or(ssd_cin_visits.cinv_cin_visit_seen = 'Y') then true
        when bool_or(ssd_cin_visits.cinv_cin_visit_seen is null) then null
        when bool_or(children.unborn_until > ssd_cin_visits.cinv_cin_visit_date) then null
        else false
    end as seen
from ssd_cin_visits
left join children on children.person_id = ssd_cin_visits.cinv_person_id
where ssd_cin_visits.cinv_person_id is not null and ssd_cin_visits.cinv_cin_visit_date is not null
group by ssd_cin_visits.cinv_person_id, ssd_cin_visits.cinv_cin_visit_date
