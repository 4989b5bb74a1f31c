-- Workers, and whether the entry is a person: a duty desk, a blank or '#N/A' is nobody; a manager is a person
-- but not an allocated worker. A registration number that is missing is unknown, never unqualified.
with
named as (
    select
        prof_professional_id as worker_id,
        lower(trim(coalesce(prof_professional_name, ''))) as name,
        lower(trim(coalesce(prof_professional_job_title, ''))) as job_title,
        lower(trim(coalesce(prof_social_worker_registration_no, ''))) as registration
    from ssd_professionals
    where prof_professional_id is not null
)

select
    worker_id,
    case
        when name in ('', '-', '.', '#n/a', 'n/a', 'na', 'none', 'null', 'unknown', 'tbc', 'not known') then 'nobody'
        when regexp_matches(name, '\b(duty|unallocated|awaiting|vacant|vacancy|team|to be allocated)\b') then 'duty'
        when regexp_matches(job_title, '\bduty\b') then 'duty'
        when
            regexp_matches(job_title, '\b(manager|director|head of service)\b')
            and not regexp_matches(job_title, '\b(case|care) manager\b')
            then 'manager'
        else 'person'
    end as kind,
    registration in ('none', 'not registered', 'unregistered', 'no') as not_registered,
    registration not in (
        '', '-', '.', '#n/a', 'n/a', 'na', 'null', 'unknown', 'tbc', 'not known',
        'none', 'not registered', 'unregistered', 'no'
    ) as has_number
from named
