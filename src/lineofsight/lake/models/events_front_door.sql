-- Contacts, early help and referrals.
with contacts as (
    select
        asked.child_key,
        cont_contact_date as "on",
        'contact' as kind,
        case source.words
            when 'Anonymous' then 'Contact, anonymous'
            when 'Not known' then 'Contact, from whom is not known'
            else 'Contact' || coalesce(
                ' from ' || coalesce(source.within, inside(coalesce(cont_contact_source_desc, cont_contact_source_code))), '')
        end as title,
        outcome.words as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_contacts' as source_table,
        cont_contact_id as source_id
    from ssd_contacts
    join asked on asked.person_id = cont_person_id
    left join code_words as source
        on source.list = 'referral_source' and source.code = code_of(cont_contact_source_code)
    left join outcomes as outcome on outcome.told = cont_contact_outcome_json
),

early_help as (
    select
        asked.child_key,
        earl_episode_start_date as "on",
        'early_help' as kind,
        told('Early help began', inside(earl_episode_reason)) as title,
        parts([
            'by ' || earl_episode_organisation,
            case when earl_episode_end_date is not null then told('ended', inside(earl_episode_end_reason)) end
        ]) as detail,
        earl_episode_end_date as ended_on,
        null::varchar as team_id,
        earl_episode_worker_id as worker_id,
        'ssd_early_help_episodes' as source_table,
        earl_episode_id as source_id
    from ssd_early_help_episodes
    join asked on asked.person_id = earl_person_id
),

referrals as (
    select
        asked.child_key,
        cine_referral_date as "on",
        'referral' as kind,
        case source.words
            when 'Anonymous' then 'Referral, anonymous'
            when 'Not known' then 'Referral, from whom is not known'
            else 'Referral' || coalesce(
                ' from ' || coalesce(source.within, inside(coalesce(cine_referral_source_desc, cine_referral_source_code))), '')
        end || coalesce(': ' || need.within, '')
        || case when cine_referral_nfa = 'Y' then ', no further action' else '' end as title,
        nullif(concat_ws(', ', outcome.words, outcome.comment), '') as detail,
        cine_close_date as ended_on,
        cine_referral_team as team_id,
        cine_referral_worker_id as worker_id,
        'ssd_cin_episodes' as source_table,
        cine_referral_id as source_id
    from ssd_cin_episodes
    join asked on asked.person_id = cine_person_id
    left join code_words as source
        on source.list = 'referral_source' and source.code = code_of(cine_referral_source_code)
    left join code_words as need on need.list = 'need' and need.code = code_of(cine_cin_primary_need_code)
    left join outcomes as outcome on outcome.told = cine_referral_outcome_json
),

closures as (
    select
        asked.child_key,
        cine_close_date as "on",
        'referral_closed' as kind,
        told('Closed to children''s social care', coalesce(reason.within, inside(cine_close_reason))) as title,
        'open ' || days_between(cine_referral_date, cine_close_date) as detail,
        null::date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'ssd_cin_episodes' as source_table,
        cine_referral_id as source_id
    from ssd_cin_episodes
    join asked on asked.person_id = cine_person_id
    left join code_words as reason on reason.list = 'closure_reason' and reason.code = code_of(cine_close_reason)
)

select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from contacts
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from early_help
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from referrals
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from closures
