-- What our side tables say of children who are easily lost: deprived of liberty, fostered privately, homeless.
with deprivations as (
    select
        asked.child_key,
        depr_start_date as "on",
        'deprivation_of_liberty' as kind,
        told('Deprived of liberty', coalesce(allowed.within, inside(depr_kind))) as title,
        parts([
            'allowed until ' || strftime(depr_until_date, '%-d %B %Y'),
            'reviewed on ' || strftime(depr_reviewed_date, '%-d %B %Y')
        ]) as detail,
        depr_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'side_deprivation_of_liberty' as source_table,
        depr_order_id as source_id
    from side_deprivation_of_liberty
    join asked on asked.person_id = depr_person_id
    left join code_words as allowed on allowed.list = 'deprivation_kind' and allowed.code = code_of(depr_kind)
),

private_fostering as (
    select
        asked.child_key,
        coalesce(prif_start_date, prif_notified_date) as "on",
        'private_fostering' as kind,
        'Private fostering began' as title,
        parts([
            'told on ' || strftime(prif_notified_date, '%-d %B %Y'),
            case
                when prif_last_visit_date is null then 'no visit recorded'
                else 'last visited on ' || strftime(prif_last_visit_date, '%-d %B %Y')
            end,
            'decided on ' || strftime(prif_decided_date, '%-d %B %Y')
        ]) as detail,
        prif_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'side_private_fostering' as source_table,
        prif_arrangement_id as source_id
    from side_private_fostering
    join asked on asked.person_id = prif_person_id
),

homelessness as (
    select
        asked.child_key,
        homl_presented_date as "on",
        'homelessness' as kind,
        told('Came to the council as homeless', coalesce(outcome.within, inside(homl_outcome))) as title,
        coalesce('assessed on ' || strftime(homl_assessed_date, '%-d %B %Y'), 'no assessment recorded') as detail,
        homl_end_date as ended_on,
        null::varchar as team_id,
        null::varchar as worker_id,
        'side_homelessness' as source_table,
        homl_presentation_id as source_id
    from side_homelessness
    join asked on asked.person_id = homl_person_id
    left join code_words as outcome on outcome.list = 'homeless_outcome' and outcome.code = code_of(homl_outcome)
)

select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from deprivations
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from private_fostering
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id from homelessness
