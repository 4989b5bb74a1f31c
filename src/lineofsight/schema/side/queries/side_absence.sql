-- Workers' absences, for Line of Sight: save the result as side_absence.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    absences.absence_id as abse_absence_id,
    absences.worker_id as abse_worker_id,        -- change: the same ids as in ssd_professionals
    absences.first_day as abse_start_date,
    absences.last_day as abse_end_date,          -- blank while the absence lasts
    case absences.absence_type                   -- change: your words for the three kinds
        when 'Sickness' then 'sickness'
        when 'Annual leave' then 'leave'
        when 'Course' then 'training'
    end as abse_kind,
    absences.cover_worker_id as abse_covered_by_worker_id
from staff_absences as absences                  -- change: the personnel system's absences
where absences.cancelled = 'N'
