-- Initial conferences, held or still to be held, with the day of the strategy discussion: the start of the section 47
-- enquiry of this child that is linked. `open_until` is the day it was held.
select
    ssd_initial_cp_conference.icpc_icpc_id as conference_id,
    ssd_initial_cp_conference.icpc_person_id as person_id,
    ssd_initial_cp_conference.icpc_referral_id as referral_id,
    ssd_initial_cp_conference.icpc_icpc_date as held_on,
    coalesce(ssd_initial_cp_conference.icpc_icpc_date, date '9999-12-31') as open_until,
    ssd_initial_cp_conference.icpc_icpc_target_date as target_on,
    coalesce(ssd_initial_cp_conference.icpc_icpc_transfer_in = 'Y', false) as transfer_in,
    case
        when ssd_initial_cp_conference.icpc_icpc_outcome_cp_flag = 'Y' then true
        when ssd_initial_cp_conference.icpc_cp_plan_id is not null then true
        when ssd_initial_cp_conference.icpc_icpc_outcome_cp_flag = 'N' then false
    end as made_plan,
    case
        when ssd_s47_enquiry.s47e_s47_start_date is not null
            then greatest(ssd_s47_enquiry.s47e_s47_start_date, first_day.day)
    end as discussed_on,
    ssd_initial_cp_conference.icpc_icpc_team as team_id,
    ssd_initial_cp_conference.icpc_icpc_worker_id as worker_id,
    'initial conference' as anchor
from ssd_initial_cp_conference
cross join first_day
left join ssd_s47_enquiry
    on ssd_s47_enquiry.s47e_s47_enquiry_id = ssd_initial_cp_conference.icpc_s47_enquiry_id
    and ssd_s47_enquiry.s47e_person_id = ssd_initial_cp_conference.icpc_person_id
where ssd_initial_cp_conference.icpc_person_id is not null
