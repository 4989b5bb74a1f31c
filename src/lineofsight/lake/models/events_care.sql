-- Being looked after: episodes, placements, legal status, reviews, visits, plans, permanence, leaving care.
with children_in_care as (
    select clae_cla_id as cla_id, min(clae_person_id) as person_id
    from ssd_cla_episodes
    where clae_cla_id is not null
    group by clae_cla_id
    -- a period of care that two people share belongs to neither: it would join their stories
    having count(distinct clae_person_id) = 1
),

episodes as (
    select
        asked.child_key,
        clae_cla_episode_start_date as "on",
        'care_episode' as kind,
        case
            when code_of(clae_cla_episode_start_reason) = 's'
                then 'Came into care' || coalesce(': ' || need.within, '')
            else told('Care episode began', coalesce(reason.within, inside(clae_cla_episode_start_reason)))
        end as title,
        case
            when clae_cla_last_iro_contact_date is not null
                then 'reviewing officer last in contact on '
                    || strftime(clae_cla_last_iro_contact_date, '%-d %B %Y')
        end as detail,
        clae_cla_episode_ceased_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cla_episodes' as source_table,
        clae_cla_episode_id as source_id
    from ssd_cla_episodes
    join asked on asked.person_id = clae_person_id
    left join code_words as reason
        on reason.list = 'episode_start_reason' and reason.code = code_of(clae_cla_episode_start_reason)
    left join code_words as need on need.list = 'need' and need.code = code_of(clae_cla_primary_need_code)
),

left_care as (
    select
        asked.child_key,
        clae_cla_episode_ceased_date as "on",
        'left_care' as kind,
        told('Left care', coalesce(reason.within, inside(clae_cla_episode_ceased_reason))) as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cla_episodes' as source_table,
        clae_cla_episode_id as source_id
    from ssd_cla_episodes
    join asked on asked.person_id = clae_person_id
    left join code_words as reason
        on reason.list = 'episode_end_reason' and reason.code = code_of(clae_cla_episode_ceased_reason)
    -- X1: another episode began the same day, so the child stayed in care
    where coalesce(code_of(clae_cla_episode_ceased_reason), '') <> 'x1'
),

placements as (
    select
        asked.child_key,
        clap_cla_placement_start_date as "on",
        'placement' as kind,
        told('Placement began', coalesce(placement.within, inside(clap_cla_placement_type))) as title,
        parts([
            provider.within,
            printf('%.0f', clap_cla_placement_distance) || ' miles from home',
            case when clap_cla_placement_end_date is not null
                then told('ended', coalesce(change.within, inside(clap_cla_placement_change_reason))) end
        ]) as detail,
        clap_cla_placement_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cla_placement' as source_table,
        clap_cla_placement_id as source_id
    from ssd_cla_placement
    left join children_in_care on children_in_care.cla_id = clap_cla_id
    join asked on asked.person_id = coalesce(clap_person_id, children_in_care.person_id)
    left join code_words as placement
        on placement.list = 'placement_type' and placement.code = code_of(clap_cla_placement_type)
    left join code_words as provider
        on provider.list = 'placement_provider' and provider.code = code_of(clap_cla_placement_provider)
    left join code_words as change
        on change.list = 'placement_change_reason' and change.code = code_of(clap_cla_placement_change_reason)
),

children_placed as (
    select clap_cla_placement_id as placement_id, min(coalesce(clap_person_id, children_in_care.person_id)) as person_id
    from ssd_cla_placement
    left join children_in_care on children_in_care.cla_id = clap_cla_id
    group by clap_cla_placement_id
    having count(distinct coalesce(clap_person_id, children_in_care.person_id)) = 1
),

approvals as (
    select
        asked.child_key,
        plap_start_date as "on",
        'placement_approval' as kind,
        case when plap_temporary_approval = 'Y'
            then 'Carer approved for a time (regulation 24)' else 'Carer approved' end as title,
        null::varchar as detail,
        plap_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'side_placement_approval' as source_table,
        plap_placement_id as source_id
    from side_placement_approval
    join children_placed on children_placed.placement_id = plap_placement_id
    join asked on asked.person_id = children_placed.person_id
),

legal_statuses as (
    select
        asked.child_key,
        lega_legal_status_start_date as "on",
        'legal_status' as kind,
        told('Legal status', coalesce(status.within, inside(lega_legal_status))) as title,
        null::varchar as detail,
        lega_legal_status_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_legal_status' as source_table,
        lega_legal_status_id as source_id
    from ssd_legal_status
    join asked on asked.person_id = lega_person_id
    left join code_words as status on status.list = 'legal_status' and status.code = code_of(lega_legal_status)
),

reviews as (
    select
        asked.child_key,
        case when clar_cla_review_cancelled = 'Y'
            then coalesce(clar_cla_review_date, clar_cla_review_due_date)
            else clar_cla_review_date end as "on",
        'looked_after_review' as kind,
        'Looked after child''s review'
        || case when clar_cla_review_cancelled = 'Y' then ' cancelled' else '' end as title,
        parts([
            coalesce(participation.within, inside(clar_cla_review_participation)),
            case
                when clar_cla_review_date > clar_cla_review_due_date
                    then days_between(clar_cla_review_due_date, clar_cla_review_date) || ' late'
            end
        ]) as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cla_reviews' as source_table,
        clar_cla_review_id as source_id
    from ssd_cla_reviews
    join children_in_care on children_in_care.cla_id = clar_cla_id
    join asked on asked.person_id = children_in_care.person_id
    left join code_words as participation
        on participation.list = 'participation' and participation.code = code_of(clar_cla_review_participation)
),

visits as (
    select
        asked.child_key,
        clav_cla_visit_date as "on",
        'looked_after_visit' as kind,
        'Visit in care: ' || visit_words(clav_cla_visit_seen, clav_cla_visit_seen_alone, null) as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cla_visits' as source_table,
        clav_cla_visit_id as source_id
    from ssd_cla_visits
    left join children_in_care on children_in_care.cla_id = clav_cla_id
    join asked on asked.person_id = coalesce(clav_person_id, children_in_care.person_id)
),

care_plans as (
    select
        asked.child_key,
        lacp_cla_care_plan_start_date as "on",
        'care_plan' as kind,
        'Care plan made' as title,
        null::varchar as detail,
        lacp_cla_care_plan_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cla_care_plan' as source_table,
        lacp_table_id as source_id
    from ssd_cla_care_plan
    join asked on asked.person_id = lacp_person_id
),

missing_episodes as (
    select
        asked.child_key,
        miss_missing_episode_start_date as "on",
        'missing' as kind,
        coalesce(episode.words, miss_missing_episode_type, 'Missing')
        || case when miss_missing_episode_end_date is null then ', no return recorded' else '' end as title,
        parts([
            case
                when miss_missing_episode_end_date = miss_missing_episode_start_date then 'back the same day'
                else 'for ' || days_between(miss_missing_episode_start_date, miss_missing_episode_end_date)
            end,
            case miss_missing_rhi_offered
                when 'Y' then 'return interview offered' when 'N' then 'no return interview offered' end,
            case miss_missing_rhi_accepted when 'Y' then 'accepted' when 'N' then 'not accepted' end
        ]) as detail,
        miss_missing_episode_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_missing' as source_table,
        miss_table_id as source_id
    from ssd_missing
    join asked on asked.person_id = miss_person_id
    left join code_words as episode
        on episode.list = 'missing_type' and episode.code = left(code_of(miss_missing_episode_type), 1)
)

select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from episodes
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from left_care
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from placements
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from approvals
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from legal_statuses
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from reviews
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from visits
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from care_plans
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from missing_episodes
