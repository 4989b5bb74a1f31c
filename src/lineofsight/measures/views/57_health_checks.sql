-- Health checks of looked-after children, by kind: 'initial' assessment, any 'assessment', 'dental'. `done` is null
-- where that cannot be told: no status, or words that name none of the kinds. Planned, refused, cancelled: no row.
with
checks as (
    select
        clah_person_id as person_id,
        clah_health_check_date as held_on,
        case
            when regexp_matches(lower(clah_health_check_type), '\bdent') then 'dental'
            when regexp_matches(lower(clah_health_check_type), '\b(initial|iha)\b') then 'initial'
            when regexp_matches(lower(clah_health_check_type), '\b(assessments?|review|rha)\b') then 'assessment'
            when regexp_matches(lower(clah_health_check_type), '\b(surveillance|immunis|optic|eye)') then 'other'
            else 'unclear'
        end as worded,
        case
            when lower(trim(clah_health_check_status)) in ('completed', 'complete', 'done', 'attended') then true
            when trim(coalesce(clah_health_check_status, '')) <> '' then false
        end as done
    from ssd_cla_health
    where clah_person_id is not null and clah_health_check_date is not null
),

kinds(worded, kind) as (
    values
        ('initial', 'initial'), ('initial', 'assessment'), ('assessment', 'assessment'), ('dental', 'dental'),
        ('unclear', 'initial'), ('unclear', 'assessment'), ('unclear', 'dental')
)

select
    checks.person_id,
    checks.held_on,
    kinds.kind,
    case when bool_or(checks.done and checks.worded <> 'unclear') then true end as done
from checks
inner join kinds on kinds.worded = checks.worded
where coalesce(checks.done, true)
group by checks.person_id, checks.held_on, kinds.kind
