-- Assessments with the factors found, and the child in need's plan and visits.
with factor_codes as (
    select distinct
        cinf_assessment_id as assessment_id,
        lower(unnest(regexp_extract_all(
            regexp_replace(cinf_assessment_factors_json, '"[0-9A-Za-z]+"\s*:\s*"?(No|N|no|false|0)\b"?', '', 'g'),
            '"([0-9]{1,2}[A-Ca-c]?)"', 1))) as code
    from ssd_assessment_factors
    join ssd_cin_assessments on cina_assessment_id = cinf_assessment_id
    join asked on asked.person_id = cina_person_id
),

factors as (
    select
        factor_codes.assessment_id,
        string_agg(coalesce(factor.words, factor_codes.code), '; ' order by factor_codes.code) as words
    from factor_codes
    left join code_words as factor on factor.list = 'factors' and factor.code = factor_codes.code
    group by factor_codes.assessment_id
),

assessments as (
    select
        asked.child_key,
        cina_assessment_start_date as "on",
        'assessment' as kind,
        'Assessment began' || case cina_assessment_child_seen
            when 'Y' then ', child seen' when 'N' then ', child not seen' else '' end as title,
        null::varchar as detail,
        cina_assessment_auth_date as ended_on,
        cina_assessment_team as team_id,
        cina_assessment_worker_id as worker_id,
        'ssd_cin_assessments' as source_table,
        cina_assessment_id as source_id
    from ssd_cin_assessments
    join asked on asked.person_id = cina_person_id
),

assessments_finished as (
    select
        asked.child_key,
        cina_assessment_auth_date as "on",
        'assessment_finished' as kind,
        told('Assessment finished', coalesce(
            outcome.words,
            case when cina_assessment_outcome_nfa = 'Y' then 'no further action' end)) as title,
        nullif(concat_ws('; ',
            after_days(cina_assessment_start_date, cina_assessment_auth_date),
            factors.words,
            outcome.comment), '') as detail,
        null::date as ended_on,
        cina_assessment_team as team_id,
        cina_assessment_worker_id as worker_id,
        'ssd_cin_assessments' as source_table,
        cina_assessment_id as source_id
    from ssd_cin_assessments
    join asked on asked.person_id = cina_person_id
    left join factors on factors.assessment_id = cina_assessment_id
    left join outcomes as outcome on outcome.told = cina_assessment_outcome_json
),

plans as (
    select
        asked.child_key,
        cinp_cin_plan_start_date as "on",
        'child_in_need_plan' as kind,
        'Child in need plan began' as title,
        null::varchar as detail,
        cinp_cin_plan_end_date as ended_on,
        cinp_cin_plan_team as team_id,
        cinp_cin_plan_worker_id as worker_id,
        'ssd_cin_plans' as source_table,
        cinp_cin_plan_id as source_id
    from ssd_cin_plans
    join asked on asked.person_id = cinp_person_id
),

plans_ended as (
    select
        asked.child_key,
        cinp_cin_plan_end_date as "on",
        'child_in_need_plan_ended' as kind,
        'Child in need plan ended' as title,
        after_days(cinp_cin_plan_start_date, cinp_cin_plan_end_date) as detail,
        null::date as ended_on,
        cinp_cin_plan_team as team_id,
        cinp_cin_plan_worker_id as worker_id,
        'ssd_cin_plans' as source_table,
        cinp_cin_plan_id as source_id
    from ssd_cin_plans
    join asked on asked.person_id = cinp_person_id
),

visits as (
    select
        asked.child_key,
        cinv_cin_visit_date as "on",
        'child_in_need_visit' as kind,
        'Child in need visit: '
        || visit_words(cinv_cin_visit_seen, cinv_cin_visit_seen_alone, cinv_cin_visit_bedroom) as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cin_visits' as source_table,
        cinv_cin_visit_id as source_id
    from ssd_cin_visits
    join asked on asked.person_id = cinv_person_id
)

select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from assessments
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from assessments_finished
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from plans
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from plans_ended
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from visits
