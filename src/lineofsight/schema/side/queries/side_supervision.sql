-- Supervision of workers, for Line of Sight: save the result as side_supervision.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
select
    sessions.session_id as supv_supervision_id,
    sessions.worker_id as supv_worker_id,        -- change: the same ids as in ssd_professionals
    sessions.supervisor_id as supv_supervisor_id,
    sessions.session_date as supv_date,
    case sessions.session_type                   -- change: your words for the two kinds
        when 'One to one' then 'personal'
        when 'Case discussion' then 'case'
    end as supv_kind,
    sessions.client_id as supv_person_id         -- blank where the session was about no child
from supervision_sessions as sessions            -- change: where supervision is recorded
where sessions.status = 'Completed'              -- change: leave out what was only planned
