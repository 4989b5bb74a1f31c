-- Who worked with the child, and when the child was spoken of in supervision.
with involvements as (
    select
        asked.child_key,
        invo_involvement_start_date as "on",
        'involvement' as kind,
        case role.role_kind
            when 'allocated_worker' then 'Allocated worker'
            when 'family_help_lead' then 'Family help lead'
            when 'reviewing_officer' then 'Reviewing officer'
            when 'personal_adviser' then 'Personal adviser'
            when 'duty' then 'Duty worker'
            when 'manager' then 'Manager'
            else coalesce(invo_professional_role_id, 'Worker')
        end || coalesce(': ' || workers.worker_name, '') as title,
        null::varchar as detail,
        invo_involvement_end_date as ended_on,
        invo_professional_team as team_id,
        invo_professional_id as worker_id,
        'ssd_involvements' as source_table,
        invo_involvements_id as source_id
    from ssd_involvements
    join asked on asked.person_id = invo_person_id
    left join roles as role on role.role_word = upper(trim(invo_professional_role_id))
    left join workers on workers.worker_id = invo_professional_id
),

supervisions as (
    select
        asked.child_key,
        supv_date as "on",
        'supervision' as kind,
        'Spoken of in supervision' as title,
        null::varchar as detail,
        null::date as ended_on,
        null::varchar as team_id,
        supv_worker_id as worker_id,
        'side_supervision' as source_table,
        supv_supervision_id as source_id
    from side_supervision
    join asked on asked.person_id = supv_person_id
)

select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from involvements
union all
select child_key, "on", kind, title, detail, ended_on, team_id, worker_id, source_table, source_id
from supervisions
