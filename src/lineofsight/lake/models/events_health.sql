-- Health and wellbeing, education plans, and offences.
with health_checks as (
    select
        asked.child_key,
        clah_health_check_date as "on",
        'health_check' as kind,
        told(coalesce(clah_health_check_type, 'Health check'), lower(clah_health_check_status)) as title,
        null::varchar as detail,
        null::date as ended_on,
        'ssd_cla_health' as source_table,
        clah_health_check_id as source_id
    from ssd_cla_health
    join asked on asked.person_id = clah_person_id
),

immunisations as (
    select
        asked.child_key,
        clai_immunisations_status_date as "on",
        'immunisations' as kind,
        case clai_immunisations_status
            when 'Y' then 'Immunisations up to date'
            when 'N' then 'Immunisations not up to date'
            else 'Immunisations checked'
        end as title,
        null::varchar as detail,
        null::date as ended_on,
        'ssd_cla_immunisations' as source_table,
        clai_person_id as source_id
    from ssd_cla_immunisations
    join asked on asked.person_id = clai_person_id
),

strengths_and_difficulties as (
    select
        asked.child_key,
        csdq_sdq_completed_date as "on",
        'strengths_and_difficulties' as kind,
        case
            when csdq_sdq_score is not null
                then 'Strengths and difficulties questionnaire: score ' || csdq_sdq_score::varchar
            else told('Strengths and difficulties questionnaire, no score', inside(csdq_sdq_reason))
        end as title,
        null::varchar as detail,
        null::date as ended_on,
        'ssd_sdq_scores' as source_table,
        csdq_table_id as source_id
    from ssd_sdq_scores
    join asked on asked.person_id = csdq_person_id
),

substance_misuse as (
    select
        asked.child_key,
        clas_substance_misuse_date as "on",
        'substance_misuse' as kind,
        told('Substance misuse identified', inside(clas_substance_misused)) as title,
        case clas_intervention_received
            when 'Y' then 'help received' when 'N' then 'no help received' end as detail,
        null::date as ended_on,
        'ssd_cla_substance_misuse' as source_table,
        clas_substance_misuse_id as source_id
    from ssd_cla_substance_misuse
    join asked on asked.person_id = clas_person_id
),

convictions as (
    select
        asked.child_key,
        clac_cla_conviction_date as "on",
        'conviction' as kind,
        'Convicted of an offence' as title,
        clac_cla_conviction_offence as detail,
        null::date as ended_on,
        'ssd_cla_convictions' as source_table,
        clac_cla_conviction_id as source_id
    from ssd_cla_convictions
    join asked on asked.person_id = clac_person_id
),

-- a row of special needs that two people share belongs to neither: it would join their stories
pupils as (
    select send_table_id as send_id, min(send_person_id) as person_id
    from ssd_send
    where send_table_id is not null
    group by send_table_id
    having count(distinct send_person_id) = 1
),

plan_requests as (
    select
        asked.child_key,
        ehcr_ehcp_req_date as "on",
        'education_plan' as kind,
        told('Education, health and care plan asked for', inside(ehcr_ehcp_req_outcome)) as title,
        null::varchar as detail,
        ehcr_ehcp_req_outcome_date as ended_on,
        'ssd_ehcp_requests' as source_table,
        ehcr_ehcp_request_id as source_id
    from ssd_ehcp_requests
    join pupils on pupils.send_id = ehcr_send_table_id
    join asked on asked.person_id = pupils.person_id
),

plan_assessments as (
    select
        asked.child_key,
        ehca_ehcp_assessment_outcome_date as "on",
        'education_plan' as kind,
        told('Education, health and care assessment decided', inside(ehca_ehcp_assessment_outcome)) as title,
        null::varchar as detail,
        null::date as ended_on,
        'ssd_ehcp_assessment' as source_table,
        ehca_ehcp_assessment_id as source_id
    from ssd_ehcp_assessment
    join ssd_ehcp_requests on ehcr_ehcp_request_id = ehca_ehcp_request_id
    join pupils on pupils.send_id = ehcr_send_table_id
    join asked on asked.person_id = pupils.person_id
),

named_plans as (
    select
        asked.child_key,
        ehcn_named_plan_start_date as "on",
        'education_plan' as kind,
        'Education, health and care plan began' as title,
        ehcn_named_plan_ceased_reason as detail,
        ehcn_named_plan_ceased_date as ended_on,
        'ssd_ehcp_named_plan' as source_table,
        ehcn_named_plan_id as source_id
    from ssd_ehcp_named_plan
    join ssd_ehcp_assessment on ehca_ehcp_assessment_id = ehcn_ehcp_asmt_id
    join ssd_ehcp_requests on ehcr_ehcp_request_id = ehca_ehcp_request_id
    join pupils on pupils.send_id = ehcr_send_table_id
    join asked on asked.person_id = pupils.person_id
),

plan_reviews as (
    select
        asked.child_key,
        ehcp_active_ehcp_last_review_date as "on",
        'education_plan' as kind,
        'Education, health and care plan last reviewed' as title,
        null::varchar as detail,
        null::date as ended_on,
        'ssd_ehcp_active_plans' as source_table,
        ehcp_active_ehcp_id as source_id
    from ssd_ehcp_active_plans
    join ssd_ehcp_requests on ehcr_ehcp_request_id = ehcp_ehcp_request_id
    join pupils on pupils.send_id = ehcr_send_table_id
    join asked on asked.person_id = pupils.person_id
),

all_health as (
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from health_checks
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from immunisations
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from strengths_and_difficulties
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from substance_misuse
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from convictions
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from plan_requests
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from plan_assessments
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from named_plans
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from plan_reviews
)

select
    child_key, "on", kind, title, detail, ended_on,
    null::varchar as team_id, null::varchar as worker_id, source_table, source_id
from all_health
