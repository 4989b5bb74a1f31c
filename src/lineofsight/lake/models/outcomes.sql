-- What each outcome column says, once for each different text: the same few texts stand in most rows.
with texts as (
    select cont_contact_outcome_json as told from ssd_contacts
    union
    select cine_referral_outcome_json from ssd_cin_episodes
    union
    select cina_assessment_outcome_json from ssd_cin_assessments
    union
    select s47e_s47_outcome_json from ssd_s47_enquiry
    union
    select icpc_icpc_outcome_json from ssd_initial_cp_conference
)

select told, outcomes_of(told) as words, comment_of(told) as comment
from texts
where told is not null
