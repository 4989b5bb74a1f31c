-- What our side tables say of a child. Names of professionals of other agencies stay out: their role says enough.
with decisions as (
    select
        asked.child_key,
        deci_decided_date as "on",
        'decision' as kind,
        told(
            'Decision on the ' || case code_of(deci_kind)
                when 'contact' then 'contact' when 'referral' then 'referral' else 'contact or referral' end,
            inside(deci_decision)
        ) as title,
        parts([
            after_days(deci_received_date, deci_decided_date),
            'referrer told on ' || strftime(deci_referrer_told_date, '%-d %B %Y')
        ]) as detail,
        null::date as ended_on,
        null::varchar as team_id,
        deci_decided_by_worker_id as worker_id,
        'side_decision' as source_table,
        deci_decision_id as source_id
    from side_decision
    join asked on asked.person_id = deci_person_id
),

invitations as (
    select
        asked.child_key,
        invt_invited_date as "on",
        'conference_invitation' as kind,
        told(
            'Invited to the ' || case code_of(invt_conference_kind)
                when 'review' then 'review conference' else 'child protection conference' end,
            coalesce(agency.within, inside(invt_agency), inside(invt_role))
        ) as title,
        parts([
            case invt_attended when 'Y' then 'attended' when 'N' then 'did not attend' end,
            'report sent on ' || strftime(invt_report_sent_date, '%-d %B %Y')
        ]) as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'side_conference_invitation' as source_table,
        invt_invitation_id as source_id
    from side_conference_invitation
    join asked on asked.person_id = invt_person_id
    left join code_words as agency on agency.list = 'agency' and agency.code = code_of(invt_agency)
),

core_groups as (
    select
        asked.child_key,
        case when cgrp_cancelled = 'Y' then coalesce(cgrp_date, cgrp_due_date) else cgrp_date end as "on",
        'core_group' as kind,
        'Core group' || case when cgrp_cancelled = 'Y' then ' cancelled' else ' met' end as title,
        parts([
            coalesce(participation.within, inside(cgrp_participation)),
            case when cgrp_date > cgrp_due_date then days_between(cgrp_due_date, cgrp_date) || ' late' end,
            'minutes sent on ' || strftime(cgrp_minutes_sent_date, '%-d %B %Y')
        ]) as detail,
        null::date as ended_on,
        null::varchar as team_id,
        cgrp_worker_id as worker_id,
        'side_core_group' as source_table,
        cgrp_core_group_id as source_id
    from side_core_group
    join asked on asked.person_id = cgrp_person_id
    left join code_words as participation
        on participation.list = 'participation' and participation.code = code_of(cgrp_participation)
),

plan_reviews as (
    select
        asked.child_key,
        case when cinr_cancelled = 'Y' then coalesce(cinr_date, cinr_due_date) else cinr_date end as "on",
        'child_in_need_review' as kind,
        case
            when cinr_cancelled = 'Y' then 'Child in need plan review cancelled'
            else told('Child in need plan reviewed', coalesce(outcome.within, inside(cinr_outcome)))
        end as title,
        parts([
            coalesce(participation.within, inside(cinr_participation)),
            case when cinr_date > cinr_due_date then days_between(cinr_due_date, cinr_date) || ' late' end
        ]) as detail,
        null::date as ended_on,
        null::varchar as team_id,
        cinr_chair_worker_id as worker_id,
        'side_cin_plan_review' as source_table,
        cinr_review_id as source_id
    from side_cin_plan_review
    join asked on asked.person_id = cinr_person_id
    left join code_words as outcome
        on outcome.list = 'plan_review_outcome' and outcome.code = code_of(cinr_outcome)
    left join code_words as participation
        on participation.list = 'participation' and participation.code = code_of(cinr_participation)
),

return_interviews as (
    select
        asked.child_key,
        coalesce(rhin_held_date, rhin_offered_date) as "on",
        'return_interview' as kind,
        case
            when rhin_held_date is not null then 'Return home interview held'
            when rhin_declined = 'Y' then 'Return home interview offered and declined'
            else 'Return home interview offered'
        end as title,
        case
            when rhin_held_date is null then null
            when rhin_independent = 'Y' then 'by somebody independent'
            when rhin_independent = 'N' then 'not by somebody independent'
        end as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'side_return_interview' as source_table,
        rhin_interview_id as source_id
    from side_return_interview
    join asked on asked.person_id = rhin_person_id
),

oversight as (
    select
        asked.child_key,
        over_date as "on",
        'oversight' as kind,
        coalesce(entry.words, 'Management oversight') as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        over_manager_id as worker_id,
        'side_oversight' as source_table,
        over_oversight_id as source_id
    from side_oversight
    join asked on asked.person_id = over_person_id
    left join code_words as entry on entry.list = 'oversight_kind' and entry.code = code_of(over_kind)
),

professionals as (
    select
        asked.child_key,
        parc_start_date as "on",
        'professional' as kind,
        'Professional around the child: ' || inside(parc_role) as title,
        agency.within as detail,
        parc_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'side_professional_around_child' as source_table,
        parc_row_id as source_id
    from side_professional_around_child
    join asked on asked.person_id = parc_person_id
    left join code_words as agency on agency.list = 'agency' and agency.code = code_of(parc_agency)
),

transfers as (
    select
        asked.child_key,
        tran_date as "on",
        'transfer' as kind,
        case code_of(tran_kind)
            when 'in' then 'Moved in from another council' || coalesce(': ' || tran_from, '')
            when 'out' then 'Moved out to another council' || coalesce(': ' || tran_to, '')
            else 'Moved between teams'
                || coalesce(': from ' || coalesce(giving.team_name, tran_from), '')
                || coalesce(' to ' || coalesce(taking.team_name, tran_to), '')
        end as title,
        'transfer conference on ' || strftime(tran_conference_date, '%-d %B %Y') as detail,
        null::date as ended_on,
        case when code_of(tran_kind) = 'within' then tran_to end as team_id,
        null::varchar as worker_id,
        'side_case_transfer' as source_table,
        tran_transfer_id as source_id
    from side_case_transfer
    join asked on asked.person_id = tran_person_id
    left join teams as giving on giving.team_id = tran_from
    left join teams as taking on taking.team_id = tran_to
),

-- the number of the record that went stays out: the chronology names no identity but the child's own
merges as (
    select
        asked.child_key,
        merg_date as "on",
        'merged_record' as kind,
        'Another record of this child was merged into this one' as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'side_merged_record' as source_table,
        merg_merge_id as source_id
    from side_merged_record
    join asked on asked.person_id = merg_person_id
)

select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from decisions
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from invitations
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from core_groups
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from plan_reviews
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from return_interviews
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from oversight
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from professionals
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from transfers
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from merges
