-- Section 47 enquiries, conferences, child protection plans, their reviews and visits.
with enquiries as (
    select
        asked.child_key,
        s47e_s47_start_date as "on",
        'section_47' as kind,
        'Section 47 enquiry began' as title,
        null::varchar as detail,
        s47e_s47_end_date as ended_on,
        s47e_s47_completed_by_team as team_id,
        s47e_s47_completed_by_worker_id as worker_id,
        'ssd_s47_enquiry' as source_table,
        s47e_s47_enquiry_id as source_id
    from ssd_s47_enquiry
    join asked on asked.person_id = s47e_person_id
),

enquiries_finished as (
    select
        asked.child_key,
        s47e_s47_end_date as "on",
        'section_47_finished' as kind,
        told('Section 47 enquiry finished', coalesce(
            outcome.words,
            case when s47e_s47_nfa = 'Y' then 'no further action' end)) as title,
        parts([
            after_days(s47e_s47_start_date, s47e_s47_end_date), outcome.comment
        ]) as detail,
        null::date as ended_on,
        s47e_s47_completed_by_team as team_id,
        s47e_s47_completed_by_worker_id as worker_id,
        'ssd_s47_enquiry' as source_table,
        s47e_s47_enquiry_id as source_id
    from ssd_s47_enquiry
    join asked on asked.person_id = s47e_person_id
    left join outcomes as outcome on outcome.told = s47e_s47_outcome_json
),

conferences as (
    select
        asked.child_key,
        icpc_icpc_date as "on",
        'conference' as kind,
        told('Initial child protection conference', case icpc_icpc_outcome_cp_flag
            when 'Y' then 'plan made'
            when 'N' then 'no plan made'
            else outcome.words
        end) as title,
        parts([
            case when icpc_icpc_transfer_in = 'Y' then 'moved in from another council' end,
            case
                when icpc_icpc_date > icpc_icpc_target_date
                    then days_between(icpc_icpc_target_date, icpc_icpc_date) || ' after its target date'
            end,
            outcome.comment
        ]) as detail,
        null::date as ended_on,
        icpc_icpc_team as team_id,
        icpc_icpc_worker_id as worker_id,
        'ssd_initial_cp_conference' as source_table,
        icpc_icpc_id as source_id
    from ssd_initial_cp_conference
    join asked on asked.person_id = icpc_person_id
    left join outcomes as outcome on outcome.told = icpc_icpc_outcome_json
),

plans as (
    select
        asked.child_key,
        cppl_cp_plan_start_date as "on",
        'child_protection_plan' as kind,
        told('Child protection plan began', coalesce(initial.within, inside(cppl_cp_plan_initial_category)))
        || case when cppl_cp_plan_ola = 'Y' then ' (held for another council)' else '' end as title,
        case
            when coalesce(latest.words, cppl_cp_plan_latest_category)
                <> coalesce(initial.words, cppl_cp_plan_initial_category)
                then 'now ' || coalesce(latest.within, inside(cppl_cp_plan_latest_category))
        end as detail,
        cppl_cp_plan_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cp_plans' as source_table,
        cppl_cp_plan_id as source_id
    from ssd_cp_plans
    join asked on asked.person_id = cppl_person_id
    left join code_words as initial
        on initial.list = 'cp_category' and initial.code = code_of(cppl_cp_plan_initial_category)
    left join code_words as latest
        on latest.list = 'cp_category' and latest.code = code_of(cppl_cp_plan_latest_category)
),

plans_ended as (
    select
        asked.child_key,
        cppl_cp_plan_end_date as "on",
        'child_protection_plan_ended' as kind,
        'Child protection plan ended' as title,
        after_days(cppl_cp_plan_start_date, cppl_cp_plan_end_date) as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cp_plans' as source_table,
        cppl_cp_plan_id as source_id
    from ssd_cp_plans
    join asked on asked.person_id = cppl_person_id
),

reviews as (
    select
        asked.child_key,
        cppr_cp_review_date as "on",
        'child_protection_review' as kind,
        told('Child protection review', case cppr_cp_review_outcome_continue_cp
            when 'Y' then 'plan continues' when 'N' then 'plan ends' end) as title,
        parts([
            case cppr_cp_review_quorate when 'N' then 'not quorate' end,
            coalesce(participation.within, inside(cppr_cp_review_participation)),
            case
                when cppr_cp_review_date > cppr_cp_review_due
                    then days_between(cppr_cp_review_due, cppr_cp_review_date) || ' late'
            end
        ]) as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cp_reviews' as source_table,
        cppr_cp_review_id as source_id
    from ssd_cp_reviews
    join asked on asked.person_id = cppr_person_id
    left join code_words as participation
        on participation.list = 'participation' and participation.code = code_of(cppr_cp_review_participation)
),

visits as (
    select
        asked.child_key,
        cppv_cp_visit_date as "on",
        'child_protection_visit' as kind,
        'Child protection visit: '
        || visit_words(cppv_cp_visit_seen, cppv_cp_visit_seen_alone, cppv_cp_visit_bedroom) as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cp_visits' as source_table,
        cppv_cp_visit_id as source_id
    from ssd_cp_visits
    join asked on asked.person_id = cppv_person_id
)

select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from enquiries
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from enquiries_finished
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from conferences
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from plans
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from plans_ended
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from reviews
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from visits
