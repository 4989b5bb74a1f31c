-- Steps to permanence, earlier permanence, steps before court, and leaving care.
with permanence_steps as (
    select
        perm_person_id as person_id,
        perm_table_id as source_id,
        perm_adoption_worker_id as worker_id,
        unnest([
            {'on': perm_adm_decision_date, 'title': 'Decision that the child should be placed for adoption'},
            {'on': perm_ffa_cp_decision_date, 'title': 'Decision to foster for adoption'},
            {'on': perm_placed_ffa_cp_date, 'title': 'Placed to foster for adoption'},
            {'on': perm_placement_order_date, 'title': 'Placement order made'},
            {'on': perm_matched_date, 'title': 'Matched with carers'},
            {'on': perm_placed_for_adoption_date, 'title': 'Placed for adoption'},
            {'on': perm_placed_foster_carer_date, 'title': 'First placed with the carer who now adopts'},
            {
                'on': perm_decision_reversed_date,
                'title': 'Decision that the child should no longer be placed for adoption'
            },
            {'on': perm_permanence_order_date, 'title': told('Permanence order made', lower(perm_permanence_order_type))}
        ]) as step
    from ssd_permanence
),

permanence as (
    select
        asked.child_key,
        step['on'] as "on",
        'permanence' as kind,
        step['title'] as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        worker_id,
        'ssd_permanence' as source_table,
        source_id
    from permanence_steps
    join asked on asked.person_id = permanence_steps.person_id
),

earlier_permanence as (
    select
        asked.child_key,
        -- the SSD holds this date as text, and days may be unknown: then there is no date to tell
        coalesce(
            try_cast(left(lapp_previous_permanence_order_date, 10) as date),
            try_strptime(left(lapp_previous_permanence_order_date, 10), '%d/%m/%Y')::date
        ) as "on",
        'earlier_permanence' as kind,
        told('An earlier permanence order', case code_of(lapp_previous_permanence_option)
            when 'p1' then 'adoption'
            when 'p2' then 'special guardianship'
            when 'p3' then 'residence or child arrangements order'
            when 'p4' then 'special guardianship'
            else inside(lapp_previous_permanence_option)
        end) as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cla_previous_permanence' as source_table,
        lapp_table_id as source_id
    from ssd_cla_previous_permanence
    join asked on asked.person_id = lapp_person_id
),

court_steps as (
    select
        prep_person_id as person_id,
        prep_table_id as source_id,
        unnest([
            {'on': prep_pre_pro_decision_date, 'title': 'Decision to enter pre-proceedings'},
            {'on': prep_pre_pro_letter_date, 'title': 'Letter before proceedings sent'},
            {'on': prep_initial_pre_pro_meeting_date, 'title': 'First pre-proceedings meeting'},
            {'on': prep_agree_stepdown_issue_date, 'title': 'Agreed to step down from, or go to, court'},
            {'on': prep_care_pro_letter_date, 'title': 'Letter of issue of care proceedings'}
        ]) as step
    from ssd_pre_proceedings
),

pre_proceedings as (
    select
        asked.child_key,
        step['on'] as "on",
        'pre_proceedings' as kind,
        step['title'] as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_pre_proceedings' as source_table,
        source_id
    from court_steps
    join asked on asked.person_id = court_steps.person_id
),

leaving_care as (
    select
        asked.child_key,
        clea_care_leaver_latest_contact as "on",
        'care_leaver_contact' as kind,
        told('Care leaver, latest contact', coalesce(touch.within, inside(clea_care_leaver_in_touch))) as title,
        parts([
            accommodation.within,
            case code_of(clea_care_leaver_accom_suitable)
                when '1' then 'suitable' when '2' then 'not suitable' end,
            activity.within
        ]) as detail,
        null::date as ended_on,
        clea_care_leaver_allocated_team as team_id,
        clea_care_leaver_worker_id as worker_id,
        'ssd_care_leavers' as source_table,
        clea_table_id as source_id
    from ssd_care_leavers
    join asked on asked.person_id = clea_person_id
    left join code_words as touch on touch.list = 'in_touch' and touch.code = code_of(clea_care_leaver_in_touch)
    left join code_words as accommodation
        on accommodation.list = 'accommodation' and accommodation.code = code_of(clea_care_leaver_accommodation)
    left join code_words as activity
        on activity.list = 'activity' and activity.code = code_of(clea_care_leaver_activity)
),

pathway_reviews as (
    select
        asked.child_key,
        clea_pathway_plan_review_date as "on",
        'pathway_plan_review' as kind,
        'Pathway plan reviewed' as title,
        null::varchar as detail,
        null::date as ended_on,
        clea_care_leaver_allocated_team as team_id,
        clea_care_leaver_worker_id as worker_id,
        'ssd_care_leavers' as source_table,
        clea_table_id as source_id
    from ssd_care_leavers
    join asked on asked.person_id = clea_person_id
)

select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from permanence
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from earlier_permanence
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from pre_proceedings
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from leaving_care
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from pathway_reviews
