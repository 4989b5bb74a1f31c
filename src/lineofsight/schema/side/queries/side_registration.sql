-- Workers' registration and DBS, for Line of Sight: save the result as side_registration.csv, headings first.
-- Names of tables and columns are those of a case system that does not exist. Where a comment says "change", put
-- your own. Standard SQL: it runs as it stands on SQL Server, Oracle, PostgreSQL and DuckDB once the names are right.
-- Say N only where the public register was looked at and the worker is not on it. Nothing known is a blank or U.
select
    checks.check_id as regi_registration_id,
    checks.worker_id as regi_worker_id,          -- change: the same ids as in ssd_professionals
    case checks.register_status                  -- change: your words
        when 'On register' then 'Y'
        when 'Not on register' then 'N'
        else 'U'
    end as regi_registered,
    checks.registration_number as regi_number,
    checks.registered_from as regi_valid_from,
    checks.registered_to as regi_valid_until,    -- the last day on which it holds
    checks.checked_on as regi_checked_date,
    checks.dbs_issued_on as regi_dbs_date
from staff_checks as checks                      -- change: the personnel system's checks
