-- The child's own life: birth, homes, status, parenthood, death. Linked identifiers are no events: they
-- would join identities that an adoption order keeps apart.
with births as (
    select
        asked.child_key,
        coalesce(pers_dob, pers_expected_dob) as "on",
        'birth' as kind,
        case when pers_dob is null then 'Birth expected' else 'Born' end as title,
        null::varchar as detail,
        null::date as ended_on,
        'ssd_person' as source_table,
        pers_person_id as source_id
    from ssd_person
    join asked on asked.person_id = pers_person_id
),

deaths as (
    select
        asked.child_key,
        pers_death_date as "on",
        'death' as kind,
        'Died' as title,
        null::varchar as detail,
        null::date as ended_on,
        'ssd_person' as source_table,
        pers_person_id as source_id
    from ssd_person
    join asked on asked.person_id = pers_person_id
),

homes as (
    select
        asked.child_key,
        addr_address_start_date as "on",
        'address' as kind,
        told('New address', inside(addr_address_type)) as title,
        null::varchar as detail,
        addr_address_end_date as ended_on,
        'ssd_address' as source_table,
        addr_table_id as source_id
    from ssd_address
    join asked on asked.person_id = addr_person_id
),

immigration as (
    select
        asked.child_key,
        immi_immigration_status_start_date as "on",
        'immigration_status' as kind,
        told('Immigration status', inside(immi_immigration_status)) as title,
        null::varchar as detail,
        immi_immigration_status_end_date as ended_on,
        'ssd_immigration_status' as source_table,
        immi_immigration_status_id as source_id
    from ssd_immigration_status
    join asked on asked.person_id = immi_person_id
),

parenthood as (
    select
        asked.child_key,
        moth_childs_dob as "on",
        'became_a_mother' as kind,
        'Had a child' as title,
        null::varchar as detail,
        null::date as ended_on,
        'ssd_mother' as source_table,
        moth_table_id as source_id
    from ssd_mother
    join asked on asked.person_id = moth_person_id
),

all_life as (
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from births
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from deaths
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from homes
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from immigration
    union all
    select child_key, "on", kind, title, detail, ended_on, source_table, source_id from parenthood
)

select
    child_key, "on", kind, title, detail, ended_on,
    null::varchar as team_id, null::varchar as worker_id, source_table, source_id
from all_life
