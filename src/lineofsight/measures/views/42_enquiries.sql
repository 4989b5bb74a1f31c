-- Section 47 enquiries, one a child and day: two rows for the same child and day are one enquiry.
-- `open_until` is the first day it is not open; `no_action` that nothing more was to be done; `asks_conference` that its
-- outcome asks for an initial conference.
select
    ssd_s47_enquiry.s47e_person_id as person_id,
    min(ssd_s47_enquiry.s47e_s47_enquiry_id) as enquiry_id,
    greatest(ssd_s47_enquiry.s47e_s47_start_date, any_value(first_day.day)) as started_on,
    least(
        max(coalesce(ssd_s47_enquiry.s47e_s47_end_date, date '9999-12-31')),
        coalesce(min(children.alive_until), date '9999-12-31')
    ) as open_until,
    coalesce(bool_or(ssd_s47_enquiry.s47e_s47_nfa = 'Y'), false) as no_action,
    coalesce(
        bool_or(regexp_matches(ssd_s47_enquiry.s47e_s47_outcome_json, '"CP_CONFERENCE_FLAG": *"Y"')), false
    ) as asks_conference,
    min(ssd_s47_enquiry.s47e_s47_completed_by_team) as team_id,
    min(ssd_s47_enquiry.s47e_s47_completed_by_worker_id) as worker_id,
    'section-47 ' || ssd_s47_enquiry.s47e_s47_start_date::text as anchor
from ssd_s47_enquiry
cross join first_day
left join children on children.person_id = ssd_s47_enquiry.s47e_person_id
where ssd_s47_enquiry.s47e_person_id is not null and ssd_s47_enquiry.s47e_s47_start_date is not null
group by ssd_s47_enquiry.s47e_person_id, ssd_s47_enquiry.s47e_s47_start_date
